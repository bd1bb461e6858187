// SPDX-License-Identifier: GPL-2.0-only
/* Runs a sequence on both sides, and makes one that differs as short as it gets. */
#include <stdio.h>
#include <string.h>

#include "calls.h"

static const char *const names[CALL_NR] = {
	"add", "add_node", "remove", "reserve", "phys_free", "mark_hotplug",
	"clear_hotplug", "mark_mirror", "mark_nomap", "clear_nomap",
	"reserved_mark_noinit", "set_node memory", "set_node reserved",
	"trim_memory", "cap_memory_range", "enforce_memory_limit",
	"mem_limit_remove_map", "alloc_try_nid_raw", "alloc_exact_nid_raw",
	"alloc_range_nid", "phys_alloc_range", "phys_alloc_try_nid",
	"find_in_range", "find_in_range_node", "is_memory", "is_map_memory",
	"is_reserved", "is_region_memory", "is_region_reserved",
	"overlaps_region memory", "search_pfn_nid", "for_each_free_mem_range",
	"for_each_free_mem_range_reverse", "for_each_mem_range",
	"for_each_mem_range_rev", "for_each_reserved_mem_range",
	"for_each_mem_pfn_range", "set_bottom_up", "set_current_limit",
};

static bool same_regions(int reserved)
{
	struct regions k, m;

	kernel_side.regions(reserved, &k);
	model_side.regions(reserved, &m);
	return k.cnt == m.cnt && k.max == m.max && k.total == m.total &&
	       k.addr == m.addr &&
	       !memcmp(k.region, m.region, k.cnt * sizeof(*k.region));
}

/* What the model refuses must have spoiled the kernel's map. */
static bool is_spoiled(void)
{
	struct regions k;
	uint64_t i;

	kernel_side.regions(0, &k);
	for (i = 0; i < k.cnt; i++)
		if (!k.region[i].base && k.region[i].bytes)
			return true;
	return false;
}

static bool same_call(const struct call *call)
{
	uint64_t k_hash = 0, m_hash = 0;
	int64_t k = kernel_side.call(call, &k_hash);
	int64_t m = model_side.call(call, &m_hash);

	if (kernel_side.broken() || model_side.broken())
		return kernel_side.broken() && model_side.broken();
	if (model_side.refused())
		return is_spoiled();
	return k == m && k_hash == m_hash &&
	       kernel_side.warned() == model_side.warned() &&
	       same_regions(0) && same_regions(1);
}

/* Returns how many calls it takes until the sides differ, 0 when they do not. */
size_t sequence_differs(const struct sequence *sequence)
{
	size_t i;

	kernel_side.reset(&sequence->setting);
	model_side.reset(&sequence->setting);
	for (i = 0; i < sequence->nr; i++) {
		if (!same_call(&sequence->calls[i]))
			return i + 1;
		if (kernel_side.broken() || model_side.refused())
			break;
	}
	return 0;
}

static void take_out(struct sequence *from, size_t first, size_t nr)
{
	memmove(&from->calls[first], &from->calls[first + nr],
		(from->nr - first - nr) * sizeof(from->calls[0]));
	from->nr -= nr;
}

/* Leave out what is not needed, in halves, quarters and so on down to one call. */
void sequence_shorten(struct sequence *sequence)
{
	static struct sequence less;
	size_t chunk, first, end;

	sequence->nr = sequence_differs(sequence);
	for (chunk = sequence->nr / 2 + 1; chunk; chunk /= 2) {
		for (first = 0; first + chunk <= sequence->nr;) {
			less = *sequence;
			take_out(&less, first, chunk);
			end = sequence_differs(&less);
			if (end) {
				less.nr = end;
				*sequence = less;
			} else {
				first += chunk;
			}
		}
	}
}

static void print_regions(const struct side *side, int reserved)
{
	struct regions r;
	uint64_t i;

	side->regions(reserved, &r);
	printf("#   %s %s: cnt %llu max %llu total 0x%llx array 0x%llx\n",
	       side->name, reserved ? "reserved" : "memory",
	       (unsigned long long)r.cnt, (unsigned long long)r.max,
	       (unsigned long long)r.total, (unsigned long long)r.addr);
	for (i = 0; i < r.cnt && i < 16; i++)
		printf("#     0x%llx 0x%llx flags 0x%x node %d\n",
		       (unsigned long long)r.region[i].base,
		       (unsigned long long)r.region[i].bytes,
		       r.region[i].flags, r.region[i].node);
}

static void print_side(const struct side *side, const struct sequence *sequence)
{
	uint64_t hash = 0;
	int64_t value = 0;
	size_t i;

	side->reset(&sequence->setting);
	for (i = 0; i < sequence->nr; i++)
		value = side->call(&sequence->calls[i], &hash);
	printf("# %s: returns 0x%llx, ranges 0x%llx, %llu warnings%s\n", side->name,
	       (unsigned long long)value, (unsigned long long)hash,
	       (unsigned long long)side->warned(),
	       side->broken() ? ", BUG" : "");
	print_regions(side, 0);
	print_regions(side, 1);
}

void sequence_print(const struct sequence *sequence)
{
	const struct setting *s = &sequence->setting;
	size_t i;

	printf("# %zu calls make a difference (resize %d, movable_node %d, kernelcore=mirror %d):\n",
	       sequence->nr, s->can_resize, s->movable_node,
	       s->kernelcore_mirror);
	for (i = 0; i < sequence->nr; i++) {
		const struct call *c = &sequence->calls[i];

		printf("#   %s base 0x%llx bytes 0x%llx align 0x%llx min 0x%llx max 0x%llx node %d flags 0x%x\n",
		       names[c->code], (unsigned long long)c->base,
		       (unsigned long long)c->bytes,
		       (unsigned long long)c->align,
		       (unsigned long long)c->min, (unsigned long long)c->max,
		       c->node, c->flags);
	}
	print_side(&kernel_side, sequence);
	print_side(&model_side, sequence);
}
