// SPDX-License-Identifier: GPL-2.0-only
/*
 * Preloaded to programs that know of files and not of mmkit, fio for one: who opens
 * /dev/mmkit/map finds a store there, of MMKIT_BYTES by MMKIT_STRATEGY, with the pager
 * of MMKIT_FRAMES. All opens of a process are one session, as if it were a file.
 *
 * What has nothing behind it has no fsync(), and the kernel says EINVAL to msync() of
 * it. Such programs do not expect that, and it is nothing to them.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <mmkit/map.h>

static int set_store(int fd)
{
	struct mmkit_map_set set = { .size = sizeof(set) };
	struct mmkit_map_pager pager = {
		.size = sizeof(pager), .policy = MMKIT_MAP_LRU,
		.swap = MMKIT_MAP_SHMEM, .fd = -1,
	};
	const char *strategy = getenv("MMKIT_STRATEGY");
	const char *bytes = getenv("MMKIT_BYTES");
	const char *frames = getenv("MMKIT_FRAMES");

	set.bytes = bytes ? strtoull(bytes, NULL, 0) : 1 << 20;
	strncpy(set.strategy, strategy ? strategy : "page",
		sizeof(set.strategy) - 1);
	pager.frames = frames ? strtoul(frames, NULL, 0) : 16;
	if (ioctl(fd, MMKIT_MAP_SET, &set))
		return -1;
	return strcmp(set.strategy, "pager") ? 0 :
	       ioctl(fd, MMKIT_MAP_PAGER, &pager);
}

static int open_store(int flags)
{
	static int session = -1;

	if (session < 0) {
		session = syscall(SYS_openat, AT_FDCWD, "/dev/mmkit/map",
				  flags & ~O_CREAT, 0);
		if (session >= 0 && set_store(session))
			return -1;
	}
	return session < 0 ? -1 : dup(session);
}

int open(const char *path, int flags, ...)
{
	va_list args;
	int mode;

	if (!strcmp(path, "/dev/mmkit/map"))
		return open_store(flags);
	va_start(args, flags);
	mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(args, int) : 0;
	va_end(args);
	return syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...) __attribute__((alias("open")));

int msync(void *at, size_t bytes, int flags)
{
	int err = syscall(SYS_msync, at, bytes, flags);

	return err && errno == EINVAL ? 0 : err;
}
