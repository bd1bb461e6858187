// SPDX-License-Identifier: GPL-2.0-only
/* Commands of /dev/mmkit/bench. */
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <mmkit/gfp.h>
#include "bench.h"
#include "exercise.h"
#include "measure.h"

static int bench_nothing(struct mmkit_call *call, void *arg)
{
	const struct mmkit_bench_nothing *nothing = arg;

	return nothing->reserved ? -EINVAL : 0;
}

static int bench_info(struct mmkit_call *call, void *arg)
{
	const struct mmkit_sizes *sizes = call->session->private;

	mmkit_bench_info_fill(arg);
	((struct mmkit_bench_info *)arg)->nr_sizes = sizes->nr;
	return 0;
}

/* More than there are; a larger room is not an error. */
#define ROWS_ROOM_MAX	256

static int bench_rows(struct mmkit_call *call, void *arg)
{
	struct mmkit_bench_list *list = arg;
	u32 room = min_t(u32, list->nr, ROWS_ROOM_MAX);
	struct mmkit_bench_row *rows;

	rows = mmkit_call_array(call, list->rows, room, sizeof(*rows));
	if (!rows)
		return -ENOMEM;
	list->nr = mmkit_suite_list(rows, room);
	call->bytes = min(list->nr, room) * sizeof(*rows);
	return 0;
}

/* --- sizes that a session holds ----------------------------------------- */

int mmkit_bench_open(struct mmkit_session *session, struct file *file)
{
	struct mmkit_sizes *sizes;

	sizes = kzalloc(sizeof(*sizes), GFP_KERNEL_ACCOUNT);
	session->private = sizes;
	return sizes ? 0 : -ENOMEM;
}

static void forget_sizes(struct mmkit_session *session)
{
	struct mmkit_sizes *sizes = session->private;

	kvfree(sizes->size);
	mmkit_uncharge(session, sizes->room * sizeof(*sizes->size));
	*sizes = (struct mmkit_sizes) { };
}

void mmkit_bench_release(struct mmkit_session *session)
{
	forget_sizes(session);
	kfree(session->private);
}

/* Twice the room, so that adding sizes one by one stays cheap. */
static int grow_sizes(struct mmkit_session *session)
{
	struct mmkit_sizes *sizes = session->private;
	u32 room = max_t(u32, sizes->room * 2, MMKIT_BENCH_SIZES_PER_CALL * 2);
	u32 *more;
	int err;

	err = mmkit_charge(session, (room - sizes->room) * sizeof(*more));
	if (err)
		return err;
	more = kvmalloc_array(room, sizeof(*more), MMKIT_GFP_BOOKKEEPING);
	if (!more) {
		mmkit_uncharge(session, (room - sizes->room) * sizeof(*more));
		return -ENOMEM;
	}
	memcpy(more, sizes->size, sizes->nr * sizeof(*more));
	kvfree(sizes->size);
	sizes->size = more;
	sizes->room = room;
	return 0;
}

static int check_sizes(const struct mmkit_bench_sizes *add)
{
	u32 i;

	if (add->flags & ~MMKIT_BENCH_SIZES_FORGET ||
	    add->nr > MMKIT_BENCH_SIZES_PER_CALL)
		return -EINVAL;
	for (i = 0; i < add->nr; i++)
		if (!add->sizes[i])
			return -EINVAL;
	return 0;
}

static int bench_sizes(struct mmkit_call *call, void *arg)
{
	struct mmkit_sizes *sizes = call->session->private;
	struct mmkit_bench_sizes *add = arg;
	int err;

	err = check_sizes(add);
	if (err)
		return err;
	if (add->flags & MMKIT_BENCH_SIZES_FORGET)
		forget_sizes(call->session);
	if (sizes->nr + add->nr > MMKIT_BENCH_SIZES_MAX)
		return -ERANGE;
	if (sizes->nr + add->nr > sizes->room) {
		err = grow_sizes(call->session);
		if (err)
			return err;
	}
	memcpy(sizes->size + sizes->nr, add->sizes,
	       add->nr * sizeof(*add->sizes));
	sizes->nr += add->nr;
	add->total = sizes->nr;
	return 0;
}

/* --- the exerciser ------------------------------------------------------- */

/* What any allocator may be asked for: a zone is not everyone's to choose. */
#define GFP_ANYONE	(MMKIT_GFP_KERNEL | MMKIT_GFP_ATOMIC |		\
			 MMKIT_GFP_NOWAIT | MMKIT_GFP_ZERO |		\
			 MMKIT_GFP_NOWARN | MMKIT_GFP_NORETRY |		\
			 MMKIT_GFP_RETRY_MAYFAIL | MMKIT_GFP_THISNODE)

static int check_pattern(const struct mmkit_bench_start *start)
{
	if (start->pattern >= MMKIT_BENCH_PATTERN_NR)
		return -EINVAL;
	if (start->pattern == MMKIT_BENCH_PIPE)
		return start->threads % 2 || start->live > MMKIT_PIPE_MAX ?
		       -EINVAL : 0;
	return !!start->pause_us != (start->pattern == MMKIT_BENCH_BURST) ?
	       -EINVAL : 0;
}

static int check_start(const struct mmkit_bench_start *start,
		       const struct mmkit_sizes *sizes)
{
	if (strnlen(start->allocator, MMKIT_NAME_LEN) == MMKIT_NAME_LEN)
		return -EINVAL;
	if (!start->threads || start->threads > MMKIT_BENCH_THREADS_MAX ||
	    !start->live || start->live > MMKIT_BENCH_LIVE_MAX)
		return -EINVAL;
	if (start->flags & ~MMKIT_BENCH_FLAGS || start->reserved ||
	    start->gfp & ~GFP_ANYONE)
		return -EINVAL;
	return check_pattern(start) ?: mmkit_gfp_check(start->gfp) ?:
	       mmkit_dist_check(start->dist, start->min, start->max,
				sizes->nr) ?:
	       mmkit_gfp_admit(start->gfp) ?: mmkit_node_check(start->node);
}

static int bench_start(struct mmkit_call *call, void *arg)
{
	const struct mmkit_sizes *sizes = call->session->private;
	struct mmkit_bench_start *start = arg;
	struct mmkit_run *run;
	u64 bytes;
	int err;

	err = check_start(start, sizes);
	if (err)
		return err;
	run = mmkit_run_new(call->session, start, sizes);
	if (IS_ERR(run))
		return PTR_ERR(run);
	bytes = run->object.bytes;
	err = mmkit_object_add(call, &run->object, &start->handle);
	if (err)
		goto free;
	/* From here on the core frees it, whatever this returns. */
	return mmkit_run_start(run);

free:
	mmkit_run_free(run);
	mmkit_uncharge(call->session, bytes);
	return err;
}

static struct mmkit_run *find_run(struct mmkit_session *session, u32 handle)
{
	struct mmkit_object *object;

	object = mmkit_object_find(session, handle, &mmkit_run_ops);
	return object ? container_of(object, struct mmkit_run, object) : NULL;
}

#define WAIT_MAX	1000	/* ms */

static int bench_status(struct mmkit_call *call, void *arg)
{
	struct mmkit_session *session = call->session;
	struct mmkit_bench_status *status = arg;
	struct mmkit_run *run = find_run(session, status->handle);

	if (status->wait_ms > WAIT_MAX)
		return -EINVAL;
	/* The session is not kept busy: another thread may stop or forget it. */
	if (run && status->wait_ms) {
		if (mmkit_crew_wait(run->crew, &session->lock,
				    status->wait_ms)) {
			call->unlocked = true;
			return -EINTR;
		}
		run = find_run(session, status->handle);
	}
	if (!run)
		return -ENOENT;
	*status = (struct mmkit_bench_status) {
		.size = status->size,
		.handle = status->handle,
		.wait_ms = status->wait_ms,
	};
	mmkit_run_status(run, status);
	return 0;
}

static int bench_result(struct mmkit_call *call, void *arg)
{
	struct mmkit_bench_result *result = arg;
	struct mmkit_run *run = find_run(call->session, result->handle);
	struct mmkit_bench_hist *hists;

	if (!run)
		return -ENOENT;
	hists = mmkit_call_array(call, result->hists, 2, sizeof(*hists));
	if (!hists)
		return -ENOMEM;
	mmkit_run_hists(run, hists);
	call->bytes = 2 * sizeof(*hists);
	return 0;
}

static int bench_stop(struct mmkit_call *call, void *arg)
{
	const struct mmkit_bench_handle *stop = arg;
	struct mmkit_run *run = find_run(call->session, stop->handle);

	return run ? mmkit_run_stop(run) : -ENOENT;
}

static int bench_forget(struct mmkit_call *call, void *arg)
{
	const struct mmkit_bench_handle *forget = arg;
	struct mmkit_run *run = find_run(call->session, forget->handle);
	int err;

	if (!run)
		return -ENOENT;
	err = mmkit_run_stop(run);
	if (!err)
		mmkit_object_del(call->session, forget->handle);
	return err;
}

const struct mmkit_ioctl mmkit_bench_ioctls[] = {
	MMKIT_IOCTL(MMKIT_BENCH_NOTHING, bench_nothing,
		    struct mmkit_bench_nothing, reserved),
	MMKIT_IOCTL(MMKIT_BENCH_INFO, bench_info, struct mmkit_bench_info,
		    size),
	MMKIT_IOCTL(MMKIT_BENCH_ROWS, bench_rows, struct mmkit_bench_list,
		    rows),
	MMKIT_IOCTL(MMKIT_BENCH_RUN, mmkit_measure, struct mmkit_bench_run,
		    array),
	MMKIT_IOCTL(MMKIT_BENCH_SIZES, bench_sizes, struct mmkit_bench_sizes,
		    sizes),
	MMKIT_IOCTL(MMKIT_BENCH_START, bench_start, struct mmkit_bench_start,
		    reserved),
	MMKIT_IOCTL(MMKIT_BENCH_STATUS, bench_status,
		    struct mmkit_bench_status, wait_ms),
	MMKIT_IOCTL(MMKIT_BENCH_RESULT, bench_result,
		    struct mmkit_bench_result, hists),
	MMKIT_IOCTL(MMKIT_BENCH_STOP, bench_stop, struct mmkit_bench_handle,
		    handle),
	MMKIT_IOCTL(MMKIT_BENCH_FORGET, bench_forget,
		    struct mmkit_bench_handle, handle),
};

const unsigned int mmkit_bench_nr_ioctls = ARRAY_SIZE(mmkit_bench_ioctls);
