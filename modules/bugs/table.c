// SPDX-License-Identifier: GPL-2.0-only
/* The bugs there are. */
#include "bugs.h"

const struct mmkit_bug mmkit_bugs[] = {
	{ "use-after-free", "an object is read after kfree()",
	  mmkit_bug_use_after_free },
	{ "double-free", "an object is freed twice", mmkit_bug_double_free },
	{ "slab-bounds", "a write past the end of a kmalloc() object",
	  mmkit_bug_slab_bounds },
	{ "vmalloc-bounds", "a read past the end of vmalloc() memory",
	  mmkit_bug_vmalloc_bounds },
	{ "stack-bounds", "a read past the end of an array on the stack",
	  mmkit_bug_stack_bounds },
	{ "leak", "objects that nothing points to any more", mmkit_bug_leak },
	{ "uninitialised", "a pointer is followed that was never set",
	  mmkit_bug_uninitialised },
	{ "mapped-page", "a page is freed while user space has it mapped",
	  mmkit_bug_mapped_page, .wants_mm = true },
	{ "page-twice", "a page is freed twice", mmkit_bug_page_twice },
	{ "atomic-sleep", "an allocation that may sleep, under a spinlock",
	  mmkit_bug_atomic_sleep },
	{ "lock-inversion", "two locks, taken in both orders",
	  mmkit_bug_lock_inversion },
	{ "rcu-reader", "rcu_dereference() where no reader has begun",
	  mmkit_bug_rcu_reader },
	{ "rcu-sleep", "an RCU reader that sleeps", mmkit_bug_rcu_sleep },
	{ "refcount", "more references are taken than can be counted",
	  mmkit_bug_refcount },
	{ "slab-overwrite", "a write into the red zone behind an object",
	  mmkit_bug_slab_overwrite },
	{ "list", "an entry is taken out of a list twice", mmkit_bug_list },
	{ }
};
