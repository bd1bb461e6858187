// SPDX-License-Identifier: GPL-2.0-only
/* Strategies: mmkit's own, and those of other modules. */
#include <linux/export.h>
#include "map.h"

/**
 * mmkit_strategy_register() - Offer a way to serve a mapping.
 * @strategy: static; with vm_ops that count, and that have a fault handler or an
 *	mmap function beside them
 *
 * Context: Process.
 * Return: 0, -EINVAL nothing would serve the mapping, or a bad name; -EEXIST.
 */
int mmkit_strategy_register(struct mmkit_strategy *strategy)
{
	const struct vm_operations_struct *vm_ops = strategy->vm_ops;

	if (!vm_ops || (!vm_ops->fault && !strategy->mmap))
		return -EINVAL;
	/* Without these nobody would know what is mapped. */
	if (!vm_ops->open || !vm_ops->close)
		return -EINVAL;
	return mmkit_entry_add(&strategy->entry, MMKIT_KIND_STRATEGY);
}
EXPORT_SYMBOL_GPL(mmkit_strategy_register);

/**
 * mmkit_strategy_unregister() - Take it back.
 * @strategy: that was registered; no store uses it, because one that does
 *	holds the module
 *
 * Context: Process.
 */
void mmkit_strategy_unregister(struct mmkit_strategy *strategy)
{
	mmkit_entry_del(&strategy->entry);
}
EXPORT_SYMBOL_GPL(mmkit_strategy_unregister);

static struct mmkit_strategy *const own[] = {
	&mmkit_strategy_page,
};

static void unregister_first(size_t nr)
{
	while (nr--)
		mmkit_strategy_unregister(own[nr]);
}

int mmkit_strategies_init(void)
{
	size_t i;
	int err;

	for (i = 0; i < ARRAY_SIZE(own); i++) {
		err = mmkit_strategy_register(own[i]);
		if (err) {
			unregister_first(i);
			return err;
		}
	}
	return 0;
}

void mmkit_strategies_uninit(void)
{
	unregister_first(ARRAY_SIZE(own));
}
