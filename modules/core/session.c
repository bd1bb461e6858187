// SPDX-License-Identifier: GPL-2.0-only
/* Sessions: one per open file, and one per control file. */
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <mmkit/trace.h>
#include "handle.h"
#include "kunit.h"
#include "leak.h"
#include "session.h"

/* Under it session->lock is only tried: no command is ever waited for. */
static DEFINE_MUTEX(sessions_lock);	/* protects all of these */
static LIST_HEAD(sessions);
static unsigned int nr_sessions;
static u64 last_id;

static void session_publish(struct mmkit_session *session)
{
	mutex_lock(&sessions_lock);
	session->id = ++last_id;
	list_add_tail(&session->node, &sessions);
	WRITE_ONCE(nr_sessions, nr_sessions + 1);
	mutex_unlock(&sessions_lock);
}

static void session_unpublish(struct mmkit_session *session)
{
	mutex_lock(&sessions_lock);
	list_del(&session->node);
	WRITE_ONCE(nr_sessions, nr_sessions - 1);
	mutex_unlock(&sessions_lock);
}

/**
 * mmkit_session_new() - Start a session.
 * @area: whose device was opened
 * @file: the open file, NULL for a control file
 *
 * Context: Process.
 * Return: the session or an ERR_PTR() of -ENOMEM or of what the area said.
 */
struct mmkit_session *mmkit_session_new(struct mmkit_area *area,
					struct file *file)
{
	struct mmkit_session *session;
	int err;

	session = kzalloc(sizeof(*session), GFP_KERNEL_ACCOUNT);
	if (!session)
		return ERR_PTR(-ENOMEM);

	session->area = area;
	mutex_init(&session->lock);
	mmkit_handles_init(&session->handles);
	session->opened_by = task_tgid_nr(current);
	get_task_comm(session->comm, current);

	if (area->open) {
		err = area->open(session, file);
		if (err)
			goto free_session;
	}
	session_publish(session);
	trace_mmkit_session_open(session);
	return session;

free_session:
	mutex_destroy(&session->lock);
	kfree(session);
	return ERR_PTR(err);
}
EXPORT_SYMBOL_FOR_MMKIT_TEST(mmkit_session_new);

/**
 * mmkit_session_end() - Free all that a session holds, and say what it was.
 * @session: on which no command runs any more
 *
 * Context: Process.
 */
void mmkit_session_end(struct mmkit_session *session)
{
	struct mmkit_area *area = session->area;

	session_unpublish(session);
	trace_mmkit_session_close(session);
	mmkit_leak_report(session);
	mmkit_objects_free(session);
	if (area->release)
		area->release(session);
	mutex_destroy(&session->lock);
	kfree(session);
}
EXPORT_SYMBOL_FOR_MMKIT_TEST(mmkit_session_end);

unsigned int mmkit_session_count(void)
{
	return READ_ONCE(nr_sessions);
}
EXPORT_SYMBOL_FOR_MMKIT_TEST(mmkit_session_count);

/* debugfs info/sessions */
int mmkit_sessions_show(struct seq_file *m, void *unused)
{
	struct mmkit_session *session;

	seq_puts(m, "session area             handles        bytes  opened by\n");
	mutex_lock(&sessions_lock);
	list_for_each_entry(session, &sessions, node)
		seq_printf(m, "%7llu %-16s %7lld %12lld  %s (%d)\n",
			   session->id, session->area->entry.name,
			   atomic64_read(&session->usage.handles),
			   atomic64_read(&session->usage.bytes),
			   session->comm, session->opened_by);
	mutex_unlock(&sessions_lock);
	return 0;
}

/* The list of sessions is locked meanwhile, so there is an end to it. */
#define SHOW_OBJECTS_MAX	1024

static void show_objects_locked(struct seq_file *m,
				struct mmkit_session *session)
{
	struct mmkit_object *object;
	unsigned int shown = 0;
	u32 handle = 0;

	lockdep_assert_held(&session->lock);

	while ((object = mmkit_object_next(session, &handle))) {
		/* It will be asked again, with a larger buffer. */
		if (seq_has_overflowed(m))
			break;
		cond_resched();
		if (++shown > SHOW_OBJECTS_MAX) {
			seq_printf(m, "session %llu holds more\n", session->id);
			break;
		}
		seq_printf(m, "session %llu handle %u %s %llu bytes\n",
			   session->id, handle, object->ops->kind,
			   object->bytes);
		if (object->ops->show)
			object->ops->show(m, object);
	}
}

/**
 * mmkit_show_sessions() - A debugfs file with something of each session.
 * @m: of an area's file
 * @show: prints what; called with session->lock held
 *
 * Context: Process.
 * Return: 0. A session that is in the middle of a command is only named.
 */
int mmkit_show_sessions(struct seq_file *m,
			void (*show)(struct seq_file *m,
				     struct mmkit_session *session))
{
	const struct mmkit_show *row = m->private;
	struct mmkit_session *session;

	mutex_lock(&sessions_lock);
	list_for_each_entry(session, &sessions, node) {
		if (session->area != row->area)
			continue;
		/* Waiting here would stop every open and close meanwhile. */
		if (!mutex_trylock(&session->lock)) {
			seq_printf(m, "session %llu is busy\n", session->id);
			continue;
		}
		show(m, session);
		mutex_unlock(&session->lock);
	}
	mutex_unlock(&sessions_lock);
	return 0;
}
EXPORT_SYMBOL_GPL(mmkit_show_sessions);

/**
 * mmkit_show_objects() - A debugfs file of every live object of an area.
 * @m: of an area's file
 * @unused: of seq_file
 *
 * Context: Process.
 * Return: as mmkit_show_sessions().
 */
int mmkit_show_objects(struct seq_file *m, void *unused)
{
	return mmkit_show_sessions(m, show_objects_locked);
}
EXPORT_SYMBOL_GPL(mmkit_show_objects);
