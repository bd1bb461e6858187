// SPDX-License-Identifier: GPL-2.0-only
/* From mmkit's allocation flags and nodes to this kernel's. */
#include <linux/capability.h>
#include <linux/export.h>
#include <linux/gfp.h>
#include <linux/nodemask.h>
#include <mmkit/gfp.h>

static gfp_t context(u32 gfp)
{
	switch (gfp & MMKIT_GFP_CONTEXTS) {
	case MMKIT_GFP_ATOMIC:
		return GFP_ATOMIC;
	case MMKIT_GFP_NOWAIT:
		return GFP_NOWAIT;
	case MMKIT_GFP_HIGHUSER_MOVABLE:
		return GFP_HIGHUSER_MOVABLE;
	default:
		return GFP_KERNEL;
	}
}

/**
 * mmkit_gfp_admit() - May the caller use these flags?
 * @gfp: as sent by user space
 *
 * Atomic requests use the reserves of the page allocator, and the kernel charges
 * them past the limit of the caller's cgroup (try_charge_memcg() in
 * mm/memcontrol.c): for those who may exceed limits anyway.
 *
 * Context: Process.
 * Return: 0, -EINVAL as mmkit_gfp_check(), -EPERM ATOMIC without
 * CAP_SYS_RESOURCE.
 */
int mmkit_gfp_admit(u32 gfp)
{
	int err = mmkit_gfp_check(gfp);

	if (!err && (gfp & MMKIT_GFP_ATOMIC) && !capable(CAP_SYS_RESOURCE))
		err = -EPERM;
	return err;
}
EXPORT_SYMBOL_GPL(mmkit_gfp_admit);

/**
 * mmkit_gfp_kernel() - The kernel's mask for mmkit's flags.
 * @gfp: MMKIT_GFP_x that mmkit_gfp_check() passed
 *
 * Memory is always charged to the caller's cgroup, a failure is the caller's
 * to report, and nothing that sleeps may end in the OOM killer:
 * __alloc_pages_may_oom() in mm/page_alloc.c and try_charge_memcg() in
 * mm/memcontrol.c both give up on __GFP_RETRY_MAYFAIL.
 *
 * Context: Any.
 * Return: the mask.
 */
gfp_t mmkit_gfp_kernel(u32 gfp)
{
	gfp_t mask = context(gfp) | __GFP_ACCOUNT | __GFP_NOWARN;

	if (gfp & MMKIT_GFP_DMA)
		mask |= __GFP_DMA;
	if (gfp & MMKIT_GFP_DMA32)
		mask |= __GFP_DMA32;
	if (gfp & MMKIT_GFP_ZERO)
		mask |= __GFP_ZERO;
	if (gfp & MMKIT_GFP_THISNODE)
		mask |= __GFP_THISNODE;
	if (gfp & MMKIT_GFP_COMP)
		mask |= __GFP_COMP;
	if (gfp & MMKIT_GFP_NORETRY)
		mask |= __GFP_NORETRY;
	else if (gfpflags_allow_blocking(mask))
		mask |= __GFP_RETRY_MAYFAIL;
	return mask;
}
EXPORT_SYMBOL_GPL(mmkit_gfp_kernel);

/**
 * mmkit_node_check() - Can this node be asked for memory?
 * @node: as sent by user space; NUMA_NO_NODE is the caller's own
 *
 * Context: Any.
 * Return: 0 or -EINVAL.
 */
int mmkit_node_check(s32 node)
{
	if (node == NUMA_NO_NODE)
		return 0;
	if (node < 0 || node >= MAX_NUMNODES || !node_online(node))
		return -EINVAL;
	return 0;
}
EXPORT_SYMBOL_GPL(mmkit_node_check);
