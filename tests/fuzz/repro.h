/* SPDX-License-Identifier: GPL-2.0-only */
/* What a program that "fuzz --c" wrote is made of: tests/fuzz/build links it. */
#ifndef _MMKIT_FUZZ_REPRO_H
#define _MMKIT_FUZZ_REPRO_H

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/ioctl.h>
#include <mmkit/aspace.h>
#include <mmkit/bench.h>
#include <mmkit/heap.h>
#include <mmkit/info.h>
#include <mmkit/map.h>
#include <mmkit/memblock.h>
#include <mmkit/pages.h>
#include <mmkit/slab.h>
#include "fuzz.h"

static struct machine machine;
static pthread_t threads[CALLS_MAX];
static unsigned int nr_threads;

static inline void begin(void)
{
	cover_begin();
	names_find();
	memory_begin();
	modules_begin();
	machine_begin(&machine);
}

static inline int end(void)
{
	while (nr_threads)
		pthread_join(threads[--nr_threads], NULL);
	machine_end(&machine);
	return 0;
}

static inline void beside(void *(*call)(void *unused))
{
	pthread_create(&threads[nr_threads++], NULL, call, NULL);
}

static inline int call_it(void *call)
{
	(*(void *(**)(void *unused))call)(NULL);
	return 0;
}

static inline void killed(void *(*call)(void *unused), u32 after)
{
	in_killed_child(call_it, &call, after);
}

/* A value whose meaning depends on the machine: a name, an address, a file. */
static inline void mean(void *at, u16 width, u8 kind, u64 max, u64 v)
{
	put(&machine, 0, &(struct field){ .width = width, .kind = kind,
					  .max = max }, v, at);
}

static inline void send(const char *area, unsigned int slot, u32 cmd,
			void *arg, size_t size, enum place place)
{
	enum area which = 0;
	void *at = arg;

	while (strcmp(area_names[which], area))
		which++;
	if (place != GOOD) {
		at = place_of(&machine, place);
		place_copy(at, arg, size);
	}
	if (ioctl(machine_fd(&machine, which, slot), cmd, at))
		fprintf(stderr, "%s %#x: %s\n", area, cmd, strerror(errno));
}

#endif
