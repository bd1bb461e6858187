/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _MMKIT_BENCH_PATTERN_H
#define _MMKIT_BENCH_PATTERN_H

#include <linux/types.h>
#include <mmkit/bench.h>

/* What to do next. */
enum mmkit_step {
	MMKIT_STEP_ALLOC,
	MMKIT_STEP_FREE_NEWEST,
	MMKIT_STEP_FREE_OLDEST,
	MMKIT_STEP_FREE_ANY,
	MMKIT_STEP_PAUSE,
};

/**
 * struct mmkit_pattern - where a thread is in its pattern
 * @kind: enum mmkit_bench_pattern, but PIPE, which is two threads' matter
 * @live: objects to hold at most
 * @down: freeing rather than filling
 * @paused: before this burst
 * @turn: of a ramp, 0 to 2
 */
struct mmkit_pattern {
	u32 kind;
	u32 live;
	bool down;
	bool paused;
	u32 turn;
};

/* Pure. */
void mmkit_pattern_init(struct mmkit_pattern *pattern, u32 kind, u32 live);
enum mmkit_step mmkit_pattern_next(struct mmkit_pattern *pattern, u32 held);
void mmkit_pattern_failed(struct mmkit_pattern *pattern);

#endif
