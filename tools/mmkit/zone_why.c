// SPDX-License-Identifier: GPL-2.0-only
/*
 * Why a zone has no block of an order: judged as the page allocator does it, by the
 * watermark, by the free lists, and by the fragmentation index.
 */
#include <stdio.h>
#include <string.h>

#include "page.h"
#include "zone_why.h"

/* Above it the kernel compacts, up to it it reclaims (vm.extfrag_threshold). */
#define THRESHOLD	500

static uint64_t element(struct json_object *zone, const char *key, size_t i)
{
	return json_object_get_uint64(json_object_array_get_idx(
						j_get(zone, key), i));
}

/* Blocks of @order that the free lists hold, larger ones split. */
uint64_t zone_blocks(struct json_object *zone, unsigned int order)
{
	size_t i, orders = json_object_array_length(j_get(zone, "nr_free"));
	uint64_t blocks = 0;

	for (i = order; i < orders; i++)
		blocks += element(zone, "nr_free", i) << (i - order);
	return blocks;
}

/* The largest order of which there is a free block, or -1. */
int zone_largest(struct json_object *zone)
{
	int order = json_object_array_length(j_get(zone, "nr_free"));

	while (--order >= 0 && !element(zone, "nr_free", order))
		;
	return order;
}

/* Without the module there is no index: then by what is free in all. */
static bool is_scattered(struct json_object *zone, unsigned int order)
{
	struct json_object *index = j_get(zone, "fragmentation");

	if (!index)
		return j_get_u64(zone, "free") >=
		       j_get_u64(zone, "min") + (1ull << order);
	return json_object_get_int64(json_object_array_get_idx(index, order)) >
	       THRESHOLD;
}

/* By __zone_watermark_ok(), without what lower zones keep for themselves. */
enum why zone_why(struct json_object *zone, unsigned int order)
{
	uint64_t block = 1ull << order;

	if (!j_get_u64(zone, "managed"))
		return WHY_EMPTY;
	if (!zone_blocks(zone, order))
		return is_scattered(zone, order) ? WHY_FRAGMENTED : WHY_SCARCE;
	return j_get_u64(zone, "free") + 1 > j_get_u64(zone, "min") + block ?
	       WHY_AVAILABLE : WHY_WATERMARK;
}

const char *const why_names[] = {
	[WHY_AVAILABLE] = "available", [WHY_WATERMARK] = "watermark",
	[WHY_FRAGMENTED] = "fragmented", [WHY_SCARCE] = "scarce",
	[WHY_EMPTY] = "empty",
};

static const char *mib(char *text, size_t len, uint64_t pages)
{
	uint64_t kib = pages * (page_size() / 1024);

	if (kib < 1024)
		snprintf(text, len, "%llu KiB", (unsigned long long)kib);
	else
		snprintf(text, len, "%llu MiB", (unsigned long long)kib / 1024);
	return text;
}

static void tell(char *text, size_t len, struct json_object *zone,
		 unsigned int order, enum why why)
{
	char free[32], min[32];

	mib(free, sizeof(free), j_get_u64(zone, "free"));
	mib(min, sizeof(min), j_get_u64(zone, "min"));
	switch (why) {
	case WHY_AVAILABLE:
		snprintf(text, len, "%llu of order %u could be had",
			 (unsigned long long)zone_blocks(zone, order), order);
		break;
	case WHY_WATERMARK:
		snprintf(text, len, "of %s free, %s are kept for those who may not wait (min watermark)",
			 free, min);
		break;
	case WHY_FRAGMENTED:
		snprintf(text, len, "%s free, but in pieces: no block above order %d",
			 free, zone_largest(zone));
		break;
	case WHY_SCARCE:
		snprintf(text, len, "%s free: too little, however it lies", free);
		break;
	case WHY_EMPTY:
		snprintf(text, len, "it has no memory");
	}
}

struct json_object *zone_why_json(struct json_object *zone, unsigned int order)
{
	struct json_object *obj = j_obj(), *index = j_get(zone, "fragmentation");
	enum why why = zone_why(zone, order);
	char text[160];

	tell(text, sizeof(text), zone, order, why);
	j_u64(obj, "node", j_get_u64(zone, "node"));
	j_str(obj, "zone", json_object_get_string(j_get(zone, "zone")));
	j_str(obj, "verdict", why_names[why]);
	j_u64(obj, "blocks", zone_blocks(zone, order));
	j_num(obj, "largest_free_order", zone_largest(zone));
	j_u64(obj, "free", j_get_u64(zone, "free"));
	j_u64(obj, "min", j_get_u64(zone, "min"));
	j_add(obj, "fragmentation", json_object_get(
			index ? json_object_array_get_idx(index, order) : NULL));
	j_str(obj, "why", text);
	return obj;
}
