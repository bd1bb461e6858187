/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A fuzzer of mmkit's devices that is led by coverage (KCOV). A program is a few
 * calls: commands of the devices, and what may be done to their mappings meanwhile.
 * What commands there are, and what their fields mean, is said in grammar.c alone;
 * dev_mmkit.txt, for syzkaller, is written from it.
 */
#ifndef _MMKIT_FUZZ_H
#define _MMKIT_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int64_t s64;

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define PAGE		4096ul

#define CALLS_MAX	14
#define FIELDS_MAX	16
#define SLOTS		2	/* sessions of each device at a time */
#define MAPS		3	/* mappings at a time */
#define MAP_PAGES	32	/* of a mapping, at most */

/* --- what there is to call: grammar.c */

/* What a field means, and so which values are worth a try. */
enum kind {
	ZERO,		/* reserved */
	NUMBER,		/* 0 to max, and what is just beyond, and what is far */
	SMALL,		/* 0 to max: more of it only takes longer */
	SELDOM,		/* likewise, and refused where nothing asks for it */
	BYTES,		/* a size about max */
	PAGES,		/* a multiple of the page size, about max of them */
	BITS,		/* of the mask max */
	PROT,		/* PROT_READ and so on, mostly the first two */
	CHOICE,		/* 0 to max - 1, of an enumeration */
	POWER,		/* of two */
	GFP,
	NODE,
	HANDLE,		/* that a call before has made, of the kind max */
	ARRAY,		/* where the answer goes */
	NAME,		/* of the list max */
	FD,
	PID,
	ADDRESS,	/* of the caller's, or any */
	PHYSICAL,	/* a model's: nothing lies there */
	CARVEOUT,	/* physical, and real: only in what was carved out, or not at all */
	SYMBOL,		/* an address of the kernel's */
	FILL,		/* an array in the struct itself */
	KINDS,
};

/* What a handle stands for. */
enum made {
	NOTHING,
	BLOCKS, OBJECTS, CACHE, SLAB_OBJECTS, POOL, LRU, CARVED, RUN, ANY,
};

enum list {
	STRATEGIES, ALLOCATORS, BENCHES, CARVEOUTS, FREE_NAMES, LISTS,
};

struct field {
	const char *name;
	u16 at;
	u16 width;
	u8 kind;
	u64 max;
};

/*
 * What "trace" does: all events of ours; one of them, counted for the thread; those of
 * mm's lock, which is taken by code of ours.
 */
enum trace {
	TRACE_OFF, TRACE_ON, TRACE_READ, TRACE_PERF, TRACE_NO_PERF, TRACE_LOCKS,
	TRACES,
};

enum traced {
	TRACED_OPEN, TRACED_CLOSE, TRACED_ALLOC, TRACED_FREE, TRACED_FAULT, TRACED_EVICT,
	TRACED,
};

enum area {
	INFO, AREA_PAGES, MAP, HEAP, SLAB, MEMBLOCK, ASPACE, BENCH, AREAS,
};
extern const char *const area_names[AREAS];

struct machine;

/* A command of a device, or, where @run is, something else. */
struct command {
	const char *area;
	const char *name;
	u32 cmd;
	u16 size;
	u16 nr;
	const struct field *fields;
	u8 makes;		/* enum made */
	u16 made_at;		/* where its handle comes back */
	long (*run)(struct machine *m, unsigned int slot, const u64 *v);
	u16 weight;		/* how often it is taken, against the others */
	const char *type;	/* of the struct */
};

extern const struct command commands[];
extern const size_t nr_commands;

const struct command *command_find(const char *name);

/* For syzkaller: syzlang.c */
void syzlang_write(FILE *file);
void syzlang_write_consts(FILE *file);

/* --- programs: program.c, mutate.c, text.c */

/* Where the struct of a call lies, or an array that it points to. */
enum place {
	GOOD, NULL_PAGE, READ_ONLY, NOWHERE, IN_MAP, AT_EDGE, PLACES,
};

struct value {
	u8 ref;			/* 1 + the call that made it, or 0 */
	u64 v;
};

struct call {
	u16 command;
	u8 slot;
	u8 place;		/* of its struct */
	u8 beside;		/* while the next ones go on */
	u8 fail;		/* the fail-th allocation or copy in it fails */
	u8 nobody;		/* by somebody who may do nothing special */
	u8 killed;		/* in a child that is killed after that many 50 us */
	u16 size;		/* of its struct, 0: what it is */
	struct value v[FIELDS_MAX];
};

struct program {
	u32 nr;
	struct call call[CALLS_MAX];
};

struct random {
	u64 state;
};

u64 random_next(struct random *r);
u64 below(struct random *r, u64 n);
bool chance(struct random *r, u32 one_in);

void program_make(struct random *r, struct program *p);
void program_mutate(struct random *r, struct program *p,
		    const struct program *other);
void program_remove(struct program *p, u32 call);

struct value *call_value(struct call *call, const char *field);

/* What makes sense: sense.c */
const char *sense_before(const char *command);	/* wanted before it, or NULL */
void sense_make(struct random *r, struct program *p, u32 at);

void program_write(FILE *file, const struct program *p);
bool program_read(FILE *file, struct program *p, char *why, size_t room);
void program_write_c(FILE *file, const struct program *p);

/* --- what a machine knows of itself: names.c */

void names_find(void);
const char *name_of(enum list list, u64 v, char *room);	/* 33 bytes */
void one_of(struct random *r, const char *words, char *text, size_t room);
u64 index_of_name(enum list list, const char *name);	/* 0: there is none */
u64 any_name(struct random *r, enum list list);
u64 strategy_tune(struct random *r, u64 v);
bool bench_row(struct random *r, u64 v, u64 *x, bool *allocator);
u64 symbol_for(const char *field, u64 v);
bool faults_survived(void);
#define CARVEOUT_OFFERED	8	/* by the module; those before are to be claimed */
u64 carveout(u64 v);
void verb_line(u64 v, char *line, size_t room, enum area *area);
const char *debug_file(u64 v);
u64 any_file(struct random *r, const char *area);

/* --- running them: machine.c, memory.c, execute.c */

struct mapped {
	u8 *at;
	u64 pages;
};

struct machine {
	int fd[AREAS][SLOTS];	/* -1 when closed */
	struct mapped map[MAPS];
	bool controlled;	/* a control file's session may hold something */
	bool changed;		/* a parameter, to be put back */
	bool reloaded;
	int perf;		/* an event that is counted, or -1 */
	int pipe[2];		/* that pages are held in, or -1 */
	bool traced;
	u64 made[CALLS_MAX];
	int err[CALLS_MAX];
	u32 us[CALLS_MAX];	/* how long a call took */
	u32 us_end;		/* and to close everything */
};

void machine_begin(struct machine *m);
void machine_end(struct machine *m);
int machine_fd(struct machine *m, enum area area, unsigned int slot);
int machine_pipe(struct machine *m);
void machine_let_go(struct machine *m);	/* of what is in the pipe */
int info_open(void);		/* for who watches; the same until it is closed */
void info_close(void);
u64 meaning(struct machine *m, unsigned int slot, const struct field *field,
	    u64 v);
void put(struct machine *m, unsigned int slot, const struct field *field,
	 u64 v, u8 *at);
void fail_nth(u32 nth);
u32 fail_left(void);

/* By whom: caller.c */
void be_nobody(bool nobody);
int in_killed_child(int (*call)(void *data), void *data, u32 after);

void memory_begin(void);
void room_clear(void);
void *place_of(const struct machine *m, enum place place);
void place_copy(void *at, const void *from, size_t size);
u64 own_address(const struct machine *m, u64 v);
int own_fd(struct machine *m, unsigned int slot, u64 v);

void execute(const struct program *p, struct machine *m);
void execute_flush(void);	/* takes note of the sites so far */
u32 execute_new(void);		/* sites that it reached first */
u64 now_us(void);
const char *execute_leak(void);	/* what an answer told and must not, or NULL */

void parameters_usual(void);
bool control_settle(void);	/* what control files began has ended */

long op_close(struct machine *m, unsigned int slot, const u64 *v);
long op_mmap(struct machine *m, unsigned int slot, const u64 *v);
long op_ring(struct machine *m, unsigned int slot, const u64 *v);
long op_munmap(struct machine *m, unsigned int slot, const u64 *v);
long op_mprotect(struct machine *m, unsigned int slot, const u64 *v);
long op_mremap(struct machine *m, unsigned int slot, const u64 *v);
long op_madvise(struct machine *m, unsigned int slot, const u64 *v);
long op_mlock(struct machine *m, unsigned int slot, const u64 *v);
long op_msync(struct machine *m, unsigned int slot, const u64 *v);
long op_touch(struct machine *m, unsigned int slot, const u64 *v);
long op_peek(struct machine *m, unsigned int slot, const u64 *v);
long op_vmread(struct machine *m, unsigned int slot, const u64 *v);
long op_hold(struct machine *m, unsigned int slot, const u64 *v);
long op_fork(struct machine *m, unsigned int slot, const u64 *v);
long op_regions(struct machine *m, unsigned int slot, const u64 *v);
long op_control(struct machine *m, unsigned int slot, const u64 *v);
long op_debugfs(struct machine *m, unsigned int slot, const u64 *v);
long op_parameter(struct machine *m, unsigned int slot, const u64 *v);
long op_reload(struct machine *m, unsigned int slot, const u64 *v);
long op_shrink(struct machine *m, unsigned int slot, const u64 *v);
long op_trace(struct machine *m, unsigned int slot, const u64 *v);

/* --- the modules: modules.c */

const char *module_of(enum area area);
void module_path(const char *module, char *path, size_t room);
void modules_begin(void);

/* --- what their files tell: sections.c */

u64 section_bytes(const char *module, const char *name);

/* --- coverage: cover.c. A site is told by where it lies in its module. */

void cover_begin(void);		/* before any fork */
void cover_modules(void);
void cover_module(const char *module);	/* was loaded, or unloaded */
void cover_begun(const char *module);	/* its init is over */
void cover_failed(void);	/* to load a module; nobody knows where its code lay */
void cover_succeeded(void);	/* the same one now */
void cover_remote(void);	/* what kernel threads do for threads made from here on */
void cover_children(void);	/* of this process, from here on */
void cover_child(void);
void cover_thread(void);
void cover_start(void);
u32 cover_stop(void);		/* sites of this thread that were not seen before */
u32 cover_sites(void);
void cover_print(FILE *file);

/* --- the kernel's log: watch.c */

void watch_begin(void);
bool watch_complaint(char *line, size_t room);

#endif
