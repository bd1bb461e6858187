// SPDX-License-Identifier: GPL-2.0-only
/* References. */
#include <linux/refcount.h>
#include "bugs.h"

/**
 * mmkit_bug_refcount() - Take one reference too many.
 *
 * refcount_t sees it, in any kernel: past its largest value it stays where it is for
 * ever, so that the object leaks and is never freed under its users; an atomic_t
 * would wrap to 0. Here the count begins where a path that forgets to put has
 * brought it after 2147483647 calls. It tells once.
 *
 * Context: Any.
 */
void mmkit_bug_refcount(void)
{
	refcount_t references = REFCOUNT_INIT(REFCOUNT_MAX);

	refcount_inc(&references);
}
