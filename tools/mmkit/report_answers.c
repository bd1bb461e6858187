// SPDX-License-Identifier: GPL-2.0-only
/* The four questions that a page of the machine's memory is asked most. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <draw.h>

#include "report.h"
#include "zone_why.h"

#define TOP	12	/* caches that are drawn */
#define CHOICES	16	/* caches that are shown in full */

static const char *str(struct json_object *obj, const char *key)
{
	const char *text = json_object_get_string(j_get(obj, key));

	return text ? text : "-";
}

static void sentence(FILE *file, const char *words)
{
	fputs("<p class=\"answer\">", file);
	draw_escape(file, words);
	fputs("</p>\n", file);
}

static void question(FILE *file, const char *id, const char *words)
{
	fprintf(file, "<article id=\"%s\"><h3>", id);
	draw_escape(file, words);
	fputs("</h3>\n", file);
}

static void amount(FILE *file, struct json_object *memory, const char *key,
		   const char *name)
{
	char buf[32];

	fprintf(file, "<div><dt>%s</dt><dd data-key=\"%s\">%s</dd></div>\n", name,
		key, draw_bytes(j_get_u64(memory, key), buf, sizeof(buf)));
}

static void tiles(FILE *file, struct json_object *now)
{
	struct json_object *memory = j_get(now, "memory");

	fputs("<dl class=\"tiles\">\n", file);
	amount(file, memory, "total", "Memory");
	amount(file, memory, "available", "Available");
	amount(file, memory, "free", "Free");
	amount(file, memory, "anonymous", "Anonymous");
	amount(file, memory, "cached", "Page cache");
	amount(file, memory, "slab", "Slab");
	amount(file, memory, "page_tables", "Page tables");
	amount(file, memory, "swap_total", "Swap");
	fputs("</dl>\n", file);
}

static unsigned int orders_of(struct json_object *zones)
{
	size_t i, nr = json_object_array_length(zones), has, most = 0;

	for (i = 0; i < nr; i++) {
		has = json_object_array_length(j_get(
			json_object_array_get_idx(zones, i), "nr_free"));
		most = has > most ? has : most;
	}
	return most;
}

static void zone_row(FILE *file, struct json_object *zone, unsigned int orders)
{
	unsigned int order;
	enum why why;

	fprintf(file, "<tr><th scope=\"row\">%s, node %llu</th>", str(zone, "zone"),
		(unsigned long long)j_get_u64(zone, "node"));
	for (order = 0; order < orders; order++) {
		why = zone_why(zone, order);
		fprintf(file, "<td class=\"n %s\"><span>%lld</span>%s</td>",
			why_names[why],
			(long long)json_object_get_int64(
				json_object_array_get_idx(j_get(zone, "nr_free"),
							  order)),
			why == WHY_AVAILABLE ? "" :
			why == WHY_FRAGMENTED ? " <abbr title=\"memory enough, but in pieces\">frag</abbr>" :
			why == WHY_SCARCE ? " <abbr title=\"too little memory\">none</abbr>" :
			" <abbr title=\"kept below the watermark\">kept</abbr>");
	}
	fputs("</tr>\n", file);
}

static void exhausted_sentence(FILE *file, struct json_object *zone,
			       unsigned int orders)
{
	int largest = zone_largest(zone);
	char words[160];

	if (largest + 1 >= (int)orders)
		snprintf(words, sizeof(words), "%s: no order is exhausted.",
			 str(zone, "zone"));
	else if (largest + 2 == (int)orders)
		snprintf(words, sizeof(words), "%s: order %d is exhausted.",
			 str(zone, "zone"), largest + 1);
	else
		snprintf(words, sizeof(words), "%s: orders %d to %u are exhausted.",
			 str(zone, "zone"), largest + 1, orders - 1);
	sentence(file, words);
}

static void which_order(FILE *file, struct json_object *now)
{
	struct json_object *zones = j_get(now, "zones");
	size_t i, nr = json_object_array_length(zones);
	unsigned int orders = orders_of(zones), order;

	question(file, "q-order", "Which order is exhausted in which zone?");
	for (i = 0; i < nr; i++)
		exhausted_sentence(file, json_object_array_get_idx(zones, i),
				   orders);
	html_scroll(file, "free blocks by zone and order");
	fputs("<table class=\"orders\"><caption>Free blocks of each order; "
	      "marked where a block of that order could not be had</caption>\n"
	      "<thead><tr><th scope=\"col\">Zone</th>", file);
	for (order = 0; order < orders; order++)
		fprintf(file, "<th scope=\"col\" class=\"n\">%u</th>", order);
	fputs("</tr></thead><tbody>\n", file);
	for (i = 0; i < nr; i++)
		zone_row(file, json_object_array_get_idx(zones, i), orders);
	fputs("</tbody></table></div></article>\n", file);
}

static int by_unused(const void *a, const void *b)
{
	uint64_t x = j_get_u64(*(struct json_object *const *)a, "unused");
	uint64_t y = j_get_u64(*(struct json_object *const *)b, "unused");

	return x > y ? -1 : x < y;
}

/* From the one that wastes most on; to be freed. */
static struct json_object **caches_of(struct json_object *now, size_t *nr)
{
	struct json_object *list = now ? j_get(now, "caches") : NULL, **caches;
	size_t i;

	*nr = list ? json_object_array_length(list) : 0;
	caches = calloc(*nr ? *nr : 1, sizeof(struct json_object *));
	for (i = 0; caches && i < *nr; i++)
		caches[i] = json_object_array_get_idx(list, i);
	if (caches && *nr)
		qsort(caches, *nr, sizeof(struct json_object *), by_unused);
	return caches;
}

static void waste_bars(FILE *file, struct json_object **caches, size_t nr)
{
	char words[TOP][64], size[2][24];
	struct draw_bar bar[TOP];
	struct draw_bars bars = {
		.title = "Bytes of slabs that hold no object", .bar = bar,
	};

	for (; bars.nr < nr && bars.nr < TOP; bars.nr++) {
		struct json_object *cache = caches[bars.nr];

		draw_bytes(j_get_u64(cache, "unused"), size[0], sizeof(size[0]));
		draw_bytes(j_get_u64(cache, "bytes"), size[1], sizeof(size[1]));
		snprintf(words[bars.nr], sizeof(words[0]), "%s of %s", size[0],
			 size[1]);
		bar[bars.nr] = (struct draw_bar) {
			str(cache, "cache"), j_get_u64(cache, "unused"),
			words[bars.nr], DRAW_ORANGE,
		};
	}
	fputs("<figure>", file);
	draw_bars_svg(file, &bars);
	fputs("</figure>\n", file);
}

static void which_cache(FILE *file, struct json_object *now)
{
	struct json_object **caches;
	char words[256], size[2][24];
	size_t nr;

	question(file, "q-cache", "Which slab cache wastes most?");
	caches = caches_of(now, &nr);
	if (caches && nr) {
		draw_bytes(j_get_u64(caches[0], "unused"), size[0], sizeof(size[0]));
		draw_bytes(j_get_u64(caches[0], "bytes"), size[1], sizeof(size[1]));
		snprintf(words, sizeof(words), "%s: %s of its %s hold no object (%llu of %llu objects are in use).",
			 str(caches[0], "cache"), size[0], size[1],
			 (unsigned long long)j_get_u64(caches[0], "active"),
			 (unsigned long long)j_get_u64(caches[0], "objects"));
		sentence(file, words);
		waste_bars(file, caches, nr);
	} else {
		sentence(file, "Not known: /proc/slabinfo is for root.");
	}
	fputs("</article>\n", file);
	free(caches);
}

static uint64_t pages_of(struct json_object *mapping)
{
	struct json_object *runs = j_get(mapping, "runs");
	size_t i, nr = json_object_array_length(runs);
	uint64_t pages = 0;

	for (i = 0; i < nr; i++)
		pages += json_object_get_uint64(json_object_array_get_idx(
			json_object_array_get_idx(runs, i), 1));
	return pages;
}

/* Mappings of a process come one after the other. */
static void mapper_rows(FILE *file, struct json_object *mappings)
{
	size_t i, nr = json_object_array_length(mappings);
	uint64_t pages = 0;

	for (i = 0; i < nr; i++) {
		struct json_object *mapping = json_object_array_get_idx(mappings, i);

		pages += pages_of(mapping);
		if (i + 1 < nr && j_get_u64(json_object_array_get_idx(mappings, i + 1), "pid") ==
		    j_get_u64(mapping, "pid"))
			continue;
		fprintf(file, "<tr><td class=\"n\">%llu</td><td>",
			(unsigned long long)j_get_u64(mapping, "pid"));
		draw_escape(file, str(mapping, "command"));
		fprintf(file, "</td><td class=\"n\">%llu</td></tr>\n",
			(unsigned long long)pages);
		pages = 0;
	}
}

static void who_maps(FILE *file, struct json_object *who)
{
	question(file, "q-who", "What mapped these pages?");
	if (!who) {
		sentence(file, "Not known: mmkit_aspace was not loaded, or it was not root who asked. Make the report again as root, after mmkit load.");
		fputs("</article>\n", file);
		return;
	}
	sentence(file, "The map below answers for each page: point at a cell, or go to a page frame number, and read which process maps it, in which region, at which address. In all:");
	html_scroll(file, "mapped pages by process");
	fputs("<table><thead><tr><th scope=\"col\" class=\"n\">PID</th><th scope=\"col\">Process</th>"
	      "<th scope=\"col\" class=\"n\">Pages mapped</th></tr></thead><tbody>\n", file);
	mapper_rows(file, j_get(who, "mappings"));
	fputs("</tbody></table></div><p><a href=\"#part-map\">The map</a> and <a href=\"#part-who\">the list</a> of runs.</p></article>\n",
	      file);
}

static void verdicts(FILE *file, struct json_object *zones)
{
	size_t i, nr = json_object_array_length(zones);

	fputs("<ul>\n", file);
	for (i = 0; i < nr; i++) {
		struct json_object *zone = json_object_array_get_idx(zones, i);

		fprintf(file, "<li><b>%s</b>, node %llu, <i class=\"%s\">%s</i>: ",
			str(zone, "zone"),
			(unsigned long long)j_get_u64(zone, "node"),
			str(zone, "verdict"), str(zone, "verdict"));
		draw_escape(file, str(zone, "why"));
		fputs(".</li>\n", file);
	}
	fputs("</ul>\n", file);
}

static void why_failed(FILE *file, struct json_object *why)
{
	struct json_object *ours = why ? j_get(why, "session") : NULL;
	struct json_object *log = why ? j_get(why, "kernel_log") : NULL;
	char words[320];

	question(file, "q-why", "Why did the last high-order allocation fail?");
	if (ours) {
		snprintf(words, sizeof(words),
			 "This session's last: %llu of order %llu, %s. At that moment:",
			 (unsigned long long)j_get_u64(ours, "count"),
			 (unsigned long long)j_get_u64(ours, "order"),
			 str(ours, "gfp"));
		sentence(file, words);
		verdicts(file, j_get(ours, "zones"));
	}
	if (log) {
		snprintf(words, sizeof(words),
			 "The kernel's log: order %llu for %s, %s, %llu ms after boot.",
			 (unsigned long long)j_get_u64(log, "order"),
			 str(log, "by"), str(log, "mode"),
			 (unsigned long long)j_get_u64(log, "since_boot_ms"));
		sentence(file, words);
	}
	if (!why)
		sentence(file, "Not known: mmkit_pages was not loaded, or its device is not yours to open. Make the report again as root, after mmkit load.");
	else if (!log && j_get(why, "kernel_log_errno"))
		sentence(file, "The kernel's log could not be read, so whether it tells of one is not known. Make the report again as root.");
	else if (!ours && !log)
		sentence(file, "None is known: neither this session nor the kernel's log tells of one.");
	if (why) {
		snprintf(words, sizeof(words), "A block of order %llu now:",
			 (unsigned long long)j_get_u64(why, "order"));
		sentence(file, words);
		verdicts(file, j_get(why, "zones"));
	}
	fputs("</article>\n", file);
}

void report_answers(FILE *file, const struct report *report)
{
	struct json_object *now = report_result(report, "now");

	if (!now) {
		sentence(file, "The kernel's files could not be read.");
		return;
	}
	tiles(file, now);
	which_order(file, now);
	which_cache(file, now);
	who_maps(file, report_result(report, "who"));
	why_failed(file, report_result(report, "why"));
}

/* Where the bytes of a cache's slabs are. */
static void cache_bars(FILE *file, struct json_object *cache)
{
	uint64_t size = j_get_u64(cache, "object_bytes");
	uint64_t active = j_get_u64(cache, "active"),
		 objects = j_get_u64(cache, "objects"),
		 bytes = j_get_u64(cache, "bytes");
	uint64_t rest = bytes > objects * size ? bytes - objects * size : 0;
	const struct draw_bar bar[] = {
		{ "objects in use", active * size, NULL, DRAW_BLUE },
		{ "free objects", (objects - active) * size, NULL, DRAW_CYAN },
		{ "left over in slabs", rest, NULL, DRAW_GREY },
	};
	const struct draw_bars bars = {
		.title = "Bytes of its slabs", .bar = bar,
		.nr = ARRAY_SIZE(bar), .max = bytes, .number = draw_bytes,
	};

	draw_bars_svg(file, &bars);
}

static void cache_choice(FILE *file, struct json_object *cache, bool open)
{
	fprintf(file, "<details class=\"choice\"%s><summary>", open ? " open" : "");
	draw_escape(file, str(cache, "cache"));
	fputs("</summary>\n<figure>", file);
	cache_bars(file, cache);
	fprintf(file, "</figure><p>%llu of %llu objects of %llu bytes in use; %llu slabs of %llu pages, %llu objects each.</p></details>\n",
		(unsigned long long)j_get_u64(cache, "active"),
		(unsigned long long)j_get_u64(cache, "objects"),
		(unsigned long long)j_get_u64(cache, "object_bytes"),
		(unsigned long long)j_get_u64(cache, "slabs"),
		(unsigned long long)j_get_u64(cache, "pages_per_slab"),
		(unsigned long long)j_get_u64(cache, "per_slab"));
}

/* All of them in a table, the worst as drawings. */
void report_caches(FILE *file, const struct report *report)
{
	static const struct {
		const char *head;
		const char *key;
	} cols[] = {
		{ "In use", "active" }, { "Objects", "objects" },
		{ "Bytes each", "object_bytes" }, { "Slabs", "slabs" },
		{ "Bytes", "bytes" }, { "Without object", "unused" },
	};
	struct json_object **caches;
	size_t nr, i, k;

	caches = caches_of(report_result(report, "now"), &nr);
	if (!caches || !nr) {
		free(caches);
		sentence(file, "Not known: /proc/slabinfo is for root.");
		return;
	}
	fputs("<div class=\"choices\" data-label=\"Cache\">\n", file);
	for (i = 0; i < nr && i < CHOICES; i++)
		cache_choice(file, caches[i], !i);
	fputs("</div>\n<details><summary>All caches</summary>", file);
	html_scroll(file, "all slab caches");
	fputs("<table id=\"all-caches\"><thead><tr><th scope=\"col\">Cache</th>", file);
	for (k = 0; k < ARRAY_SIZE(cols); k++)
		fprintf(file, "<th scope=\"col\" class=\"n\">%s</th>", cols[k].head);
	fputs("</tr></thead><tbody>\n", file);
	for (i = 0; i < nr; i++) {
		fputs("<tr><th scope=\"row\">", file);
		draw_escape(file, str(caches[i], "cache"));
		fputs("</th>", file);
		for (k = 0; k < ARRAY_SIZE(cols); k++)
			fprintf(file, "<td class=\"n\">%llu</td>",
				(unsigned long long)j_get_u64(caches[i], cols[k].key));
		fputs("</tr>\n", file);
	}
	fputs("</tbody></table></div></details>\n", file);
	free(caches);
}
