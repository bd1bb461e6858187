// SPDX-License-Identifier: GPL-2.0-only
/* Objects of kmalloc() that are used, freed and forgotten wrongly. */
#include <linux/compiler.h>
#include <linux/slab.h>
#include "bugs.h"

#define OBJECT_BYTES	100
#define NR_LOST		256

/**
 * mmkit_bug_use_after_free() - Read an object after it was freed.
 *
 * KASAN sees it: kfree() marks the object's shadow as freed and keeps it in a
 * quarantine, so that it is not soon somebody else's. The report has three traces:
 * who read, who allocated, who freed.
 *
 * Right would be to read before kfree(), or to hold a reference.
 *
 * Context: Process.
 */
void mmkit_bug_use_after_free(void)
{
	char *object = kzalloc(OBJECT_BYTES, GFP_KERNEL);

	if (!object)
		return;
	kfree(object);
	READ_ONCE(object[8]);
}

/**
 * mmkit_bug_double_free() - Free an object twice.
 *
 * KASAN sees it, in the second kfree(), by the same shadow. Without it the
 * allocator hands the object to two owners.
 *
 * Right would be one owner, who sets its pointer to NULL when it frees.
 *
 * Context: Process.
 */
void mmkit_bug_double_free(void)
{
	char *object = kmalloc(OBJECT_BYTES, GFP_KERNEL);

	kfree(object);
	OPTIMIZER_HIDE_VAR(object);
	kfree(object);
}

/**
 * mmkit_bug_leak() - Allocate, and lose the pointer.
 *
 * kmemleak sees it: it looks through all of memory for anything that could be a
 * pointer to a block, and reports blocks that have none. What a stack or a register
 * still holds by chance hides one; so do the sheaves that SLUB has on 7.x, which keep the
 * address of an object that they gave out until another one takes its place, each CPU
 * some 120 of this size. Hence so many.
 *
 * Right would be kfree() on each path out.
 *
 * Context: Process.
 */
void mmkit_bug_leak(void)
{
	char *object;
	int i;

	for (i = 0; i < NR_LOST; i++) {
		object = kzalloc(OBJECT_BYTES, GFP_KERNEL);
		OPTIMIZER_HIDE_VAR(object);
	}
}
