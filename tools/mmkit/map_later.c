// SPDX-License-Identifier: GPL-2.0-only
/*
 * mmkit map run: what changes under the mapping afterwards: a child has it by
 * fork(), and the store shrinks.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "map_run.h"

struct json_object *map_signal_json(const struct touched *t, size_t page)
{
	struct json_object *obj = j_obj();

	j_str(obj, "signal", sigabbrev_np(t->signo));
	j_str(obj, "code", touch_code_name(t->signo, t->code));
	j_u64(obj, "page", page);
	j_u64(obj, "signals", t->signals);
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
		if (map_look_is_mapped(r, i) && !(r->pages[i].state & MMKIT_PAGE_NOPFN))
			map_verify_page(cli, r->fd, first + i);
	return EXIT_OK;
}

int map_later_fork(struct cli *cli, struct run *r, struct json_object *obj)
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
	if (read(p.up[0], &byte, 1) == 1)
		status = look_forked(cli, r, obj);
	else if (interrupted())
		status = explain(cli, NULL, EINTR, "touching");
	else
		status = fail(cli, EXIT_FAILED, ECHILD, NULL,
			      "the child died touching");
	close(p.up[0]);
	close(p.down[1]);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return status;
}

/* Shrinks the store under the mapping; the page past its end must be gone. */
int map_later_shrink(struct cli *cli, struct run *r, struct json_object *obj)
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
	row = map_signal_json(&touched, opts->shrink / page_size());
	j_u64(row, "bytes", opts->shrink);
	j_add(obj, "shrink", row);
	return EXIT_OK;
}
