// SPDX-License-Identifier: GPL-2.0-only
/* mmkit map matrix: every strategy against every operation, each done for real. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "map.h"
#include "map_ops.h"
#include "progress.h"
#include "report.h"

/* Maps a fresh store, writes to every page that is there, and tries. */
static int attempt(const char *strategy, const struct map_op *op,
		   const char *disk)
{
	struct op_area area = { .disk = disk, .page = page_size() };
	size_t i;

	area.fd = mmkit_open("map", O_RDWR);
	if (area.fd < 0)
		return -area.fd;
	if (mmkit_map_set(area.fd, strategy, OP_PAGES * area.page))
		return OP_UNTRIED;
	area.map = mmap(NULL, OP_PAGES * area.page, PROT_READ | PROT_WRITE,
			MAP_SHARED, area.fd, 0);
	if (area.map == MAP_FAILED)
		return errno;
	/* The fourth of four may be a hole. */
	for (i = 0; i < OP_PAGES; i++)
		if (i % 4 != 3)
			area.map[i * area.page] = 1;
	return op->run(&area);
}

struct cell {
	int err;
	int signo;
};

/* The answer comes through memory that both processes have. */
static int try_cell(const char *strategy, const struct map_op *op,
		    const char *disk, struct cell *cell)
{
	int *answer = mmap(NULL, page_size(), PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status;
	pid_t pid;

	if (answer == MAP_FAILED)
		return -errno;
	fflush(stdout);
	pid = fork();
	if (!pid) {
		*answer = attempt(strategy, op, disk);
		_exit(0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -errno;
	cell->err = *answer;
	cell->signo = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	munmap(answer, page_size());
	return 0;
}

static const char *outcome(const struct cell *cell)
{
	if (cell->signo)
		return "signal";
	if (cell->err == OP_UNTRIED)
		return "untried";
	if (cell->err == OP_LEFT_OUT)
		return "left-out";
	return cell->err ? "refused" : "works";
}

static bool is_other(const struct map_op *op, const struct cell *cell)
{
	return op->other && op->other == (cell->signo ? cell->signo : cell->err);
}

static const char *reason(const struct map_op *op, const struct cell *cell)
{
	if (!cell->signo && cell->err == OP_UNTRIED)
		return "this kernel or machine has no way to try it";
	if (is_other(op, cell))
		return op->other_why;
	return cell->signo || cell->err ? op->refused : op->works;
}

/* What took the place of another function, in kernels that have it. */
static const char *const renamed[][2] = {
	{ "do_mas_munmap", "do_vmi_munmap" },
	{ "iov_iter_get_pages2", "iov_iter_extract_pages" },
	{ "vma_to_resize", "check_prep_vma" },
};

static const char *in_this_kernel(const char *function)
{
	static uint64_t addrs[ARRAY_SIZE(renamed)];
	static bool asked;
	size_t i;

	if (!asked) {
		const char *names[ARRAY_SIZE(renamed)];

		for (i = 0; i < ARRAY_SIZE(renamed); i++)
			names[i] = renamed[i][1];
		mmkit_proc_symbols(names, ARRAY_SIZE(names), addrs);
		asked = true;
	}
	for (i = 0; i < ARRAY_SIZE(renamed); i++)
		if (addrs[i] && !strcmp(function, renamed[i][0]))
			return renamed[i][1];
	return function;
}

static struct json_object *cell_json(const char *strategy,
				     const struct map_op *op,
				     const struct cell *cell)
{
	bool refused = !strcmp(outcome(cell), "refused");
	struct json_object *obj = j_obj();
	char shown[32];

	snprintf(shown, sizeof(shown), "%s", cell->signo ?
		 sigabbrev_np(cell->signo) : refused ?
		 strerrorname_np(cell->err) : outcome(cell));
	j_str(obj, "strategy", strategy);
	j_str(obj, "operation", op->name);
	j_str(obj, "outcome", outcome(cell));
	j_str(obj, "errno", refused ? strerrorname_np(cell->err) : NULL);
	j_str(obj, "signal", cell->signo ? sigabbrev_np(cell->signo) : NULL);
	j_str(obj, "shown", shown);
	j_str(obj, "why", reason(op, cell));
	j_str(obj, "decides", in_this_kernel(is_other(op, cell) ?
					     op->other_decides : op->decides));
	return obj;
}

void map_matrix_show(struct cli *cli, struct json_object *obj)
{
	static const struct column cols[] = {
		{ "STRATEGY", "strategy", F_TEXT, 0, 0 },
		{ "OPERATION", "operation", F_TEXT, 0, 0 },
		{ "RESULT", "shown", F_TEXT, 0, 0 },
		{ "DECIDED BY", "decides", F_TEXT, 0, 0 },
		{ "WHY", "why", F_TEXT, C_WRAP, 30 },
	};

	out_table(cli, j_get(obj, "cells"), cols, ARRAY_SIZE(cols));
}

static bool wanted(const struct map_matrix_opts *opts,
		   const struct mmkit_map_strategy *s, const struct map_op *op)
{
	if (s->flags & MMKIT_STRATEGY_ABSENT)
		return false;
	if (opts->strategy && strcmp(opts->strategy, s->name))
		return false;
	return !opts->operation || !strcmp(opts->operation, op->name);
}

static int try_all(struct cli *cli, const struct map_matrix_opts *opts,
		   const struct mmkit_map_strategy *list, int nr,
		   struct json_object *arr)
{
	struct progress progress = progress_begin(cli, nr * nr_map_ops);
	struct cell cell = { 0 };
	int i, err = 0;
	size_t op;

	for (i = 0; i < nr && !err; i++)
		for (op = 0; op < nr_map_ops && !err && !interrupted(); op++) {
			if (!wanted(opts, &list[i], &map_ops[op]))
				continue;
			progress_at(&progress, i * nr_map_ops + op, list[i].name);
			err = try_cell(list[i].name, &map_ops[op], opts->disk,
				       &cell);
			if (!err)
				json_object_array_add(arr, cell_json(list[i].name,
								     &map_ops[op],
								     &cell));
		}
	progress_end(&progress);
	return err;
}

int map_matrix_run(struct cli *cli, void *data, int argc, char **argv)
{
	const struct map_matrix_opts *opts = data;
	struct mmkit_map_strategy *list;
	struct json_object *obj, *arr;
	int fd, nr, err;

	(void)argc;
	(void)argv;
	fd = area_open(cli, "map");
	if (fd < 0)
		return -fd;
	nr = mmkit_map_strategies(fd, &list);
	if (nr < 0)
		return explain(cli, NULL, nr, "listing strategies");
	arr = j_arr();
	err = try_all(cli, opts, list, nr, arr);
	free(list);
	if (!err && !json_object_array_length(arr)) {
		json_object_put(arr);
		return usage(cli, "no such strategy or operation (mmkit map strategies)");
	}
	if (err) {
		json_object_put(arr);
		return explain(cli, NULL, err, "starting a process");
	}
	obj = j_obj();
	j_add(obj, "cells", arr);
	return result(cli, obj, map_matrix_show);
}
