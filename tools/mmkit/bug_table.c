// SPDX-License-Identifier: GPL-2.0-only
/* The bugs that modules/bugs has, and who sees each. */
#include <stddef.h>
#include <string.h>

#include "bug.h"

#define KASAN_SHOT \
	"KASAN tells of the first bug of a boot only, unless kasan_multi_shot is on the kernel's command line"
#define ONCE		"the kernel tells of each place once: boot again"
#define LOCKDEP_OFF \
	"lockdep switches itself off with its first report, and with one of KASAN or a bad page: boot again, and begin with this one"

const struct bug bugs[] = {
	{ "use-after-free", "an object is read after kfree()",
	  "KASAN", "KASAN", "object.c", "mmkit_bug_use_after_free",
	  "BUG: KASAN: (slab-)?use-after-free in mmkit_bug_use_after_free",
	  KASAN_SHOT },
	{ "double-free", "an object is freed twice",
	  "KASAN", "KASAN", "object.c", "mmkit_bug_double_free",
	  "BUG: KASAN: (double-free|invalid-free)", KASAN_SHOT },
	{ "slab-bounds", "a write past the end of a kmalloc() object",
	  "KASAN", "KASAN", "bounds.c", "mmkit_bug_slab_bounds",
	  "BUG: KASAN: slab-out-of-bounds in mmkit_bug_slab_bounds",
	  KASAN_SHOT },
	{ "vmalloc-bounds", "a read past the end of vmalloc() memory",
	  "KASAN", "KASAN_VMALLOC", "bounds.c", "mmkit_bug_vmalloc_bounds",
	  "BUG: KASAN: vmalloc-out-of-bounds in mmkit_bug_vmalloc_bounds",
	  KASAN_SHOT },
	{ "stack-bounds", "a read past the end of an array on the stack",
	  "KASAN", "KASAN_STACK", "bounds.c", "mmkit_bug_stack_bounds",
	  "BUG: KASAN: stack-out-of-bounds in mmkit_bug_stack_bounds",
	  KASAN_SHOT },
	{ "leak", "objects that nothing points to any more",
	  "kmemleak", "DEBUG_KMEMLEAK", "object.c", "mmkit_bug_leak",
	  "^unreferenced object",
	  "kmemleak gives up for good when it runs out of memory, and kmemleak=off switches it off" },
	{ "uninitialised", "a pointer is followed that was never set",
	  "SLUB poison and the processor", "SLUB_DEBUG", "cache.c",
	  "mmkit_bug_uninitialised", "general protection fault", NULL },
	{ "mapped-page", "a page is freed while user space has it mapped",
	  "page allocator", "DEBUG_VM", "pages.c", "mmkit_bug_mapped_page",
	  "BUG: Bad page state", NULL },
	{ "page-twice", "a page is freed twice",
	  "DEBUG_VM", "DEBUG_VM", "pages.c", "mmkit_bug_page_twice",
	  "page dumped because: VM_BUG_ON_(PAGE|FOLIO)\\(", NULL },
	{ "atomic-sleep", "an allocation that may sleep, under a spinlock",
	  "DEBUG_ATOMIC_SLEEP", "DEBUG_ATOMIC_SLEEP", "locks.c",
	  "mmkit_bug_atomic_sleep",
	  "BUG: sleeping function called from invalid context",
	  "the kernel tells of this once a second" },
	{ "lock-inversion", "two locks, taken in both orders",
	  "lockdep", "PROVE_LOCKING", "locks.c", "mmkit_bug_lock_inversion",
	  "WARNING: possible circular locking dependency", LOCKDEP_OFF },
	{ "rcu-reader", "rcu_dereference() where no reader has begun",
	  "PROVE_RCU", "PROVE_RCU", "rcu.c", "mmkit_bug_rcu_reader",
	  "WARNING: suspicious RCU usage", ONCE "; and lockdep must not have switched itself off" },
	{ "rcu-sleep", "an RCU reader that sleeps",
	  "RCU", "PREEMPT_RCU", "rcu.c", "mmkit_bug_rcu_sleep",
	  "Voluntary context switch within RCU", ONCE },
	{ "refcount", "more references are taken than can be counted",
	  "refcount_t", NULL, "count.c", "mmkit_bug_refcount",
	  "refcount_t: saturated", ONCE },
	{ "slab-overwrite", "a write into the red zone behind an object",
	  "SLUB", "SLUB_DEBUG", "cache.c", "mmkit_bug_slab_overwrite",
	  "(BUG mmkit_bug_overwrite .*|\\[)Right Redzone overwritten", NULL },
	{ "list", "an entry is taken out of a list twice",
	  "DEBUG_LIST", "DEBUG_LIST", "list.c", "mmkit_bug_list",
	  "list_del corruption", NULL },
	{ 0 },
};

const struct bug *bug_find(const char *name)
{
	const struct bug *bug;

	for (bug = bugs; bug->name; bug++)
		if (!strcmp(bug->name, name))
			return bug;
	return NULL;
}
