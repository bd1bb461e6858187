/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rows of modules/map/policy.c and trace.c: reference strings of textbooks, with
 * the number of misses that these print.
 */
#ifndef _MMKIT_CASES_POLICY_H
#define _MMKIT_CASES_POLICY_H

#define POLICY_CASE_FRAMES	16
#define POLICY_CASE_PAGES	16
#define POLICY_CASE_LENGTH	64

/* Belady, Nelson and Shedler 1969: more frames, more misses under FIFO. */
#define BELADY		"123412512345"
/* Silberschatz, Galvin, Gagne: Operating System Concepts, Page Replacement. */
#define SILBERSCHATZ	"70120304230321201701"
/*
 * Stallings: Operating Systems, Replacement Policy. He counts from where the
 * frames are full on, so three less than here.
 */
#define STALLINGS	"232152453252"

struct policy_row {
	const char *name;
	u32 kind;
	u32 frames;
	const char *string;	/* a digit is a page, "w" after it writes it */
	u64 misses;
	u64 evictions;
	u64 writebacks;
};

static const struct policy_row policy_rows[] = {
	{ "Belady, FIFO in 3", MMKIT_MAP_FIFO, 3, BELADY, 9, 6 },
	{ "Belady, FIFO in 4: the anomaly", MMKIT_MAP_FIFO, 4, BELADY, 10, 6 },
	{ "Belady, FIFO in 5", MMKIT_MAP_FIFO, 5, BELADY, 5, 0 },
	{ "Belady, LRU in 3", MMKIT_MAP_LRU, 3, BELADY, 10, 7 },
	{ "Belady, LRU in 4", MMKIT_MAP_LRU, 4, BELADY, 8, 4 },
	{ "Belady, OPT in 3", MMKIT_MAP_OPT, 3, BELADY, 7, 4 },
	{ "Belady, OPT in 4", MMKIT_MAP_OPT, 4, BELADY, 6, 2 },
	{ "Silberschatz, FIFO", MMKIT_MAP_FIFO, 3, SILBERSCHATZ, 15, 12 },
	{ "Silberschatz, OPT", MMKIT_MAP_OPT, 3, SILBERSCHATZ, 9, 6 },
	{ "Silberschatz, LRU", MMKIT_MAP_LRU, 3, SILBERSCHATZ, 12, 9 },
	{ "Stallings, OPT", MMKIT_MAP_OPT, 3, STALLINGS, 6, 3 },
	{ "Stallings, LRU", MMKIT_MAP_LRU, 3, STALLINGS, 7, 4 },
	{ "Stallings, FIFO", MMKIT_MAP_FIFO, 3, STALLINGS, 9, 6 },
	{ "Stallings, CLOCK", MMKIT_MAP_CLOCK, 3, STALLINGS, 8, 5 },
	{ "Stallings, second chance", MMKIT_MAP_SECOND_CHANCE, 3, STALLINGS, 8,
	  5 },
	{ "one frame, FIFO", MMKIT_MAP_FIFO, 1, "11223311", 4, 3 },
	{ "one frame, CLOCK", MMKIT_MAP_CLOCK, 1, "11223311", 4, 3 },
	{ "one frame, random", MMKIT_MAP_RANDOM, 1, "11223311", 4, 3 },
	{ "nothing", MMKIT_MAP_LRU, 3, "", 0, 0 },
	{ "a loop one larger than the frames, LRU", MMKIT_MAP_LRU, 3,
	  "012301230123", 12, 9 },
	{ "the same, OPT", MMKIT_MAP_OPT, 3, "012301230123", 6, 3 },
	{ "random with room for all", MMKIT_MAP_RANDOM, 8, SILBERSCHATZ, 6, 0 },
	{ "dirty pages that go are written", MMKIT_MAP_FIFO, 2, "0w1w232w45", 6,
	  4, 3 },
	{ "a page is written back once", MMKIT_MAP_FIFO, 1, "0w0w101", 4, 3,
	  1 },
};

/* The trace, and everything that its replay needs. */
struct policy_run {
	struct mmkit_policy_frame frame[POLICY_CASE_FRAMES];
	struct mmkit_trace_page page[POLICY_CASE_PAGES];
	u32 access[POLICY_CASE_LENGTH];
	u64 next_use[POLICY_CASE_LENGTH];
	u8 outcome[POLICY_CASE_LENGTH];
	u64 nr;
};

static void policy_string(struct policy_run *run, const char *string)
{
	for (run->nr = 0; *string; string++) {
		if (*string == 'w')
			run->access[run->nr - 1] |= MMKIT_TRACE_WRITE;
		else
			run->access[run->nr++] = *string - '0';
	}
}

static int policy_replay(struct policy_run *run, u32 kind, u32 frames,
			 struct mmkit_trace_result *result)
{
	const struct mmkit_trace trace = {
		.access = run->access,
		.nr = run->nr,
		.next_use = run->next_use,
		.page = run->page,
		.outcome = run->outcome,
		.pages = POLICY_CASE_PAGES,
	};
	struct mmkit_policy policy;

	mmkit_policy_init(&policy, kind, run->frame, frames, 1);
	return mmkit_trace_run(&trace, &policy, result);
}

/* How many accesses ended so. */
static u64 policy_outcomes(const struct policy_run *run, u8 outcome)
{
	u64 i, nr = 0;

	for (i = 0; i < run->nr; i++)
		nr += run->outcome[i] == outcome;
	return nr;
}

static void policy_case(struct kunit *test, const struct policy_row *row)
{
	struct mmkit_trace_result result;
	static struct policy_run run;

	policy_string(&run, row->string);
	CASE_EQ(test, policy_replay(&run, row->kind, row->frames, &result), 0);
	CASE_EQ(test, result.misses, row->misses);
	CASE_EQ(test, result.evictions, row->evictions);
	CASE_EQ(test, result.writebacks, row->writebacks);
	CASE_EQ(test, result.hits + result.misses, run.nr);
	CASE_EQ(test, policy_outcomes(&run, MMKIT_TRACE_HIT), result.hits);
	CASE_EQ(test, policy_outcomes(&run, MMKIT_TRACE_EVICTED),
		result.evictions);
}

#endif
