// SPDX-License-Identifier: GPL-2.0-only
/* Four ways to one page frame in two processes. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <unistd.h>

#include "lab.h"

/* In the child: what it sees at first, where, and what it leaves there. */
static void other_side(struct lab_run *run, struct child *parent, void *data)
{
	char *mem = data;

	child_say(run, parent, mem[0]);
	mem[0] = 'c';
	child_say(run, parent, pfn_at(run, mem));
	child_hear(run, parent);
}

static void two_processes(struct lab_run *run, char *mem, const char *what,
			  bool shared)
{
	struct child child;
	int64_t theirs;
	char text[96];

	mem[0] = 'p';
	child = child_start(run, other_side, mem);
	snprintf(text, sizeof(text), "%s: the child sees what the parent wrote",
		 what);
	claim(run, text, child_hear(run, &child), EQ, 'p', "in the first byte");
	theirs = child_hear(run, &child);
	snprintf(text, sizeof(text), shared ?
		 "%s: it is one page frame in two processes" :
		 "%s: once it was written, it is two page frames", what);
	claim(run, text, pfn_at(run, mem), shared ? EQ : NE, theirs, "pfn");
	snprintf(text, sizeof(text), "%s: what the child wrote %s", what,
		 shared ? "is there for the parent" : "stays the child's");
	claim(run, text, mem[0], EQ, shared ? 'c' : 'p', "in the first byte");
	snprintf(text, sizeof(text), "%s: mapped by %s", what,
		 shared ? "both" : "the parent alone");
	claim(run, text, pfn_mapcount(run, pfn_at(run, mem)), EQ, shared ? 2 : 1,
	      "page tables");
	child_say(run, &child, 0);
	child_end(run, &child);
}

static char *map_fd(struct lab_run *run, int fd)
{
	char *mem;

	if (fd < 0 || ftruncate(fd, PAGES(1)))
		stop(run, "no shared memory (%s)", errno_name(errno));
	mem = mmap(NULL, PAGES(1), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (mem == MAP_FAILED)
		stop(run, "no shared memory (%s)", errno_name(errno));
	close(fd);
	return mem;
}

static char *system_v(struct lab_run *run)
{
	int id = shmget(IPC_PRIVATE, PAGES(1), IPC_CREAT | 0600);
	char *mem;

	if (id < 0)
		skip(run, "the kernel has no System V shared memory (CONFIG_SYSVIPC)");
	mem = shmat(id, NULL, 0);
	/* It goes with the last process that has it attached. */
	shmctl(id, IPC_RMID, NULL);
	if (mem == (void *)-1)
		stop(run, "shmat failed (%s)", errno_name(errno));
	return mem;
}

static char *posix(struct lab_run *run)
{
	char name[32];
	int fd;

	snprintf(name, sizeof(name), "/mmkit-lab-%d", getpid());
	fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
	shm_unlink(name);
	return map_fd(run, fd);
}

static void run_lab(struct lab_run *run)
{
	tell(run, "Each time a page is mapped, then a child is forked, and both write.");
	two_processes(run, system_v(run), "System V", true);
	two_processes(run, posix(run), "POSIX", true);
	two_processes(run, map_fd(run, memfd_create("lab", MFD_CLOEXEC)),
		      "memfd", true);
	two_processes(run, take(run, PAGES(1), MAP_SHARED | MAP_ANONYMOUS),
		      "anonymous shared", true);
	tell(run, "For comparison, private memory.");
	two_processes(run, take_private(run, PAGES(1)), "private", false);
}

const struct lab shared_memory_lab = {
	.name = "shared-memory",
	.title = "System V, POSIX, memfd, anonymous: one page frame, two processes",
	.needs = LAB_ROOT,
	.code = { "ipc/shm.c: do_shmat()", "mm/shmem.c: shmem_fault()",
		  "mm/shmem.c: shmem_zero_setup()", "mm/memfd.c: memfd_fcntl()" },
	.docs = { "Documentation/filesystems/tmpfs.rst" },
	.run = run_lab,
};
