// SPDX-License-Identifier: GPL-2.0-only
/* The one place where the tracepoints are made. */
#include <linux/mm.h>
#define CREATE_TRACE_POINTS
#include <mmkit/trace.h>

/* For areas that serve mappings. */
EXPORT_TRACEPOINT_SYMBOL_GPL(mmkit_fault);
EXPORT_TRACEPOINT_SYMBOL_GPL(mmkit_evict);
