/* SPDX-License-Identifier: GPL-2.0-only */
/* Events of a store, in a ring that user space maps. */
#ifndef _MMKIT_MAP_EVENTS_H
#define _MMKIT_MAP_EVENTS_H

#include <linux/jump_label.h>
#include <linux/mm.h>
#include <mmkit/store.h>

/* Where in the device the ring begins, in pages: after any store. */
#define MMKIT_EVENTS_PGOFF	(MMKIT_EVENTS_OFFSET >> PAGE_SHIFT)

/* True while any store has a ring: until then the code is not even looked at. */
DECLARE_STATIC_KEY_FALSE(mmkit_events_wanted);

void mmkit_event_slow(struct mmkit_store *store, u32 kind, u64 index);
void mmkit_event_fault_slow(struct mmkit_store *store,
			    const struct vm_fault *vmf, vm_fault_t ret);

static inline bool mmkit_events_on(void)
{
	return static_branch_unlikely(&mmkit_events_wanted);
}

/**
 * mmkit_event() - Record something that is no fault.
 * @store: of which
 * @kind: enum mmkit_event_kind
 * @index: of the page
 *
 * Context: Process.
 */
static inline void mmkit_event(struct mmkit_store *store, u32 kind, u64 index)
{
	if (mmkit_events_on())
		mmkit_event_slow(store, kind, index);
}

/**
 * mmkit_event_fault() - Record a fault.
 * @store: that was faulted on
 * @vmf: the fault
 * @ret: what the handler found
 *
 * Context: of the fault handler.
 */
static inline void mmkit_event_fault(struct mmkit_store *store,
				     const struct vm_fault *vmf,
				     vm_fault_t ret)
{
	if (mmkit_events_on())
		mmkit_event_fault_slow(store, vmf, ret);
}

int mmkit_map_events(struct mmkit_call *call, void *arg);
int mmkit_events_mmap(struct mmkit_store *store, struct vm_area_struct *vma);
void mmkit_events_stop(struct mmkit_store *store);

#endif
