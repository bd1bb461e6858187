/* SPDX-License-Identifier: GPL-2.0-only */
/* The lines that memblock=debug writes, as events. */
#ifndef MMKIT_CLI_MEMBLOCK_LOG_H
#define MMKIT_CLI_MEMBLOCK_LOG_H

#include <stddef.h>

#include "memblock.h"

enum log_kind {
	LOG_ADD, LOG_REMOVE, LOG_RESERVE, LOG_FREE,	/* as the kernel's calls */
	LOG_ALLOC,	/* a request: a LOG_RESERVE of the allocator's follows */
	LOG_DOUBLED,	/* a region array */
	LOG_NODE_DATA,	/* says for which node the last one was */
	LOG_DUMP,	/* the whole configuration */
};

struct log_event {
	enum log_kind kind;
	unsigned int line;
	double time;
	char call[40];
	char caller[64];
	uint64_t base;
	uint64_t bytes;
	uint64_t align;
	uint64_t min;
	uint64_t max;
	int32_t node;
	uint32_t flags;
	struct memblock_list memory;	/* of a dump */
	struct memblock_list reserved;
};

struct memblock_log {
	struct log_event *events;
	size_t nr;
	unsigned int lines;
};

int memblock_log_read(const char *path, struct memblock_log *log);
void memblock_log_free(struct memblock_log *log);

#endif
