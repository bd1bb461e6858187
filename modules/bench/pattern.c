// SPDX-License-Identifier: GPL-2.0-only
/* Patterns of allocating and freeing: pure. */
#include "pattern.h"

/**
 * mmkit_pattern_init() - Begin.
 * @pattern: filled in
 * @kind: enum mmkit_bench_pattern
 * @live: objects to hold at most, at least 1
 */
void mmkit_pattern_init(struct mmkit_pattern *pattern, u32 kind, u32 live)
{
	*pattern = (struct mmkit_pattern) {
		.kind = kind,
		.live = live,
		.paused = true,		/* not before the first */
	};
}

static enum mmkit_step free_step(u32 kind)
{
	switch (kind) {
	case MMKIT_BENCH_FIFO:
		return MMKIT_STEP_FREE_OLDEST;
	case MMKIT_BENCH_RANDOM:
	case MMKIT_BENCH_HOLD:
		return MMKIT_STEP_FREE_ANY;
	}
	return MMKIT_STEP_FREE_NEWEST;
}

/* Up to the edge, then down to nothing. */
static enum mmkit_step fill_and_empty(struct mmkit_pattern *p, u32 held)
{
	if (p->down && !held) {
		p->down = false;
		p->paused = false;
	} else if (!p->down && held >= p->live) {
		p->down = true;
	}
	if (p->down)
		return free_step(p->kind);
	if (p->kind == MMKIT_BENCH_BURST && !p->paused) {
		p->paused = true;
		return MMKIT_STEP_PAUSE;
	}
	return MMKIT_STEP_ALLOC;
}

/* After the filling, one is freed for each that is allocated. */
static enum mmkit_step hold(struct mmkit_pattern *p, u32 held)
{
	if (held < p->live && !(p->down && held))
		return MMKIT_STEP_ALLOC;
	p->down = false;
	return MMKIT_STEP_FREE_ANY;
}

/* Two steps in the direction, one back. */
static enum mmkit_step ramp(struct mmkit_pattern *p, u32 held)
{
	bool alloc;

	if (held >= p->live)
		p->down = true;
	if (!held)
		p->down = false;
	alloc = (p->turn == 2) == p->down;
	p->turn = (p->turn + 1) % 3;
	if (!held)
		return MMKIT_STEP_ALLOC;
	if (held >= p->live)
		return MMKIT_STEP_FREE_NEWEST;
	return alloc ? MMKIT_STEP_ALLOC : MMKIT_STEP_FREE_NEWEST;
}

/**
 * mmkit_pattern_next() - What to do next.
 * @pattern: it
 * @held: objects that are held now
 *
 * Never a free when nothing is held, never an allocation beyond the limit.
 *
 * Return: the step.
 */
enum mmkit_step mmkit_pattern_next(struct mmkit_pattern *pattern, u32 held)
{
	switch (pattern->kind) {
	case MMKIT_BENCH_HOLD:
		return hold(pattern, held);
	case MMKIT_BENCH_RAMP:
		return ramp(pattern, held);
	}
	return fill_and_empty(pattern, held);
}

/**
 * mmkit_pattern_failed() - An allocation failed: go on as if it were full.
 * @pattern: it
 */
void mmkit_pattern_failed(struct mmkit_pattern *pattern)
{
	pattern->down = true;
}
