// SPDX-License-Identifier: GPL-2.0-only
/* Lists. */
#include <linux/list.h>
#include "bugs.h"

/**
 * mmkit_bug_list() - Take an entry out of its list twice.
 *
 * DEBUG_LIST sees it: list_del() leaves poison in the entry, and looks for it.
 * Without that the second one writes to the poison's address, or through pointers
 * to entries that were freed since.
 *
 * Right would be list_del_init(), or to know who takes it out.
 *
 * Context: Any.
 */
void mmkit_bug_list(void)
{
	struct list_head entry;
	LIST_HEAD(head);

	list_add(&entry, &head);
	list_del(&entry);
	list_del(&entry);
}
