// SPDX-License-Identifier: GPL-2.0-only
/* I/O memory: addresses with a device behind them, mapped to user space. */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include "lab.h"

#define PATH		128

/* A disk controller that follows the AHCI specification: its registers. */
#define AHCI_CLASS	0x010601
#define CONTROL		1	/* in words of 32 bits: global host control */
#define VERSION		4
#define RESET		(1u << 0)
#define ON		(1u << 31)

static bool find_device(struct lab_run *run, char *device)
{
	char path[PATH + 16];
	bool found = false;
	glob_t all;
	size_t i;

	if (glob("/sys/bus/pci/devices/*", 0, NULL, &all))
		return false;
	for (i = 0; !found && i < all.gl_pathc; i++) {
		snprintf(device, PATH, "%s", all.gl_pathv[i]);
		snprintf(path, sizeof(path), "%s/class", device);
		found = read_number(run, path) == AHCI_CLASS;
	}
	globfree(&all);
	return found;
}

static uint64_t bus_address(struct lab_run *run, const char *device)
{
	char path[PATH + 16], text[1024], *line = text;
	unsigned long long from = 0;
	unsigned int i;

	snprintf(path, sizeof(path), "%s/resource", device);
	read_text(run, path, text, sizeof(text));
	for (i = 0; line && i < 5; i++) {
		line = strchr(line, '\n');
		line += !!line;
	}
	if (!line || sscanf(line, "%llx", &from) != 1 || !from)
		stop(run, "%s has no sixth range of addresses", device);
	return from;
}

/* A device that a driver uses is left alone. */
static volatile uint32_t *map_device(struct lab_run *run, const char *device)
{
	char path[PATH + 16];
	void *regs;
	int fd;

	snprintf(path, sizeof(path), "%s/driver", device);
	if (!access(path, F_OK))
		skip(run, "the controller %s is in use by its driver",
		     strrchr(device, '/') + 1);
	snprintf(path, sizeof(path), "%s/enable", device);
	undo_by_write(run, path, "0");
	write_text(run, path, "1");
	snprintf(path, sizeof(path), "%s/resource5", device);
	fd = open(path, O_RDWR | O_CLOEXEC);
	regs = fd < 0 ? MAP_FAILED : mmap(NULL, page_size(),
					  PROT_READ | PROT_WRITE, MAP_SHARED,
					  fd, 0);
	if (regs == MAP_FAILED && errno == EPERM)
		skip(run, "the kernel is locked down: no access to devices");
	if (regs == MAP_FAILED)
		stop(run, "%s cannot be mapped (%s)", path, errno_name(errno));
	close(fd);
	return regs;
}

static void where(struct lab_run *run, const void *regs, uint64_t bus)
{
	struct mmkit_aspace_level levels[MMKIT_LEVELS], *last;
	struct mmkit_page page;

	last = &levels[walk_to(run, regs, levels) - 1];
	claim(run, "the page table leads to the address that the bus gave the device",
	      last->entry >> 12 & ((1ull << 40) - 1), EQ, bus >> 12, "pfn");
	claim(run, "past the caches: each load asks the device",
	      last->flags & MMKIT_ENTRY_UNCACHED, EQ, MMKIT_ENTRY_UNCACHED,
	      "flags");
	pfn_describe(run, bus / page_size(), &page);
	claim(run, "there is no memory: the kernel has no struct page for that page frame",
	      page.state & MMKIT_PAGE_NOPAGE, EQ, MMKIT_PAGE_NOPAGE, "state");
	claim(run, "so it counts in nobody's resident size",
	      smaps_at(run, regs, "Rss"), EQ, 0, "bytes");
	claim(run, "and pagemap, which tells of memory, has nothing to tell",
	      pagemap_at(run, regs) & MMKIT_PAGEMAP_PRESENT, EQ, 0, "present");
}

/* Registers answer; they do not keep what is written. */
static void registers(struct lab_run *run, volatile uint32_t *regs)
{
	uint32_t version = regs[VERSION];
	unsigned int tries = 1000;

	tell(run, "A register says which version of its specification the device follows: %x.%x.",
	     version >> 16, version & 0xffff);
	claim(run, "the device answers a load: version 1 of AHCI", version >> 16,
	      EQ, 1, "major version");
	regs[VERSION] = ~version;
	claim(run, "a register that is read-only does not keep what is stored in it",
	      regs[VERSION], EQ, version, "version");
	regs[CONTROL] = ON | RESET;
	while (tries-- && regs[CONTROL] & RESET)
		usleep(1000);
	claim(run, "a one in the reset bit is an order: done, the device takes it away",
	      regs[CONTROL] & RESET, EQ, 0, "in the bit");
}

static void not_memory(struct lab_run *run, void *regs)
{
	char copy[4];
	struct iovec from = { regs, sizeof(copy) }, to = { copy, sizeof(copy) };
	ssize_t got = process_vm_readv(getpid(), &to, 1, &from, 1, 0);

	tell(run, "Another process, or a device, would have to take hold of the page.");
	claim(run, "nobody can: get_user_pages() refuses addresses of a device",
	      got < 0 ? errno : 0, EQ, EFAULT, "errno");
}

static void run_lab(struct lab_run *run)
{
	char device[PATH];
	struct faults before;
	volatile uint32_t *regs;
	uint64_t bus;

	if (!find_device(run, device))
		skip(run, "the machine has no AHCI controller to look at");
	bus = bus_address(run, device);
	regs = map_device(run, device);
	tell(run, "The registers of the disk controller %s are at bus address %#llx. They are mapped.",
	     strrchr(device, '/') + 1, (unsigned long long)bus);
	before = faults_now();
	(void)regs[VERSION];
	claim(run, "mmap filled the page table itself: a first access is no fault",
	      faults_since(before).minor, EQ, 0, "faults");
	where(run, (const void *)regs, bus);
	registers(run, regs);
	not_memory(run, (void *)regs);
}

const struct lab mmio_lab = {
	.name = "mmio",
	.title = "addresses with a device behind them are no memory",
	.needs = LAB_ROOT | LAB_PAGES | LAB_ASPACE,
	.code = { "drivers/pci/mmap.c: pci_mmap_resource_range()",
		  "mm/memory.c: remap_pfn_range()", "mm/gup.c: check_vma_flags()",
		  "arch/x86/mm/ioremap.c: __ioremap_caller()" },
	.docs = { "Documentation/driver-api/device-io.rst",
		  "Documentation/PCI/sysfs-pci.rst" },
	.run = run_lab,
};
