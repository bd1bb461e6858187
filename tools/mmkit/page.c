// SPDX-License-Identifier: GPL-2.0-only
/* Descriptions of pages. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <linux/kernel-page-flags.h>
#include <sys/mman.h>
#include <unistd.h>

#include "page.h"

#define TRIES	100

#define SLAB	(1ull << KPF_SLAB)
#define ANON	(1ull << KPF_ANON)
#define KSM	(1ull << KPF_KSM)

static struct json_object *flag_names(uint64_t flags)
{
	struct json_object *names = j_arr();
	const char *name;
	char number[16];
	unsigned int bit;

	for (bit = 0; bit < 64; bit++) {
		if (!(flags & (1ull << bit)))
			continue;
		name = mmkit_kpf_name(bit);
		snprintf(number, sizeof(number), "bit_%u", bit);
		json_object_array_add(names,
				      json_object_new_string(name ? name : number));
	}
	return names;
}

static void add_buddy(struct json_object *obj, const struct mmkit_page *page)
{
	if (page->state & MMKIT_PAGE_NOBUDDY) {
		j_null(obj, "buddy");
		j_null(obj, "buddy_free");
		return;
	}
	if (page->state & MMKIT_PAGE_NOPFN)
		j_null(obj, "buddy");
	else
		j_u64(obj, "buddy", page->buddy);
	j_bool(obj, "buddy_free", page->state & MMKIT_PAGE_BUDDY_FREE);
}

static void add_nulls(struct json_object *obj)
{
	static const char *const keys[] = {
		"order", "zone", "node", "migratetype", "flags", "kpageflags",
		"refcount", "mapcount", "free", "buddy", "buddy_free",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(keys); i++)
		j_null(obj, keys[i]);
}

/* Every key is always there; what does not apply is null. */
struct json_object *page_json(uint64_t index, const struct mmkit_page *page)
{
	bool there = !(page->state & MMKIT_PAGE_NOPAGE);
	struct json_object *obj = j_obj();

	j_u64(obj, "index", index);
	j_bool(obj, "present", there);
	if (page->state & MMKIT_PAGE_NOPFN || (!there && !page->pfn))
		j_null(obj, "pfn");
	else
		j_u64(obj, "pfn", page->pfn);
	if (!there) {
		add_nulls(obj);
		return obj;
	}
	j_num(obj, "order", page->order);
	j_str(obj, "zone", mmkit_zone_name(page->zone));
	j_num(obj, "node", page->node);
	j_str(obj, "migratetype", mmkit_migratetype_name(page->migratetype));
	j_add(obj, "flags", flag_names(page->flags));
	j_u64(obj, "kpageflags", page->flags);
	j_num(obj, "refcount", page->refcount);
	j_num(obj, "mapcount", page->mapcount);
	j_bool(obj, "free", page->state & MMKIT_PAGE_FREE);
	add_buddy(obj, page);
	return obj;
}

struct json_object *pages_json(const struct mmkit_page *pages, uint64_t first,
			       unsigned int nr)
{
	struct json_object *arr = j_arr();
	unsigned int i;

	for (i = 0; i < nr; i++)
		json_object_array_add(arr, page_json(first + i, &pages[i]));
	return arr;
}

void pages_show(struct cli *cli, struct json_object *pages, const char *head)
{
	const struct column cols[] = {
		{ head, "index", F_TEXT, C_RIGHT, 0 },
		{ "PFN", "pfn", F_HEX, C_RIGHT, 0 },
		{ "ORD", "order", F_TEXT, C_RIGHT, 0 },
		{ "ZONE", "zone", F_TEXT, 0, 0 },
		{ "NODE", "node", F_TEXT, C_RIGHT, 0 },
		{ "MIGRATE", "migratetype", F_TEXT, 0, 0 },
		{ "REF", "refcount", F_TEXT, C_RIGHT, 0 },
		{ "MAP", "mapcount", F_TEXT, C_RIGHT, 0 },
		{ "BUDDY", "buddy", F_HEX, C_RIGHT, 0 },
		{ "FREE", "buddy_free", F_TEXT, 0, 0 },
		{ "FLAGS", "flags", F_LIST, C_WRAP, 17 },
	};

	out_table(cli, pages, cols, ARRAY_SIZE(cols));
}

uint64_t page_size(void)
{
	return sysconf(_SC_PAGESIZE);
}

/*
 * 6.12's stable_page_flags() tests for two bits of a mapping and takes one for
 * enough: each anonymous page is KSM to it, and a slab, which keeps a list where
 * others have their mapping, is anonymous. Returns KSM where a page that nobody
 * merged is called that.
 */
static uint64_t no_truth(void)
{
	static uint64_t flags;
	static bool looked;
	size_t size = page_size();
	uint64_t entry;
	void *page;

	if (looked)
		return flags & KSM;
	looked = true;
	page = mmap(NULL, size, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (page == MAP_FAILED)
		return 0;
	if (mlock(page, size) || mmkit_proc_pagemap(page, &entry, 1) != 1 ||
	    mmkit_proc_kpageflags(entry & MMKIT_PAGEMAP_PFN, &flags, 1) != 1)
		flags = 0;
	munmap(page, size);
	return flags & KSM;
}

/* Ours, with what the kernel's file says besides for no reason. */
static uint64_t as_the_file(uint64_t ours, uint64_t theirs)
{
	uint64_t wrong = no_truth();

	if (wrong && ours & SLAB)
		wrong |= ANON;
	return ours | (theirs & wrong);
}

void page_compare(struct cli *cli, uint64_t pfn, const struct mmkit_page *page,
		  uint64_t flags, uint64_t count)
{
	char where[32];

	snprintf(where, sizeof(where), "pfn %#llx", (unsigned long long)pfn);
	verify_field(cli, "flags", "/proc/kpageflags", where,
		     as_the_file(page->flags, flags), flags);
	verify_field(cli, "mapcount", "/proc/kpagecount", where, page->mapcount,
		     count);
}

/* Flags and counts move while they are read: try again before saying so. */
static int verify_one(struct cli *cli, int fd, uint64_t pfn)
{
	struct mmkit_page page = { 0 };
	uint64_t flags = 0, count = 0;
	int try, ret = 0;

	for (try = 0; try < TRIES; try++) {
		ret = mmkit_pages_describe_pfn(fd, pfn, 1, 1, &page);
		if (ret < 0)
			return ret;
		ret = mmkit_proc_kpageflags(pfn, &flags, 1);
		if (ret < 0)
			return ret;
		ret = mmkit_proc_kpagecount(pfn, &count, 1);
		if (ret < 0)
			return ret;
		if (as_the_file(page.flags, flags) == flags &&
		    (uint64_t)page.mapcount == count)
			break;
	}
	page_compare(cli, pfn, &page, flags, count);
	return 0;
}

/* Describes each of @nr pages from @pfn on by PFN and compares with /proc. */
void pages_verify(struct cli *cli, int fd, uint64_t pfn, uint64_t nr)
{
	uint64_t i;
	int ret;

	for (i = 0; i < nr && !interrupted(); i++) {
		ret = verify_one(cli, fd, pfn + i);
		if (ret < 0) {
			verify_skip(cli, "flags", "/proc/kpageflags", ret);
			verify_skip(cli, "mapcount", "/proc/kpagecount", ret);
			return;
		}
	}
}
