// SPDX-License-Identifier: GPL-2.0-only
/* What mmkit top shows, as a document: two looks and the time between them. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "top.h"

static uint64_t microseconds(const struct top_sample *before,
			     const struct top_sample *now)
{
	int64_t us = (now->at.tv_sec - before->at.tv_sec) * 1000000 +
		     (now->at.tv_nsec - before->at.tv_nsec) / 1000;

	return us > 0 ? us : 1;
}

/* Counters of a kernel only grow; one that did not was reset. */
static uint64_t rate(uint64_t before, uint64_t now, uint64_t us)
{
	return now < before ? 0 : (now - before) * 1000000 / us;
}

static struct json_object *memory_json(const struct top_sample *now)
{
	struct json_object *obj = j_obj();
	int i;

	for (i = 0; i < TOP_AMOUNTS; i++)
		j_u64(obj, top_amount_names[i], now->amounts[i]);
	return obj;
}

static struct json_object *pressure_json(const struct top_sample *now)
{
	struct json_object *obj;

	if (now->some_milli < 0)
		return NULL;
	obj = j_obj();
	j_num(obj, "some_avg10", now->some_milli);
	j_num(obj, "full_avg10", now->full_milli);
	return obj;
}

static struct json_object *rates_json(const struct top_sample *before,
				      const struct top_sample *now, uint64_t us)
{
	struct json_object *obj = j_obj();
	int i;

	for (i = 0; i < TOP_COUNTERS; i++)
		j_u64(obj, top_counter_names[i],
		      rate(before->counters[i], now->counters[i], us));
	return obj;
}

static const struct mmkit_zone *indices_of(const struct top_sample *now,
					   const struct mmkit_proc_zone *zone)
{
	int i;

	for (i = 0; i < now->nr_indices; i++)
		if (now->indices[i].node == zone->node &&
		    !strcmp(now->indices[i].name, zone->name))
			return &now->indices[i];
	return NULL;
}

/* Indices come from the module, and are null without it. */
static void add_indices(struct json_object *obj, const struct mmkit_zone *zone,
			unsigned int orders)
{
	struct json_object *unusable, *fragmentation;
	unsigned int i;

	if (!zone) {
		j_null(obj, "unusable");
		j_null(obj, "fragmentation");
		return;
	}
	unusable = j_arr();
	fragmentation = j_arr();
	for (i = 0; i < orders && i < zone->orders; i++) {
		json_object_array_add(unusable,
				      json_object_new_int(zone->unusable[i]));
		json_object_array_add(fragmentation,
				      json_object_new_int(zone->fragmentation[i]));
	}
	j_add(obj, "unusable", unusable);
	j_add(obj, "fragmentation", fragmentation);
}

static int largest_free(const struct mmkit_proc_zone *zone)
{
	int order = zone->orders;

	while (--order >= 0 && !zone->per_order[order])
		;
	return order;
}

static struct json_object *zone_json(const struct top_sample *now,
				     const struct mmkit_proc_zone *zone)
{
	struct json_object *obj = j_obj(), *per_order = j_arr();
	unsigned int i;

	j_num(obj, "node", zone->node);
	j_str(obj, "zone", zone->name);
	j_u64(obj, "managed", zone->managed);
	j_u64(obj, "free", zone->free);
	j_u64(obj, "min", zone->min);
	j_u64(obj, "low", zone->low);
	j_u64(obj, "high", zone->high);
	j_u64(obj, "pcp_pages", zone->pcp_pages);
	j_num(obj, "largest_free_order", largest_free(zone));
	for (i = 0; i < zone->orders; i++)
		json_object_array_add(per_order,
				      json_object_new_int64(zone->per_order[i]));
	j_add(obj, "nr_free", per_order);
	add_indices(obj, indices_of(now, zone), zone->orders);
	return obj;
}

static struct json_object *zones_json(const struct top_sample *now)
{
	struct json_object *arr = j_arr();
	int i;

	for (i = 0; i < now->nr_zones; i++)
		if (now->zones[i].managed)
			json_object_array_add(arr, zone_json(now, &now->zones[i]));
	return arr;
}

static struct json_object *cache_json(const struct mmkit_proc_cache *cache)
{
	struct json_object *obj = j_obj();
	uint64_t slabs = cache->per_slab ? cache->objects / cache->per_slab : 0;
	uint64_t bytes = slabs * cache->pages_per_slab * sysconf(_SC_PAGESIZE);
	uint64_t used = (uint64_t)cache->active * cache->object_bytes;

	j_str(obj, "cache", cache->name);
	j_u64(obj, "active", cache->active);
	j_u64(obj, "objects", cache->objects);
	j_u64(obj, "object_bytes", cache->object_bytes);
	j_u64(obj, "slabs", slabs);
	j_u64(obj, "per_slab", cache->per_slab);
	j_u64(obj, "pages_per_slab", cache->pages_per_slab);
	j_u64(obj, "bytes", bytes);
	j_u64(obj, "unused", bytes > used ? bytes - used : 0);
	j_num(obj, "fill", bytes ? used * 1000 / bytes : 0);
	return obj;
}

static struct json_object *caches_json(const struct top_sample *now)
{
	struct json_object *arr;
	int i;

	if (now->nr_caches < 0)
		return NULL;
	arr = j_arr();
	for (i = 0; i < now->nr_caches; i++)
		if (now->caches[i].objects)
			json_object_array_add(arr, cache_json(&now->caches[i]));
	return arr;
}

static struct json_object *sessions_json(const struct top_sample *now)
{
	struct json_object *arr = j_arr(), *obj;
	int i;

	for (i = 0; i < now->nr_sessions; i++) {
		obj = j_obj();
		j_u64(obj, "session", now->sessions[i].id);
		j_str(obj, "area", now->sessions[i].area);
		j_num(obj, "handles", now->sessions[i].handles);
		j_num(obj, "bytes", now->sessions[i].bytes);
		j_str(obj, "command", now->sessions[i].comm);
		j_num(obj, "pid", now->sessions[i].pid);
		json_object_array_add(arr, obj);
	}
	return arr;
}

/* Orders that nobody asked for are left out. */
static struct json_object *orders_json(const struct top_sample *before,
				       const struct top_sample *now, uint64_t us)
{
	struct json_object *arr = j_arr(), *obj;
	unsigned int i;

	for (i = 0; i < MMKIT_NR_ORDERS; i++) {
		if (!now->orders[i])
			continue;
		obj = j_obj();
		j_num(obj, "order", i);
		j_u64(obj, "blocks", now->orders[i]);
		j_u64(obj, "per_second",
		      rate(before->orders[i], now->orders[i], us));
		json_object_array_add(arr, obj);
	}
	return arr;
}

struct json_object *top_json(const struct top_sample *before,
			     const struct top_sample *now,
			     const struct top_trace *trace, const char *untraced)
{
	uint64_t us = microseconds(before, now);
	struct json_object *obj = j_obj();

	j_u64(obj, "interval_us", us);
	j_add(obj, "memory", memory_json(now));
	j_add(obj, "pressure", pressure_json(now));
	j_add(obj, "rates", rates_json(before, now, us));
	j_add(obj, "zones", zones_json(now));
	j_add(obj, "caches", caches_json(now));
	j_add(obj, "sessions", sessions_json(now));
	j_add(obj, "allocations", trace ? orders_json(before, now, us) : NULL);
	j_str(obj, "untraced", untraced);
	return obj;
}
