// SPDX-License-Identifier: GPL-2.0-only
/* Running benchmarks one after the other. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"
#include "progress.h"

static void skip(struct bench_item *item, const char *why)
{
	snprintf(item->skipped, sizeof(item->skipped), "%s", why);
}

/* Why this one benchmark cannot be run, while the others can; or NULL. */
static const char *why_not(int err)
{
	switch (-err) {
	case EOPNOTSUPP:
		return "it wants a second CPU";
	case EDQUOT:
		return "over the session's quota";
	case ENOMEM:
		return "the kernel had no such memory";
	case ENOENT:
		return "its allocator is gone";
	case EINVAL:
		return "this kernel does not serve that";
	}
	return NULL;
}

#define ROUNDS		9
#define ROUNDS_SLOW	7	/* of what takes seconds */

/* Are the options such as there may be? */
int bench_check(struct cli *cli, const struct bench_session *session)
{
	const struct bench_opts *opts = session->opts;

	if ((opts->rounds && opts->rounds < 7) ||
	    opts->rounds > MMKIT_BENCH_ROUNDS_MAX)
		return usage(cli, "--rounds: from 7 to %u", MMKIT_BENCH_ROUNDS_MAX);
	if (!opts->threads || opts->threads > MMKIT_BENCH_THREADS_MAX)
		return usage(cli, "--threads: from 1 to %u",
			     MMKIT_BENCH_THREADS_MAX);
	if (opts->save && session->info.config & MMKIT_BENCH_DEBUG &&
	    !opts->force)
		return fail(cli, EXIT_FAILED, 0,
			    "a kernel without debug options, or --force",
			    "--save: this kernel debugs itself, so its figures mean nothing elsewhere");
	return EXIT_OK;
}

uint32_t bench_rounds(const struct bench_session *session,
		      const struct bench_item *item)
{
	if (session->opts->rounds)
		return session->opts->rounds;
	return item->user && item->user->slow ? ROUNDS_SLOW : ROUNDS;
}

static int kernel_measure(struct bench_session *session,
			  struct bench_item *item)
{
	struct mmkit_bench_run req = {
		.rounds = bench_rounds(session, item),
		.x = item->x,
		.threads = item->threads,
		.cpu = session->opts->cpu,
	};
	int err;

	snprintf(req.row, sizeof(req.row), "%s", item->name);
	snprintf(req.allocator, sizeof(req.allocator), "%s", item->subject);
	item->rounds = calloc((size_t)req.rounds * req.threads,
			      sizeof(*item->rounds));
	if (!item->rounds)
		return -ENOMEM;
	err = mmkit_bench_run(session->fd, &req, item->rounds);
	if (err && why_not(err)) {
		skip(item, why_not(err));
		return 0;
	}
	item->nr_rounds = req.rounds;
	item->operations = req.nr;
	return err;
}

/* Of the rounds in which nothing failed. */
static void sum_up(const struct bench_session *session, struct bench_item *item)
{
	__u64 net[MMKIT_BENCH_ROUNDS_MAX * MMKIT_BENCH_THREADS_MAX];
	unsigned int i, nr = 0;

	for (i = 0; i < item->nr_rounds; i++) {
		const struct mmkit_bench_round *round = &item->rounds[i];
		uint64_t ticks = round->ticks > round->empty ?
				 round->ticks - round->empty : 0;

		if (!(round->flags & MMKIT_BENCH_FAILED))
			net[nr++] = bench_milli(&session->info, ticks,
						item->operations);
	}
	if (!nr && !item->skipped[0])
		skip(item, "every round failed: there was no such memory");
	mmkit_stats_of(net, nr, &item->stats);
}

int bench_measure(struct bench_session *session, struct bench_items *items)
{
	struct progress progress = progress_begin(session->cli, items->nr);
	unsigned int i;
	int err = 0;

	for (i = 0; i < items->nr && !err; i++) {
		struct bench_item *item = &items->item[i];

		progress_at(&progress, i, item->id);
		if (interrupted())
			err = -EINTR;
		else if (!item->user)
			err = kernel_measure(session, item);
		else if (item->threads > 1)
			skip(item, "it runs in user space, on one CPU");
		else
			err = bench_user_measure(session, item);
		if (!err)
			sum_up(session, item);
	}
	progress_end(&progress);
	return err;
}
