// SPDX-License-Identifier: GPL-2.0-only
/* Memory of the caller's, good and bad, and touching it without dying of it. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "fuzz.h"
#include "touch.h"

#define ROOM	(4ul << 20)	/* no answer is longer */
#define ARENA	(64 * PAGE)	/* to be looked at by aspace */

static u8 *room, *edge, *readonly, *nowhere, *arena, *huge, *shared;
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

/* What page tables have besides: pages in swap, of a file, huge ones. */
static void arena_begin(void)
{
	arena = anonymous(ARENA, PROT_READ | PROT_WRITE);
	memset(arena, 1, ARENA / 2);
	madvise(arena, ARENA / 8, MADV_PAGEOUT);
	mprotect(arena + ARENA / 4, ARENA / 8, PROT_READ);
	shared = mmap(NULL, MAP_PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED,
		      memfd, 0);
	memset(shared, 1, MAP_PAGES * PAGE / 2);
	huge = mmap(NULL, 2ul << 20, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);
	if (huge != MAP_FAILED)
		*huge = 1;
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
	room = anonymous(ROOM, PROT_READ | PROT_WRITE);
	arena_begin();
	edge = anonymous(2 * PAGE, PROT_READ | PROT_WRITE);
	munmap(edge + PAGE, PAGE);
	nowhere = anonymous(PAGE, PROT_NONE);
	/* What is put into the file shows in the mapping that cannot be written. */
	readonly = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, memfd, 0);
}

/* So that what is in it comes from the next answer: as much as is looked at. */
void room_clear(void)
{
	memset(room, 0, PAGE);
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
	default: return room;
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
	if (of < 50)
		return (uintptr_t)huge + at;
	if (of < 55)
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
