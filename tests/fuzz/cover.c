// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which instrumented places of our modules were reached, by KCOV: in the order in
 * which the calling thread came by, for as long as it is switched on. Only our
 * modules are instrumented. A place is known by module, section and offset, which
 * stay when the module is loaded anew.
 */
#include <dirent.h>
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
#define ENTRIES		(64u << 10)
#define SECTIONS_MAX	64
#define SPAN		(1u << 19)	/* no section of code is longer */

static const char *const names[] = {
	".text", ".init.text", ".exit.text", ".text.unlikely",
};

struct section {
	char module[24];
	const char *name;
	u64 at;
	u64 end;
};

struct cover {
	struct section section[SECTIONS_MAX];
	u32 nr;
	u32 sites;
	u8 seen[SECTIONS_MAX][SPAN];
};

static struct cover *cover;	/* shared */
static u64 *remote;		/* of kernel threads that work for this process */
static __thread u64 *trace;
static __thread int kcov = -1;

static u64 section_at(const char *module, const char *name)
{
	char path[128], text[32] = "";
	int fd;

	snprintf(path, sizeof(path), "/sys/module/%s/sections/%s", module, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	if (read(fd, text, sizeof(text) - 1) < 0)
		text[0] = '\0';
	close(fd);
	return strtoull(text, NULL, 16);
}

/* It ends where the module's next section begins, whichever that is. */
static void find_end(struct section *section)
{
	char path[96];
	struct dirent *entry;
	DIR *dir;

	section->at = section_at(section->module, section->name);
	section->end = section->at + SPAN;
	snprintf(path, sizeof(path), "/sys/module/%s/sections", section->module);
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		u64 at = section_at(section->module, entry->d_name);

		if (at > section->at && at < section->end)
			section->end = at;
	}
	if (dir)
		closedir(dir);
}

/*
 * The code of .init.text is gone once it ran, and something else lies there: its
 * address is of use for what was traced until just now, of module @loaded.
 */
void cover_modules(const char *loaded)
{
	u32 i;

	for (i = 0; i < cover->nr; i++) {
		struct section *section = &cover->section[i];

		find_end(section);
		if (!strcmp(section->name, ".init.text") &&
		    (!loaded || strcmp(section->module, loaded)))
			section->at = 0;
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

			snprintf(section->module, sizeof(section->module),
				 "mmkit_%s", area ? area_names[area] : "core");
			section->name = names[i];
		}
	cover_modules(NULL);
}

/*
 * A kernel thread says for whom it works (kcov_remote_start_common()): for the number
 * that a thread of user space was given here or inherited. One thread has one trace, so
 * this one is not to call cover_thread().
 */
void cover_remote(void)
{
	struct kcov_remote_arg arg = {
		.trace_mode = KCOV_TRACE_PC, .area_size = ENTRIES,
		.common_handle = getpid(),
	};
	int fd = open(KCOV, O_RDWR | O_CLOEXEC);

	if (fd < 0 || ioctl(fd, KCOV_INIT_TRACE, (unsigned long)ENTRIES))
		return;
	remote = mmap(NULL, ENTRIES * sizeof(*remote), PROT_READ | PROT_WRITE,
		      MAP_SHARED, fd, 0);
	if (remote == MAP_FAILED || ioctl(fd, KCOV_REMOTE_ENABLE, &arg))
		remote = NULL;
}

/* Without KCOV everything works, blindly. */
void cover_thread(void)
{
	kcov = open(KCOV, O_RDWR | O_CLOEXEC);
	if (kcov < 0 || ioctl(kcov, KCOV_INIT_TRACE, (unsigned long)ENTRIES))
		return;
	trace = mmap(NULL, ENTRIES * sizeof(*trace), PROT_READ | PROT_WRITE,
		     MAP_SHARED, kcov, 0);
	if (trace == MAP_FAILED || ioctl(kcov, KCOV_ENABLE, KCOV_TRACE_PC))
		trace = NULL;
}

void cover_start(void)
{
	if (trace)
		__atomic_store_n(&trace[0], 0, __ATOMIC_RELAXED);
}

static bool is_in(u64 pc, const struct section *section)
{
	return section->at && pc > section->at && pc <= section->end;
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
		if (*seen)
			continue;
		*seen = 1;
		fresh++;
	}
	return fresh;
}

u32 cover_stop(void)
{
	u32 fresh = trace ? take_note(trace) : 0;

	if (remote) {
		fresh += take_note(remote);
		__atomic_store_n(&remote[0], 0, __ATOMIC_RELAXED);
	}
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
