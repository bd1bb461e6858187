// SPDX-License-Identifier: GPL-2.0-only
/* What measuring itself costs, and a tracepoint that nobody listens to. */
#include <mmkit/trace.h>
#include "compat/ticks.h"
#include "measure.h"

static bool nothing(struct mmkit_loop *loop, u64 n)
{
	u64 i;

	for (i = 0; i < n; i++)
		barrier();
	return true;
}

static bool stamp(struct mmkit_loop *loop, u64 n)
{
	u64 i;

	for (i = 0; i < n; i++)
		mmkit_ticks();
	return true;
}

static bool tracepoint(struct mmkit_loop *loop, u64 n)
{
	u64 i;

	for (i = 0; i < n; i++) {
		trace_mmkit_fault(0, "", 0, false, 0);
		barrier();
	}
	return true;
}

static u64 holds_nothing(u64 x)
{
	return 0;
}

const struct mmkit_suite_row mmkit_suite_core[] = {
	{
		.name = "core/nothing", .axis = "none",
		.help = "the empty loop against itself: what is left is noise",
		.run = nothing, .holds = holds_nothing,
	}, {
		.name = "core/stamp", .axis = "none",
		.help = "one serialised time stamp",
		.run = stamp, .holds = holds_nothing,
	}, {
		.name = "core/tracepoint", .axis = "none",
		.help = "mmkit_fault, a tracepoint that is off",
		.run = tracepoint, .holds = holds_nothing,
	},
	{ }
};
