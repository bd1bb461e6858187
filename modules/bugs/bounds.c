// SPDX-License-Identifier: GPL-2.0-only
/* One byte too far, in each kind of memory. */
#include <linux/compiler.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#include "bugs.h"

#define OBJECT_BYTES	100

/* The compiler sees through what it is shown, and would warn. */
static char *beyond(char *object, size_t bytes)
{
	OPTIMIZER_HIDE_VAR(object);
	return object + bytes;
}

/**
 * mmkit_bug_slab_bounds() - Write one byte past the end of an object.
 *
 * KASAN sees it: the object has 100 bytes of the 128 that kmalloc() took for it, and
 * the rest is marked. No other object is hit, so nothing else would notice.
 *
 * Right would be to compare an index with the size before it is used.
 *
 * Context: Process.
 */
void mmkit_bug_slab_bounds(void)
{
	char *object = kmalloc(OBJECT_BYTES, GFP_KERNEL);

	if (!object)
		return;
	WRITE_ONCE(*beyond(object, OBJECT_BYTES), 'x');
	kfree(object);
}

/**
 * mmkit_bug_vmalloc_bounds() - Read one byte past the end of vmalloc() memory.
 *
 * KASAN sees it, with KASAN_VMALLOC: what is left of the last page is marked. The
 * page behind that is a hole, and would fault with any kernel.
 *
 * Context: Process.
 */
void mmkit_bug_vmalloc_bounds(void)
{
	char *object = vmalloc(OBJECT_BYTES);

	if (!object)
		return;
	READ_ONCE(*beyond(object, OBJECT_BYTES));
	vfree(object);
}

/**
 * mmkit_bug_stack_bounds() - Read one byte past the end of an array on the stack.
 *
 * KASAN sees it, with KASAN_STACK: the compiler puts red zones between a function's
 * variables. With an index that it can see, UBSAN_BOUNDS would say it first.
 *
 * Context: Process.
 */
void mmkit_bug_stack_bounds(void)
{
	char array[24];

	memset(array, 0, sizeof(array));
	READ_ONCE(*beyond(array, sizeof(array)));
}
