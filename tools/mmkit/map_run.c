// SPDX-License-Identifier: GPL-2.0-only
/*
 * mmkit map run: give a session a store, map it, touch it, and look at every
 * page from both sides: as the module has it, and as this process has it mapped.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "map_pager.h"

#define TRIES	100
#define DEFAULT_STRATEGY	"page"
#define DEFAULT_BYTES		(1 << 20)
#define SHOW	12	/* pages shown when --rows does not say */

static const struct reason mmap_reasons[] = {
	{ EINVAL, "that range is past the end of the store, or not on a page's boundary",
	  "--offset and --length in whole pages inside --size", EXIT_FAILED },
	{ EACCES, "a shared writable mapping needs the device open for writing",
	  "--private, or without --write or --readonly", EXIT_FAILED },
	{ ENOMEM, "the address space or the limit on mappings is used up",
	  "ulimit -v, /proc/sys/vm/max_map_count", EXIT_FAILED },
	{ EDQUOT, "too many mappings in this session", "unmap some, or close",
	  EXIT_FAILED },
	{ 0 },
};

/* One run, from the store to the figures. */
struct run {
	const struct map_run_opts *opts;
	int fd;
	uint64_t bytes;			/* of the store */
	uint8_t *addr;
	size_t length;
	struct touch_set set;
	struct touched touched;
	struct mmkit_map_get before;
	struct mmkit_map_get after;
	struct mmkit_page *pages;	/* of the mapped part of the store */
	uint64_t *pagemap;
	uint64_t *store;		/* every page of the store, ascending */
	size_t nr_store;
	struct mmkit_events *events;
	struct json_object *paged;	/* of the pager; else NULL */
	bool by_index;			/* the strategy maps page N at place N */
	uint32_t flags;			/* MMKIT_STRATEGY_x */
	size_t nr;
	uint64_t rss;
	int areas;
};

static bool mapped(const struct run *r, size_t i)
{
	return r->pagemap[i] & MMKIT_PAGEMAP_PRESENT;
}

/* A strategy may map any page of the store anywhere. */
static bool other(const struct run *r, size_t i)
{
	uint64_t pfn = r->pagemap[i] & MMKIT_PAGEMAP_PFN;

	return mapped(r, i) && pfn && pfn != r->pages[i].pfn;
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

static int open_store(struct cli *cli, struct run *r)
{
	const struct map_run_opts *opts = r->opts;
	const char *strategy;
	int err;

	r->fd = opts->readonly ? area_open_fresh(cli, "map", O_RDONLY) :
				 area_open(cli, "map");
	if (r->fd < 0)
		return -r->fd;
	err = mmkit_map_get(r->fd, &r->before);
	if (err)
		return explain(cli, NULL, err, "asking the module");
	strategy = opts->strategy;
	if (!strategy && !r->before.bytes)
		strategy = DEFAULT_STRATEGY;
	r->bytes = opts->bytes;
	if (r->bytes == UINT64_MAX)
		r->bytes = r->before.bytes ? r->before.bytes : DEFAULT_BYTES;
	err = mmkit_map_set(r->fd, strategy, r->bytes);
	if (err)
		return map_set_failed(cli, r->fd, err, r->bytes);
	err = mmkit_map_get(r->fd, &r->before);
	return err ? explain(cli, NULL, err, "asking the module") : EXIT_OK;
}

/* As much as one run can make in a few seconds. */
#define EVENTS_ROOM	(1u << 16)

/* How to page, and whether to record. */
static int prepare_store(struct cli *cli, struct run *r)
{
	const struct map_run_opts *opts = r->opts;
	const struct paging paging = {
		.frames = opts->frames, .policy = opts->policy,
		.swap = opts->swap, .exact = opts->exact,
	};
	int err = paging_apply(cli, r->fd, &paging);

	if (err || (!opts->events && !opts->record && !opts->svg))
		return err;
	err = mmkit_events_open(r->fd, EVENTS_ROOM, &r->events);
	if (!err)
		return EXIT_OK;
	r->events = NULL;
	return events_failed(cli, err);
}

static int map_store(struct cli *cli, struct run *r)
{
	const struct map_run_opts *opts = r->opts;
	int prot = PROT_READ | (opts->write ? PROT_WRITE : 0);
	void *addr;

	r->length = opts->length;
	if (!r->length && r->bytes > opts->offset)
		r->length = r->bytes - opts->offset;
	addr = mmap(NULL, r->length, prot,
		    opts->private ? MAP_PRIVATE : MAP_SHARED, r->fd,
		    opts->offset);
	if (addr == MAP_FAILED)
		return explain(cli, mmap_reasons, errno, "mapping");
	r->addr = addr;
	r->nr = (r->length + page_size() - 1) / page_size();
	return EXIT_OK;
}

static int compare_size(const void *a, const void *b)
{
	const size_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* By the pattern, and then it is known which pages these were. */
static int touch_pattern(struct cli *cli, struct run *r)
{
	const struct map_run_opts *opts = r->opts;
	size_t i, nr = 0;
	int err;

	err = pattern_make(opts->pattern, r->nr,
			   opts->touches ? opts->touches : 2 * r->nr, &r->set);
	if (err == -EINVAL)
		return usage(cli, "--pattern %s: not sequential, random, zipf, stride:N or loop:N",
			     opts->pattern);
	if (!err)
		err = touch_pages(r->addr, &r->set, opts->write, opts->threads,
				  &r->touched);
	if (err == -EINVAL)
		return usage(cli, "--threads %u: from 1 to 256", opts->threads);
	if (err)
		return explain(cli, NULL, err, "touching");
	qsort(r->set.pages, r->set.nr, sizeof(*r->set.pages), compare_size);
	for (i = 0; i < r->set.nr; i++)
		if (!nr || r->set.pages[i] != r->set.pages[nr - 1])
			r->set.pages[nr++] = r->set.pages[i];
	r->set.nr = nr;
	return EXIT_OK;
}

static int touch_store(struct cli *cli, struct run *r)
{
	int err;

	if (r->opts->pattern)
		return touch_pattern(cli, r);
	err = touch_set_parse(&r->set, r->opts->touch, r->nr);
	if (err == -EINVAL)
		return usage(cli, "--touch %s: not all, none, first, every:N or random:N",
			     r->opts->touch);
	if (!err)
		err = touch_pages(r->addr, &r->set, r->opts->write,
				  r->opts->threads, &r->touched);
	if (err == -EINVAL)
		return usage(cli, "--threads %u: from 1 to 256",
			     r->opts->threads);
	return err ? explain(cli, NULL, err, "touching") : EXIT_OK;
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

static int look_at_pages(struct cli *cli, struct run *r)
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
				    sizeof(page), compare_size);
}

static void verify_touched(struct cli *cli, const struct run *r, size_t page)
{
	uint64_t pfn = r->pagemap[page] & MMKIT_PAGEMAP_PFN;
	bool copy = r->opts->private && r->opts->write;
	char where[32];

	snprintf(where, sizeof(where), "page %zu", page);
	verify_field(cli, "mapped", "/proc/self/pagemap", where, 1,
		     mapped(r, page));
	if (copy)
		verify_field(cli, "copied", "/proc/self/pagemap", where, 1,
			     copied(r, page));
	else if (!r->by_index && in_store(r, pfn))
		verify_field(cli, "in store", "/proc/self/pagemap", where, 1, 1);
	else
		verify_field(cli, "pfn", "/proc/self/pagemap", where,
			     r->pages[page].pfn, pfn);
}

static void verify_run(struct cli *cli, const struct run *r)
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
		present += mapped(r, i);
		if (!r->touched.signals && !r->paged && was_touched(r, i))
			verify_touched(cli, r, i);
		if (mapped(r, i))
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

static struct json_object *run_pages(const struct run *r)
{
	uint64_t first = r->opts->offset / page_size();
	struct json_object *arr = j_arr(), *obj;
	size_t i;

	for (i = 0; i < r->nr; i++) {
		obj = page_json(first + i, &r->pages[i]);
		j_bool(obj, "mapped", mapped(r, i));
		if (r->pagemap[i] & MMKIT_PAGEMAP_PFN && mapped(r, i))
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

static struct json_object *signal_json(const struct touched *t, size_t page)
{
	struct json_object *obj = j_obj();

	j_str(obj, "signal", sigabbrev_np(t->signo));
	j_str(obj, "code", touch_code_name(t->signo, t->code));
	j_u64(obj, "page", page);
	j_u64(obj, "signals", t->signals);
	return obj;
}

static struct json_object *run_json(const struct run *r)
{
	const struct map_run_opts *opts = r->opts;
	struct json_object *obj = j_obj();

	j_str(obj, "strategy", r->after.strategy);
	j_u64(obj, "bytes", r->after.bytes);
	j_u64(obj, "offset", opts->offset);
	j_u64(obj, "length", r->length);
	j_bool(obj, "private", opts->private);
	j_bool(obj, "write", opts->write);
	j_num(obj, "threads", opts->threads);
	j_u64(obj, "touched", r->touched.done);
	j_add(obj, "signal", r->touched.signals ?
	      signal_json(&r->touched, r->touched.page) : NULL);
	j_u64(obj, "faults", r->after.faults - r->before.faults);
	j_u64(obj, "sigbus", r->after.sigbus - r->before.sigbus);
	j_u64(obj, "maps", r->after.maps);
	j_u64(obj, "rss", r->rss);
	j_add(obj, "pages", run_pages(r));
	j_add(obj, "pager", r->paged);
	j_null(obj, "events");
	j_null(obj, "fork");
	j_null(obj, "shrink");
	return obj;
}

struct pipes {
	int up[2];	/* child to parent: touched */
	int down[2];	/* parent to child: closed when it may go */
};

static void child(struct run *r, const struct pipes *p)
{
	char byte = 0;

	close(p->down[1]);
	touch_pages(r->addr, &r->set, false, 1, &r->touched);
	if (write(p->up[1], "", 1) == 1 && read(p->down[0], &byte, 1) < 0)
		_exit(1);
	_exit(0);
}

static struct json_object *fork_json(const struct run *r,
				     const struct mmkit_map_get *now)
{
	struct json_object *obj = j_obj();
	int32_t low = INT32_MAX, high = 0;
	size_t i, page;

	for (i = 0; i < r->set.nr; i++) {
		page = r->set.pages[i];
		if (r->pages[page].mapcount < low)
			low = r->pages[page].mapcount;
		if (r->pages[page].mapcount > high)
			high = r->pages[page].mapcount;
	}
	j_u64(obj, "maps", now->maps);
	j_u64(obj, "opens", now->opens);
	j_u64(obj, "faults", now->faults - r->after.faults);
	j_num(obj, "mapcount_min", r->set.nr ? low : 0);
	j_num(obj, "mapcount_max", high);
	return obj;
}

/* While the child is there: who maps what now. */
static int look_forked(struct cli *cli, struct run *r, struct json_object *obj)
{
	uint64_t first = r->opts->offset / page_size();
	struct mmkit_map_get now;
	size_t i;
	int ret;

	ret = mmkit_map_get(r->fd, &now);
	if (!ret)
		ret = mmkit_map_describe(r->fd, first, r->nr, r->pages);
	if (ret < 0)
		return explain(cli, NULL, ret, "looking at the forked mapping");
	j_add(obj, "fork", fork_json(r, &now));
	for (i = 0; cli->opt.verify && i < r->nr; i++)
		if (mapped(r, i) && !(r->pages[i].state & MMKIT_PAGE_NOPFN))
			map_verify_page(cli, r->fd, first + i);
	return EXIT_OK;
}

static int fork_step(struct cli *cli, struct run *r, struct json_object *obj)
{
	struct pipes p;
	char byte;
	pid_t pid;
	int status;

	if (pipe2(p.up, O_CLOEXEC) || pipe2(p.down, O_CLOEXEC))
		return explain(cli, NULL, errno, "making a pipe");
	fflush(stdout);
	pid = fork();
	if (pid < 0)
		return explain(cli, NULL, errno, "forking");
	if (!pid)
		child(r, &p);
	close(p.up[1]);
	close(p.down[0]);
	status = read(p.up[0], &byte, 1) == 1 ? look_forked(cli, r, obj) :
		 interrupted() ? explain(cli, NULL, EINTR, "touching") : fail(cli, EXIT_FAILED, ECHILD, NULL, "the child died touching");
	close(p.up[0]);
	close(p.down[1]);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return status;
}

/* Shrinks the store under the mapping; the page past its end must be gone. */
static int shrink_step(struct cli *cli, struct run *r, struct json_object *obj)
{
	const struct map_run_opts *opts = r->opts;
	struct touch_set past = { .nr = 1 };
	struct touched touched;
	struct json_object *row;
	size_t page;
	int err;

	if (opts->shrink < opts->offset ||
	    opts->shrink >= opts->offset + r->length)
		return usage(cli, "--shrink must end inside the mapping");
	err = mmkit_map_set(r->fd, NULL, opts->shrink);
	if (err)
		return map_set_failed(cli, r->fd, err, 0);
	page = (opts->shrink - opts->offset) / page_size();
	past.pages = &page;
	err = touch_pages(r->addr, &past, opts->write, 1, &touched);
	if (err)
		return explain(cli, NULL, err, "touching past the end");
	if (!touched.signals)
		return fail(cli, EXIT_FAILED, 0, "report this as a bug of the strategy",
			    "page %zu is past the end of the store and still there",
			    page);
	row = signal_json(&touched, opts->shrink / page_size());
	j_u64(row, "bytes", opts->shrink);
	j_add(obj, "shrink", row);
	return EXIT_OK;
}

static void show_signal(struct json_object *sig, const char *when)
{
	if (sig)
		out_line("%s: page %llu answered SIG%s (%s), caught", when,
			 (unsigned long long)j_get_u64(sig, "page"),
			 json_object_get_string(j_get(sig, "signal")),
			 json_object_get_string(j_get(sig, "code")));
}

static void show_fork(struct json_object *f, bool all)
{
	long long low, high;
	char counts[48];

	if (!f)
		return;
	low = json_object_get_int64(j_get(f, "mapcount_min"));
	high = json_object_get_int64(j_get(f, "mapcount_max"));
	if (low == high)
		snprintf(counts, sizeof(counts), "%lld", high);
	else
		snprintf(counts, sizeof(counts), "%lld to %lld", low, high);
	out_line("mapcount %s on every %spage while the child lived: %llu area%s, %llu more fault%s",
		 counts, all ? "" : "touched ", (unsigned long long)j_get_u64(f, "maps"),
		 plural(j_get_u64(f, "maps")),
		 (unsigned long long)j_get_u64(f, "faults"),
		 plural(j_get_u64(f, "faults")));
}

static void show_run(struct cli *cli, struct json_object *obj)
{
	static const struct column cols[] = {
		{ "PAGE", "index", F_TEXT, C_RIGHT, 0 },
		{ "STORE-PFN", "pfn", F_HEX, C_RIGHT, 0 },
		{ "MAPPED-PFN", "mapped_pfn", F_HEX, C_RIGHT, 0 },
		{ "OTHER", "other", F_TEXT, 0, 0 },
		{ "REF", "refcount", F_TEXT, C_RIGHT, 0 },
		{ "MAP", "mapcount", F_TEXT, C_RIGHT, 0 },
		{ "ZONE", "zone", F_TEXT, 0, 0 },
		{ "FLAGS", "flags", F_LIST, C_WRAP, 32 },
	};

	if (!cli->opt.rows_set) {
		cli->opt.rows_set = true;
		cli->opt.rows = SHOW;
	}
	out_line("strategy %s: mapped %llu bytes of %llu, touched %llu page%s",
		 json_object_get_string(j_get(obj, "strategy")),
		 (unsigned long long)j_get_u64(obj, "length"),
		 (unsigned long long)j_get_u64(obj, "bytes"),
		 (unsigned long long)j_get_u64(obj, "touched"),
		 plural(j_get_u64(obj, "touched")));
	out_line("faults served %llu, refused %llu; resident %llu bytes",
		 (unsigned long long)j_get_u64(obj, "faults"),
		 (unsigned long long)j_get_u64(obj, "sigbus"),
		 (unsigned long long)j_get_u64(obj, "rss"));
	out_table(cli, j_get(obj, "pages"), cols, ARRAY_SIZE(cols));
	paging_show(j_get(obj, "pager"));
	events_show(cli, j_get(obj, "events"));
	show_signal(j_get(obj, "signal"), "while touching");
	show_fork(j_get(obj, "fork"), j_get_u64(obj, "touched") ==
		  json_object_array_length(j_get(obj, "pages")));
	show_signal(j_get(obj, "shrink"), "after shrinking the store");
}

static int add_events(struct cli *cli, struct run *r, struct json_object *obj)
{
	const char *path = r->opts->record;
	struct json_object *events = events_json(r->events, path);
	int err = 0;

	if (!events)
		return fail(cli, EXIT_FAILED, errno, NULL,
			    "%s cannot be written", path);
	if (r->opts->svg)
		err = timeline_svg(r->opts->svg, events);
	if (r->opts->events)
		j_add(obj, "events", events);
	else
		json_object_put(events);
	return err ? explain(cli, NULL, err, r->opts->svg) : EXIT_OK;
}

static int run_steps(struct cli *cli, struct run *r)
{
	const struct map_run_opts *opts = r->opts;
	struct json_object *obj;
	int status;

	status = open_store(cli, r);
	if (!status)
		status = prepare_store(cli, r);
	if (!status)
		status = map_store(cli, r);
	if (!status)
		status = touch_store(cli, r);
	if (!status)
		status = look_at_pages(cli, r);
	if (status)
		return status;

	r->paged = paging_json(r->fd);
	if (cli->opt.verify)
		verify_run(cli, r);
	obj = run_json(r);
	if (r->events)
		status = add_events(cli, r, obj);
	if (!status && opts->fork)
		status = fork_step(cli, r, obj);
	if (!status && opts->shrink != UINT64_MAX)
		status = shrink_step(cli, r, obj);
	if (status) {
		json_object_put(obj);
		return status;
	}
	return result(cli, obj, show_run);
}

int map_run_run(struct cli *cli, void *data, int argc, char **argv)
{
	struct run r = { .opts = data, .fd = -1 };
	int status;

	(void)argc;
	(void)argv;
	status = run_steps(cli, &r);
	fflush(stdout);
	if (!status && r.opts->hold)
		sleep(r.opts->hold);
	if (r.addr)
		munmap(r.addr, r.length);
	mmkit_events_close(r.events);
	if (r.opts->readonly)
		mmkit_close(r.fd);
	touch_set_free(&r.set);
	free(r.pages);
	free(r.pagemap);
	free(r.store);
	return status;
}
