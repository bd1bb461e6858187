/* SPDX-License-Identifier: GPL-2.0-only */
/* What the test programs share: raw calls of the devices, files, memory. */
#ifndef _MMKIT_TEST_LIB_H
#define _MMKIT_TEST_LIB_H

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <mmkit/heap.h>
#include <mmkit/info.h>
#include <mmkit/map.h>
#include <mmkit/pages.h>
#include <mmkit/slab.h>
#include "tap.h"

typedef __u8 u8;
typedef __u32 u32;
typedef __s32 s32;
typedef __u64 u64;
typedef __s64 s64;

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define PTR(p)		((u64)(unsigned long)(p))
#define PAGE		4096ul
#define NOBODY		65534
#define QUOTA		"/sys/module/mmkit_core/parameters/"
#define DEBUG		"/sys/kernel/debug/mmkit/"

/* Devices. dev_open() does not return without one. */
int dev_open(const char *area);
int dev_open_flags(const char *area, int flags);	/* or -errno */
int call(int fd, unsigned long cmd, void *arg);		/* 0 or -errno */
struct mmkit_session_info session(int fd);
struct mmkit_info info(void);

/* Pages: of KERNEL memory, any node. */
struct mmkit_pages_alloc alloc_init(u32 order, u32 count);
u32 pages_alloc(int fd, u32 order, u32 count);
int pages_free(int fd, u32 handle);
int pages_describe(int fd, u32 handle, u64 first, u32 nr,
		   struct mmkit_page *pages);	/* how many, or -errno */
u32 pages_zones(int fd, struct mmkit_zone *zones, u32 room);
bool has_zone(int fd, u32 zone);
bool has_small_dma(int fd);

/* Slab. */
void slab_shrink(const char *cache);	/* KASAN keeps what was freed until then */
bool slab_reuse_delayed(void);	/* MMKIT_SLAB_REUSE is EOPNOTSUPP */

/* Map. */
int map_set(int fd, u64 bytes, const char *strategy);
struct mmkit_map_get map_get(int fd);
int map_describe(int fd, u64 first, u32 nr, struct mmkit_page *pages);
u8 *map_at(int fd, u64 page, u64 pages, int prot, int flags);
u8 *map_shared(int fd, u64 pages);

/*
 * Threads that touch or map a store while something else happens to it. A page
 * holds zero or its own mark, never anything else.
 */
#define RACE_BYTE	8	/* of a page that has the mark */

struct map_race {
	int fd;
	u8 *map;
	u32 pages;
	u32 first;	/* of the two pages that map_race_map() maps */
	atomic_uint cut;	/* odd: every touch from @left on is refused */
	atomic_uint left;
	atomic_bool stop;
	atomic_ulong wrong;
	atomic_ulong begun;	/* touches and mmap()s */
	atomic_ulong seen;
	atomic_ulong refused;
};

void *map_race_touch(void *race);	/* writes and reads page after page */
void *map_race_map(void *race);		/* maps two pages, touches, unmaps */
void map_race_await(struct map_race *race);	/* until the thread has seen a page */

/* Files. */
long long oom_kills(void); /* by /proc/vmstat since the boot, or -1 */
char *file_read(const char *path, char *text, size_t room); /* or NULL */
long long lines_with(const char *path, const char *text);	/* or -errno */
long long file_number(const char *path);	/* -errno; the first in it */
int file_write(const char *path, const char *text);	/* 0 or -errno */
u64 pagemap(const void *address);	/* an entry of /proc/self/pagemap */
u64 kpage(const char *which, u64 pfn);	/* of /proc/kpageWHICH */
long long meminfo(const char *field);	/* in KiB */

/* Memory of the caller's that a copy fails on. */
void *readonly_copy(const void *data, size_t size);
void *unmapped(void);

/* Touches memory: the signal's si_code if it gives a SIGBUS, else 0. */
int touch_read(const volatile u8 *at);
int touch_load(const volatile u8 *at, u8 *value);
int touch_write(volatile u8 *at, u8 value);

/* Keeps this thread on one CPU; where there is none of that number it stays on any. */
int pin(u32 cpu);

/* Runs a function on each CPU that the caller may run on. */
void on_each_cpu(void (*run)(u32 cpu));

/*
 * A new page waits in a batch of its CPU's before it is on a list, where
 * reclaim finds it. This empties the batches of all CPUs.
 */
void drain_batches(void);

/*
 * Takes and keeps all memory of this process, before it enters a small cgroup: else
 * a page fault of its own may find that one full, and is answered by an OOM kill.
 */
void own_memory_now(void);

#endif
