// SPDX-License-Identifier: GPL-2.0-only
/* mmkit map run: give a session a store, map it, touch it, and show what is there. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "map_run.h"

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
	qsort(r->set.pages, r->set.nr, sizeof(*r->set.pages), map_look_page_order);
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
	      map_signal_json(&r->touched, r->touched.page) : NULL);
	j_u64(obj, "faults", r->after.faults - r->before.faults);
	j_u64(obj, "sigbus", r->after.sigbus - r->before.sigbus);
	j_u64(obj, "maps", r->after.maps);
	j_u64(obj, "rss", r->rss);
	j_add(obj, "pages", map_look_json(r));
	j_add(obj, "pager", r->paged);
	j_null(obj, "events");
	j_null(obj, "fork");
	j_null(obj, "shrink");
	return obj;
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
		return unwritable(cli, path, errno);
	if (r->opts->svg)
		err = timeline_svg(r->opts->svg, events);
	if (r->opts->events)
		j_add(obj, "events", events);
	else
		json_object_put(events);
	return err ? unwritable(cli, r->opts->svg, err) : EXIT_OK;
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
		status = map_look(cli, r);
	if (status)
		return status;

	r->paged = paging_json(r->fd);
	if (cli->opt.verify)
		map_look_verify(cli, r);
	obj = run_json(r);
	if (r->events)
		status = add_events(cli, r, obj);
	if (!status && opts->fork)
		status = map_later_fork(cli, r, obj);
	if (!status && opts->shrink != UINT64_MAX)
		status = map_later_shrink(cli, r, obj);
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
