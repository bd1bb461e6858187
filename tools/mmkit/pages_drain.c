// SPDX-License-Identifier: GPL-2.0-only
/*
 * mmkit pages drain: take blocks too large for the per-cpu lists, find a run of
 * neighbours among them, free it block by block, and look after each at the free
 * block that contains it: it grows whenever two buddies meet.
 */
#include <errno.h>
#include <stdlib.h>

#include <linux/kernel-page-flags.h>

#include "pages.h"

#define MAX_STEPS	16	/* blocks of the run: four merges */
#define MAX_TRIES	4	/* each with twice the blocks of the one before */

struct block {
	uint64_t pfn;
	uint32_t index;		/* under the handle */
};

struct drain {
	int fd;
	uint32_t handle;
	unsigned int order;
	unsigned int max_order;
	uint64_t page;		/* bytes */
	struct block *blocks;
	uint32_t nr;
	uint32_t run;		/* first block of the run */
	uint32_t run_nr;
};

static int by_pfn(const void *a, const void *b)
{
	const struct block *x = a, *y = b;

	return x->pfn < y->pfn ? -1 : x->pfn > y->pfn;
}

/* The free block that contains @pfn: 1 with @head filled, 0 none, or -errno. */
static int find_free(const struct drain *d, uint64_t pfn,
		     struct mmkit_page *head)
{
	unsigned int order;
	uint64_t first;
	int ret;

	for (order = 0; order <= d->max_order; order++) {
		first = pfn & ~((1ull << order) - 1);
		ret = mmkit_pages_describe_pfn(d->fd, first, 1, 1, head);
		if (ret < 0)
			return ret;
		if (ret == 1 && head->state & MMKIT_PAGE_FREE &&
		    first + (1ull << head->order) > pfn)
			return 1;
	}
	return 0;
}

/* Where the blocks of the handle lie, sorted. */
static int look_up_blocks(struct cli *cli, struct drain *d)
{
	struct mmkit_page *pages;
	uint32_t i;
	int ret;

	free(d->blocks);
	pages = calloc(d->nr, sizeof(*pages));
	d->blocks = calloc(d->nr, sizeof(*d->blocks));
	ret = pages && d->blocks ?
	      mmkit_pages_describe(d->fd, d->handle, 0, d->nr, pages) : -ENOMEM;
	if (ret > 0 && pages[0].state & MMKIT_PAGE_NOPFN)
		ret = -EPERM;
	for (i = 0; ret > 0 && i < d->nr; i++)
		d->blocks[i] = (struct block){ pages[i].pfn, i };
	free(pages);
	if (ret < 0)
		return explain(cli, NULL, ret, "describing the blocks");
	qsort(d->blocks, d->nr, sizeof(*d->blocks), by_pfn);
	return EXIT_OK;
}

/* Is block @i the first of @nr that together are one aligned block? */
static bool is_run(const struct drain *d, uint32_t i, uint32_t nr)
{
	uint64_t size = 1ull << d->order, first = d->blocks[i].pfn;

	if (i + nr > d->nr || first & (size * nr - 1))
		return false;
	return d->blocks[i + nr - 1].pfn == first + size * (nr - 1);
}

static bool find_run(struct drain *d)
{
	uint32_t nr, i;

	for (nr = MAX_STEPS; nr >= 2; nr /= 2) {
		for (i = 0; i < d->nr; i++) {
			if (!is_run(d, i, nr))
				continue;
			d->run = i;
			d->run_nr = nr;
			return true;
		}
	}
	return false;
}

static int take(struct cli *cli, struct drain *d, uint32_t count)
{
	struct mmkit_pages_alloc req = {
		.order = d->order, .count = count, .node = -1,
	};
	int ret;

	ret = mmkit_pages_alloc(d->fd, &req);
	if (ret)
		return pages_alloc_failed(cli, d->fd, ret,
					  (d->page << (d->order & 31)) * count,
					  &req);
	d->handle = req.handle;
	d->nr = req.blocks;
	return look_up_blocks(cli, d);
}

/*
 * The first blocks out of a fragmented zone are odd ones, which have no buddy
 * among them. They are kept while twice as many are taken, so that these come
 * from where memory is whole.
 */
static int take_run(struct cli *cli, struct drain *d, uint32_t count)
{
	uint32_t held[MAX_TRIES], nr_held = 0, tries = MAX_TRIES;
	int status;

	for (;;) {
		status = take(cli, d, count);
		if (status || find_run(d) || !--tries)
			break;
		held[nr_held++] = d->handle;
		count *= 2;
	}
	while (nr_held)
		mmkit_pages_free(d->fd, held[--nr_held], 0, 0, 0);
	if (status || d->run_nr)
		return status;
	return fail(cli, EXIT_FAILED, ENOMEM, "mmkit pages compact first",
		    "no two of the %u blocks are buddies, nor were there any among fewer: memory is too fragmented",
		    d->nr);
}

static struct json_object *step_json(uint32_t step, const struct block *block,
				     const struct mmkit_page *head)
{
	struct json_object *obj = j_obj();

	j_num(obj, "step", step);
	j_u64(obj, "freed_pfn", block->pfn);
	if (head) {
		j_u64(obj, "free_pfn", head->pfn);
		j_num(obj, "free_order", head->order);
	} else {
		j_null(obj, "free_pfn");
		j_null(obj, "free_order");
	}
	return obj;
}

/* The kernel's own word for the head of a free block is the buddy flag. */
static void verify_head(struct cli *cli, const struct mmkit_page *head)
{
	uint64_t flags = 0;
	int ret = mmkit_proc_kpageflags(head->pfn, &flags, 1);

	if (ret < 0)
		verify_skip(cli, "free block", "/proc/kpageflags", ret);
	else
		verify_field(cli, "free block", "/proc/kpageflags", "its head",
			     1, flags >> KPF_BUDDY & 1);
}

static int free_run(struct cli *cli, struct drain *d, struct json_object *steps)
{
	const struct block *block;
	struct mmkit_page head;
	uint32_t i;
	int ret;

	for (i = 0; i < d->run_nr; i++) {
		block = &d->blocks[d->run + i];
		ret = mmkit_pages_free(d->fd, d->handle, block->index, 1, 1);
		if (ret)
			return explain(cli, NULL, ret, "freeing a block");
		ret = find_free(d, block->pfn, &head);
		if (ret < 0)
			return explain(cli, NULL, ret, "looking at a free block");
		if (ret && cli->opt.verify)
			verify_head(cli, &head);
		json_object_array_add(steps,
			step_json(i + 1, block, ret ? &head : NULL));
	}
	return EXIT_OK;
}

/* What is left of the handle, one block at a time: some are free already. */
static void free_rest(struct drain *d)
{
	uint32_t i;

	for (i = 0; d->handle && d->blocks && i < d->nr; i++)
		if (i < d->run || i >= d->run + d->run_nr)
			mmkit_pages_free(d->fd, d->handle, d->blocks[i].index,
					 1, 1);
	free(d->blocks);
}

static int64_t pcp_pages(int fd)
{
	struct mmkit_zone *zones;
	int nr = mmkit_pages_zones(fd, &zones), i;
	int64_t sum = 0;

	for (i = 0; i < nr; i++)
		sum += zones[i].pcp_pages;
	if (nr >= 0)
		free(zones);
	return nr < 0 ? nr : sum;
}

static void show_drain(struct cli *cli, struct json_object *obj)
{
	static const struct column cols[] = {
		{ "STEP", "step", F_TEXT, C_RIGHT, 0 },
		{ "FREED-PFN", "freed_pfn", F_HEX, C_RIGHT, 0 },
		{ "IN-FREE-BLOCK", "free_pfn", F_HEX, C_RIGHT, 0 },
		{ "OF-ORDER", "free_order", F_TEXT, C_RIGHT, 0 },
	};

	out_line("took %llu block%s of order %llu; freeing %llu neighbours, from PFN 0x%llx on",
		 (unsigned long long)j_get_u64(obj, "blocks"),
		 plural(j_get_u64(obj, "blocks")),
		 (unsigned long long)j_get_u64(obj, "order"),
		 (unsigned long long)j_get_u64(obj, "run"),
		 (unsigned long long)j_get_u64(obj, "run_pfn"));
	out_table(cli, j_get(obj, "steps"), cols, ARRAY_SIZE(cols));
	pages_merge_show(cli, obj);
	out_line("per-cpu lists held %llu pages before, %llu after",
		 (unsigned long long)j_get_u64(obj, "pcp_before"),
		 (unsigned long long)j_get_u64(obj, "pcp_after"));
}

static int drain_steps(struct cli *cli, struct drain *d, uint32_t count,
		       struct json_object *obj)
{
	struct json_object *steps;
	int status = take_run(cli, d, count);

	if (status)
		return status;
	steps = j_arr();
	j_num(obj, "order", d->order);
	j_num(obj, "blocks", d->nr);
	j_u64(obj, "run_pfn", d->blocks[d->run].pfn);
	j_num(obj, "run", d->run_nr);
	j_add(obj, "steps", steps);
	j_num(obj, "pcp_before", pcp_pages(d->fd));
	status = free_run(cli, d, steps);
	j_num(obj, "pcp_after", pcp_pages(d->fd));
	return status;
}

int pages_drain_run(struct cli *cli, void *data, int argc, char **argv)
{
	const struct drain_opts *opts = data;
	struct drain d = { .order = opts->order };
	struct json_object *obj;
	struct mmkit_info info;
	int fd, status;

	(void)argc;
	(void)argv;
	fd = area_open(cli, "info");
	if (fd < 0)
		return -fd;
	status = mmkit_info_get(fd, &info);
	if (status)
		return explain(cli, NULL, status, "asking the module");
	d.max_order = info.max_order;
	d.page = info.page_size;
	d.fd = area_open(cli, "pages");
	if (d.fd < 0)
		return -d.fd;
	obj = j_obj();
	status = drain_steps(cli, &d, opts->count, obj);
	free_rest(&d);
	if (!status && opts->svg) {
		status = pages_merge_svg(opts->svg, obj);
		if (status)
			status = unwritable(cli, opts->svg, status);
	}
	if (status) {
		json_object_put(obj);
		return status;
	}
	return result(cli, obj, show_drain);
}
