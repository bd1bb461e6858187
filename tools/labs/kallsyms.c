// SPDX-License-Identifier: GPL-2.0-only
/* The kernel's symbols: who may see their addresses, and who may use them. */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lab.h"

#define NOBODY	65534

struct tally {
	int64_t all;
	int64_t addresses;	/* that are not hidden */
	int64_t of_mmkit;
};

static void count(void *data, uint64_t address, const char *name,
		  const char *module)
{
	struct tally *tally = data;

	(void)name;
	tally->all++;
	tally->addresses += !!address;
	tally->of_mmkit += !strcmp(module, "[mmkit_core]");
}

static int64_t addresses_for_nobody(struct lab_run *run, void *data)
{
	struct tally tally = { 0 };

	(void)data;
	if (setresuid(NOBODY, NOBODY, NOBODY))
		return -1;
	each_symbol(run, count, &tally);
	return tally.addresses;
}

static void who_sees(struct lab_run *run)
{
	struct tally tally = { 0 };

	each_symbol(run, count, &tally);
	tell(run, "The kernel has %lld symbols, %lld of them mmkit_core's.",
	     (long long)tally.all, (long long)tally.of_mmkit);
	claim(run, "a module's symbols are in the list while it is loaded",
	      tally.of_mmkit, GT, 0, "symbols");
	/* 1: with CAP_SYSLOG only, whatever perf may do. */
	set_text(run, "/proc/sys/kernel/kptr_restrict", "1");
	claim(run, "another user sees the names, and zeros for addresses",
	      in_child(run, addresses_for_nobody, NULL), EQ, 0, "addresses");
}

/* The kernel's code lies in memory as /proc/iomem has it, and is as long. */
static int64_t code_bytes(struct lab_run *run)
{
	FILE *file = fopen("/proc/iomem", "re");
	uint64_t from, to, bytes = 0;
	char line[128];
	int end;

	while (file && fgets(line, sizeof(line), file)) {
		end = 0;
		if (sscanf(line, " %" SCNx64 "-%" SCNx64 " : Kernel code%n",
			   &from, &to, &end) == 2 && end)
			bytes = to + 1 - from;
	}
	if (!file || !bytes)
		stop(run, "/proc/iomem has no Kernel code");
	fclose(file);
	return bytes;
}

static void layout(struct lab_run *run, uint64_t from, uint64_t to)
{
	claim(run, "from _text to _etext it is as far as the kernel's code in memory is long",
	      to - from, EQ, code_bytes(run), "bytes");
	claim(run, "_text is in the highest 2 GiB: one half of all addresses is the kernel's",
	      (from >> 31) == (UINT64_MAX >> 31), EQ, 1, "(1 is yes)");
	claim(run, "a program of the same address bits ends far below",
	      (uintptr_t)&run >> 63, EQ, 0, "in the top bit");
}

static int64_t load_from(struct lab_run *run, void *data)
{
	(void)run;
	signal(SIGSEGV, SIG_DFL);
	return *(volatile char *)data & 1;
}

static void who_uses(struct lab_run *run, uint64_t banner)
{
	void *address = (void *)(uintptr_t)banner;
	int status = child_status(run, load_from, address);
	int fds[2];
	ssize_t got;

	tell(run, "linux_banner is a string of the kernel's. Root knows its address. A process loads from there.");
	claim(run, "the page table marks it as the kernel's: a signal",
	      WIFSIGNALED(status) ? WTERMSIG(status) : 0, EQ, SIGSEGV, "signal");
	if (pipe2(fds, O_CLOEXEC))
		stop(run, "pipe failed (%s)", errno_name(errno));
	got = write(fds[1], address, 1);
	claim(run, "nor does the kernel read it for a process that passes the address",
	      got < 0 ? errno : 0, EQ, EFAULT, "errno");
}

/* /proc/kcore is the kernel's memory as a core file: what is at an address? */
static bool read_kcore(struct lab_run *run, uint64_t address, char *text,
		       size_t len)
{
	int fd = open("/proc/kcore", O_RDONLY | O_CLOEXEC);
	bool found = false;
	Elf64_Phdr head;
	Elf64_Ehdr elf;
	int i;

	if (fd < 0)
		return false;
	if (pread(fd, &elf, sizeof(elf), 0) != sizeof(elf))
		stop(run, "/proc/kcore cannot be read");
	for (i = 0; !found && i < elf.e_phnum; i++) {
		if (pread(fd, &head, sizeof(head), elf.e_phoff +
			  i * sizeof(head)) != sizeof(head))
			break;
		found = head.p_type == PT_LOAD && head.p_vaddr <= address &&
			address - head.p_vaddr < head.p_memsz;
	}
	if (!found || pread(fd, text, len, head.p_offset + address -
			    head.p_vaddr) != (ssize_t)len)
		stop(run, "/proc/kcore does not have the address");
	close(fd);
	return true;
}

static void by_the_kernel(struct lab_run *run, uint64_t banner)
{
	char version[512], text[sizeof(version)];
	size_t len, same = 0;

	read_text(run, "/proc/version", version, sizeof(version));
	len = strlen(version);
	if (!read_kcore(run, banner, text, len)) {
		tell(run, "/proc/kcore, where root could read it, is not to be had here.");
		return;
	}
	while (same < len && text[same] == version[same])
		same++;
	claim(run, "through /proc/kcore the kernel shows what is there: the text of /proc/version",
	      same, EQ, len, "characters");
}

static void run_lab(struct lab_run *run)
{
	struct symbol symbols[] = {
		{ .name = "_text" }, { .name = "_etext" },
		{ .name = "linux_banner" }, { .name = NULL },
	};

	find_symbols(run, symbols);
	who_sees(run);
	layout(run, symbols[0].address, symbols[1].address);
	who_uses(run, symbols[2].address);
	by_the_kernel(run, symbols[2].address);
}

const struct lab kallsyms_lab = {
	.name = "kallsyms",
	.title = "the kernel's symbols have addresses that no program can use",
	.needs = LAB_ROOT,
	.code = { "kernel/kallsyms.c: s_show()",
		  "kernel/kallsyms.c: kallsyms_show_value()",
		  "arch/x86/mm/fault.c: do_kern_addr_fault()",
		  "fs/proc/kcore.c: read_kcore_iter()" },
	.docs = { "Documentation/admin-guide/sysctl/kernel.rst",
		  "Documentation/x86/x86_64/mm.rst" },
	.run = run_lab,
};
