// SPDX-License-Identifier: GPL-2.0-only
/*
 * The operations of mmkit map matrix. Each runs in a process of its own, on a
 * fresh mapping, so that it may be killed by a signal and leave what it likes.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <linux/if_xdp.h>
#include <linux/io_uring.h>
#include <linux/userfaultfd.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli.h"
#include "map_ops.h"

#ifndef AF_XDP
#define AF_XDP	44
#endif
#ifndef SOL_XDP
#define SOL_XDP	283
#endif
#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT	21
#endif

static int error(bool failed)
{
	return failed ? errno : 0;
}

static int op_gup(struct op_area *a)
{
	struct iovec iov = { a->map, a->page };
	int p[2];

	if (pipe(p))
		return OP_UNTRIED;
	return error(vmsplice(p[1], &iov, 1, 0) < 0);
}

/* Memory that a network card would write for as long as the socket lives. */
static int op_longterm(struct op_area *a)
{
	struct xdp_umem_reg reg = {
		.addr = (uintptr_t)a->map, .len = 2 * a->page,
		.chunk_size = a->page,
	};
	int fd = socket(AF_XDP, SOCK_RAW, 0);

	if (fd < 0)
		return OP_UNTRIED;
	return error(setsockopt(fd, SOL_XDP, XDP_UMEM_REG, &reg, sizeof(reg)));
}

static int op_uring(struct op_area *a)
{
	struct io_uring_params params = { 0 };
	struct iovec iov = { a->map, a->page };
	int fd = syscall(SYS_io_uring_setup, 4, &params);

	if (fd < 0)
		return OP_UNTRIED;
	return error(syscall(SYS_io_uring_register, fd, IORING_REGISTER_BUFFERS,
			     &iov, 1));
}

static int op_direct_write(struct op_area *a)
{
	int fd = a->disk ? open(a->disk, O_RDWR | O_DIRECT) : -1;

	return fd < 0 ? OP_UNTRIED : error(pwrite(fd, a->map, a->page, 0) < 0);
}

static int op_direct_read(struct op_area *a)
{
	int fd = a->disk ? open(a->disk, O_RDONLY | O_DIRECT) : -1;

	return fd < 0 ? OP_UNTRIED : error(pread(fd, a->map, a->page, 0) < 0);
}

static int op_vm_readv(struct op_area *a)
{
	char byte;
	struct iovec here = { &byte, 1 }, there = { a->map, 1 };

	return error(process_vm_readv(getpid(), &here, 1, &there, 1, 0) < 0);
}

/* A child that has the mapping by fork and waits to be looked at. */
static pid_t stopped_child(void)
{
	pid_t pid = fork();

	if (!pid) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		raise(SIGSTOP);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	return pid;
}

static void end_child(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static int op_peek(struct op_area *a)
{
	pid_t pid = stopped_child();
	int err;

	errno = 0;
	ptrace(PTRACE_PEEKDATA, pid, a->map, NULL);
	err = errno;
	end_child(pid);
	return err;
}

static int op_poke(struct op_area *a)
{
	pid_t pid = stopped_child();
	int err = error(ptrace(PTRACE_POKEDATA, pid, a->map, 1L) < 0);

	end_child(pid);
	return err;
}

/* Dies of the same signal as the child. */
static int op_fork(struct op_area *a)
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		a->map[0]++;
		_exit(0);
	}
	waitpid(pid, &status, 0);
	if (WIFSIGNALED(status))
		raise(WTERMSIG(status));
	return a->map[0] == 2 ? 0 : EIO;
}

static int op_grow(struct op_area *a)
{
	return error(mremap(a->map, 2 * a->page, 4 * a->page,
			    MREMAP_MAYMOVE) == MAP_FAILED);
}

static int op_shrink(struct op_area *a)
{
	if (mremap(a->map, OP_PAGES * a->page, 2 * a->page, 0) == MAP_FAILED)
		return errno;
	a->map[a->page]++;
	return 0;
}

static int op_move(struct op_area *a)
{
	size_t length = OP_PAGES * a->page;
	uint8_t *to = mmap(NULL, length, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
			   -1, 0);

	if (mremap(a->map, length, length, MREMAP_MAYMOVE | MREMAP_FIXED,
		   to) == MAP_FAILED)
		return errno;
	return to[0] == 1 ? 0 : EIO;
}

static int op_munmap(struct op_area *a)
{
	if (munmap(a->map + 2 * a->page, a->page))
		return errno;
	a->map[4 * a->page]++;
	return 0;
}

static int op_protect(struct op_area *a)
{
	return error(mprotect(a->map, a->page, PROT_READ));
}

static int op_unprotect(struct op_area *a)
{
	if (mprotect(a->map, a->page, PROT_READ) ||
	    mprotect(a->map, a->page, PROT_READ | PROT_WRITE))
		return errno;
	a->map[0]++;
	return 0;
}

static int op_private(struct op_area *a)
{
	uint8_t *own = mmap(NULL, a->page, PROT_READ | PROT_WRITE, MAP_PRIVATE,
			    a->fd, 0);

	if (own == MAP_FAILED)
		return errno;
	own[0] = 9;
	return a->map[0] == 1 && own[0] == 9 ? 0 : EIO;
}

static int op_mlock(struct op_area *a)
{
	return error(mlock(a->map, a->page));
}

static int op_dontneed(struct op_area *a)
{
	if (madvise(a->map, a->page, MADV_DONTNEED))
		return errno;
	return a->map[0] == 1 ? 0 : EIO;
}

static int op_dontfork(struct op_area *a)
{
	return error(madvise(a->map, a->page, MADV_DONTFORK));
}

static int op_dodump(struct op_area *a)
{
	return error(madvise(a->map, a->page, MADV_DODUMP));
}

static int op_hugepage(struct op_area *a)
{
	return error(madvise(a->map, OP_PAGES * a->page, MADV_HUGEPAGE));
}

/* It may say yes and do nothing: then the page is still there. */
static int op_pageout(struct op_area *a)
{
	unsigned char in;

	if (madvise(a->map, a->page, MADV_PAGEOUT))
		return errno;
	if (mincore(a->map, a->page, &in))
		return errno;
	return a->map[0] == 1 ? 0 : EIO;
}

static int op_uffd(struct op_area *a)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg = {
		.range = { (uintptr_t)a->map, a->page },
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC);

	if (fd < 0 || ioctl(fd, UFFDIO_API, &api))
		return OP_UNTRIED;
	return error(ioctl(fd, UFFDIO_REGISTER, &reg));
}

/* The value is another one: EAGAIN says that the word was found. */
static int op_futex(struct op_area *a)
{
	if (syscall(SYS_futex, a->map, FUTEX_WAIT, 77, NULL, NULL, 0) < 0 &&
	    errno != EAGAIN)
		return errno;
	return 0;
}

static int op_mincore(struct op_area *a)
{
	unsigned char in[OP_PAGES];

	return error(mincore(a->map, OP_PAGES * a->page, in));
}

/* The answer is in the page's status. */
static int op_move_pages(struct op_area *a)
{
	void *pages[1] = { a->map };
	int status = 0;

	if (syscall(SYS_move_pages, 0, 1UL, pages, NULL, &status, 0) < 0)
		return errno == ENOSYS ? OP_UNTRIED : errno;
	return status < 0 ? -status : 0;
}

static int op_past_end(struct op_area *a)
{
	int err = mmkit_map_set(a->fd, NULL, 4 * a->page);

	if (err)
		return -err;
	return a->map[4 * a->page] ? EIO : 0;
}

#define NO_OTHER	0, NULL, NULL

const struct map_op map_ops[] = {
	{ "gup", op_gup, "check_vma_flags",
	  "each page is found by vm_normal_page() and takes one reference more",
	  "areas with VM_IO or VM_PFNMAP, and entries without a page, have nothing to refer to",
	  EEXIST, "follow_pfn_pte", "the entry is a frame without a page" },
	{ "longterm-pin", op_longterm, "check_vma_flags",
	  "the page does not move and is not written back: it may be pinned for long",
	  "there is no page to pin, or (since 6.5) one whose .page_mkwrite would not be called",
	  EEXIST, "follow_pfn_pte", "the entry is a frame without a page" },
	{ "uring-buffer", op_uring, "io_sqe_buffer_register",
	  "io_uring pins the page for as long as it is registered",
	  "it is a long-term pin, which is refused",
	  EOPNOTSUPP, "io_pin_pages",
	  "this kernel takes files of tmpfs and hugetlbfs only, known by their operations" },
	{ "direct-write", op_direct_write, "iov_iter_get_pages2",
	  "the disk reads the page, which is pinned meanwhile",
	  "the disk could only read a page that can be pinned", NO_OTHER },
	{ "direct-read", op_direct_read, "iov_iter_get_pages2",
	  "the disk writes the page, which is pinned meanwhile",
	  "the disk could only write a page that can be pinned", NO_OTHER },
	{ "vm-readv", op_vm_readv, "pin_user_pages_remote",
	  "the page is pinned and copied from",
	  "it pins pages, and does not ask .access", NO_OTHER },
	{ "ptrace-peek", op_peek, "__access_remote_vm",
	  "get_user_pages() finds the page, or .access copies",
	  "there is no page, and the strategy has no .access", NO_OTHER },
	{ "ptrace-poke", op_poke, "__access_remote_vm",
	  "get_user_pages() finds the page, or .access copies",
	  "there is no page, and the strategy has no .access", NO_OTHER },
	{ "fork", op_fork, "vma_needs_copy",
	  "the child has the same pages, copied at fork or faulted in",
	  "the child could not touch it", NO_OTHER },
	{ "mremap-grow", op_grow, "vma_to_resize",
	  "it grew",
	  "VM_DONTEXPAND: there may be nothing behind the end", NO_OTHER },
	{ "mremap-shrink", op_shrink, "do_mas_munmap",
	  "the end is unmapped", "the area could not be cut", NO_OTHER },
	{ "mremap-move", op_move, "move_page_tables",
	  "the entries move to the new place, .mremap agreeing",
	  "the strategy's .mremap refused", NO_OTHER },
	{ "munmap-part", op_munmap, "__split_vma",
	  "the area is split, .may_split agreeing", "the area could not be split", NO_OTHER },
	{ "mprotect-down", op_protect, "mprotect_fixup",
	  "the entries become read-only", "the protection could not change", NO_OTHER },
	{ "mprotect-up", op_unprotect, "mprotect_fixup",
	  "VM_MAYWRITE is set, because the file is open for writing",
	  "VM_MAYWRITE is not set", NO_OTHER },
	{ "private-write", op_private, "do_wp_page",
	  "mm copies the page, or the frame, on the first write",
	  "mm could not tell a copy from a frame: the driver refuses at mmap()", NO_OTHER },
	{ "mlock", op_mlock, "mlock_fixup",
	  "it succeeds; areas with VM_SPECIAL flags are left as they are",
	  "the pages could not be faulted in", NO_OTHER },
	{ "dontneed", op_dontneed, "madvise_dontneed_free",
	  "the entry goes, and the next touch maps the page again",
	  "areas with VM_PFNMAP are left alone",
	  SIGBUS, "do_fault",
	  "the entry went, and the strategy has no fault handler to bring it back" },
	{ "dontfork", op_dontfork, "madvise_vma_behavior",
	  "VM_DONTCOPY is set", "the flag could not be set", NO_OTHER },
	{ "hugepage", op_hugepage, "hugepage_madvise",
	  "VM_HUGEPAGE is set; whether it comes true is another matter",
	  "areas with VM_NO_KHUGEPAGED flags, or a kernel without huge pages", NO_OTHER },
	{ "pageout", op_pageout, "madvise_pageout",
	  "it succeeds; only pages on a reclaim list go",
	  "areas with VM_PFNMAP or VM_LOCKED have no pages to reclaim", NO_OTHER },
	{ "core-dump", map_op_core, "vma_dump_size",
	  "the page is in the core file",
	  "the core file could not be written",
	  OP_LEFT_OUT, "vma_dump_size",
	  "VM_DONTDUMP, as of all areas here, or VM_IO: the core file has nothing of it" },
	{ "dodump", op_dodump, "madvise_vma_behavior",
	  "VM_DONTDUMP is taken away",
	  "areas with VM_DONTEXPAND, VM_IO, VM_PFNMAP or VM_MIXEDMAP stay undumped", NO_OTHER },
	{ "userfaultfd", op_uffd, "vma_can_userfault",
	  "faults can be served by a process",
	  "only anonymous memory, tmpfs and hugetlbfs ask a process", NO_OTHER },
	{ "futex", op_futex, "get_futex_key",
	  "the key is found in the page's mapping",
	  "a shared futex is known by its page's mapping, and there is none",
	  EEXIST, "follow_pfn_pte", "the entry is a frame without a page" },
	{ "mincore", op_mincore, "do_mincore",
	  "the page tables are looked at", "the range could not be looked at", NO_OTHER },
	{ "move-pages", op_move_pages, "do_pages_stat_array",
	  "the node of the page is told",
	  "the page is none, or none that could move", NO_OTHER },
	{ "past-end", op_past_end, "do_fault",
	  "there was something",
	  "the fault handler finds no page, or there is no handler",
	  EBUSY, "mmkit_store_set", "this memory cannot shrink while it is mapped" },
};

const size_t nr_map_ops = ARRAY_SIZE(map_ops);
