// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/mmkit/memblock: every command and every refusal. What the regions are is
 * the host's test; here it is that the device says the same.
 */
#include <linux/kernel-page-flags.h>
#include <sched.h>
#include <sys/mman.h>
#include <unistd.h>
#include <mmkit/map.h>
#include <mmkit/memblock.h>
#include "lib.h"

#define MIB	(1ull << 20)
#define KPF_RESERVED	32	/* <linux/kernel-page-flags.h> of the kernel's own */

static int fd;

static int set(u32 flags, u64 limit)
{
	struct mmkit_memblock_set set = {
		.size = sizeof(set), .flags = flags, .limit = limit,
	};

	return call(fd, MMKIT_MEMBLOCK_SET, &set);
}

static int reset(u32 flags)
{
	return set(flags | MMKIT_MEMBLOCK_RESET, MMKIT_MEMBLOCK_ANYWHERE);
}

static struct mmkit_memblock_change change_of(u32 verb, u64 base, u64 bytes)
{
	return (struct mmkit_memblock_change) {
		.size = sizeof(struct mmkit_memblock_change),
		.verb = verb, .base = base, .bytes = bytes,
		.node = verb == MMKIT_MEMBLOCK_ADD ? MMKIT_MEMBLOCK_NO_NODE : 0,
	};
}

static int change(u32 verb, u64 base, u64 bytes)
{
	struct mmkit_memblock_change change = change_of(verb, base, bytes);

	return call(fd, MMKIT_MEMBLOCK_CHANGE, &change);
}

static int change_with(u32 verb, u64 base, u64 bytes, s32 node, u32 flags)
{
	struct mmkit_memblock_change change = change_of(verb, base, bytes);

	change.node = node;
	change.flags = flags;
	return call(fd, MMKIT_MEMBLOCK_CHANGE, &change);
}

static int alloc(u32 how, u64 bytes, u64 align, s32 node, u64 *addr)
{
	struct mmkit_memblock_alloc alloc = {
		.size = sizeof(alloc), .how = how, .bytes = bytes,
		.align = align, .node = node,
	};
	int err;

	if (how == MMKIT_MEMBLOCK_FIND || how == MMKIT_MEMBLOCK_PHYS_RANGE)
		alloc.max = MMKIT_MEMBLOCK_ANYWHERE;
	err = call(fd, MMKIT_MEMBLOCK_ALLOC, &alloc);
	if (addr)
		*addr = alloc.addr;
	return err;
}

static s32 query(u32 ask, u64 base, u64 bytes)
{
	struct mmkit_memblock_query query = {
		.size = sizeof(query), .ask = ask, .base = base, .bytes = bytes,
	};

	EQUAL(call(fd, MMKIT_MEMBLOCK_QUERY, &query), 0);
	return query.answer;
}

static struct mmkit_memblock_regions regions_of(u32 list,
					struct mmkit_memblock_region *r, u32 nr)
{
	return (struct mmkit_memblock_regions) {
		.size = sizeof(struct mmkit_memblock_regions),
		.list = list, .nr = nr, .node = -1, .regions = PTR(r),
	};
}

static u32 list(u32 which, struct mmkit_memblock_region *r, u32 nr)
{
	struct mmkit_memblock_regions regions = regions_of(which, r, nr);

	EQUAL(call(fd, MMKIT_MEMBLOCK_REGIONS, &regions), 0);
	return regions.nr;
}

static void test_changes(void)
{
	struct mmkit_memblock_region r[8];

	test("memblock: adding, reserving, freeing and removing");
	EQUAL(reset(0), 0);
	EQUAL(list(MMKIT_MEMBLOCK_MEMORY, r, 8), 0);
	EQUAL(change(MMKIT_MEMBLOCK_ADD, MIB, 15 * MIB), 0);
	EQUAL(change_with(MMKIT_MEMBLOCK_ADD, 16 * MIB, 16 * MIB, 1, 0), 0);
	EQUAL(list(MMKIT_MEMBLOCK_MEMORY, r, 8), 2);
	EQUAL(r[1].base, 16 * MIB);
	EQUAL(r[1].node, 1);
	EQUAL(r[0].node, MMKIT_MEMBLOCK_NO_NODE);
	EQUAL(change(MMKIT_MEMBLOCK_RESERVE, 2 * MIB, MIB), 0);
	EQUAL(change(MMKIT_MEMBLOCK_RESERVE, 3 * MIB, MIB), 0);
	EQUAL(list(MMKIT_MEMBLOCK_RESERVED, r, 8), 1);
	EQUAL(r[0].bytes, 2 * MIB);
	EQUAL(change(MMKIT_MEMBLOCK_PHYS_FREE, 2 * MIB + 4096, 4096), 0);
	EQUAL(list(MMKIT_MEMBLOCK_RESERVED, r, 8), 2);
	EQUAL(list(MMKIT_MEMBLOCK_FREE_RANGES, r, 8), 4);
	EQUAL(change(MMKIT_MEMBLOCK_REMOVE, 8 * MIB, MIB), 0);
	EQUAL(list(MMKIT_MEMBLOCK_MEMORY, r, 8), 3);

	test("memblock: a range that overflows is cut, an empty one does nothing");
	EQUAL(reset(0), 0);
	EQUAL(change(MMKIT_MEMBLOCK_ADD, ~0ull - 4095, 1ull << 40), 0);
	EQUAL(list(MMKIT_MEMBLOCK_MEMORY, r, 8), 1);
	EQUAL(r[0].bytes, 4095);
	EQUAL(change(MMKIT_MEMBLOCK_RESERVE, MIB, 0), 0);
	EQUAL(list(MMKIT_MEMBLOCK_RESERVED, r, 8), 0);
}

static void test_alloc(void)
{
	u64 addr;

	test("memblock: allocating, from above and from below, by node");
	EQUAL(reset(0), 0);
	EQUAL(change_with(MMKIT_MEMBLOCK_ADD, MIB, 15 * MIB, 0, 0), 0);
	EQUAL(change_with(MMKIT_MEMBLOCK_ADD, 16 * MIB, 16 * MIB, 1, 0), 0);
	EQUAL(alloc(MMKIT_MEMBLOCK_TRY_NID, 4096, 4096, -1, &addr), 0);
	EQUAL(addr, 32 * MIB - 4096);
	EQUAL(alloc(MMKIT_MEMBLOCK_EXACT_NID, 4096, 4096, 0, &addr), 0);
	EQUAL(addr, 16 * MIB - 4096);
	EQUAL(alloc(MMKIT_MEMBLOCK_EXACT_NID, 15 * MIB, 4096, 0, &addr), -ENOMEM);
	EQUAL(alloc(MMKIT_MEMBLOCK_TRY_NID, 15 * MIB, 4096, 0, &addr), 0);
	EQUAL(addr, 17 * MIB - 4096);
	EQUAL(alloc(MMKIT_MEMBLOCK_FIND, 4096, 4096, -1, &addr), 0);
	EQUAL(query(MMKIT_MEMBLOCK_IS_RESERVED, addr, 0), 0);
	EQUAL(set(MMKIT_MEMBLOCK_BOTTOM_UP, MMKIT_MEMBLOCK_ANYWHERE), 0);
	EQUAL(alloc(MMKIT_MEMBLOCK_PHYS_RANGE, 4096, 4096, -1, &addr), 0);
	EQUAL(addr, MIB);
	EQUAL(alloc(MMKIT_MEMBLOCK_PHYS_TRY_NID, 64, 0, 1, &addr), 0);
	EQUAL(addr % 64, 0);
	EQUAL(set(0, 2 * MIB), 0);
	EQUAL(alloc(MMKIT_MEMBLOCK_TRY_NID, 4096, 4096, -1, &addr), 0);
	EQUAL(addr, 2 * MIB - 4096);
}

static void test_flags(void)
{
	u64 addr;

	test("memblock: flags and what they do to allocations");
	EQUAL(reset(MMKIT_MEMBLOCK_MOVABLE_NODE | MMKIT_MEMBLOCK_KERNELCORE_MIRROR), 0);
	EQUAL(change_with(MMKIT_MEMBLOCK_ADD, MIB, 31 * MIB, 0, 0), 0);
	EQUAL(change_with(MMKIT_MEMBLOCK_MARK, 31 * MIB, MIB, 0,
			  MMKIT_MEMBLOCK_NOMAP), 0);
	EQUAL(query(MMKIT_MEMBLOCK_IS_MEMORY, 31 * MIB, 0), 1);
	EQUAL(query(MMKIT_MEMBLOCK_IS_MAP_MEMORY, 31 * MIB, 0), 0);
	EQUAL(change_with(MMKIT_MEMBLOCK_MARK, 30 * MIB, MIB, 0,
			  MMKIT_MEMBLOCK_HOTPLUG), 0);
	EQUAL(alloc(MMKIT_MEMBLOCK_TRY_NID, 4096, 4096, -1, &addr), 0);
	EQUAL(addr, 30 * MIB - 4096);
	EQUAL(change_with(MMKIT_MEMBLOCK_CLEAR, 30 * MIB, MIB, 0,
			  MMKIT_MEMBLOCK_HOTPLUG), 0);
	EQUAL(alloc(MMKIT_MEMBLOCK_TRY_NID, 4096, 4096, -1, &addr), 0);
	EQUAL(addr, 31 * MIB - 4096);
	EQUAL(change_with(MMKIT_MEMBLOCK_MARK, 4 * MIB, MIB, 0,
			  MMKIT_MEMBLOCK_MIRROR), 0);
	EQUAL(alloc(MMKIT_MEMBLOCK_TRY_NID, 4096, 4096, -1, &addr), 0);
	EQUAL(addr, 5 * MIB - 4096);
	EQUAL(change_with(MMKIT_MEMBLOCK_ADD, 64 * MIB, MIB, 0,
			  MMKIT_MEMBLOCK_DRIVER_MANAGED), 0);
	EQUAL(alloc(MMKIT_MEMBLOCK_TRY_NID, 2 * MIB, 4096, -1, &addr), 0);
	CHECK(addr < 32 * MIB);
	EQUAL(change_with(MMKIT_MEMBLOCK_MARK, 5 * MIB - 4096, 4096, 0,
			  MMKIT_MEMBLOCK_RSRV_NOINIT), 0);
}

static void test_edges(void)
{
	struct mmkit_memblock_region r[8];

	test("memblock: trim, cap and limits");
	EQUAL(reset(0), 0);
	EQUAL(change(MMKIT_MEMBLOCK_ADD, MIB + 1, 4 * MIB), 0);
	EQUAL(change(MMKIT_MEMBLOCK_TRIM, 0, 4096), 0);
	EQUAL(list(MMKIT_MEMBLOCK_MEMORY, r, 8), 1);
	EQUAL(r[0].base, MIB + 4096);
	EQUAL(change(MMKIT_MEMBLOCK_TRIM, 0, 4095), -EINVAL);
	EQUAL(change(MMKIT_MEMBLOCK_CAP, 2 * MIB, MIB), 0);
	EQUAL(list(MMKIT_MEMBLOCK_MEMORY, r, 8), 1);
	EQUAL(r[0].base, 2 * MIB);
	EQUAL(change(MMKIT_MEMBLOCK_ENFORCE_LIMIT, 0, 8192), 0);
	EQUAL(list(MMKIT_MEMBLOCK_MEMORY, r, 8), 1);
	EQUAL(r[0].bytes, 8192);
	EQUAL(change(MMKIT_MEMBLOCK_LIMIT_REMOVE_MAP, 0, 4096), 0);
	EQUAL(list(MMKIT_MEMBLOCK_MEMORY, r, 8), 1);
	EQUAL(r[0].bytes, 4096);
	EQUAL(change(MMKIT_MEMBLOCK_ADD, ~0ull - 5000, 4096), 0);
	EQUAL(change(MMKIT_MEMBLOCK_TRIM, 0, MIB), -EOVERFLOW);
}

static int reserve_many(u32 nr)
{
	int err = 0;
	u32 i;

	for (i = 0; i < nr && !err; i++)
		err = change(MMKIT_MEMBLOCK_RESERVE, MIB + i * 8192ull, 4096);
	return err;
}

static void test_doubling(void)
{
	struct mmkit_memblock_region r[4];
	struct mmkit_memblock_regions regions;
	u64 held = session(fd).bytes;

	test("memblock: a full array is doubled only when it may be");
	EQUAL(reset(0), 0);
	EQUAL(change(MMKIT_MEMBLOCK_ADD, MIB, 63 * MIB), 0);
	EQUAL(reserve_many(128), 0);
	EQUAL(reserve_many(129), -ENOMEM);
	EQUAL(set(MMKIT_MEMBLOCK_RESIZE, MMKIT_MEMBLOCK_ANYWHERE), 0);
	EQUAL(reserve_many(300), 0);
	regions = regions_of(MMKIT_MEMBLOCK_RESERVED, r, 4);
	regions.first = 299;
	EQUAL(call(fd, MMKIT_MEMBLOCK_REGIONS, &regions), 0);
	EQUAL(regions.max, 512);
	CHECK(regions.array);
	/* Those, and the arrays that lie in the memory themselves. */
	BETWEEN(regions.all, 301, 302);
	BETWEEN(session(fd).bytes, held + 512 * 24 - 128 * 24, held + 512 * 24);
	EQUAL(reset(0), 0);
	EQUAL(session(fd).bytes, held);
}

static void test_refusals(void)
{
	struct mmkit_memblock_region r[4];
	struct mmkit_memblock_regions regions;
	u64 addr;

	test("memblock: what there is not is EINVAL");
	EQUAL(set(1u << 5, 0), -EINVAL);
	EQUAL(change(MMKIT_MEMBLOCK_VERB_NR, 0, 1), -EINVAL);
	EQUAL(change_with(MMKIT_MEMBLOCK_ADD, 0, 1, -1, 0), -EINVAL);
	EQUAL(change_with(MMKIT_MEMBLOCK_ADD, 0, 1, 1025, 0), -EINVAL);
	EQUAL(change_with(MMKIT_MEMBLOCK_ADD, 0, 1, 0, 1u << 4), -EINVAL);
	EQUAL(change_with(MMKIT_MEMBLOCK_ADD, 0, 1, 0, 1u << 5), -EINVAL);
	EQUAL(change_with(MMKIT_MEMBLOCK_RESERVE, 0, 1, 1, 0), -EINVAL);
	EQUAL(change_with(MMKIT_MEMBLOCK_RESERVE, 0, 1, 0, 1), -EINVAL);
	EQUAL(change_with(MMKIT_MEMBLOCK_MARK, 0, 1, 0, 0), -EINVAL);
	EQUAL(change_with(MMKIT_MEMBLOCK_MARK, 0, 1, 0, 3), -EINVAL);
	EQUAL(change(MMKIT_MEMBLOCK_TRIM, 1, 4096), -EINVAL);
	EQUAL(alloc(MMKIT_MEMBLOCK_HOW_NR, 1, 1, -1, &addr), -EINVAL);
	EQUAL(alloc(MMKIT_MEMBLOCK_TRY_NID, 1, 1, -2, &addr), -EINVAL);
	EQUAL(alloc(MMKIT_MEMBLOCK_FIND, 1, 1, 0, &addr), -EINVAL);
	EQUAL(alloc(MMKIT_MEMBLOCK_PHYS_RANGE, 1, 1, 0, &addr), -EINVAL);
	regions = regions_of(MMKIT_MEMBLOCK_LIST_NR, r, 4);
	EQUAL(call(fd, MMKIT_MEMBLOCK_REGIONS, &regions), -EINVAL);
	regions = regions_of(MMKIT_MEMBLOCK_MEMORY, r, 0);
	EQUAL(call(fd, MMKIT_MEMBLOCK_REGIONS, &regions), -EINVAL);
	regions = regions_of(MMKIT_MEMBLOCK_MEMORY, r, MMKIT_MEMBLOCK_REGIONS_MAX + 1);
	EQUAL(call(fd, MMKIT_MEMBLOCK_REGIONS, &regions), -EINVAL);
	regions = regions_of(MMKIT_MEMBLOCK_MEMORY, unmapped(), 4);
	EQUAL(reset(0), 0);
	EQUAL(change(MMKIT_MEMBLOCK_ADD, MIB, MIB), 0);
	EQUAL(call(fd, MMKIT_MEMBLOCK_REGIONS, &regions), -EFAULT);
	regions = regions_of(MMKIT_MEMBLOCK_MEMORY, r, 4);
	regions.source = MMKIT_MEMBLOCK_OBSERVED;
	EQUAL(call(fd, MMKIT_MEMBLOCK_REGIONS, &regions), -ENODATA);
}

/* Any address may come; what is there is not believed. */
static void test_observe(void)
{
	struct mmkit_memblock_observe observe = { .size = sizeof(observe) };
	struct mmkit_memblock_fates fates = { .size = sizeof(fates), .nr = 1 };
	static const u64 addrs[] = {
		0, 8, 4096, ~0ull, ~0ull - 4095, 0xffff800000000000ull,
		0x8000000000000000ull, 0xffff888000000000ull,
		0xffffffff81000000ull,
	};
	unsigned int i;

	test("memblock: observing what is no memblock");
	for (i = 0; i < ARRAY_SIZE(addrs); i++) {
		int err;

		observe.memblock = addrs[i];
		observe.memory_regions = addrs[i];
		observe.reserved_regions = addrs[i];
		err = call(fd, MMKIT_MEMBLOCK_OBSERVE, &observe);
		CHECK(err == -EFAULT || err == -EBADMSG);
	}
	observe.reserved = 1;
	EQUAL(call(fd, MMKIT_MEMBLOCK_OBSERVE, &observe), -EINVAL);
	observe.reserved = 0;
	observe.layout.given = 1;
	EQUAL(call(fd, MMKIT_MEMBLOCK_OBSERVE, &observe), -ESTALE);
	EQUAL(call(fd, MMKIT_MEMBLOCK_FATES, &fates), -ENODATA);
	fates.nr = 0;
	EQUAL(call(fd, MMKIT_MEMBLOCK_FATES, &fates), -EINVAL);
	fates.nr = 1;
	fates.list = MMKIT_MEMBLOCK_FREE_RANGES;
	EQUAL(call(fd, MMKIT_MEMBLOCK_FATES, &fates), -EINVAL);
}

static int claim(u64 base, u64 bytes, u32 *handle)
{
	struct mmkit_memblock_claim claim = {
		.size = sizeof(claim), .base = base, .bytes = bytes,
	};
	int err = call(fd, MMKIT_MEMBLOCK_CLAIM, &claim);

	if (handle)
		*handle = claim.handle;
	return err;
}

/* The machine was booted with memmap=16M$0x10000000. */
#define CARVED	0x10000000ull

static void test_carve(void)
{
	struct mmkit_memblock_release release = { .size = sizeof(release) };
	struct mmkit_memblock_probe probe = { .size = sizeof(probe) };
	u32 handle = 0;

	test("memblock: claiming a carve-out, and nothing else");
	EQUAL(claim(CARVED + 1, 4096, NULL), -EINVAL);
	EQUAL(claim(CARVED, 4095, NULL), -EINVAL);
	EQUAL(claim(CARVED, 0, NULL), -EINVAL);
	EQUAL(claim(~0ull - 4095, 8192, NULL), -EINVAL);
	EQUAL(claim(CARVED - 4096, 8192, NULL), -ERANGE);
	EQUAL(claim(16 * MIB, 4096, NULL), -ERANGE);
	EQUAL(claim(CARVED, 16 * MIB, &handle), 0);
	EQUAL(claim(CARVED + 4096, 4096, NULL), -EBUSY);
	probe.handle = handle;
	EQUAL(call(fd, MMKIT_MEMBLOCK_PROBE, &probe), 0);
	EQUAL(probe.bytes, 16 * MIB);
	EQUAL(probe.first_bad, 16 * MIB);
	release.handle = handle;
	EQUAL(call(fd, MMKIT_MEMBLOCK_RELEASE, &release), 0);
	EQUAL(call(fd, MMKIT_MEMBLOCK_RELEASE, &release), -ENOENT);
	EQUAL(call(fd, MMKIT_MEMBLOCK_PROBE, &probe), -ENOENT);
	EQUAL(claim(CARVED + 4096, 4096, &handle), 0);

	test("memblock: a file that is closed gives its carve-outs back");
	close(fd);
	fd = dev_open("memblock");
	EQUAL(claim(CARVED, 16 * MIB, &handle), 0);
	close(fd);
	fd = dev_open("memblock");
}

static int claim_with(struct mmkit_memblock_claim claim)
{
	claim.size = sizeof(claim);
	return call(fd, MMKIT_MEMBLOCK_CLAIM, &claim);
}

static void test_claim_refusals(void)
{
	int err;

	test("memblock: a claim is a range or a name, and whole");
	EQUAL(claim_with((struct mmkit_memblock_claim) {
		.base = CARVED, .bytes = 4096, .flags = 2 }), -EINVAL);
	EQUAL(claim_with((struct mmkit_memblock_claim) {
		.base = CARVED, .bytes = 4096, .reserved = 1 }), -EINVAL);
	EQUAL(claim_with((struct mmkit_memblock_claim) {
		.bytes = 4096, .name = "crash" }), -EINVAL);
	EQUAL(claim_with((struct mmkit_memblock_claim) {
		.name = "0123456789abcdef0123456789abcdef" }), -EINVAL);
	err = claim_with((struct mmkit_memblock_claim) { .name = "nosuch" });
	CHECK(err == -ENOENT || err == -EOPNOTSUPP);	/* before 6.12 */
}

static void test_offer(void)
{
	struct mmkit_memblock_claim offered = {
		.size = sizeof(offered), .base = CARVED, .bytes = 16 * MIB,
		.flags = MMKIT_MEMBLOCK_OFFER,
	};
	struct mmkit_memblock_release release = { .size = sizeof(release) };
	struct mmkit_memblock_probe probe = { .size = sizeof(probe) };
	int map = dev_open("map"), other = dev_open("map");
	struct mmkit_page page;
	u8 *p;

	test("memblock: a store takes what is offered, and nothing else is there");
	EQUAL(map_set(map, MIB, "io"), -EOPNOTSUPP);
	EQUAL(call(fd, MMKIT_MEMBLOCK_CLAIM, &offered), 0);
	probe.handle = release.handle = offered.handle;
	EQUAL(call(fd, MMKIT_MEMBLOCK_PROBE, &probe), -EBUSY);
	EQUAL(map_set(map, 17 * MIB, "io"), -ENOSPC);
	EQUAL(map_set(map, MIB, "io"), 0);
	p = map_shared(map, MIB / PAGE);
	EQUAL(map_describe(map, 1, 1, &page), 1);
	EQUAL(page.pfn, CARVED / PAGE + 1);
	EQUAL(map_set(other, MIB, "io"), -EBUSY);
	EQUAL(call(fd, MMKIT_MEMBLOCK_RELEASE, &release), -EBUSY);

	test("memblock: a store has what it took longer than the file that offered it");
	close(fd);
	fd = dev_open("memblock");
	EQUAL(claim(CARVED, 4096, NULL), -EBUSY);
	p[PAGE] = 42;
	EQUAL(p[PAGE], 42);
	munmap(p, MIB);
	EQUAL(map_set(map, 2 * MIB, "io"), 0);
	EQUAL(map_set(other, MIB, "io"), -EOPNOTSUPP);
	EQUAL(map_set(map, 0, "io"), 0);
	EQUAL(claim(CARVED, 16 * MIB, &release.handle), 0);
	EQUAL(call(fd, MMKIT_MEMBLOCK_RELEASE, &release), 0);

	test("memblock: what a store was given was zeroed");
	EQUAL(call(fd, MMKIT_MEMBLOCK_CLAIM, &offered), 0);
	EQUAL(map_set(other, MIB, "io"), 0);
	p = map_shared(other, MIB / PAGE);
	EQUAL(p[PAGE], 0);
	munmap(p, MIB);
	close(other);
	close(map);
	release.handle = offered.handle;
	EQUAL(call(fd, MMKIT_MEMBLOCK_RELEASE, &release), 0);
}

/* The device is root's; whoever was handed a file has no more rights for that. */
static void as_nobody(void *data)
{
	struct mmkit_memblock_observe observe = { .size = sizeof(observe) };
	struct mmkit_memblock_boot boot = { .size = sizeof(boot), .nr = 1 };
	struct mmkit_memblock_named named = { .size = sizeof(named) };
	struct mmkit_memblock_region r[4];
	struct mmkit_memblock_regions regions =
		regions_of(MMKIT_MEMBLOCK_MEMORY, r, 4);

	(void)data;
	EQUAL(setuid(NOBODY), 0);
	EQUAL(call(fd, MMKIT_MEMBLOCK_OBSERVE, &observe), -EPERM);
	regions.source = MMKIT_MEMBLOCK_OBSERVED;
	EQUAL(call(fd, MMKIT_MEMBLOCK_REGIONS, &regions), -EPERM);
	EQUAL(call(fd, MMKIT_MEMBLOCK_BOOT, &boot), -EPERM);
	EQUAL(call(fd, MMKIT_MEMBLOCK_NAMED, &named), -EPERM);
	EQUAL(claim(CARVED, 4096, NULL), -EPERM);
	EQUAL(reset(0), 0);
	EQUAL(change(MMKIT_MEMBLOCK_ADD, MIB, MIB), 0);
}

static void test_rights(void)
{
	test("memblock: without CAP_SYS_ADMIN there is the sandbox only");
	EQUAL(in_child(as_nobody, NULL), 0);
}

/* How many of the pages that a range touches have a flag of /proc/kpageflags. */
static u64 flagged(u64 base, u64 bytes, unsigned int flag)
{
	u64 pfn, nr = 0;

	for (pfn = base / PAGE; pfn * PAGE < base + bytes; pfn++)
		nr += kpage("flags", pfn) >> flag & 1;
	return nr;
}

/* What was given back so that nothing of it is left to a request. */
static bool freed_later(const struct mmkit_memblock_booted *booted, u32 nr, u32 i)
{
	u32 k;

	for (k = i + 1; k < nr; k++)
		if (booted[k].verb == MMKIT_MEMBLOCK_BOOT_FREE &&
		    !booted[k].err && booted[k].base >= booted[i].base &&
		    booted[k].base < booted[i].base + booted[i].bytes)
			return true;
	return false;
}

static void check_booted(const struct mmkit_memblock_booted *booted, u32 nr)
{
	u64 pages, kept, nobodys;
	u32 i;

	for (i = 0; i < nr; i++) {
		if (booted[i].err)
			continue;
		pages = (booted[i].base + booted[i].bytes + PAGE - 1) / PAGE -
			booted[i].base / PAGE;
		kept = flagged(booted[i].base, booted[i].bytes, KPF_RESERVED);
		nobodys = flagged(booted[i].base, booted[i].bytes, KPF_NOPAGE);
		diag("request %u: %llu pages, %llu reserved", i + 1, pages, kept);
		EQUAL(booted[i].kept, kept);
		EQUAL(booted[i].given, pages - kept - nobodys);
		if (booted[i].verb == MMKIT_MEMBLOCK_BOOT_FREE)
			continue;
		if (!freed_later(booted, nr, i))
			EQUAL(kept, pages);
		EQUAL(flagged(booted[i].base, kept == pages ? booted[i].bytes : 0,
			      KPF_BUDDY), 0);
	}
}

/*
 * The machine was booted so that requests 3 and 6 are a range and its second
 * quarter again, given back, in the midst of memory that nobody takes.
 */
static void test_boot(void)
{
	struct mmkit_memblock_booted booted[MMKIT_MEMBLOCK_BOOT_MAX];
	struct mmkit_memblock_boot boot = {
		.size = sizeof(boot), .nr = MMKIT_MEMBLOCK_BOOT_MAX,
		.booted = PTR(booted),
	};
	int err = call(fd, MMKIT_MEMBLOCK_BOOT, &boot);

	if (err == -EOPNOTSUPP) {
		test("memblock: real calls at boot");
		skip("this kernel has no CONFIG_MMKIT_MEMBLOCK_BOOT");
		return;
	}
	test("memblock: what was allocated at boot is reserved, and not the buddy's");
	EQUAL(err, 0);
	if (!CHECK(!err && boot.nr == 10))
		return;
	check_booted(booted, boot.nr);

	test("memblock: what was freed at boot is the page allocator's");
	EQUAL(booted[5].verb, MMKIT_MEMBLOCK_BOOT_FREE);
	EQUAL(booted[5].err, 0);
	EQUAL(booted[5].kept, 0);
	EQUAL(booted[5].given, booted[5].bytes / PAGE);
	EQUAL(flagged(booted[2].base, booted[2].bytes, KPF_RESERVED),
	      booted[2].bytes / PAGE - booted[5].given);
}

static void test_quota(void)
{
	test("memblock: more regions than the quota allows");
	EQUAL(reset(MMKIT_MEMBLOCK_RESIZE), 0);
	EQUAL(change(MMKIT_MEMBLOCK_ADD, MIB, 63 * MIB), 0);
	EQUAL(file_write(QUOTA "session_bytes", "4096"), 0);
	EQUAL(reserve_many(1000), -EDQUOT);
	EQUAL(file_write(QUOTA "session_bytes", "0"), 0);
	EQUAL(reserve_many(1000), 0);
	CHECK(session(fd).bytes > 4096);
	EQUAL(reset(0), 0);
	EQUAL(session(fd).bytes, 0);
}

int main(void)
{
	fd = dev_open("memblock");
	test_changes();
	test_alloc();
	test_flags();
	test_edges();
	test_doubling();
	test_refusals();
	test_observe();
	test_carve();
	test_claim_refusals();
	test_offer();
	test_boot();
	test_rights();
	test_quota();
	return tap_end();
}
