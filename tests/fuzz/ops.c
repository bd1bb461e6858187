// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a program does besides commands: to mappings of the device, to files of
 * debugfs, to the modules. Each returns 0 or -errno.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <linux/perf_event.h>
#include <unistd.h>
#include <mmkit/map.h>
#include <mmkit/memblock.h>
#include "fuzz.h"
#include "touch.h"

#define ERROR(call)	((call) < 0 ? -(long)errno : 0)

/* area, again: it is opened anew, which can fail here, and not when it is wanted */
long op_close(struct machine *m, unsigned int slot, const u64 *v)
{
	enum area area = v[0] % AREAS;
	int old = __atomic_exchange_n(&m->fd[area][slot], -1, __ATOMIC_SEQ_CST);
	long err = old < 0 ? 0 : ERROR(close(old));

	if (!err && v[1])
		err = ERROR(machine_fd(m, area, slot));
	return err;
}

/* --- mappings */

static int flags_of(u64 v)
{
	static const int flags[] = {
		MAP_SHARED, MAP_SHARED, MAP_PRIVATE, MAP_SHARED | MAP_POPULATE,
		MAP_SHARED, MAP_PRIVATE | MAP_POPULATE, MAP_SHARED_VALIDATE,
		MAP_SHARED | MAP_NORESERVE,
	};

	return flags[v % ARRAY_SIZE(flags)];
}

/*
 * A mapping may be of more pages than the machine has, of which copies would be made: so
 * many at most are had at once.
 */
#define AT_ONCE		4096u

static u64 at_once(u64 pages)
{
	return pages < AT_ONCE ? pages : AT_ONCE;
}

/* What is to fail on purpose has done so by now: this must not, or it stays mapped. */
static void unmap(void *at, u64 pages)
{
	fail_nth(0);
	munmap(at, pages * PAGE);
}

/* Puts a mapping into its slot. What was there is unmapped, unless it is @old. */
static void keep_map(struct machine *m, u64 which, struct mapped new, void *old)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	struct mapped was;

	pthread_mutex_lock(&lock);
	was = m->map[which % MAPS];
	m->map[which % MAPS] = new;
	pthread_mutex_unlock(&lock);
	if (was.at && was.at != old)
		unmap(was.at, was.pages);
}

/* map, first, pages, prot, flags, hint */
long op_mmap(struct machine *m, unsigned int slot, const u64 *v)
{
	struct mapped over;
	u64 pages = v[2] ?: 1, offset = v[1] * PAGE;
	int flags = flags_of(v[4]), fd = machine_fd(m, MAP, slot);
	void *at = NULL, *hint = NULL;

	if (pages > AT_ONCE)
		flags &= ~MAP_POPULATE;
	over = m->map[v[5] % MAPS];
	if (v[5] < MAPS && over.at && over.pages >= pages) {
		hint = over.at;
		flags |= MAP_FIXED;
	}
	at = mmap(hint, pages * PAGE, v[3] & 7, flags, fd, offset);
	if (at == MAP_FAILED)
		return -errno;
	/* It belongs to the slot of the one that it lies in. */
	if (!hint)
		keep_map(m, v[0], (struct mapped){ at, pages }, NULL);
	return 0;
}

/* The ring of events, of which the first page is the reader's: map, first, pages, prot */
long op_ring(struct machine *m, unsigned int slot, const u64 *v)
{
	u64 pages = v[2] ?: 1;
	void *at = mmap(NULL, pages * PAGE, v[3] & 7, MAP_SHARED,
			machine_fd(m, MAP, slot),
			MMKIT_EVENTS_OFFSET + v[1] * PAGE);

	if (at == MAP_FAILED)
		return -errno;
	keep_map(m, v[0], (struct mapped){ at, pages }, NULL);
	return 0;
}

/* A part of a mapping: map, first, pages. */
static void *part(struct machine *m, const u64 *v, size_t *bytes)
{
	struct mapped map = m->map[v[0] % MAPS];
	u64 first;

	if (!map.at || !map.pages)
		return NULL;
	first = v[1] % map.pages;
	*bytes = at_once(v[2] % (map.pages - first) + 1) * PAGE;
	return map.at + first * PAGE;
}

long op_munmap(struct machine *m, unsigned int slot, const u64 *v)
{
	size_t bytes;
	void *at = part(m, v, &bytes);

	(void)slot;
	/* The slot keeps its place, so that nothing else comes to lie there. */
	if (!at || ERROR(munmap(at, bytes)))
		return at ? -errno : 0;
	return ERROR(mmap(at, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS |
			  MAP_FIXED_NOREPLACE | MAP_NORESERVE, -1, 0) ==
		     MAP_FAILED ? -1 : 0);
}

long op_mprotect(struct machine *m, unsigned int slot, const u64 *v)
{
	size_t bytes;
	void *at = part(m, v, &bytes);

	(void)slot;
	return at ? ERROR(mprotect(at, bytes, v[3] & 7)) : 0;
}

/* map, pages: 0 as many as it has; flags: MREMAP_MAYMOVE 1, FIXED 2, DONTUNMAP 4 */
long op_mremap(struct machine *m, unsigned int slot, const u64 *v)
{
	struct mapped map = m->map[v[0] % MAPS];
	u64 pages = v[1] ? v[1] % MAP_PAGES + 1 : map.pages;
	void *at, *to = NULL;

	(void)slot;
	if (!map.at)
		return 0;
	if (v[2] & MREMAP_FIXED)
		to = mmap(NULL, pages * PAGE, PROT_NONE, MAP_PRIVATE |
			  MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	at = mremap(map.at, map.pages * PAGE, pages * PAGE, v[2] & 7, to);
	if (at == MAP_FAILED) {
		long err = -errno;

		if (to)
			unmap(to, pages);
		return err;
	}
	if (v[2] & 4)
		unmap(map.at, map.pages);
	keep_map(m, v[0], (struct mapped){ at, pages }, map.at);
	return 0;
}

long op_madvise(struct machine *m, unsigned int slot, const u64 *v)
{
	size_t bytes;
	void *at = part(m, v, &bytes);

	(void)slot;
	if (!at)
		return 0;
	if (v[3] == 26)
		return poison_one(at);
	return ERROR(madvise(at, bytes, v[3]));
}

long op_mlock(struct machine *m, unsigned int slot, const u64 *v)
{
	struct mapped map = m->map[v[0] % MAPS];

	(void)slot;
	if (!map.at)
		return 0;
	map.pages = at_once(map.pages);
	switch (v[1]) {
	case 0: return ERROR(mlock(map.at, map.pages * PAGE));
	case 1: return ERROR(munlock(map.at, map.pages * PAGE));
	}
	return ERROR(mlock2(map.at, map.pages * PAGE, MLOCK_ONFAULT));
}

long op_msync(struct machine *m, unsigned int slot, const u64 *v)
{
	size_t bytes;
	void *at = part(m, v, &bytes);

	(void)slot;
	return at ? ERROR(msync(at, bytes, MS_SYNC)) : 0;
}

static long touch_pages(struct machine *m, u64 which, u64 first, bool write,
			u64 pages)
{
	u64 part_of[3] = { which, first, pages };
	size_t bytes, at;
	u8 *from = part(m, part_of, &bytes);
	long err = 0;

	for (at = 0; from && at < bytes; at += PAGE)
		err = touch_one(from + at, write) ?: err;
	return err;
}

/* map, first, write, pages */
long op_touch(struct machine *m, unsigned int slot, const u64 *v)
{
	(void)slot;
	return touch_pages(m, v[0], v[1], v[2] & 1, v[3]);
}

/* By /proc/self/mem, which asks the mapping's access(). */
long op_peek(struct machine *m, unsigned int slot, const u64 *v)
{
	u64 part_of[3] = { v[0], v[1], v[3] };
	u8 text[2 * PAGE];
	size_t bytes;
	u8 *at = part(m, part_of, &bytes);
	long err;
	int fd;

	(void)slot;
	fd = open("/proc/self/mem", O_RDWR | O_CLOEXEC);
	if (!at || fd < 0)
		return 0;
	if (bytes > sizeof(text))
		bytes = sizeof(text);
	err = ERROR(pread(fd, text, bytes, (off_t)(uintptr_t)at + v[3] % 64));
	if (!err && v[2] & 1)
		err = ERROR(pwrite(fd, text, bytes, (off_t)(uintptr_t)at));
	close(fd);
	return err;
}

long op_vmread(struct machine *m, unsigned int slot, const u64 *v)
{
	static __thread u8 text[MAP_PAGES * PAGE];
	size_t bytes;
	void *at = part(m, v, &bytes);
	struct iovec to = { text, 0 }, from = { at, 0 };

	(void)slot;
	if (at)
		to.iov_len = bytes < sizeof(text) ? bytes : sizeof(text);
	from.iov_len = to.iov_len;
	return at ? ERROR(process_vm_readv(getpid(), &to, 1, &from, 1, 0)) : 0;
}

/*
 * Somebody who holds pages without mapping them: a pipe. map, first, pages, held: 0 lets
 * go of all.
 */
long op_hold(struct machine *m, unsigned int slot, const u64 *v)
{
	size_t bytes;
	struct iovec of = { part(m, v, &bytes), 0 };
	int fd;

	(void)slot;
	if (!v[3])
		machine_let_go(m);
	if (!v[3] || !of.iov_base)
		return 0;
	of.iov_len = bytes;
	fd = machine_pipe(m);
	return fd < 0 ? fd : ERROR(vmsplice(fd, &of, 1, SPLICE_F_NONBLOCK));
}

/* A child touches what it inherited, and ends. */
long op_fork(struct machine *m, unsigned int slot, const u64 *v)
{
	pid_t pid = fork();
	u32 i;

	(void)slot;
	if (pid < 0)
		return -errno;
	if (!pid) {
		cover_child();
		for (i = 0; i < MAPS; i++)
			touch_pages(m, i, 0, v[0] & 1, MAP_PAGES - 1);
		_exit(0);
	}
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return 0;
}

/* --- debugfs; control files: control.c */

long op_debugfs(struct machine *m, unsigned int slot, const u64 *v)
{
	static __thread char text[65536];
	int fd = open(debug_file(v[0]), O_RDONLY | O_CLOEXEC);
	size_t bytes = v[1] < sizeof(text) ? v[1] : sizeof(text);
	long err;

	(void)m;
	(void)slot;
	if (fd < 0)
		return -errno;
	err = ERROR(pread(fd, text, bytes, v[2]));
	close(fd);
	return err;
}

/* --- the sandbox of memblock */

/*
 * More regions than it has room for at first, with gaps between, and one in which there
 * is room for a longer list of them: reserved, nr
 */
long op_regions(struct machine *m, unsigned int slot, const u64 *v)
{
	struct mmkit_memblock_change change = {
		.size = sizeof(change), .base = 1 << 30, .bytes = 1 << 20,
		.verb = MMKIT_MEMBLOCK_ADD, .node = MMKIT_MEMBLOCK_NO_NODE,
	};
	int fd = machine_fd(m, MEMBLOCK, slot);
	u64 i;

	if (ioctl(fd, MMKIT_MEMBLOCK_CHANGE, &change))
		return -errno;
	if (v[0]) {
		change.verb = MMKIT_MEMBLOCK_RESERVE;
		change.node = 0;
	}
	change.bytes = PAGE;
	for (i = 0; i < v[1]; i++) {
		change.base = 2 * i * PAGE;
		if (ioctl(fd, MMKIT_MEMBLOCK_CHANGE, &change))
			return -errno;
	}
	return 0;
}

/* --- the modules */

static long write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	long err;

	if (fd < 0)
		return -errno;
	err = ERROR(write(fd, text, strlen(text)));
	close(fd);
	return err;
}

/* A program that could have all of it would take the machine's memory. */
#define LIMIT_BYTES	(8ull << 20)	/* of a session; eight of all */
#define TOTAL		2
#define LIMIT_HANDLES	4096ull

static const struct {
	const char *module;
	const char *name;
	u64 usual;
} parameters[] = {
	{ "mmkit_core", "session_bytes", LIMIT_BYTES },
	{ "mmkit_core", "session_handles", LIMIT_HANDLES },
	[TOTAL] = { "mmkit_core", "total_bytes", 8 * LIMIT_BYTES },
	{ "mmkit_core", "total_handles", 8 * LIMIT_HANDLES },
	{ "mmkit_map", "max_maps", 65536 },
	{ "mmkit_map", "pager_patience", 20 },
};

static long set_parameter(u64 which, u64 to)
{
	char path[80], text[24];

	which %= ARRAY_SIZE(parameters);
	if (which == TOTAL && to > parameters[TOTAL].usual)
		to = parameters[TOTAL].usual;
	snprintf(path, sizeof(path), "/sys/module/%s/parameters/%s",
		 parameters[which].module, parameters[which].name);
	snprintf(text, sizeof(text), "%llu", (unsigned long long)to);
	return write_text(path, text);
}

void parameters_usual(void)
{
	u64 i;

	for (i = 0; i < ARRAY_SIZE(parameters); i++)
		set_parameter(i, parameters[i].usual);
}

/* which, to: whoever changes one puts it back, see main.c */
long op_parameter(struct machine *m, unsigned int slot, const u64 *v)
{
	(void)slot;
	m->changed = true;
	return set_parameter(v[0], v[1]);
}

/* The kernel takes back what shrinkers have. */
long op_shrink(struct machine *m, unsigned int slot, const u64 *v)
{
	(void)m;
	(void)slot;
	(void)v;
	return write_text("/proc/sys/vm/drop_caches", "2");
}

/* --- tracepoints */

#define TRACING	"/sys/kernel/tracing/"
#define EVENTS	TRACING "events/mmkit/"
#define LOCKS	TRACING "events/mmap_lock/"

/* One of ours, counted for this thread as perf does. */
static int count_event(u64 v)
{
	static const char *const events[TRACED] = {
		[TRACED_OPEN] = "mmkit_session_open",
		[TRACED_CLOSE] = "mmkit_session_close",
		[TRACED_ALLOC] = "mmkit_alloc", [TRACED_FREE] = "mmkit_free",
		[TRACED_FAULT] = "mmkit_fault", [TRACED_EVICT] = "mmkit_evict",
	};
	struct perf_event_attr attr = {
		.type = PERF_TYPE_TRACEPOINT, .size = sizeof(attr),
		.sample_period = 1, .sample_type = PERF_SAMPLE_RAW,
	};
	char path[96];
	FILE *file;
	int got;

	snprintf(path, sizeof(path), EVENTS "%s/id",
		 events[v % TRACED]);
	file = fopen(path, "re");
	if (!file)
		return -errno;
	got = fscanf(file, "%llu", (unsigned long long *)&attr.config);
	fclose(file);
	if (got != 1)
		return -EIO;
	got = syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
	return got < 0 ? -errno : got;
}

static void forget_traced(void)
{
	int fd = open(TRACING "trace", O_WRONLY | O_TRUNC | O_CLOEXEC);

	if (fd >= 0)
		close(fd);
}

/* what: enum trace; event */
long op_trace(struct machine *m, unsigned int slot, const u64 *v)
{
	static __thread char text[65536];
	int fd = -1, old;
	long err = 0;

	(void)slot;
	switch (v[0] % TRACES) {
	case TRACE_OFF:
		/* Not every kernel has those. */
		write_text(LOCKS "enable", "0");
		return write_text(EVENTS "enable", "0");
	case TRACE_LOCKS:
		m->traced = true;
		return write_text(LOCKS "enable", "1");
	case TRACE_ON:
		m->traced = true;
		/* Of the programs before nothing is left to be read. */
		forget_traced();
		return write_text(EVENTS "enable", "1");
	case TRACE_READ:
		fd = open(TRACING "trace", O_RDONLY | O_CLOEXEC);
		err = fd < 0 ? -errno : ERROR(read(fd, text, sizeof(text)));
		if (fd >= 0)
			close(fd);
		return err;
	case TRACE_PERF:
		fd = count_event(v[1]);
		err = fd < 0 ? fd : 0;
	}
	old = __atomic_exchange_n(&m->perf, fd < 0 ? -1 : fd, __ATOMIC_SEQ_CST);
	if (old >= 0)
		close(old);
	return err;
}
