// SPDX-License-Identifier: GPL-2.0-only
/*
 * Is there room? vmalloc_user() and vmalloc_32() ask with GFP_KERNEL alone: what there
 * is not would end in a stack trace, or with the OOM killer. So somebody looks first.
 */
#include <linux/export.h>
#include <linux/mempolicy.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/nodemask.h>
#include <linux/sched.h>
#include <mmkit/gfp.h>

/* One at a time: two that looked at the same moment would see the same pages. */
static DEFINE_MUTEX(room_lock);	/* from the look to the end of what was looked for */

#ifdef CONFIG_NUMA

/* Is @top below policy_zone of mm/mempolicy.c, which is not exported? */
static bool has_higher_zone(enum zone_type top)
{
	enum zone_type i;
	int nid;

	for_each_online_node(nid)
		for (i = top + 1; i < ZONE_MOVABLE; i++)
			if (managed_zone(&NODE_DATA(nid)->node_zones[i]))
				return true;
	return false;
}

/*
 * The nodes that memory of zones up to @top comes from. A policy binds what may come
 * from the highest zone there is, and no kernel memory where its nodes have movable
 * memory alone: apply_policy_zone(). The nodes of a cpuset are asked first, and then
 * the others, unless with __GFP_HARDWALL.
 */
static const nodemask_t *nodes_for(enum zone_type top)
{
	const struct mempolicy *policy = current->mempolicy;

	if (policy && policy->mode == MPOL_BIND && !has_higher_zone(top) &&
	    nodes_intersects(policy->nodes, node_states[N_HIGH_MEMORY]))
		return &policy->nodes;
	return &node_online_map;
}

#else

static const nodemask_t *nodes_for(enum zone_type top)
{
	return &node_online_map;
}

#endif

/*
 * Of one zone what si_mem_available() says of all: not all of the page cache can go,
 * and what is kept for those that may use no other zone is not for one of @top.
 */
static unsigned long zone_room(struct zone *zone, enum zone_type top)
{
	unsigned long file = zone_page_state(zone, NR_ZONE_ACTIVE_FILE) +
			     zone_page_state(zone, NR_ZONE_INACTIVE_FILE);
	long pages = zone_page_state(zone, NR_FREE_PAGES) -
		     zone_page_state(zone, NR_FREE_CMA_PAGES) + file -
		     min(file / 2, low_wmark_pages(zone)) -
		     high_wmark_pages(zone) - zone->lowmem_reserve[top];

	return max(pages, 0L);
}

static bool is_there(u64 bytes, gfp_t gfp)
{
	enum zone_type top = gfp_zone(gfp), i;
	const nodemask_t *nodes = nodes_for(top);
	u64 pages = 0;
	int nid;

	for_each_node_mask(nid, *nodes)
		for (i = 0; node_online(nid) && i <= top; i++)
			pages += zone_room(&NODE_DATA(nid)->node_zones[i], top);
	return bytes >> PAGE_SHIFT < pages;
}

/**
 * mmkit_room_begin() - Look whether there is memory before it is asked for.
 * @bytes: how many
 * @gfp: which zones it comes from
 *
 * All of mmkit ask one after the other. Another process may still take what was seen.
 *
 * Context: Process.
 * Return: true, and mmkit_room_end() has to come; false there is not, or the caller was
 * killed while it waited.
 */
bool mmkit_room_begin(u64 bytes, gfp_t gfp)
{
	if (mutex_lock_killable(&room_lock))
		return false;
	if (is_there(bytes, gfp))
		return true;
	mutex_unlock(&room_lock);
	return false;
}
EXPORT_SYMBOL_GPL(mmkit_room_begin);

/**
 * mmkit_room_end() - What was looked for has been taken, or could not be had.
 *
 * Context: Process, after mmkit_room_begin() returned true.
 */
void mmkit_room_end(void)
{
	mutex_unlock(&room_lock);
}
EXPORT_SYMBOL_GPL(mmkit_room_end);
