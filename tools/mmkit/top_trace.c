// SPDX-License-Identifier: GPL-2.0-only
/*
 * Allocations by order, counted by the kernel itself: a histogram trigger on
 * kmem:mm_page_alloc in a tracing instance of our own. No event is recorded.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <tracefs.h>

#include "top.h"

struct top_trace {
	struct tracefs_instance *instance;
};

void top_trace_end(struct top_trace *trace)
{
	if (!trace)
		return;
	tracefs_event_file_write(trace->instance, "kmem", "mm_page_alloc",
				 "trigger", "!hist:keys=order");
	tracefs_instance_destroy(trace->instance);
	tracefs_instance_free(trace->instance);
	free(trace);
}

/* NULL when it cannot be counted, with the reason in @why. */
struct top_trace *top_trace_begin(const char **why)
{
	struct top_trace *trace = calloc(1, sizeof(*trace));
	char name[32];

	snprintf(name, sizeof(name), "mmkit-top-%d", getpid());
	*why = "tracefs does not let a tracing instance be made (not root?)";
	if (!trace)
		return NULL;
	trace->instance = tracefs_instance_create(name);
	if (!trace->instance) {
		free(trace);
		return NULL;
	}
	*why = "this kernel has no histogram triggers (CONFIG_HIST_TRIGGERS)";
	if (tracefs_event_file_write(trace->instance, "kmem", "mm_page_alloc",
				     "trigger", "hist:keys=order") < 0) {
		tracefs_instance_destroy(trace->instance);
		tracefs_instance_free(trace->instance);
		free(trace);
		return NULL;
	}
	*why = NULL;
	return trace;
}

/* "{ order:          3 } hitcount:         17" */
int top_trace_read(struct top_trace *trace, uint64_t *orders)
{
	unsigned long long hits;
	unsigned int order;
	char *text, *line, *save;

	memset(orders, 0, MMKIT_NR_ORDERS * sizeof(*orders));
	text = tracefs_event_file_read(trace->instance, "kmem", "mm_page_alloc",
				       "hist", NULL);
	if (!text)
		return -errno;
	for (line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		if (sscanf(line, "{ order: %u } hitcount: %llu", &order, &hits) == 2 &&
		    order < MMKIT_NR_ORDERS)
			orders[order] = hits;
	free(text);
	return 0;
}
