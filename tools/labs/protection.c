// SPDX-License-Identifier: GPL-2.0-only
/* Who may read, write and execute: rights of a region, checked by the CPU. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lab.h"
#include "touch.h"

#define PKUERR	4	/* SEGV_PKUERR, which not every libc knows */

/* How an access ended: the signal and its code, or 0 and 0. */
struct ending {
	int signo;
	int code;
	void *addr;
};

static void do_read(void *at)
{
	(void)*(volatile char *)at;
}

static void do_write(void *at)
{
	*(volatile char *)at = 1;
}

static void do_call(void *at)
{
	((int (*)(void))at)();
}

static struct ending try(void (*how)(void *at), void *at)
{
	siginfo_t seen = { 0 };
	int signo = touch_trap(how, at, &seen);

	if (!signo)
		return (struct ending){ 0, 0, NULL };
	return (struct ending){ signo, seen.si_code, seen.si_addr };
}

static void rights(struct lab_run *run, char *mem)
{
	uint64_t pfn;
	struct ending end;

	mem[0] = 42;
	pfn = pfn_at(run, mem);
	mprotect(mem, PAGES(1), PROT_READ);
	tell(run, "A page that was written is made read-only (mprotect).");
	claim(run, "reading it goes well", try(do_read, mem).signo, EQ, 0,
	      "as signal");
	end = try(do_write, mem + 5);
	claim(run, "writing it is a SIGSEGV", end.signo, EQ, SIGSEGV, "as signal");
	claim(run, "because of its rights (SEGV_ACCERR)", end.code, EQ, SEGV_ACCERR,
	      "as code");
	claim(run, "at just that address", (char *)end.addr - mem, EQ, 5,
	      "bytes into the page");
	mprotect(mem, PAGES(1), PROT_NONE);
	claim(run, "with no rights at all, reading is refused too",
	      try(do_read, mem).code, EQ, SEGV_ACCERR, "as code");
	mprotect(mem, PAGES(1), PROT_READ | PROT_WRITE);
	claim(run, "the page itself was there all the time", pfn_at(run, mem), EQ,
	      pfn, "pfn");
	claim(run, "with what was in it", mem[0], EQ, 42, "in its first byte");
}

static void holes(struct lab_run *run, char *mem)
{
	munmap(mem + PAGES(2), PAGES(1));
	tell(run, "Addresses in no region: one that was unmapped, NULL, one of the kernel's.");
	claim(run, "an address without a region is another code (SEGV_MAPERR)",
	      try(do_read, mem + PAGES(2)).code, EQ, SEGV_MAPERR, "as code");
	claim(run, "so is NULL, where nothing is ever mapped",
	      try(do_read, NULL).code, EQ, SEGV_MAPERR, "as code");
	claim(run, "the kernel's half is closed to a process",
	      try(do_read, (void *)0xffff888000000000).signo, EQ, SIGSEGV,
	      "as signal");
	claim(run, "NULL is safe up to vm.mmap_min_addr",
	      read_number(run, "/proc/sys/vm/mmap_min_addr"), GE, page_size(),
	      "bytes");
}

/* A function of two instructions, that returns 42. */
static const unsigned char code[] = {
#if defined(__x86_64__)
	0xb8, 42, 0, 0, 0, 0xc3			/* mov $42, %eax; ret */
#elif defined(__aarch64__)
	0x40, 0x05, 0x80, 0x52,			/* mov w0, #42 */
	0xc0, 0x03, 0x5f, 0xd6			/* ret */
#else
	0
#endif
};

static void execute(struct lab_run *run, char *mem)
{
	struct ending end;

	if (sizeof(code) == 1) {
		tell(run, "(Execution is tried on x86-64 and arm64 only.)");
		return;
	}
	memcpy(mem + PAGES(1), code, sizeof(code));
	/* Where data and instructions have caches of their own. */
	__builtin___clear_cache(mem + PAGES(1), mem + PAGES(1) + sizeof(code));
	tell(run, "A function of two instructions is written into a page, and called.");
	end = try(do_call, mem + PAGES(1));
	claim(run, "data is not executed: the page table has an NX bit", end.code,
	      EQ, SEGV_ACCERR, "as code");
	claim(run, "the CPU failed to fetch from that address",
	      (char *)end.addr - mem, EQ, PAGES(1), "bytes");
	mprotect(mem + PAGES(1), PAGES(1), PROT_READ | PROT_EXEC);
	claim(run, "with the right to execute, it returns what it should",
	      ((int (*)(void))(mem + PAGES(1)))(), EQ, 42, "returned");
}

static void keys(struct lab_run *run, char *mem)
{
	int key = pkey_alloc(0, 0);
	struct ending end;

	if (key < 0) {
		tell(run, "This CPU or kernel has no protection keys (%s).",
		     errno_name(errno));
		return;
	}
	pkey_mprotect(mem, PAGES(1), PROT_READ | PROT_WRITE, key);
	pkey_set(key, PKEY_DISABLE_WRITE);
	tell(run, "A protection key takes rights away without a system call: one register.");
	claim(run, "reading goes well", try(do_read, mem).signo, EQ, 0, "as signal");
	end = try(do_write, mem);
	pkey_set(key, 0);
	claim(run, "writing is refused by the key (SEGV_PKUERR)", end.code, EQ,
	      PKUERR, "as code");
	claim(run, "and allowed again by one write to the register",
	      try(do_write, mem).signo, EQ, 0, "as signal");
	pkey_mprotect(mem, PAGES(1), PROT_READ | PROT_WRITE, -1);
	pkey_free(key);
}

static void run_lab(struct lab_run *run)
{
	char *mem = take_private(run, PAGES(4));

	rights(run, mem);
	holes(run, mem);
	execute(run, mem);
	keys(run, mem);
}

const struct lab protection_lab = {
	.name = "protection",
	.title = "rights of a region, and the signal that says they were broken",
	.needs = LAB_ROOT,
	.code = { "mm/mprotect.c: do_mprotect_pkey()",
		  "arch/x86/mm/fault.c: do_user_addr_fault()",
		  "arch/x86/mm/fault.c: access_error()" },
	.docs = { "Documentation/core-api/protection-keys.rst" },
	.run = run_lab,
};
