// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every allocation and every copy fails once: of each command, of open(), of mmap()
 * and of faults by each strategy, of debugfs files. One point after the other is
 * failed until the operation has no more of them. Then an error came back or the
 * operation did without; nothing is charged that is not there, and nothing is left.
 *
 * kmemleak stays on and looks for leaks at the end. Its own allocations are points
 * too; where these fail it takes from a pool.
 *
 * Caches are created with "count" only, which asks kmemleak itself: 6.1 leaks a cache's
 * name where sysfs_slab_add() in mm/slub.c fails, and its log has a stack for each.
 */
#include <dirent.h>
#include <sys/mman.h>
#include "faults.h"
#include "leaks.h"
#include "rows.h"

#define RW		(PROT_READ | PROT_WRITE)
#define POINTS_MAX	3000

/* What came of the points of one operation. */
struct points {
	u32 failed;	/* as many as there are */
	u32 errors;	/* of which so many ended in an error */
};

static struct points all;
static bool count;	/* what is left, by the stacks that the kernel keeps */

/*
 * An operation with its @nth point failing. Whether there was one; *@err is what came
 * of it, and after an error nothing has changed.
 */
typedef bool (*operation)(const void *what, unsigned int nth, int *err);

/* tmpfs says ENOSPC when it gets no inode: shmem_get_inode() in mm/shmem.c. */
static bool is_failure(int err)
{
	return err == -ENOMEM || err == -EFAULT || err == -ENOSPC;
}

static void sweep(operation run, const void *what, const char *name,
		  const char *of)
{
	struct mmkit_info before = info(), after;
	struct points points = { 0 };
	u32 nth;
	int err;

	test("%s %s: each point fails once, and nothing is left", name, of);
	for (nth = 1; nth < POINTS_MAX; nth++) {
		err = 0;
		if (!run(what, nth, &err))
			break;
		points.failed++;
		points.errors += err < 0;
		if (err && !CHECK(is_failure(err)))
			diag("point %u: %s", nth, strerror(-err));
	}
	/* With no point left it works. */
	EQUAL(err, 0);
	CHECK(nth < POINTS_MAX);
	after = info();
	EQUAL(after.used_bytes, before.used_bytes);
	EQUAL(after.used_handles, before.used_handles);
	EQUAL(after.sessions, before.sessions);
	printf("# %-24s %-20s points %4u errors %4u\n", name, of, points.failed,
	       points.errors);
	all.failed += points.failed;
	all.errors += points.errors;
}

/* --- commands */

struct sized_row {
	const struct row *row;
	u32 size;	/* of the struct: a longer one is copied by other functions */
};

static bool row_runs(const void *what, unsigned int nth, int *err)
{
	const struct sized_row *sized = what;
	struct request r = request(sized->row);
	struct mmkit_session_info after;
	bool hit;

	*(u32 *)r.arg = sized->size;
	fault_arm(nth);
	*err = call(r.fd, sized->row->cmd, r.arg);
	hit = fault_hit();
	if (hit && sized->row->busy && *err == -EBUSY)
		*err = -ENOMEM;
	after = session(r.fd);
	if (*err && !(sized->row->keeps && *err == -EFAULT)) {
		EQUAL(after.handles, r.before.handles);
		EQUAL(after.bytes, r.before.bytes);
	}
	close(r.fd);
	return hit;
}

static void one_row(const struct row *row)
{
	struct sized_row sized = { row, row->size };
	struct request r;
	int err;

	if (row->cmd == MMKIT_SLAB_CREATE && !count)
		return;
	r = request(row);
	err = call(r.fd, row->cmd, r.arg);
	close(r.fd);
	if (err && (row->optional || err == row_answer(row))) {
		test("%s %s: each point fails once", row->name, row->area);
		skip("not on this kernel as it was booted: %s", strerror(-err));
		return;
	}
	sweep(row_runs, &sized, row->name + strlen("MMKIT_"), row->area);
	sized.size = row->size + 8;
	sweep(row_runs, &sized, row->name + strlen("MMKIT_"), "longer struct");
}

/* --- open() */

static bool open_runs(const void *what, unsigned int nth, int *err)
{
	bool hit;
	int fd;

	fault_arm(nth);
	fd = dev_open_flags(what, O_RDWR);
	hit = fault_hit();
	*err = fd < 0 ? fd : 0;
	if (fd >= 0)
		close(fd);
	return hit;
}

/* --- the map device, by each strategy */

struct resize {
	const char *strategy;
	u32 from;
	u32 to;
};

static bool set_runs(const void *what, unsigned int nth, int *err)
{
	const struct resize *resize = what;
	struct mmkit_session_info before;
	int fd = dev_open("map");
	bool hit;

	if (resize->from)
		EQUAL(map_set(fd, resize->from * PAGE, resize->strategy), 0);
	before = session(fd);
	fault_arm(nth);
	*err = map_set(fd, resize->to * PAGE, resize->strategy);
	hit = fault_hit();
	EQUAL(map_get(fd).bytes, (*err ? resize->from : resize->to) * PAGE);
	if (*err)
		EQUAL(session(fd).bytes, before.bytes);
	close(fd);
	return hit;
}

static bool mmap_runs(const void *strategy, unsigned int nth, int *err)
{
	int fd = dev_open("map");
	bool hit;
	u8 *map;

	EQUAL(map_set(fd, 4 * PAGE, strategy), 0);
	fault_arm(nth);
	map = map_at(fd, 0, 4, RW, MAP_SHARED);
	*err = map == MAP_FAILED ? -errno : 0;
	hit = fault_hit();
	if (!*err)
		EQUAL(munmap(map, 4 * PAGE), 0);
	EQUAL(map_get(fd).maps, 0);
	close(fd);
	return hit;
}

/* A fault that found no memory is SIGBUS, or comes again; the next one is served. */
static bool touch_runs(const void *strategy, unsigned int nth, int *err)
{
	int fd = dev_open("map"), bus;
	bool hit;
	u8 *map;

	EQUAL(map_set(fd, 4 * PAGE, strategy), 0);
	map = map_shared(fd, 4);
	touch_read(map);
	fault_arm(nth);
	bus = touch_write(map + PAGE, 1);
	hit = fault_hit();
	*err = bus ? -EFAULT : 0;
	EQUAL(touch_write(map + PAGE, 7), 0);
	EQUAL(map[PAGE], 7);
	EQUAL(munmap(map, 4 * PAGE), 0);
	EQUAL(map_get(fd).maps, 0);
	close(fd);
	return hit;
}

static void one_strategy(const struct mmkit_map_strategy *is)
{
	const struct resize resizes[] = {
		{ is->name, 0, 4 }, { is->name, 4, 12 }, { is->name, 12, 4 },
	};
	int fd = dev_open("map"), err;
	size_t i;

	err = map_set(fd, 4 * PAGE, is->name);
	close(fd);
	if (err == -EOPNOTSUPP) {
		test("%s: each point fails once", is->name);
		skip("not as this machine was booted: %s", is->note);
		return;
	}
	for (i = 0; i < ARRAY_SIZE(resizes); i++)
		sweep(set_runs, &resizes[i], i == 0 ? "made" :
		      i == 1 ? "grown" : "shrunk", is->name);
	sweep(mmap_runs, is->name, "mmap()", is->name);
	sweep(touch_runs, is->name, "fault", is->name);
}

static void each_strategy(void)
{
	static struct mmkit_map_strategy list[MMKIT_MAP_STRATEGIES_MAX];
	struct mmkit_map_strategies ask = {
		.size = sizeof(ask), .nr = MMKIT_MAP_STRATEGIES_MAX,
		.strategies = PTR(list),
	};
	int fd = dev_open("map");
	u32 i;

	EQUAL(call(fd, MMKIT_MAP_STRATEGIES, &ask), 0);
	close(fd);
	for (i = 0; i < ask.nr; i++)
		if (!(list[i].flags & MMKIT_STRATEGY_ABSENT))
			one_strategy(&list[i]);
}

/* --- debugfs */

static bool read_runs(const void *path, unsigned int nth, int *err)
{
	static char text[65536];
	ssize_t got = 0;
	bool hit;
	int fd;

	fault_arm(nth);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		got = read(fd, text, sizeof(text));
	*err = fd < 0 || got < 0 ? -errno : 0;
	hit = fault_hit();
	if (fd >= 0)
		close(fd);
	return hit;
}

/* Frees what "handle N" in the answer names. */
static void free_answer(const char *path)
{
	char text[4096], line[32];
	const char *at;

	if (!file_read(path, text, sizeof(text)))
		return;
	at = strstr(text, "\nhandle ");
	if (!at)
		return;
	snprintf(line, sizeof(line), "free %d", atoi(at + strlen("\nhandle ")));
	EQUAL(file_write(path, line), 0);
}

struct verb {
	const char *area;
	const char *line;
	const char *undo;	/* NULL: frees the handle in the answer, if any */
};

static const struct verb verbs[] = {
	{ "info", "help", NULL },
	{ "pages", "alloc -o 1 -c 2", NULL },
	{ "pages", "zones", NULL },
	{ "heap", "alloc -b 300 -c 3", NULL },
	{ "map", "set -b 16K -s page", "set -b 0" },
	{ "map", "strategies", NULL },
	{ "slab", "create row -b 200", "destroy 1" },
	{ "aspace", "regions -N 2", NULL },
	{ "bench", "run pages/order -r 2 -N 4", NULL },
	{ "memblock", "regions -N 2", NULL },
};

static bool verb_runs(const void *what, unsigned int nth, int *err)
{
	const struct verb *verb = what;
	struct mmkit_info before = info();
	char path[64];
	bool hit;

	snprintf(path, sizeof(path), DEBUG "%s/control", verb->area);
	fault_arm(nth);
	*err = file_write(path, verb->line);
	hit = fault_hit();
	if (*err) {
		EQUAL(info().used_bytes, before.used_bytes);
		EQUAL(info().used_handles, before.used_handles);
	} else if (verb->undo) {
		EQUAL(file_write(path, verb->undo), 0);
	} else {
		free_answer(path);
	}
	return hit;
}

static void each_file(const char *area)
{
	char path[512];
	struct dirent *entry;
	DIR *dir;

	snprintf(path, sizeof(path), DEBUG "%s", area);
	dir = opendir(path);
	if (!dir)
		bail("%s: %s", path, strerror(errno));
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), DEBUG "%s/%s", area, entry->d_name);
		sweep(read_runs, path, "read", path + strlen(DEBUG));
	}
	closedir(dir);
}

static void each_verb(void)
{
	char path[64];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(verbs); i++) {
		if (!strcmp(verbs[i].area, "slab") && !count)
			continue;
		snprintf(path, sizeof(path), DEBUG "%s/control", verbs[i].area);
		if (!access(path, W_OK))
			sweep(verb_runs, &verbs[i], verbs[i].area,
			      verbs[i].line);
	}
}

/* A control file keeps what the last line was answered until there is another line. */
static void forget_answers(void)
{
	char path[64];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(row_areas); i++) {
		snprintf(path, sizeof(path), DEBUG "%s/control", row_areas[i]);
		if (!access(path, W_OK) && !CHECK(!file_write(path, "help")))
			diag("%s", path);
	}
}

/*
 * A control file's session gets its table of handles with the first, and keeps it until
 * the module goes. Without "count" that allocation fails too.
 */
static void each_table(void)
{
	char path[64];
	size_t i;
	int err;

	for (i = 0; i < ARRAY_SIZE(verbs); i++) {
		snprintf(path, sizeof(path), DEBUG "%s/control", verbs[i].area);
		if (access(path, W_OK))
			continue;
		verb_runs(&verbs[i], 0, &err);
		EQUAL(err, 0);
	}
	forget_answers();
}

/* --- what is left: by the stacks that the kernel keeps of each allocation */

/*
 * kvmalloc_node(), kmemdup() and their like allocate for their caller, who is in the next
 * line; what a slab has beside its objects for memory cgroups is the slab's.
 */
static bool is_allocator(const char *line)
{
	if (strstr(line, "obj_exts") || strstr(line, "slab_cgroups"))
		return false;
	return strstr(line, "alloc") || strstr(line, "dup") ||
	       strstr(line, "asprintf");
}

/*
 * Objects of a cache that mmkit asked for, or -1: with slub_debug=U. What other functions
 * of the kernel took on its account is not among them.
 */
static s64 objects_in(const char *path)
{
	FILE *f = fopen(path, "r");
	char *line = NULL, *end;
	s64 here = 0, sum = 0;
	size_t room = 0;

	if (!f)
		return -1;
	/* A count and the caller's name, and below them the stack, from the allocator on. */
	while (getline(&line, &room, f) > 0) {
		s64 number = strtoll(line, &end, 10);

		if (end != line)
			here = number;
		if (strstr(line, "[mmkit_"))
			sum += here;
		else if (is_allocator(line))
			continue;
		here = 0;
	}
	free(line);
	fclose(f);
	return sum;
}

static s64 objects_left(void)
{
	DIR *dir = opendir("/sys/kernel/debug/slab");
	struct dirent *entry;
	char path[512];
	s64 here, sum = -1;

	if (!dir)
		return -1;
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		slab_shrink(entry->d_name);
		snprintf(path, sizeof(path), "/sys/kernel/debug/slab/%s/alloc_traces",
			 entry->d_name);
		here = objects_in(path);
		if (here >= 0)
			sum = here + (sum < 0 ? 0 : sum);
	}
	closedir(dir);
	return sum;
}

/*
 * Pages of others by what mmkit asked for. A slab's stay with its cache, those of
 * stacks, of per-cpu memory and of the kernel's page tables for good, and KASAN's shadow
 * of a vmalloc area until the kernel reuses or purges the area, which it does late.
 */
static bool is_others(const char *line)
{
	static const char *const callers[] = {
		"slab", "stack_depot", "pcpu_", "pte_alloc_kernel",
		"kasan_populate_vmalloc",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(callers); i++)
		if (strstr(line, callers[i]))
			return true;
	return false;
}

/* Pages that mmkit asked for, with page_owner=on: where is said of each if @shown. */
static s64 pages_left(bool shown)
{
	FILE *f = fopen("/sys/kernel/debug/page_owner", "r");
	bool ours = false, others = false;
	u32 order = 0;
	s64 sum = 0;
	char *line = NULL, record[8192];
	size_t room = 0, at = 0;

	if (!f)
		return -1;
	while (getline(&line, &room, f) > 0) {
		if (begins(line, "Page allocated via order ")) {
			order = atoi(line + strlen("Page allocated via order "));
			ours = false;
			others = false;
			at = 0;
		}
		if (at < sizeof(record))
			at += snprintf(record + at, sizeof(record) - at, "# %s", line);
		ours |= !!strstr(line, "[mmkit_");
		others |= is_others(line);
		if (line[0] != '\n' || !ours || others)
			continue;
		sum += 1 << order;
		if (shown)
			printf("%s", record);
	}
	free(line);
	fclose(f);
	return sum;
}

/* Areas of the vmalloc space. */
static s64 areas_left(void)
{
	FILE *f = fopen("/proc/vmallocinfo", "r");
	char *line = NULL;
	size_t room = 0;
	s64 sum = 0;

	if (!f)
		return -1;
	while (getline(&line, &room, f) > 0)
		sum += strstr(line, "[mmkit_") && !strstr(line, "load_module");
	free(line);
	fclose(f);
	return sum;
}

struct left {
	s64 objects;
	s64 pages;
	s64 areas;
};

static struct left left_now(void)
{
	return (struct left){ objects_left(), pages_left(false), areas_left() };
}

/* A few are given back by a worker, or after a grace period. */
static s64 pages_settled(s64 before, s64 now)
{
	int tries;

	for (tries = 0; tries < 20 && now > before; tries++) {
		usleep(100000);
		now = pages_left(false);
	}
	if (now > before)
		pages_left(true);
	return now;
}

static void same(const char *what, s64 before, s64 after)
{
	test("as many %s are left as before", what);
	if (before < 0) {
		skip("the kernel does not count them; see failnth.sh");
		return;
	}
	EQUAL(after, before);
	printf("# %s left: %lld\n", what, (long long)after);
}

int main(int argc, char **argv)
{
	struct left before = { }, after;
	size_t i;

	count = argc > 1 && !strcmp(argv[1], "count");

	if (!faults_there()) {
		test("each allocation and each copy fails once");
		skip("the kernel has no fault injection");
		return tap_end();
	}
	faults_init();
	if (count) {
		each_table();
		before = left_now();
	}
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		one_row(&rows[i]);
	for (i = 0; i < ARRAY_SIZE(row_areas); i++)
		sweep(open_runs, row_areas[i], "open()", row_areas[i]);
	each_strategy();
	for (i = 0; i < ARRAY_SIZE(row_areas); i++)
		each_file(row_areas[i]);
	each_verb();
	test("all of it: %u points, %u errors, no survivor", all.failed,
	     all.errors);
	CHECK(all.failed > 0);
	if (count) {
		forget_answers();
		no_leaks();
		after = left_now();
		same("slab objects", before.objects, after.objects);
		same("pages", before.pages,
		     pages_settled(before.pages, after.pages));
		same("areas", before.areas, after.areas);
	}
	return tap_end();
}
