/* SPDX-License-Identifier: GPL-2.0-only */
/* A recorded trace of accesses, replayed under a policy. */
#ifndef _MMKIT_MAP_TRACE_H
#define _MMKIT_MAP_TRACE_H

#include "policy.h"

/* An access is a page, and this bit when it is written. */
#define MMKIT_TRACE_WRITE	0x80000000u
#define MMKIT_TRACE_PAGE	0x7fffffffu

/* What became of an access. */
#define MMKIT_TRACE_HIT		0
#define MMKIT_TRACE_FILLED	1	/* a miss, and a frame was empty */
#define MMKIT_TRACE_EVICTED	2	/* a miss, and a page had to go */

/**
 * struct mmkit_trace_page - what the replay knows of a page
 * @frame: that holds it, or %MMKIT_NO_FRAME
 * @seen: it was in a frame before
 * @dirty: it was written since it came in
 * @next: where it is wanted next
 */
struct mmkit_trace_page {
	u32 frame;
	bool seen;
	bool dirty;
	u64 next;
};

/**
 * struct mmkit_trace - accesses, and room to replay them
 * @access: pages, with %MMKIT_TRACE_WRITE
 * @nr: accesses
 * @next_use: of each access: room for @nr
 * @page: of each page: room for @pages
 * @outcome: of each access: room for @nr, or %NULL
 * @pages: larger than any page of @access
 */
struct mmkit_trace {
	const u32 *access;
	u64 nr;
	u64 *next_use;
	struct mmkit_trace_page *page;
	u8 *outcome;
	u32 pages;
};

/**
 * struct mmkit_trace_result - what came of it
 * @hits: accesses whose page was in a frame
 * @misses: the others
 * @refaults: misses of pages that had been in a frame before
 * @evictions: pages that had to go
 * @writebacks: those of them that were dirty
 */
struct mmkit_trace_result {
	u64 hits;
	u64 misses;
	u64 refaults;
	u64 evictions;
	u64 writebacks;
};

/* Pure. */
int mmkit_trace_run(const struct mmkit_trace *trace,
		    struct mmkit_policy *policy,
		    struct mmkit_trace_result *result);

#endif
