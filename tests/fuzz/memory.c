// SPDX-License-Identifier: GPL-2.0-only
/* Memory of the caller's, good and bad, and touching it without dying of it. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <linux/userfaultfd.h>
#include "fuzz.h"
#include "touch.h"

#define ROOM	(4ul << 20)	/* no answer is longer */
#define ARENA	(64 * PAGE)	/* to be looked at by aspace */
#define HUGE	(2ul << 20)

/* Of each thread: what another's call answers is not looked at. */
static __thread u8 *room;
static u8 *edge, *readonly, *nowhere, *arena, *hugetlb, *thp, *shared;
static int memfd, sealed, locked;

static __thread sigjmp_buf back;
static __thread volatile sig_atomic_t armed;

static void caught(int signal)
{
	if (armed)
		siglongjmp(back, 1);
	_exit(128 + signal);
}

int touch_one(volatile u8 *at, bool write)
{
	if (sigsetjmp(back, 1)) {
		armed = 0;
		return -EFAULT;
	}
	armed = 1;
	if (write)
		*at = *at + 1;
	else
		(void)*at;
	armed = 0;
	return 0;
}

/* What can be written of it is. */
void place_copy(void *at, const void *from, size_t size)
{
	if (!sigsetjmp(back, 1)) {
		armed = 1;
		memcpy(at, from, size);
	}
	armed = 0;
}

/*
 * As if a memory error had hit it: newer kernels send a SIGBUS at once. The page is
 * lost, so that there is an end to it.
 */
int poison_one(void *at)
{
	static u32 left = 1000;
	int err = -EFAULT;

	if (!left)
		return -ENOMEM;
	left--;
	if (!sigsetjmp(back, 1)) {
		armed = 1;
		err = madvise(at, PAGE, MADV_HWPOISON) ? -errno : 0;
	}
	armed = 0;
	return err;
}

static u8 *anonymous(size_t bytes, int prot)
{
	u8 *at = mmap(NULL, bytes, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED) {
		perror("fuzz: mmap");
		exit(1);
	}
	return at;
}

static int tmpfs_file(void)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0 || ftruncate(fd, MAP_PAGES * PAGE)) {
		perror("fuzz: memfd");
		exit(1);
	}
	return fd;
}

/* Writes to it are noticed, by an entry that says so. */
static void protect_by_uffd(u8 *at)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register range = {
		.range = { (uintptr_t)at, PAGE },
		.mode = UFFDIO_REGISTER_MODE_WP,
	};
	struct uffdio_writeprotect protect = {
		.range = range.range, .mode = UFFDIO_WRITEPROTECT_MODE_WP,
	};
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);

	/* It stays open, for its end would be the end of it. */
	if (fd >= 0 && !ioctl(fd, UFFDIO_API, &api) &&
	    !ioctl(fd, UFFDIO_REGISTER, &range))
		ioctl(fd, UFFDIO_WRITEPROTECT, &protect);
}

/* Pages of all kinds: in swap, broken, given up, of zeros, not to be written. */
static void arena_begin(void)
{
	arena = anonymous(ARENA, PROT_READ | PROT_WRITE);
	memset(arena, 1, ARENA / 2);
	madvise(arena, ARENA / 8, MADV_PAGEOUT);
	poison_one(arena + 9 * PAGE);
	madvise(arena + 10 * PAGE, 2 * PAGE, MADV_FREE);
	protect_by_uffd(arena + 12 * PAGE);
	mprotect(arena + 14 * PAGE, PAGE, PROT_NONE);
	mprotect(arena + ARENA / 4, ARENA / 8, PROT_READ);
	touch_one(arena + 40 * PAGE, false);
}

/* A huge page that was written, and one of zeros. */
static void thp_begin(void)
{
	u8 *at = anonymous(3 * HUGE, PROT_READ | PROT_WRITE);

	thp = (u8 *)(((uintptr_t)at + HUGE - 1) & -HUGE);
	madvise(thp, 2 * HUGE, MADV_HUGEPAGE);
	touch_one(thp, true);
	touch_one(thp + HUGE, false);
}

/* What page tables have besides: pages of a file, one of them in swap, huge ones. */
static void others_begin(void)
{
	shared = mmap(NULL, MAP_PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED,
		      memfd, 0);
	memset(shared, 1, MAP_PAGES * PAGE / 2);
	madvise(shared + PAGE, PAGE, MADV_PAGEOUT);
	hugetlb = mmap(NULL, HUGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);
	if (hugetlb != MAP_FAILED)
		*hugetlb = 1;
	thp_begin();
}

static void files_begin(void)
{
	char path[32];

	memfd = tmpfs_file();
	sealed = tmpfs_file();
	fcntl(sealed, F_ADD_SEALS, F_SEAL_WRITE);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", memfd);
	locked = open(path, O_RDONLY | O_CLOEXEC);
}

void memory_begin(void)
{
	struct sigaction act = { .sa_handler = caught, .sa_flags = SA_NODEFER };

	sigaction(SIGBUS, &act, NULL);
	sigaction(SIGSEGV, &act, NULL);
	files_begin();
	arena_begin();
	others_begin();
	edge = anonymous(2 * PAGE, PROT_READ | PROT_WRITE);
	munmap(edge + PAGE, PAGE);
	nowhere = anonymous(PAGE, PROT_NONE);
	/* What is put into the file shows in the mapping that cannot be written. */
	readonly = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, memfd, 0);
}

static u8 *own_room(void)
{
	if (!room)
		room = anonymous(ROOM, PROT_READ | PROT_WRITE);
	return room;
}

/* So that what is in it comes from the next answer: as much as is looked at. */
void room_clear(void)
{
	memset(own_room(), 0, PAGE);
}

/* Where a struct or an array of that place is; a good one of a struct is apart. */
void *place_of(const struct machine *m, enum place place)
{
	switch (place) {
	case NULL_PAGE: return NULL;
	case READ_ONLY: return readonly;
	case NOWHERE: return nowhere;
	case IN_MAP: return m->map[0].at;
	case AT_EDGE: return edge + PAGE - 16;
	default: return own_room();
	}
}

/* See address() in program.c: the highest byte says of what. */
u64 own_address(const struct machine *m, u64 v)
{
	u64 at = v & (~0ull >> 8), of = v >> 56;

	if (of < 30)
		return (uintptr_t)m->map[of % MAPS].at + at;
	if (of < 42)
		return (uintptr_t)arena + at;
	if (of < 46)
		return (uintptr_t)shared + at;
	if (of < 49)
		return (uintptr_t)hugetlb + at;
	if (of < 53)
		return (uintptr_t)thp + (of & 1) * HUGE + at;
	if (of < 56)
		return ((uintptr_t)&at & -PAGE) + at;
	if (of < 60)
		return ((uintptr_t)own_address & -PAGE) + at;
	return of == 63 ? at : at | 0xffffull << 48;
}

int own_fd(struct machine *m, unsigned int slot, u64 v)
{
	switch (v) {
	case 1: return memfd;
	case 2: return machine_fd(m, MAP, slot);
	case 3: return locked;
	case 4: return sealed;
	case 5: return 12345;
	}
	return -1;
}
