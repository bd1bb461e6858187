// SPDX-License-Identifier: GPL-2.0-only
/* Replays a trace of accesses under a policy, and counts. Pure. */
#include <linux/errno.h>
#include <linux/types.h>
#include "trace.h"

static int all_pages_away(const struct mmkit_trace *trace)
{
	u64 i;

	for (i = 0; i < trace->nr; i++)
		if ((trace->access[i] & MMKIT_TRACE_PAGE) >= trace->pages)
			return -EINVAL;
	for (i = 0; i < trace->pages; i++)
		trace->page[i] = (struct mmkit_trace_page) {
			.frame = MMKIT_NO_FRAME,
			.next = MMKIT_NEVER,
		};
	return 0;
}

/* From the end, so that each access finds when its page is wanted again. */
static void find_next_uses(const struct mmkit_trace *trace)
{
	struct mmkit_trace_page *page;
	u64 i;

	for (i = trace->nr; i; i--) {
		page = &trace->page[trace->access[i - 1] & MMKIT_TRACE_PAGE];
		trace->next_use[i - 1] = page->next;
		page->next = i - 1;
	}
}

static u32 make_room(const struct mmkit_trace *trace,
		     struct mmkit_policy *policy,
		     struct mmkit_trace_result *result)
{
	u32 frame = mmkit_policy_empty(policy);
	struct mmkit_trace_page *old;

	if (frame != MMKIT_NO_FRAME)
		return frame;
	frame = mmkit_policy_victim(policy);
	old = &trace->page[policy->frame[frame].page];
	result->evictions++;
	result->writebacks += old->dirty;
	old->dirty = false;
	old->frame = MMKIT_NO_FRAME;
	mmkit_policy_drop(policy, frame);
	return mmkit_policy_empty(policy);
}

static void miss(const struct mmkit_trace *trace, struct mmkit_policy *policy,
		 u32 nr, u64 next_use, struct mmkit_trace_result *result)
{
	struct mmkit_trace_page *page = &trace->page[nr];

	result->misses++;
	result->refaults += page->seen;
	page->frame = make_room(trace, policy, result);
	page->seen = true;
	mmkit_policy_load(policy, page->frame, nr, next_use);
}

/**
 * mmkit_trace_run() - Replay a trace.
 * @trace: to be replayed
 * @policy: initialised, its frames empty
 * @result: out
 *
 * Return: 0, -EINVAL when an access is of a page that is none.
 */
int mmkit_trace_run(const struct mmkit_trace *trace,
		    struct mmkit_policy *policy,
		    struct mmkit_trace_result *result)
{
	struct mmkit_trace_page *page;
	u64 i, evicted;
	u8 outcome;
	u32 nr;

	*result = (struct mmkit_trace_result) { };
	if (all_pages_away(trace))
		return -EINVAL;
	find_next_uses(trace);
	for (i = 0; i < trace->nr; i++) {
		nr = trace->access[i] & MMKIT_TRACE_PAGE;
		page = &trace->page[nr];
		evicted = result->evictions;
		outcome = MMKIT_TRACE_HIT;
		if (page->frame == MMKIT_NO_FRAME) {
			miss(trace, policy, nr, trace->next_use[i], result);
			outcome = result->evictions > evicted ?
				  MMKIT_TRACE_EVICTED : MMKIT_TRACE_FILLED;
		} else {
			result->hits++;
			mmkit_policy_touch(policy, page->frame,
					   trace->next_use[i]);
		}
		if (trace->access[i] & MMKIT_TRACE_WRITE)
			page->dirty = true;
		if (trace->outcome)
			trace->outcome[i] = outcome;
	}
	return 0;
}
