// SPDX-License-Identifier: GPL-2.0-only
/* What a report is made of: commands, run as they would be typed. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "processes.h"
#include "progress.h"
#include "report.h"

#define PROCESSES	8	/* that are drawn */
#define TREE_ORDER	6

const struct report_section report_sections[] = {
	{ "answers", "Four questions", NULL },
	{ "memory", "Physical memory",
	  "Every page frame by what it is used for, and who maps it." },
	{ "zones", "Zones and free lists",
	  "What the buddy allocator has, by order, and what keeps it from giving it away." },
	{ "caches", "Slab caches",
	  "How much memory each cache has, and how much of that holds no object." },
	{ "processes", "Processes",
	  "Address spaces to scale, and the page tables behind an address." },
	{ "boot", "The boot allocator",
	  "What memblock handed over when the kernel had booted." },
	{ "waste", "What allocators give",
	  "How much more than asked for comes back, size by size." },
	{ "paging", "Mapping and paging",
	  "Strategies to serve a mapping, and policies that choose what to evict." },
	{ "labs", "Labs", "Experiments, and what they claim." },
	{ "bench", "Figures", "What was measured before, in documents that were given." },
	{ NULL, NULL, NULL },
};

static const struct fixed {
	const char *section;
	const char *id;
	const char *title;
	const char *typed;
	const char *says;
	bool slow;
} parts[] = {
	{ "answers", "now", "The machine at this moment", "top --interval 500", NULL, false },
	{ "answers", "why", "Blocks of a high order", "pages why --order 9", NULL, false },
	{ "memory", "map", "Page frames",
	  "pages draw --cells 2048 --runs 40000",
	  "A cell is coloured by what most of its pages are.", false },
	{ "memory", "who", "Who maps them", "aspace who all --most 8000 --rows 60",
	  "Pages of user space, each run of frames with the process and the address.", false },
	{ "zones", "zones", "Zones and watermarks", "pages zones", NULL, false },
	{ "zones", "buddy", "Free blocks", "pages buddy", NULL, false },
	{ "zones", "frag", "Fragmentation", "pages frag", NULL, false },
	{ "zones", "drain", "Buddies that merge", "pages drain --order 4",
	  "Neighbouring blocks freed one after the other: a free block grows by one order whenever its buddy is free too.", false },
	{ "caches", "slab", "A slab, to scale", "slab draw --size 300 --align 64 --ctor",
	  "A cache made for this page: where the bytes of a slot go.", false },
	{ "boot", "memblock", "Regions", "memblock observe", NULL, false },
	{ "waste", "sweep", "kmalloc()", "heap sweep --api kmalloc", NULL, true },
	{ "paging", "policies", "Page replacement",
	  "map policies --pattern zipf --pages 32 --touches 240 --frames 8 --curve 32",
	  "The same string of references under every policy.", false },
	{ "paging", "faults", "Faults of a mapping",
	  "map run -s pager --size 128K --frames 12 --pattern zipf --touches 160 --write --exact --events --rows 12",
	  "A store of 32 pages in 12 frames: each fault and each eviction when it came.", false },
	{ "paging", "matrix", "Strategies and operations", "map matrix --rows 0",
	  "Every operation tried on every strategy, and who decided.", true },
};

static struct report_part *add(struct report *report)
{
	struct report_part *more = reallocarray(report->part, report->nr + 1,
						sizeof(*more));

	if (!more)
		return NULL;
	report->part = more;
	more += report->nr++;
	*more = (struct report_part){ 0 };
	return more;
}

static struct report_part *run(struct cli *cli, struct report *report,
			       const char *section, const char *typed)
{
	struct report_part *part = add(report);

	if (!part)
		return NULL;
	part->section = section;
	snprintf(part->typed, sizeof(part->typed), "%s", typed);
	capture_command(cli, &part->capture, typed);
	return part;
}

static void run_fixed(struct cli *cli, struct report *report,
		      const struct fixed *fixed)
{
	struct report_part *part = run(cli, report, fixed->section, fixed->typed);

	if (!part)
		return;
	part->says = fixed->says;
	snprintf(part->id, sizeof(part->id), "%s", fixed->id);
	snprintf(part->title, sizeof(part->title), "%s", fixed->title);
}

/* The address spaces of the largest processes. */
static void run_processes(struct cli *cli, struct report *report)
{
	static const char *const verbs[] = {
		"map --pid %d", "walk stack --pid %d", "tables --pid %d",
	};
	struct process *process;
	int i, nr = processes_read(&process);
	struct report_part *part;
	char typed[64], verb[48];
	size_t k;

	for (i = 0; i < nr && i < PROCESSES; i++)
		for (k = 0; k < ARRAY_SIZE(verbs); k++) {
			snprintf(verb, sizeof(verb), verbs[k], process[i].pid);
			snprintf(typed, sizeof(typed), "aspace %s", verb);
			part = run(cli, report, "processes", typed);
			if (!part)
				continue;
			part->choice = true;
			snprintf(part->id, sizeof(part->id), "%.*s-%d",
				 (int)strcspn(verbs[k], " "), verbs[k],
				 process[i].pid);
			snprintf(part->title, sizeof(part->title),
				 "%s, process %d (%llu KiB resident)",
				 process[i].command, process[i].pid,
				 (unsigned long long)process[i].rss *
				 sysconf(_SC_PAGESIZE) / 1024);
		}
	free(process);
}

/* A block of which something is free in small pieces, or the first of all. */
static uint64_t broken_block(const struct report *report)
{
	struct json_object *map = report_result(report, "map"), *cells, *cell;
	size_t i, nr;

	cells = map ? j_get(map, "cells") : NULL;
	nr = cells ? json_object_array_length(cells) : 0;
	for (i = 0; i < nr; i++) {
		cell = json_object_array_get_idx(cells, i);
		if (!strcmp(json_object_get_string(j_get(cell, "state")),
			    "free, order 0-3"))
			return j_get_u64(cell, "pfn");
	}
	return nr ? j_get_u64(json_object_array_get_idx(cells, nr / 2), "pfn") : 0;
}

static void run_tree(struct cli *cli, struct report *report)
{
	struct report_part *part;
	char typed[64];

	snprintf(typed, sizeof(typed), "pages tree %#llx --order %d",
		 (unsigned long long)broken_block(report), TREE_ORDER);
	part = run(cli, report, "zones", typed);
	if (!part)
		return;
	part->says = "A block of order 6, halved as often as it takes; halves that are both free would be one block.";
	snprintf(part->id, sizeof(part->id), "tree");
	snprintf(part->title, sizeof(part->title), "A block and its buddies");
}

static void run_labs(struct cli *cli, struct report *report, const char *names)
{
	struct report_part *part;
	char typed[sizeof(part->typed)], *comma;

	snprintf(typed, sizeof(typed), "lab run %s", names);
	while ((comma = strchr(typed, ',')))
		*comma = ' ';
	part = run(cli, report, "labs", typed);
	if (!part)
		return;
	/* What stands on the page for one lab is little: for a page, all of it. */
	free(part->capture.page);
	part->capture.page = NULL;
	if (j_get(part->capture.doc, "result"))
		part->capture.page = capture_page(cli,
				j_get(part->capture.doc, "result"), lab_runs_show);
	snprintf(part->id, sizeof(part->id), "labs-run");
	snprintf(part->title, sizeof(part->title), "Claims");
}

static void when_and_where(struct report *report)
{
	time_t now = time(NULL);
	struct tm utc;

	if (gmtime_r(&now, &utc))
		strftime(report->made, sizeof(report->made),
			 "%Y-%m-%dT%H:%M:%SZ", &utc);
	if (gethostname(report->host, sizeof(report->host) - 1))
		snprintf(report->host, sizeof(report->host), "unknown");
}

int report_gather(struct cli *cli, const struct report_opts *opts,
		  struct report *report)
{
	size_t i, total = ARRAY_SIZE(parts) + 2 + !!opts->labs;
	struct progress progress = progress_begin(cli, total);

	when_and_where(report);
	for (i = 0; i < ARRAY_SIZE(parts) && !interrupted(); i++) {
		progress_at(&progress, i, parts[i].typed);
		if (!opts->quick || !parts[i].slow)
			run_fixed(cli, report, &parts[i]);
	}
	progress_at(&progress, i++, "pages tree");
	run_tree(cli, report);
	progress_at(&progress, i++, "aspace");
	run_processes(cli, report);
	progress_at(&progress, i, "labs");
	if (opts->labs)
		run_labs(cli, report, opts->labs);
	progress_end(&progress);
	return interrupted() ? explain(cli, NULL, EINTR, "looking around") : EXIT_OK;
}

show_fn report_show_of(const char *command)
{
	static const struct {
		const char *command;
		show_fn show;
	} shows[] = {
		{ "lab run", lab_runs_show },
		{ "map matrix", map_matrix_show },
		{ "bench run", bench_page_show },
		{ "bench all", bench_page_show },
		{ "exercise", exercise_show_chart },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(shows); i++)
		if (!strcmp(shows[i].command, command))
			return shows[i].show;
	return NULL;
}

static const char *section_of(const char *command)
{
	if (!strncmp(command, "lab ", 4))
		return "labs";
	return !strncmp(command, "map ", 4) ? "paging" : "bench";
}

static const char *command_of(struct json_object *doc)
{
	return json_object_get_string(j_get(doc, "command"));
}

static bool has_place(struct json_object *doc)
{
	return command_of(doc) && report_show_of(command_of(doc)) &&
	       j_get(doc, "result");
}

static int with(struct cli *cli, struct report *report, const char *path)
{
	static const struct j_kind kind = {
		has_place, "document that a report has a place for",
		"mmkit --json lab run, map matrix, bench run or exercise, and its output in a file",
	};
	struct json_object *doc;
	struct report_part *part;
	const char *command;
	int status;

	doc = j_load(cli, path, &kind, &status);
	if (!doc)
		return status;
	command = command_of(doc);
	part = add(report);
	if (!part) {
		json_object_put(doc);
		return explain(cli, NULL, ENOMEM, "reading documents");
	}
	part->section = section_of(command);
	snprintf(part->typed, sizeof(part->typed), "%s", command);
	snprintf(part->id, sizeof(part->id), "with-%zu", report->nr);
	snprintf(part->title, sizeof(part->title), "%.20s, from %.40s", command,
		 strrchr(path, '/') ? strrchr(path, '/') + 1 : path);
	part->capture.doc = doc;
	part->capture.page = capture_page(cli, j_get(doc, "result"),
					  report_show_of(command));
	return EXIT_OK;
}

/* Documents that were made before. */
int report_with(struct cli *cli, struct report *report, int argc, char **argv)
{
	int i, status = EXIT_OK;

	for (i = 0; i < argc && !status; i++)
		status = with(cli, report, argv[i]);
	return status;
}

void report_free(struct report *report)
{
	size_t i;

	for (i = 0; i < report->nr; i++)
		capture_free(&report->part[i].capture);
	free(report->part);
}

/* What the command of that part found; NULL when it failed. */
struct json_object *report_result(const struct report *report, const char *id)
{
	size_t i;

	for (i = 0; i < report->nr; i++)
		if (!strcmp(report->part[i].id, id) && report->part[i].capture.doc)
			return j_get(report->part[i].capture.doc, "result");
	return NULL;
}

static struct json_object *part_json(const struct report_part *part)
{
	struct json_object *obj = j_obj(), *doc = part->capture.doc, *error;

	error = doc ? j_get(doc, "error") : NULL;
	j_str(obj, "id", part->id);
	j_str(obj, "section", part->section);
	j_str(obj, "title", part->title);
	j_str(obj, "typed", part->typed);
	j_add(obj, "absent", error ?
	      json_object_get(j_get(error, "message")) : NULL);
	j_add(obj, "document", json_object_get(doc));
	return obj;
}

struct json_object *report_json(const struct report *report)
{
	struct json_object *obj = j_obj(), *arr = j_arr();
	size_t i;

	for (i = 0; i < report->nr; i++)
		json_object_array_add(arr, part_json(&report->part[i]));
	j_str(obj, "made", report->made);
	j_str(obj, "host", report->host);
	j_null(obj, "file");
	j_null(obj, "bytes");
	j_add(obj, "parts", arr);
	return obj;
}
