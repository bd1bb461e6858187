// SPDX-License-Identifier: GPL-2.0-only
/*
 * mmkit map run: every page of the mapping from both sides, as the module has it
 * and as this process has it mapped, and whether the two agree.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "map_run.h"

#define TRIES	100

bool map_look_is_mapped(const struct run *r, size_t page)
{
	return r->pagemap[page] & MMKIT_PAGEMAP_PRESENT;
}

/* A strategy may map any page of the store anywhere. */
static bool other(const struct run *r, size_t i)
{
	uint64_t pfn = r->pagemap[i] & MMKIT_PAGEMAP_PFN;

	return map_look_is_mapped(r, i) && pfn && pfn != r->pages[i].pfn;
}

static int by_number(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static bool in_store(const struct run *r, uint64_t pfn)
{
	return r->nr_store && bsearch(&pfn, r->store, r->nr_store, sizeof(pfn),
				      by_number);
}

/* Written under MAP_PRIVATE: this process has its own copy. */
static bool copied(const struct run *r, size_t i)
{
	return other(r, i) && !in_store(r, r->pagemap[i] & MMKIT_PAGEMAP_PFN);
}

int map_look_page_order(const void *a, const void *b)
{
	const size_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* Whose pages are those that are not where they were expected? */
static int read_store(struct run *r)
{
	size_t nr = r->bytes / page_size(), i;
	struct mmkit_page *pages = calloc(nr ? nr : 1, sizeof(*pages));
	int ret = -ENOMEM;

	r->store = calloc(nr ? nr : 1, sizeof(*r->store));
	if (pages && r->store)
		ret = mmkit_map_describe(r->fd, 0, nr, pages);
	for (i = 0; ret > 0 && i < (size_t)ret; i++)
		r->store[i] = pages[i].pfn;
	r->nr_store = ret > 0 ? ret : 0;
	free(pages);
	if (r->nr_store)
		qsort(r->store, r->nr_store, sizeof(*r->store), by_number);
	return ret;
}

/* What is known of the strategy; of others' nothing is taken for granted. */
static int look_up_strategy(struct run *r)
{
	struct mmkit_map_strategy *list;
	int nr = mmkit_map_strategies(r->fd, &list), i;

	if (nr < 0)
		return nr;
	for (i = 0; i < nr; i++)
		if (!strcmp(list[i].name, r->after.strategy)) {
			r->flags = list[i].flags;
			r->by_index = !strcmp(list[i].module, "mmkit_map");
		}
	free(list);
	return 0;
}

static int look(struct run *r)
{
	size_t i;

	uint64_t first = r->opts->offset / page_size();
	int ret = mmkit_map_get(r->fd, &r->after);

	if (!ret)
		ret = look_up_strategy(r);
	if (!ret)
		ret = mmkit_map_describe(r->fd, first, r->nr, r->pages);
	if (ret >= 0)
		ret = mmkit_proc_pagemap(r->addr, r->pagemap, r->nr);
	if (ret >= 0)
		ret = r->areas = mmkit_proc_rss(r->addr, r->length, &r->rss);
	for (i = 0; ret >= 0 && i < r->nr; i++)
		if (other(r, i)) {
			ret = read_store(r);
			break;
		}
	return ret < 0 ? ret : 0;
}

int map_look(struct cli *cli, struct run *r)
{
	int err = 0;

	r->pages = calloc(r->nr, sizeof(*r->pages));
	r->pagemap = calloc(r->nr, sizeof(*r->pagemap));
	if (!r->pages || !r->pagemap)
		err = -ENOMEM;
	if (!err)
		err = look(r);
	return err ? explain(cli, NULL, err, "looking at the pages") : EXIT_OK;
}

/* Flags and counts of page @index of the store against /proc. */
void map_verify_page(struct cli *cli, int fd, uint64_t index)
{
	struct mmkit_page page = { 0 };
	uint64_t flags = 0, count = 0;
	int try, ret = 0;

	for (try = 0; try < TRIES && ret >= 0; try++) {
		ret = mmkit_map_describe(fd, index, 1, &page);
		if (ret >= 0)
			ret = mmkit_proc_kpageflags(page.pfn, &flags, 1);
		if (ret >= 0)
			ret = mmkit_proc_kpagecount(page.pfn, &count, 1);
		if (ret >= 0 && page.flags == flags &&
		    (uint64_t)page.mapcount == count)
			break;
	}
	if (ret < 0)
		verify_skip(cli, "flags", "/proc/kpageflags", ret);
	else
		page_compare(cli, page.pfn, &page, flags, count);
}

static bool was_touched(const struct run *r, size_t page)
{
	return r->set.nr && bsearch(&page, r->set.pages, r->set.nr,
				    sizeof(page), map_look_page_order);
}

static void verify_touched(struct cli *cli, const struct run *r, size_t page)
{
	uint64_t pfn = r->pagemap[page] & MMKIT_PAGEMAP_PFN;
	bool copy = r->opts->private && r->opts->write;
	char where[32];

	snprintf(where, sizeof(where), "page %zu", page);
	verify_field(cli, "mapped", "/proc/self/pagemap", where, 1,
		     map_look_is_mapped(r, page));
	if (copy)
		verify_field(cli, "copied", "/proc/self/pagemap", where, 1,
			     copied(r, page));
	else if (!r->by_index && in_store(r, pfn))
		verify_field(cli, "in store", "/proc/self/pagemap", where, 1, 1);
	else
		verify_field(cli, "pfn", "/proc/self/pagemap", where,
			     r->pages[page].pfn, pfn);
}

void map_look_verify(struct cli *cli, const struct run *r)
{
	uint64_t first = r->opts->offset / page_size();
	size_t i, present = 0;

	if (r->nr && r->pages[0].state & MMKIT_PAGE_NOPFN) {
		verify_skip(cli, "pfn", "/proc/self/pagemap", EPERM);
		return;
	}
	/* pagemap passes over areas with VM_PFNMAP: walk_page_test(). */
	if (r->flags & MMKIT_STRATEGY_PFN) {
		verify_skip(cli, "mapped", "/proc/self/pagemap", EOPNOTSUPP);
		verify_field(cli, "Rss", "/proc/self/smaps", "the mapping", 0,
			     r->rss);
		return;
	}
	for (i = 0; i < r->nr && !interrupted(); i++) {
		present += map_look_is_mapped(r, i);
		if (!r->touched.signals && !r->paged && was_touched(r, i))
			verify_touched(cli, r, i);
		if (map_look_is_mapped(r, i))
			map_verify_page(cli, r->fd, first + i);
	}
	if (interrupted())
		return;
	if (r->flags & MMKIT_STRATEGY_UNCOUNTED)
		present = 0;
	verify_field(cli, "Rss", "/proc/self/smaps", "the mapping",
		     present * page_size(), r->rss);
	/* Only where a touch maps its page, and no other. */
	if (r->paged ||
	    r->flags & (MMKIT_STRATEGY_UNCOUNTED | MMKIT_STRATEGY_AT_MMAP))
		return;
	verify_field(cli, "touched", "/proc/self/smaps", "the mapping",
		     (r->opts->pattern ? r->set.nr : r->touched.done) *
		     page_size(), r->rss);
}

struct json_object *map_look_json(const struct run *r)
{
	uint64_t first = r->opts->offset / page_size();
	struct json_object *arr = j_arr(), *obj;
	size_t i;

	for (i = 0; i < r->nr; i++) {
		obj = page_json(first + i, &r->pages[i]);
		j_bool(obj, "mapped", map_look_is_mapped(r, i));
		if (r->pagemap[i] & MMKIT_PAGEMAP_PFN &&
		    map_look_is_mapped(r, i))
			j_u64(obj, "mapped_pfn",
			      r->pagemap[i] & MMKIT_PAGEMAP_PFN);
		else
			j_null(obj, "mapped_pfn");
		if (r->pages[i].state & MMKIT_PAGE_NOPFN)
			j_null(obj, "copied");
		else
			j_bool(obj, "copied", copied(r, i));
		if (r->pages[i].state & MMKIT_PAGE_NOPFN)
			j_null(obj, "other");
		else
			j_bool(obj, "other", other(r, i));
		json_object_array_add(arr, obj);
	}
	return arr;
}
