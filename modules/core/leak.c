// SPDX-License-Identifier: GPL-2.0-only
/* Leak detection as the device does it: who closed with what still live. */
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/seq_file.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <mmkit/area.h>
#include "kunit.h"
#include "leak.h"

static DEFINE_SPINLOCK(leaks_lock);	/* protects the ring and the count */
static struct mmkit_leak ring[MMKIT_LEAKS];
static u64 reported;

/**
 * mmkit_leak_report() - Remember what a session holds, if anything.
 * @session: that is being closed
 *
 * Context: Process.
 */
void mmkit_leak_report(const struct mmkit_session *session)
{
	struct mmkit_leak leak = {
		.session = session->id,
		.when = ktime_get_boottime_ns(),
		.handles = atomic64_read(&session->usage.handles),
		.bytes = atomic64_read(&session->usage.bytes),
		.pid = session->opened_by,
	};

	if (!leak.handles)
		return;
	strscpy(leak.comm, session->comm, sizeof(leak.comm));
	strscpy(leak.area, session->area->entry.name, sizeof(leak.area));

	spin_lock(&leaks_lock);
	ring[reported++ % MMKIT_LEAKS] = leak;
	spin_unlock(&leaks_lock);
}

/**
 * mmkit_leaks_copy() - Copy reports out, newest first.
 * @leaks: zeroed room
 * @room: elements of it
 *
 * Context: Process.
 * Return: how many are kept; at most @room were copied.
 */
u32 mmkit_leaks_copy(struct mmkit_leak *leaks, u32 room)
{
	u32 nr, i;

	spin_lock(&leaks_lock);
	nr = min_t(u64, reported, MMKIT_LEAKS);
	for (i = 0; i < min(nr, room); i++)
		leaks[i] = ring[(reported - 1 - i) % MMKIT_LEAKS];
	spin_unlock(&leaks_lock);
	return nr;
}
EXPORT_SYMBOL_FOR_MMKIT_TEST(mmkit_leaks_copy);

/* debugfs info/leaks */
int mmkit_leaks_show(struct seq_file *m, void *unused)
{
	u32 i;

	spin_lock(&leaks_lock);
	for (i = 0; i < min_t(u64, reported, MMKIT_LEAKS); i++) {
		const struct mmkit_leak *leak =
			&ring[(reported - 1 - i) % MMKIT_LEAKS];
		u32 ns;
		u64 sec = div_u64_rem(leak->when, NSEC_PER_SEC, &ns);

		seq_printf(m, "%llu.%03u: session %llu of %s (%d) on %s: %u handles, %llu bytes freed by the close\n",
			   sec, ns / (u32)NSEC_PER_MSEC, leak->session,
			   leak->comm, leak->pid, leak->area, leak->handles,
			   leak->bytes);
	}
	spin_unlock(&leaks_lock);
	return 0;
}
