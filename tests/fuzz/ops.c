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
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <linux/perf_event.h>
#include <unistd.h>
#include <mmkit/map.h>
#include "fuzz.h"
#include "touch.h"

#define ERROR(call)	((call) < 0 ? -(long)errno : 0)

long op_close(struct machine *m, unsigned int slot, const u64 *v)
{
	int old = __atomic_exchange_n(&m->fd[v[0] % AREAS][slot], -1,
				      __ATOMIC_SEQ_CST);

	return old < 0 ? 0 : ERROR(close(old));
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

	/* Every sixteenth page is the event ring's. */
	if (v[1] % 16 == 15)
		offset = MMKIT_EVENTS_OFFSET + (v[1] / 16 % 4) * PAGE;
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

/* A part of a mapping: map, first, pages. */
static void *part(struct machine *m, const u64 *v, size_t *bytes)
{
	struct mapped map = m->map[v[0] % MAPS];
	u64 first;

	if (!map.at || !map.pages)
		return NULL;
	first = v[1] % map.pages;
	*bytes = (v[2] % (map.pages - first) + 1) * PAGE;
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

/* map, pages, flags: MREMAP_MAYMOVE 1, MREMAP_DONTUNMAP 4 */
long op_mremap(struct machine *m, unsigned int slot, const u64 *v)
{
	struct mapped map = m->map[v[0] % MAPS];
	u64 pages = v[1] % MAP_PAGES + 1;
	void *at;

	(void)slot;
	if (!map.at)
		return 0;
	at = mremap(map.at, map.pages * PAGE, pages * PAGE, v[2] & 5);
	if (at == MAP_FAILED)
		return -errno;
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
	return at ? ERROR(madvise(at, bytes, v[3])) : 0;
}

long op_mlock(struct machine *m, unsigned int slot, const u64 *v)
{
	struct mapped map = m->map[v[0] % MAPS];

	(void)slot;
	if (!map.at)
		return 0;
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
	struct iovec to = { text, at ? bytes : 0 }, from = { at, to.iov_len };

	(void)slot;
	return at ? ERROR(process_vm_readv(getpid(), &to, 1, &from, 1, 0)) : 0;
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
		for (i = 0; i < MAPS; i++)
			touch_pages(m, i, 0, v[0] & 1, MAP_PAGES - 1);
		_exit(0);
	}
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return 0;
}

/* --- debugfs */

long op_control(struct machine *m, unsigned int slot, const u64 *v)
{
	char line[300], path[64], answer[4096];
	enum area area;
	long err;
	int fd;

	(void)slot;
	verb_line(v[0], line, sizeof(line), &area);
	snprintf(path, sizeof(path), "/sys/kernel/debug/mmkit/%s/control",
		 area_names[area]);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	m->controlled = true;
	err = ERROR(write(fd, line, strlen(line)));
	if (v[1] & 1 && read(fd, answer, sizeof(answer)) < 0)
		err = -errno;
	close(fd);
	return err;
}

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

/* Whoever changes one puts it back: see main.c. */
long op_quota(struct machine *m, unsigned int slot, const u64 *v)
{
	static const char *const names[] = {
		"session_bytes", "session_handles", "total_bytes",
		"total_handles",
	};
	char path[80], text[24];

	(void)slot;
	m->quota = true;
	snprintf(path, sizeof(path), "/sys/module/mmkit_core/parameters/%s",
		 names[v[0] % ARRAY_SIZE(names)]);
	snprintf(text, sizeof(text), "%llu", (unsigned long long)v[1]);
	return write_text(path, text);
}

/* --- tracepoints */

#define EVENTS	"/sys/kernel/tracing/events/mmkit/"

/* One of ours, counted for this thread as perf does. */
static int count_event(u64 v)
{
	static const char *const events[] = {
		"mmkit_session_open", "mmkit_session_close", "mmkit_alloc",
		"mmkit_free", "mmkit_fault", "mmkit_evict",
	};
	struct perf_event_attr attr = {
		.type = PERF_TYPE_TRACEPOINT, .size = sizeof(attr),
		.sample_period = 1, .sample_type = PERF_SAMPLE_RAW,
	};
	char path[96];
	FILE *file;
	int got;

	snprintf(path, sizeof(path), EVENTS "%s/id",
		 events[v % ARRAY_SIZE(events)]);
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

/* what: events off, on, read, perf, no perf; event */
long op_trace(struct machine *m, unsigned int slot, const u64 *v)
{
	static __thread char text[65536];
	int fd = -1, old;
	long err = 0;

	(void)slot;
	switch (v[0] % 5) {
	case 0:
		return write_text(EVENTS "enable", "0");
	case 1:
		m->traced = true;
		return write_text(EVENTS "enable", "1");
	case 2:
		fd = open("/sys/kernel/tracing/trace", O_RDONLY | O_CLOEXEC);
		err = fd < 0 ? -errno : ERROR(read(fd, text, sizeof(text)));
		if (fd >= 0)
			close(fd);
		return err;
	case 3:
		fd = count_event(v[1]);
		err = fd < 0 ? fd : 0;
	}
	old = __atomic_exchange_n(&m->perf, fd < 0 ? -1 : fd, __ATOMIC_SEQ_CST);
	if (old >= 0)
		close(old);
	return err;
}

/* Unloads a module and loads it again, unless somebody uses it. */
long op_reload(struct machine *m, unsigned int slot, const u64 *v)
{
	const char *area = area_names[v[0] % AREAS];
	struct utsname uts;
	char name[32], path[160];
	long err;
	int fd;

	(void)slot;
	snprintf(name, sizeof(name), "mmkit_%s", area);
	uname(&uts);
	snprintf(path, sizeof(path), "/lib/modules/%s/extra/%s.ko", uts.release,
		 name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	m->reloaded = true;
	err = ERROR(syscall(SYS_delete_module, name, O_NONBLOCK));
	/* Its exit is known by where it lay until now. */
	execute_flush();
	if (!err)
		err = ERROR(syscall(SYS_finit_module, fd, "", 0));
	/*
	 * One that failed to load on purpose is needed by the next program; where
	 * its code lay in that attempt nobody can tell any more.
	 */
	if (err) {
		fail_nth(0);
		cover_start();
		syscall(SYS_finit_module, fd, "", 0);
	}
	close(fd);
	cover_modules(name);
	execute_flush();
	cover_modules(NULL);
	return err;
}
