// SPDX-License-Identifier: GPL-2.0-only
/* Unloading modules, and loading them again, with parameters good and bad. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>
#include "fuzz.h"

/* The info area is the core's, which all others need. */
static const char *const modules[AREAS] = {
	"mmkit_core", "mmkit_pages", "mmkit_map", "mmkit_heap", "mmkit_slab",
	"mmkit_memblock", "mmkit_aspace", "mmkit_bench",
};

const char *module_of(enum area area)
{
	return modules[area];
}

/* The file that a module is loaded from. */
void module_path(const char *module, char *path, size_t room)
{
	struct utsname uts;

	uname(&uts);
	snprintf(path, room, "/lib/modules/%s/extra/%s.ko", uts.release, module);
}

/*
 * What a module is loaded with, by a number: with what every program relies on, which
 * for memblock is a carve-out to offer, or with anything else.
 */
static void parameters(enum area area, u64 v, char *text, size_t room)
{
	u64 at = carveout(CARVEOUT_OFFERED);

	*text = '\0';
	if (area == MEMBLOCK && v % 4 == 0)
		snprintf(text, room, "carveout=128K$%#llx",
			 (unsigned long long)at);
	else if (area == MEMBLOCK && v % 4 == 1)
		snprintf(text, room, "carveout=4K$%#llx",
			 (unsigned long long)carveout(v / 4));
	else if (area == MEMBLOCK && v % 4 == 2)
		snprintf(text, room, "carveout=%s", v / 4 % 2 ? "1M" : "4K$x");
}

/* How much of a load can fail: most of it before the module is asked to begin. */
static u32 points[AREAS];

#define MANY	100000u

/* The @late-th point of those that could fail does, from the last one on; 0: none. */
static void fail_late(enum area area, u64 late)
{
	fail_nth(!late || late > points[area] ? MANY : points[area] + 1 - late);
}

static void fail_end(enum area area, bool whole)
{
	u32 left = fail_left();

	fail_nth(0);
	if (whole && left && left < MANY)
		points[area] = MANY - left;
}

static long load(enum area area, u64 v, u64 late)
{
	char text[64], path[160];
	long err;
	int fd;

	module_path(modules[area], path, sizeof(path));
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	parameters(area, v, text, sizeof(text));
	execute_flush();
	fail_late(area, late);
	err = syscall(SYS_finit_module, fd, text, 0) ? -errno : 0;
	fail_end(area, !late && !err);
	close(fd);
	cover_module(modules[area]);
	if (err)
		cover_failed();
	else
		cover_succeeded();
	execute_flush();
	cover_begun(modules[area]);
	return err;
}

#define WITHOUT	3	/* parameters */

/*
 * One that failed to load, maybe on purpose, is needed by the next program; and where
 * memmap= carves nothing out (user-mode Linux), there is nothing to offer.
 */
static long load_surely(enum area area, u64 v, u64 late)
{
	long err = load(area, v, late);

	if (err && load(area, 0, 0) == -ERANGE && area == MEMBLOCK)
		load(area, WITHOUT, 0);
	return err;
}

static long unload(enum area area)
{
	long err = syscall(SYS_delete_module, modules[area], O_NONBLOCK) ?
		   -errno : 0;

	/* Its exit is known by where it lay until now. */
	execute_flush();
	if (!err)
		cover_module(modules[area]);
	return err;
}

/* What a program has of an area would keep its module. */
static void let_go(struct machine *m, enum area area)
{
	u32 i;

	for (i = 0; i < MAPS && area == MAP; i++)
		if (m->map[i].at)
			munmap(m->map[i].at, m->map[i].pages * PAGE);
	for (i = 0; i < MAPS && area == MAP; i++)
		m->map[i] = (struct mapped){ NULL, 0 };
	for (i = 0; i < SLOTS; i++)
		op_close(m, i, (u64[]){ area, 0 });
}

static long reload_one(enum area area, u64 v, u64 late)
{
	long err = unload(area);

	return err ?: load_surely(area, v, late);
}

/* All of them, for nothing may use the core when it goes. */
static long reload_all(struct machine *m, u64 v, u64 late)
{
	enum area area, from = AREAS;
	long err = 0;

	for (area = 0; area < AREAS; area++)
		let_go(m, area);
	info_close();
	while (!err && from) {
		err = unload(from - 1);
		from -= !err;
	}
	for (area = from; area < AREAS; area++)
		err = load_surely(area, v, late) ?: err;
	return err;
}

#define LATE_MAX	160

/* module, parameters, let go: 0 not before; what of the load fails */
long op_reload(struct machine *m, unsigned int slot, const u64 *v)
{
	u64 late = v[3] > LATE_MAX ? 0 : v[3];
	enum area area = v[0] % AREAS;

	(void)slot;
	m->reloaded = true;
	if (v[2])
		let_go(m, area);
	return area == INFO && v[2] ? reload_all(m, v[1], late) :
				      reload_one(area, v[1], late);
}

/* Traced from here on, each of them begins once. */
void modules_begin(void)
{
	struct machine m;

	machine_begin(&m);
	reload_all(&m, 0, 0);
}
