// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which instrumented places of our modules were reached, by KCOV: in the order in
 * which the calling thread came by, for as long as it is switched on. Only our
 * modules are instrumented. A place is known by module, section and offset, which
 * stay when the module is loaded anew.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <linux/kcov.h>
#include "fuzz.h"

#define KCOV		"/sys/kernel/debug/kcov"
#define ENTRIES		(512u << 10)	/* of a call; what comes later is lost */
/* The kernel has an array for each thread that there was at once, and keeps it. */
#define THREAD_ENTRIES	(16u << 10)
#define SECTIONS_MAX	64
#define FAILED_MAX	2000u		/* that the load of a module comes by */
#define SPAN		(1u << 19)	/* offsets there is room for */

static const char *const names[] = {
	".text", ".init.text", ".exit.text", ".text.unlikely",
};

struct section {
	const char *module;
	const char *name;
	u64 bytes;
	u64 at;
};

struct cover {
	struct section section[SECTIONS_MAX];
	u32 nr;
	u32 sites;
	u8 seen[SECTIONS_MAX][SPAN];
};

static struct cover *cover;	/* shared */
static u64 *remote;		/* of kernel threads that work for this process */
static u64 *children;		/* of the child that there is */
static int children_fd;
static __thread u64 *trace;

static u64 section_at(const char *path)
{
	char text[32] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return 0;
	if (read(fd, text, sizeof(text) - 1) < 0)
		text[0] = '\0';
	close(fd);
	return strtoull(text, NULL, 16);
}

static struct section *sections_of(const char *module)
{
	u32 i = 0;

	while (strcmp(cover->section[i].module, module))
		i += ARRAY_SIZE(names);
	return &cover->section[i];
}

/* Where a module's code lies, or that it is nowhere. */
void cover_module(const char *module)
{
	struct section *of = sections_of(module);
	char path[384];
	u32 i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		snprintf(path, sizeof(path), "/sys/module/%s/sections/%s",
			 module, names[i]);
		of[i].at = section_at(path);
	}
}

/* The code of .init.text is gone once it ran, and something else lies there. */
void cover_begun(const char *module)
{
	struct section *of = sections_of(module);
	u32 i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (!strcmp(of[i].name, ".init.text"))
			of[i].at = 0;
}

/* All of them, as they are: who was to do so before may have been killed. */
void cover_modules(void)
{
	u32 i;

	for (i = 0; i < cover->nr; i += ARRAY_SIZE(names)) {
		cover_module(cover->section[i].module);
		cover_begun(cover->section[i].module);
	}
}

void cover_begin(void)
{
	enum area area;
	size_t i;

	cover = mmap(NULL, sizeof(*cover), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (cover == MAP_FAILED) {
		perror("fuzz: memory for the coverage");
		exit(1);
	}
	for (area = 0; area < AREAS; area++)
		for (i = 0; i < ARRAY_SIZE(names); i++) {
			struct section *section = &cover->section[cover->nr++];

			section->module = module_of(area);
			section->name = names[i];
			section->bytes = section_bytes(module_of(area), names[i]);
			if (section->bytes > SPAN) {
				fprintf(stderr, "fuzz: %s of %s is too long\n",
					names[i], module_of(area));
				exit(1);
			}
		}
	cover_modules();
}

/* Shared with children. NULL without KCOV: everything works, blindly. */
static u64 *new_trace(int *fd)
{
	u64 *at;

	*fd = open(KCOV, O_RDWR | O_CLOEXEC);
	if (*fd < 0 || ioctl(*fd, KCOV_INIT_TRACE, (unsigned long)ENTRIES))
		return NULL;
	at = mmap(NULL, ENTRIES * sizeof(*at), PROT_READ | PROT_WRITE,
		  MAP_SHARED, *fd, 0);
	return at == MAP_FAILED ? NULL : at;
}

/*
 * A kernel thread says for whom it works (kcov_remote_start_common()): for the number
 * that a thread of user space was given here or inherited. One thread has one trace, so
 * this one is not to call cover_thread().
 */
void cover_remote(void)
{
	struct kcov_remote_arg arg = {
		.trace_mode = KCOV_TRACE_PC, .area_size = THREAD_ENTRIES,
		.common_handle = getpid(),
	};
	int fd;

	remote = new_trace(&fd);
	if (remote && ioctl(fd, KCOV_REMOTE_ENABLE, &arg))
		remote = NULL;
}

void cover_thread(void)
{
	int fd;

	trace = new_trace(&fd);
	if (trace && ioctl(fd, KCOV_ENABLE, KCOV_TRACE_PC))
		trace = NULL;
}

/* A child's trace is read here, when it is no more: it may have been killed. */
void cover_children(void)
{
	children = new_trace(&children_fd);
}

/* In the child; one at a time is traced. */
void cover_child(void)
{
	if (children)
		ioctl(children_fd, KCOV_ENABLE, KCOV_TRACE_PC);
}

void cover_start(void)
{
	if (trace)
		__atomic_store_n(&trace[0], 0, __ATOMIC_RELAXED);
}

static bool is_in(u64 pc, const struct section *section)
{
	return section->at && pc > section->at &&
	       pc < section->at + section->bytes;
}

/* Most often that of the one before. */
static u32 section_of(u64 pc, u32 last)
{
	u32 i;

	if (last < cover->nr && is_in(pc, &cover->section[last]))
		return last;
	for (i = 0; i < cover->nr; i++)
		if (is_in(pc, &cover->section[i]))
			return i;
	return SECTIONS_MAX;
}

static u32 take_note(const u64 *trace)
{
	u32 last = SECTIONS_MAX, fresh = 0;
	u64 nr, i, before = 0;

	nr = __atomic_load_n(&trace[0], __ATOMIC_RELAXED);
	for (i = 1; i <= nr && i < ENTRIES; i++) {
		u8 *seen;

		if (trace[i] == before)
			continue;
		before = trace[i];
		last = section_of(before, last);
		if (last == SECTIONS_MAX)
			continue;
		seen = &cover->seen[last][before - cover->section[last].at];
		if (!*seen && !__atomic_exchange_n(seen, 1, __ATOMIC_RELAXED))
			fresh++;
	}
	return fresh;
}

/* Where the code of a module lay that failed to load. */
struct failed {
	u64 trace[1 + FAILED_MAX];
	u64 shift[SECTIONS_MAX];	/* from where it lies now */
	bool known[SECTIONS_MAX];
};

static struct failed failed;

/* Until the next load, of the same module, succeeds nobody can tell what this was. */
void cover_failed(void)
{
	if (!trace)
		return;
	failed = (struct failed) { };
	failed.trace[0] = trace[0] < FAILED_MAX ? trace[0] : FAILED_MAX;
	memcpy(&failed.trace[1], &trace[1], failed.trace[0] * sizeof(*trace));
}

/* Both came by the same places until the one failed. */
static void find_shifts(void)
{
	u64 i;

	for (i = 1; i <= failed.trace[0] && i <= trace[0]; i++) {
		u64 shift = failed.trace[i] - trace[i];
		u32 at = section_of(trace[i], SECTIONS_MAX);

		if (at == SECTIONS_MAX)
			continue;
		if (!failed.known[at])
			failed.shift[at] = shift;
		else if (failed.shift[at] != shift)
			return;
		failed.known[at] = true;
	}
}

static u64 unshifted(u64 pc)
{
	u32 i;

	for (i = 0; i < cover->nr; i++)
		if (failed.known[i] &&
		    is_in(pc - failed.shift[i], &cover->section[i]))
			return pc - failed.shift[i];
	return 0;
}

/* The load that just succeeded tells where the one that failed had been. */
void cover_succeeded(void)
{
	u64 i;

	if (!trace || !failed.trace[0])
		return;
	find_shifts();
	for (i = 1; i <= failed.trace[0]; i++)
		failed.trace[i] = unshifted(failed.trace[i]);
	__atomic_fetch_add(&cover->sites, take_note(failed.trace),
			   __ATOMIC_RELAXED);
	failed.trace[0] = 0;
}

static u32 take_away(u64 *trace)
{
	u32 fresh = trace ? take_note(trace) : 0;

	if (trace)
		__atomic_store_n(&trace[0], 0, __ATOMIC_RELAXED);
	return fresh;
}

u32 cover_stop(void)
{
	u32 fresh = trace ? take_note(trace) : 0;

	fresh += take_away(remote) + take_away(children);
	__atomic_fetch_add(&cover->sites, fresh, __ATOMIC_RELAXED);
	return fresh;
}

u32 cover_sites(void)
{
	return cover->sites;
}

/* "reached MODULE SECTION OFFSET...", where the call of KCOV returns to. */
void cover_print(FILE *file)
{
	u32 i, at;

	for (i = 0; i < cover->nr; i++) {
		if (!memchr(cover->seen[i], 1, SPAN))
			continue;
		fprintf(file, "reached %s %s", cover->section[i].module,
			cover->section[i].name);
		for (at = 0; at < SPAN; at++)
			if (cover->seen[i][at])
				fprintf(file, " %x", at);
		fputc('\n', file);
	}
}
