/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a lab is written with. A lab is one experiment on one concept: it tells
 * what it does, measures, and claims something about what it measured.
 *
 * Each lab runs in a process of its own, so that its address space is its own
 * too, and what it breaks stays in there. Helpers that cannot do their work end
 * the lab: none of them returns an error. What has to be put back afterwards is
 * on a stack that the parent keeps and works off however the lab has ended.
 */
#ifndef MMKIT_LAB_H
#define MMKIT_LAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "page.h"

struct lab_run;

/* What the framework makes sure of before a lab runs; it is skipped else. */
enum lab_needs {
	LAB_ROOT = 1 << 0,	/* page frame numbers, settings */
	LAB_SWAP = 1 << 1,	/* a swap area of zram, first choice until the end */
	LAB_MEMCG = 1 << 2,	/* cgroup v2 with its memory controller */
	LAB_THP = 1 << 3,	/* transparent huge pages */
	LAB_NODES = 1 << 4,	/* two NUMA nodes with memory */
	LAB_PAGES = 1 << 5,	/* /dev/mmkit/pages */
	LAB_HEAP = 1 << 6,	/* /dev/mmkit/heap */
	LAB_MAP = 1 << 7,	/* /dev/mmkit/map */
	LAB_SLAB = 1 << 8,	/* /dev/mmkit/slab */
	LAB_TRACE = 1 << 9,	/* tracefs */
	LAB_ASPACE = 1 << 10,	/* /dev/mmkit/aspace */
	LAB_MEMBLOCK = 1 << 11,	/* /dev/mmkit/memblock */
};

/**
 * struct lab - one lab
 * @name: also of its file
 * @title: what is to be seen, in a line
 * @needs: LAB_x
 * @code: what to read next in the kernel, "FILE: FUNCTION()" of 6.1
 * @docs: and the documents, by their path in its source
 * @run: tells, measures and claims; at least three claims
 */
struct lab {
	const char *name;
	const char *title;
	unsigned int needs;
	const char *code[8];
	const char *docs[4];
	void (*run)(struct lab_run *run);
};

/* table.c: all there are, in the order in which to take them */
extern const struct lab *const all_labs[];

/* error.c of the command: "ENOENT" */
const char *errno_name(int err);

/* memory.c: loses blocks of malloc(), for good */
#define LAB_LOST_BYTES	1000

void lab_lose(size_t nr);

/* story.c */
enum op { EQ, NE, LT, LE, GT, GE };

void tell(struct lab_run *run, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void detail(struct lab_run *run, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
bool claim(struct lab_run *run, const char *text, int64_t measured, enum op op,
	   int64_t other, const char *unit);
void skip(struct lab_run *run, const char *fmt, ...)
	__attribute__((format(printf, 2, 3), noreturn));
void stop(struct lab_run *run, const char *fmt, ...)
	__attribute__((format(printf, 2, 3), noreturn));

/* undo.c: what to put back, last first */
void undo_write(struct lab_run *run, const char *path);
void undo_by_write(struct lab_run *run, const char *path, const char *text);
void undo_swapon(struct lab_run *run, const char *path);
void undo_mount(struct lab_run *run, const char *path);
void undo_cgroup(struct lab_run *run, const char *path);
void undo_folder(struct lab_run *run, const char *path);
void undo_file(struct lab_run *run, const char *path);
void undo_module(struct lab_run *run, const char *name);

/* file.c: the kernel's files */
int64_t read_key(struct lab_run *run, const char *path, const char *key);
bool key_present(const char *path, const char *key);
int64_t read_number(struct lab_run *run, const char *path);
void read_text(struct lab_run *run, const char *path, char *text, size_t len);
void write_text(struct lab_run *run, const char *path, const char *text);
void set_text(struct lab_run *run, const char *path, const char *text);

/* memory.c: this process's memory */
#define PAGES(n)	((size_t)(n) * page_size())

char *take(struct lab_run *run, size_t bytes, int flags);
char *take_private(struct lab_run *run, size_t bytes);
void touch_read(const char *mem, size_t bytes);
void touch_write(char *mem, size_t bytes);
uint64_t pagemap_at(struct lab_run *run, const void *addr);
uint64_t pfn_at(struct lab_run *run, const void *addr);
void pfns_of(struct lab_run *run, const void *mem, size_t nr, uint64_t *pfns);
size_t present_in(struct lab_run *run, const void *mem, size_t bytes);
size_t swapped_in(struct lab_run *run, const void *mem, size_t bytes);
uint64_t pfn_flags(struct lab_run *run, uint64_t pfn);
uint64_t pfn_mapcount(struct lab_run *run, uint64_t pfn);
void drain_batches(void);
void pfn_describe(struct lab_run *run, uint64_t pfn, struct mmkit_page *page);
int64_t smaps_at(struct lab_run *run, const void *addr, const char *key);

struct faults {
	int64_t minor;
	int64_t major;
};

struct faults faults_now(void);
struct faults faults_since(struct faults before);

/* ram.c: the machine's memory, in pages */
struct zone_sum {
	uint64_t free;
	uint64_t min;		/* watermarks */
	uint64_t low;
	uint64_t high;
	uint64_t present;
	uint64_t managed;
	uint64_t batched;	/* on the lists of the CPUs */
	uint64_t end;		/* the page frame after the last */
};

typedef void (*frame_fn)(void *data, uint64_t pfn, uint64_t flags);

struct zone_sum zones_sum(struct lab_run *run, int node);
void fold_counters(struct lab_run *run);
void each_frame(struct lab_run *run, frame_fn fn, void *data);

/* symbol.c: of the kernel */
struct symbol {
	const char *name;
	uint64_t address;
};

typedef void (*symbol_fn)(void *data, uint64_t address, const char *name,
			  const char *module);

void each_symbol(struct lab_run *run, symbol_fn fn, void *data);
void find_symbols(struct lab_run *run, struct symbol *symbols);

/* disk.c: a disk with nothing on it */
struct disk_use {
	int64_t got;	/* bytes */
	int64_t put;
};

int disk_open(struct lab_run *run, uint64_t bytes);
void disk_readahead(struct lab_run *run, int fd, uint64_t bytes);
void disk_wait(struct lab_run *run, int fd);
struct disk_use disk_use(struct lab_run *run, int fd);

/* region.c: what /proc/self/maps says */
struct region {
	uint64_t from;
	uint64_t to;
	uint64_t offset;
	uint64_t inode;
	char perms[8];
	char name[96];
};

size_t regions_read(struct lab_run *run, struct region **regions);
void region_at(struct lab_run *run, const void *addr, struct region *region);
size_t regions_in(struct lab_run *run, const void *mem, size_t bytes);
bool region_is(struct lab_run *run, const void *addr, const char *perms,
	       const char *name);

/* numbers.c */
void sort_numbers(uint64_t *numbers, size_t nr);
size_t distinct(uint64_t *numbers, size_t nr);

/* swap.c */
struct swap_use {
	int64_t held;	/* bytes that are in the swap area */
	int64_t taken;	/* memory that it takes to keep them */
};

struct swap_use swap_use(struct lab_run *run);
int64_t swap_free(struct lab_run *run);

/* child.c: processes of a lab */
struct child {
	pid_t pid;
	int to;		/* the parent writes, the child reads */
	int from;
};

typedef int64_t (*child_fn)(struct lab_run *run, void *data);

int64_t in_child(struct lab_run *run, child_fn fn, void *data);
int child_status(struct lab_run *run, child_fn fn, void *data);
struct child child_start(struct lab_run *run,
			 void (*fn)(struct lab_run *run, struct child *self,
				    void *data), void *data);
void child_say(struct lab_run *run, const struct child *other, int64_t value);
int64_t child_hear(struct lab_run *run, const struct child *other);
void child_end(struct lab_run *run, struct child *child);

/* cgroup.c: memory cgroups that a lab makes */
const char *cgroup_new(struct lab_run *run, const char *name);
void cgroup_set(struct lab_run *run, const char *cgroup, const char *file,
		const char *value);
int64_t cgroup_get(struct lab_run *run, const char *cgroup, const char *file);
int64_t cgroup_key(struct lab_run *run, const char *cgroup, const char *file,
		   const char *key);
bool cgroup_has(const char *cgroup, const char *file);
void cgroup_reclaim(struct lab_run *run, const char *cgroup, int64_t bytes);
void cgroup_enter(struct lab_run *run, const char *cgroup);

/* trace.c: events that the kernel tells of */
void trace_begin(struct lab_run *run, const char *event, const char *filter);
int64_t trace_end(struct lab_run *run, const char *text);

/* cpu.c */
unsigned int cpus(struct lab_run *run);
void stay_on(struct lab_run *run, unsigned int nth);
bool go_ahead(bool ahead);

/* device.c: mmkit's own devices */
int lab_open(struct lab_run *run, const char *area);
int zones_read(struct lab_run *run, int fd, struct mmkit_zone **zones);
void flush_kernel_pages(struct lab_run *run, int fd);
int64_t free_from(struct lab_run *run, int fd, unsigned int order);
int64_t pages_waiting(struct lab_run *run, int fd);
int64_t free_blocks(struct lab_run *run, int fd, unsigned int order);
uint32_t pages_take(struct lab_run *run, int fd, unsigned int order,
		    uint32_t count, uint32_t gfp);
void pages_give(struct lab_run *run, int fd, uint32_t handle, uint32_t first,
		uint32_t nr);
void pages_look(struct lab_run *run, int fd, uint32_t handle, uint32_t nr,
		struct mmkit_page *pages);
unsigned int walk_at(struct lab_run *run, struct mmkit_aspace_walk *walk,
		     struct mmkit_aspace_level *levels);
uint64_t walk_pfn(struct lab_run *run, const volatile void *addr);
unsigned int walk_to(struct lab_run *run, const volatile void *addr,
		     struct mmkit_aspace_level *levels);

#endif
