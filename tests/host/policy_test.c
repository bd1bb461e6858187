// SPDX-License-Identifier: GPL-2.0-only
#include "host.h"
#include "map/policy.h"
#include "map/trace.h"
#include "../cases/policy.h"

HOST_CASE(policy, struct policy_row)

#define ROUNDS	(HOST_ROUNDS / 20)
#define HOLDS(condition)	assert_int_equal(!!(condition), 1)

/* A trace with some locality, so that policies differ. */
static void random_trace(struct policy_run *run)
{
	u32 page = 0, pages = host_random() % POLICY_CASE_PAGES + 1;

	for (run->nr = 0; run->nr < POLICY_CASE_LENGTH; run->nr++) {
		page = host_random() % 2 ? (page + host_random() % 3) % pages :
					   host_random() % pages;
		run->access[run->nr] = page;
		if (host_random() % 3 == 0)
			run->access[run->nr] |= MMKIT_TRACE_WRITE;
	}
}

static struct mmkit_trace_result replay(struct policy_run *run, u32 kind,
					u32 frames)
{
	struct mmkit_trace_result result;

	assert_int_equal(policy_replay(run, kind, frames, &result), 0);
	return result;
}

/* The counts of one replay fit each other. */
static void policy_counts_property(void **state)
{
	struct mmkit_trace_result result;
	static struct policy_run run;
	u32 kind, frames, seen, held;
	int i, page;

	(void)state;
	for (i = 0; i < ROUNDS; i++) {
		random_trace(&run);
		kind = host_random() % MMKIT_MAP_POLICIES;
		frames = host_random() % POLICY_CASE_FRAMES + 1;
		result = replay(&run, kind, frames);
		seen = 0;
		held = 0;
		for (page = 0; page < POLICY_CASE_PAGES; page++) {
			seen += run.page[page].seen;
			held += run.page[page].frame != MMKIT_NO_FRAME;
		}
		assert_int_equal(held, seen < frames ? seen : frames);
		assert_int_equal(result.hits + result.misses, run.nr);
		assert_int_equal(result.misses - result.refaults, seen);
		assert_int_equal(result.misses - result.evictions, held);
		HOLDS(result.writebacks <= result.evictions);
	}
}

/* A page is in the frame that says so, and in no other. */
static void policy_frames_property(void **state)
{
	static struct policy_run run;
	u32 frames, frame, page;
	int i;

	(void)state;
	for (i = 0; i < ROUNDS; i++) {
		random_trace(&run);
		frames = host_random() % POLICY_CASE_FRAMES + 1;
		replay(&run, host_random() % MMKIT_MAP_POLICIES, frames);
		for (frame = 0; frame < frames; frame++) {
			page = run.frame[frame].page;
			if (page != MMKIT_NO_PAGE)
				assert_int_equal(run.page[page].frame, frame);
		}
	}
}

/* Nothing misses less than OPT. */
static void policy_opt_property(void **state)
{
	static struct policy_run run;
	u32 kind, frames;
	u64 least;
	int i;

	(void)state;
	for (i = 0; i < ROUNDS; i++) {
		random_trace(&run);
		frames = host_random() % POLICY_CASE_FRAMES + 1;
		least = replay(&run, MMKIT_MAP_OPT, frames).misses;
		for (kind = 0; kind < MMKIT_MAP_POLICIES; kind++)
			HOLDS(replay(&run, kind, frames).misses >= least);
	}
}

/* LRU and OPT are stack algorithms: more frames never miss more. */
static void policy_stack_property(void **state)
{
	static struct policy_run run;
	u64 misses, before;
	u32 frames;
	int i;

	(void)state;
	for (i = 0; i < ROUNDS / POLICY_CASE_FRAMES; i++) {
		random_trace(&run);
		before = run.nr;
		for (frames = 1; frames <= POLICY_CASE_FRAMES; frames++) {
			misses = replay(&run, MMKIT_MAP_LRU, frames).misses;
			HOLDS(misses <= before);
			before = misses;
		}
	}
}

/* A queue that goes round and a hand that goes round are the same thing. */
static void policy_clock_property(void **state)
{
	struct mmkit_trace_result clock, queue;
	static struct policy_run run;
	u32 frames;
	int i;

	(void)state;
	for (i = 0; i < ROUNDS; i++) {
		random_trace(&run);
		frames = host_random() % POLICY_CASE_FRAMES + 1;
		clock = replay(&run, MMKIT_MAP_CLOCK, frames);
		queue = replay(&run, MMKIT_MAP_SECOND_CHANCE, frames);
		assert_int_equal(clock.misses, queue.misses);
		assert_int_equal(clock.writebacks, queue.writebacks);
	}
}

/* What is deferred is not chosen again before the others were. */
static void policy_defer_property(void **state)
{
	struct mmkit_policy_frame frame[POLICY_CASE_FRAMES];
	struct mmkit_policy policy;
	u32 kind, nr, i, victim, seen;

	(void)state;
	for (kind = 0; kind < MMKIT_MAP_POLICIES; kind++) {
		if (kind == MMKIT_MAP_RANDOM)
			continue;
		for (nr = 1; nr <= POLICY_CASE_FRAMES; nr++) {
			mmkit_policy_init(&policy, kind, frame, nr, 1);
			for (i = 0; i < nr; i++)
				mmkit_policy_load(&policy,
						  mmkit_policy_empty(&policy),
						  i, i + 1);
			assert_int_equal(mmkit_policy_empty(&policy),
					 MMKIT_NO_FRAME);
			for (i = 0, seen = 0; i < nr; i++) {
				victim = mmkit_policy_victim(&policy);
				HOLDS(victim < nr);
				seen |= 1u << victim;
				mmkit_policy_defer(&policy, victim);
			}
			assert_int_equal(seen, (1u << nr) - 1);
		}
	}
}

/* A frame that was emptied while others hold pages is never the victim. */
static void policy_hole_property(void **state)
{
	struct mmkit_policy_frame frame[POLICY_CASE_FRAMES];
	struct mmkit_policy policy;
	u32 kind, hole, i, victim;

	(void)state;
	for (kind = 0; kind < MMKIT_MAP_POLICIES; kind++) {
		for (hole = 0; hole < POLICY_CASE_FRAMES; hole++) {
			mmkit_policy_init(&policy, kind, frame,
					  POLICY_CASE_FRAMES, 1);
			for (i = 0; i < POLICY_CASE_FRAMES; i++)
				mmkit_policy_load(&policy,
						  mmkit_policy_empty(&policy),
						  i, i + 1);
			mmkit_policy_drop(&policy, hole);
			for (i = 0; i < 4 * POLICY_CASE_FRAMES; i++) {
				victim = mmkit_policy_victim(&policy);
				HOLDS(victim < POLICY_CASE_FRAMES);
				HOLDS(victim != hole);
				mmkit_policy_defer(&policy, victim);
			}
		}
	}
}

/* A page that the trace has no room for is refused, not followed. */
static void policy_bounds(void **state)
{
	struct mmkit_trace_result result;
	static struct policy_run run;

	(void)state;
	run.nr = 2;
	run.access[0] = 1;
	run.access[1] = POLICY_CASE_PAGES;
	assert_int_equal(policy_replay(&run, MMKIT_MAP_LRU, 2, &result),
			 -EINVAL);
	run.access[1] = MMKIT_TRACE_PAGE;
	assert_int_equal(policy_replay(&run, MMKIT_MAP_LRU, 2, &result),
			 -EINVAL);
}

/* Every policy has a name, and there are no others. */
static void policy_names(void **state)
{
	u32 kind;

	(void)state;
	for (kind = 0; kind < MMKIT_MAP_POLICIES; kind++)
		HOLDS(mmkit_policy_name(kind));
	HOLDS(!mmkit_policy_name(MMKIT_MAP_POLICIES));
	HOLDS(!mmkit_policy_name(U32_MAX));
}

static const struct host_table tables[] = {
	HOST_TABLE(policy, policy_rows),
	HOST_TEST(policy_counts_property),
	HOST_TEST(policy_frames_property),
	HOST_TEST(policy_opt_property),
	HOST_TEST(policy_stack_property),
	HOST_TEST(policy_clock_property),
	HOST_TEST(policy_defer_property),
	HOST_TEST(policy_hole_property),
	HOST_TEST(policy_bounds),
	HOST_TEST(policy_names),
};

int main(void)
{
	return host_run(tables, ARRAY_SIZE(tables));
}
