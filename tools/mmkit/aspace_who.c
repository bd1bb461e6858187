// SPDX-License-Identifier: GPL-2.0-only
/* mmkit aspace who: which processes map page frames, and where. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aspace.h"
#include "page.h"
#include "processes.h"

#define BATCH	4096u	/* pages that are asked about at once */

struct who {
	int fd;
	uint64_t from;
	uint64_t to;
	uint32_t most;		/* runs */
	uint32_t nr;
	uint64_t pages;
	uint64_t left_out;	/* runs */
	uint64_t *words;
	struct json_object *mappings;
};

/* Pages that follow each other in memory and in an address space. */
struct run {
	uint64_t pfn;
	uint64_t pages;
	uint64_t address;
};

static void add_run(struct who *who, struct json_object *runs,
		    const struct run *run)
{
	struct json_object *arr;

	if (!run->pages)
		return;
	who->pages += run->pages;
	if (who->nr == who->most) {
		who->left_out++;
		return;
	}
	who->nr++;
	arr = j_arr();
	json_object_array_add(arr, json_object_new_uint64(run->pfn));
	json_object_array_add(arr, json_object_new_uint64(run->pages));
	json_object_array_add(arr, json_object_new_uint64(run->address));
	json_object_array_add(runs, arr);
}

static bool is_wanted(const struct who *who, uint64_t word)
{
	uint64_t pfn = word & MMKIT_WORD_PFN;
	unsigned int kind = MMKIT_WORD_KIND(word);

	return pfn && kind != MMKIT_ASPACE_SWAP && kind != MMKIT_ASPACE_NONE &&
	       pfn >= who->from && pfn < who->to;
}

static void take_words(struct who *who, struct json_object *runs,
		       uint64_t start, int nr, struct run *run)
{
	uint64_t size = page_size(), pfn;
	int i;

	for (i = 0; i < nr; i++) {
		if (!is_wanted(who, who->words[i]))
			continue;
		pfn = who->words[i] & MMKIT_WORD_PFN;
		if (run->pages && run->pfn + run->pages == pfn &&
		    run->address + run->pages * size == start + i * size) {
			run->pages++;
			continue;
		}
		add_run(who, runs, run);
		*run = (struct run){ pfn, 1, start + i * size };
	}
}

/* The runs of one region of a process. A process that ends meanwhile has none. */
static struct json_object *runs_of(struct who *who, int pid,
				   const struct mmkit_aspace_region *region)
{
	uint64_t at = region->start, size = page_size(), left;
	struct json_object *runs = j_arr();
	struct run run = { 0 };
	int nr;

	while (at < region->end) {
		left = (region->end - at) / size;
		nr = mmkit_aspace_pages(who->fd, pid, at,
					left < BATCH ? left : BATCH, 0,
					who->words);
		if (nr <= 0)
			break;
		take_words(who, runs, at, nr, &run);
		at += nr * size;
	}
	add_run(who, runs, &run);
	return runs;
}

static void add_mapping(struct who *who, const struct process *process,
			struct json_object *region, struct json_object *runs)
{
	struct json_object *obj = j_obj();

	j_num(obj, "pid", process->pid);
	j_str(obj, "command", process->command);
	j_add(obj, "kind", json_object_get(j_get(region, "kind")));
	j_add(obj, "perms", json_object_get(j_get(region, "perms")));
	j_add(obj, "name", json_object_get(j_get(region, "name")));
	j_add(obj, "start", json_object_get(j_get(region, "start")));
	j_add(obj, "runs", runs);
	json_object_array_add(who->mappings, obj);
}

static void look_at(struct who *who, const struct process *process)
{
	struct mmkit_aspace_region *regions;
	struct json_object *region, *runs;
	int i, nr = mmkit_aspace_regions(who->fd, process->pid, 0, &regions);

	for (i = 0; i < nr; i++) {
		runs = runs_of(who, process->pid, &regions[i]);
		if (!json_object_array_length(runs)) {
			json_object_put(runs);
			continue;
		}
		region = region_json(&regions[i], false);
		add_mapping(who, process, region, runs);
		json_object_put(region);
	}
	if (nr >= 0)
		free(regions);
}

/* A row for each run: the document nests them. */
static struct json_object *rows_of(struct json_object *mappings)
{
	struct json_object *rows = j_arr(), *mapping, *runs, *run, *row;
	size_t i, k;

	for (i = 0; i < json_object_array_length(mappings); i++) {
		mapping = json_object_array_get_idx(mappings, i);
		runs = j_get(mapping, "runs");
		for (k = 0; k < json_object_array_length(runs); k++) {
			run = json_object_array_get_idx(runs, k);
			row = j_obj();
			json_object_object_foreach(mapping, key, value)
				if (strcmp(key, "runs"))
					j_add(row, key, json_object_get(value));
			j_add(row, "pfn", json_object_get(
					json_object_array_get_idx(run, 0)));
			j_add(row, "pages", json_object_get(
					json_object_array_get_idx(run, 1)));
			j_add(row, "address", json_object_get(
					json_object_array_get_idx(run, 2)));
			json_object_array_add(rows, row);
		}
	}
	return rows;
}

static void show_who(struct cli *cli, struct json_object *obj)
{
	static const struct column cols[] = {
		{ "PFN", "pfn", F_HEX, C_RIGHT, 0 },
		{ "PAGES", "pages", F_TEXT, C_RIGHT, 0 },
		{ "PID", "pid", F_TEXT, C_RIGHT, 0 },
		{ "COMMAND", "command", F_TEXT, 0, 0 },
		{ "KIND", "kind", F_TEXT, 0, 0 },
		{ "ADDRESS", "address", F_HEX, C_RIGHT, 0 },
		{ "NAME", "name", F_TEXT, 0, 0 },
	};
	struct json_object *rows = rows_of(j_get(obj, "mappings"));

	if (json_object_array_length(rows))
		out_table(cli, rows, cols, ARRAY_SIZE(cols));
	else
		out_line("no process maps them");
	json_object_put(rows);
	if (j_get_u64(obj, "left_out"))
		out_line("and %llu runs more that were left out (--most)",
			 (unsigned long long)j_get_u64(obj, "left_out"));
}

/* "all", PFN, PFN-PFN or PFN+PAGES. */
static int parse_frames(struct cli *cli, const char *text, struct who *who)
{
	char first[64], *end;
	uint64_t second = 1;
	char sep;

	if (!strcmp(text, "all")) {
		who->to = UINT64_MAX;
		return EXIT_OK;
	}
	snprintf(first, sizeof(first), "%s", text);
	end = strpbrk(first, "-+");
	sep = end ? *end : '+';
	if (end)
		*end++ = '\0';
	if (parse_u64(first, UINT64_MAX >> 12, &who->from) ||
	    (end && parse_u64(end, UINT64_MAX >> 12, &second)))
		return usage(cli, "'%s' is no page frame number, no range such as 0x1000-0x2000 or 0x1000+8, not all",
			     text);
	who->to = sep == '-' ? second : who->from + second;
	return who->to > who->from ? EXIT_OK :
	       usage(cli, "'%s' ends before it begins", text);
}

/* Of one page: as many as its count of mappings says. Of processes alone. */
static void verify_who(struct cli *cli, const struct who *who)
{
	uint64_t count, seen = who->pages;
	char where[32];
	int err;

	if (who->to - who->from != 1) {
		verify_skip(cli, "mappings", "/proc/kpagecount", EINVAL);
		return;
	}
	snprintf(where, sizeof(where), "pfn %#llx", (unsigned long long)who->from);
	err = mmkit_proc_kpagecount(who->from, &count, 1);
	if (err < 0)
		verify_skip(cli, "mappings", "/proc/kpagecount", err);
	else
		verify_field(cli, "mappings", "/proc/kpagecount", where, seen, count);
}

static int look(struct cli *cli, struct who *who)
{
	struct process *processes;
	int i, nr = processes_read(&processes);

	if (nr < 0)
		return explain(cli, NULL, nr, "listing the processes");
	who->words = calloc(BATCH, sizeof(*who->words));
	if (!who->words) {
		free(processes);
		return explain(cli, NULL, ENOMEM, "looking at the pages");
	}
	for (i = 0; i < nr && !interrupted(); i++)
		look_at(who, &processes[i]);
	free(who->words);
	free(processes);
	return EXIT_OK;
}

int aspace_who_run(struct cli *cli, void *data, int argc, char **argv)
{
	const struct aspace_who_opts *opts = data;
	struct who who = { .most = opts->most };
	struct json_object *obj;
	int status = parse_frames(cli, argv[0], &who);

	(void)argc;
	if (status)
		return status;
	who.fd = area_open(cli, "aspace");
	if (who.fd < 0)
		return -who.fd;
	who.mappings = j_arr();
	status = look(cli, &who);
	if (status) {
		json_object_put(who.mappings);
		return status;
	}
	if (cli->opt.verify)
		verify_who(cli, &who);
	obj = j_obj();
	j_u64(obj, "from", who.from);
	if (who.to == UINT64_MAX)
		j_null(obj, "to");
	else
		j_u64(obj, "to", who.to);
	j_u64(obj, "pages", who.pages);
	j_u64(obj, "left_out", who.left_out);
	j_add(obj, "mappings", who.mappings);
	return result(cli, obj, show_who);
}
