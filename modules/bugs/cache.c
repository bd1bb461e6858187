// SPDX-License-Identifier: GPL-2.0-only
/*
 * What SLUB's own checks see, of caches that ask for them. The option slub_debug=
 * (slab_debug= on newer kernels) asks for every cache, on any of Debian's kernels.
 */
#include <linux/compiler.h>
#include <linux/kasan.h>
#include <linux/slab.h>
#include "bugs.h"

/* @next is what somebody forgets to set. */
struct entry {
	u64 value;
	struct entry *next;
	u64 more[6];
};

/**
 * mmkit_bug_uninitialised() - Follow a pointer that was never set.
 *
 * No detector of a kernel built with gcc sees the read of memory that was never
 * written: that is KMSAN, which wants clang. What SLAB_POISON does is to fill the
 * object with 0x6b, so that the read always gives the same impossible address, and
 * the processor refuses to follow it. Without that it would be what the object's
 * last owner left, or a zero, or work for years.
 *
 * Right would be kzalloc(), or to set each member.
 *
 * Context: A thread that may die: it ends with a general protection fault.
 */
void mmkit_bug_uninitialised(void)
{
	struct kmem_cache *cache;
	struct entry *entry;

	cache = kmem_cache_create("mmkit_bug_uninitialised",
				  sizeof(struct entry), 0, SLAB_POISON, NULL);
	if (!cache)
		return;
	entry = kmem_cache_alloc(cache, GFP_KERNEL);
	if (entry) {
		entry->value = 1;
		READ_ONCE(entry->next->value);
		kmem_cache_free(cache, entry);
	}
	kmem_cache_destroy(cache);
}

/**
 * mmkit_bug_slab_overwrite() - Write into the red zone behind an object.
 *
 * SLUB sees it, when the object is freed and not when it is written: SLAB_RED_ZONE
 * puts bytes of 0xcc behind each object, and SLAB_CONSISTENCY_CHECKS compares. KASAN
 * would have seen the write itself, and is told to look away. The object is never
 * freed after that, so destroying the cache finds it, which is a second report.
 *
 * Context: Process.
 */
void mmkit_bug_slab_overwrite(void)
{
	const slab_flags_t checks = SLAB_RED_ZONE | SLAB_CONSISTENCY_CHECKS |
				    SLAB_STORE_USER;
	struct kmem_cache *cache;
	char *object;

	cache = kmem_cache_create("mmkit_bug_overwrite", sizeof(struct entry),
				  0, checks, NULL);
	if (!cache)
		return;
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	if (object) {
		kasan_disable_current();
		OPTIMIZER_HIDE_VAR(object);
		WRITE_ONCE(object[sizeof(struct entry)], 'x');
		kasan_enable_current();
		kmem_cache_free(cache, object);
	}
	/* KASAN keeps freed objects; now it lets SLUB have this one. */
	kmem_cache_destroy(cache);
}
