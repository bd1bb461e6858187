/* SPDX-License-Identifier: GPL-2.0-only */
/* MMKIT_GFP_x: checked, read from text, turned into the kernel's. */
#ifndef _MMKIT_GFP_H
#define _MMKIT_GFP_H

#include <linux/types.h>
#include <mmkit/mmkit.h>

/* Pure. */
int mmkit_gfp_check(u32 gfp);
int mmkit_gfp_parse(const char *text, u32 *gfp);

#ifdef __KERNEL__
#include <linux/cpuset.h>
#include <linux/gfp.h>
#include <linux/mempolicy.h>
#include <linux/mm.h>
#include <linux/nodemask.h>

/*
 * For what mmkit itself needs in proportion to what a caller asks for: charged
 * to the caller, and a failure rather than an OOM kill.
 */
#define MMKIT_GFP_BOOKKEEPING \
	(GFP_KERNEL_ACCOUNT | __GFP_NOWARN | __GFP_RETRY_MAYFAIL)

/* May the caller take memory of this node, by its cpuset and its policy? */
static inline bool mmkit_may_use_node(int nid)
{
#ifdef CONFIG_NUMA
	const struct mempolicy *policy = current->mempolicy;

	if (policy && policy->mode == MPOL_BIND &&
	    !node_isset(nid, policy->nodes))
		return false;
#endif
	return node_isset(nid, cpuset_current_mems_allowed);
}

/*
 * Of one zone what si_mem_available() says of all: not all of the page cache can go,
 * and what is kept for those that may use no other zone is not for one of @top.
 */
static inline unsigned long mmkit_zone_room(struct zone *zone,
					    enum zone_type top)
{
	unsigned long file = zone_page_state(zone, NR_ZONE_ACTIVE_FILE) +
			     zone_page_state(zone, NR_ZONE_INACTIVE_FILE);
	long pages = zone_page_state(zone, NR_FREE_PAGES) -
		     zone_page_state(zone, NR_FREE_CMA_PAGES) + file -
		     min(file / 2, low_wmark_pages(zone)) -
		     high_wmark_pages(zone) - zone->lowmem_reserve[top];

	return max(pages, 0L);
}

/*
 * vmalloc_user() and vmalloc_32() ask with GFP_KERNEL alone: what there is not
 * would end in a stack trace, or with the OOM killer. Not from here: @gfp says in
 * which zones they look. Another process may still take what was seen before they
 * do. Those of one module ask under a lock, so it is not one of them.
 */
static inline bool mmkit_is_there(u64 bytes, gfp_t gfp)
{
	enum zone_type top = gfp_zone(gfp), i;
	u64 pages = 0;
	int nid;

	for_each_online_node(nid)
		for (i = 0; mmkit_may_use_node(nid) && i <= top; i++)
			pages += mmkit_zone_room(&NODE_DATA(nid)->node_zones[i],
						 top);
	return bytes >> PAGE_SHIFT < pages;
}

int mmkit_gfp_admit(u32 gfp);
gfp_t mmkit_gfp_kernel(u32 gfp);
int mmkit_node_check(s32 node);
#endif

#endif
