// SPDX-License-Identifier: GPL-2.0-only
/* Strategies: mmkit's own, and those of other modules. */
#include <linux/export.h>
#include <linux/mutex.h>
#include <linux/string.h>
#include "map.h"

/* Beside the registry's, which knows nothing of a strategy but its name. */
static DEFINE_MUTEX(strategies_lock);	/* protects the list */
static LIST_HEAD(strategies);

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
	int err;

	if (!vm_ops || (!vm_ops->fault && !strategy->mmap))
		return -EINVAL;
	/* Without these nobody would know what is mapped. */
	if (!vm_ops->open || !vm_ops->close)
		return -EINVAL;
	mutex_lock(&strategies_lock);
	err = mmkit_entry_add(&strategy->entry, MMKIT_KIND_STRATEGY);
	if (!err)
		list_add_tail(&strategy->node, &strategies);
	mutex_unlock(&strategies_lock);
	return err;
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
	mutex_lock(&strategies_lock);
	list_del(&strategy->node);
	mmkit_entry_del(&strategy->entry);
	mutex_unlock(&strategies_lock);
}
EXPORT_SYMBOL_GPL(mmkit_strategy_unregister);

/**
 * struct own - one of mmkit's own strategies
 * @strategy: it
 * @init: what it needs before it can be registered, or NULL; returns why it is
 *	absent on this kernel or machine, or NULL
 * @exit: undoes @init, which returned NULL
 * @absent: it is; its note says why
 */
struct own {
	struct mmkit_strategy *strategy;
	const char *(*init)(void);
	void (*exit)(void);
	bool absent;
};

static struct own own[] = {
	{ &mmkit_strategy_page },
	{ &mmkit_strategy_insert },
	{ &mmkit_strategy_pages },
	{ &mmkit_strategy_remap },
	{ &mmkit_strategy_pfn },
	{ &mmkit_strategy_mixed },
	{ &mmkit_strategy_around },
	{ &mmkit_strategy_populate },
	{ &mmkit_strategy_huge },
	{ &mmkit_strategy_cow },
	{ &mmkit_strategy_dirty },
	{ &mmkit_strategy_vmalloc },
	{ &mmkit_strategy_kmalloc },
	{ &mmkit_strategy_dma, mmkit_dma_init, mmkit_dma_exit },
	{ &mmkit_strategy_io },
	{ &mmkit_strategy_iohuge, mmkit_iohuge_init },
	{ &mmkit_strategy_shmem },
	{ &mmkit_strategy_pager },
	{ &mmkit_strategy_lazyzero },
	{ &mmkit_strategy_sigbus },
	{ &mmkit_strategy_access },
};

static int add(struct own *o)
{
	const char *reason = o->init ? o->init() : NULL;
	int err;

	o->absent = reason;
	if (reason) {
		o->strategy->note = reason;
		return 0;
	}
	err = mmkit_strategy_register(o->strategy);
	if (err && o->exit)
		o->exit();
	return err;
}

static void del(struct own *o)
{
	if (o->absent)
		return;
	mmkit_strategy_unregister(o->strategy);
	if (o->exit)
		o->exit();
}

int mmkit_strategies_init(void)
{
	size_t i;
	int err;

	for (i = 0; i < ARRAY_SIZE(own); i++) {
		err = add(&own[i]);
		if (err)
			goto undo;
	}
	return 0;

undo:
	while (i--)
		del(&own[i]);
	return err;
}

void mmkit_strategies_uninit(void)
{
	size_t i = ARRAY_SIZE(own);

	while (i--)
		del(&own[i]);
}

/**
 * mmkit_strategy_is_absent() - Is it known, and absent here?
 * @name: of a strategy that is not registered
 *
 * Context: Any.
 * Return: true when MMKIT_MAP_STRATEGIES has its reason.
 */
bool mmkit_strategy_is_absent(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(own); i++)
		if (own[i].absent && !strcmp(own[i].strategy->entry.name, name))
			return true;
	return false;
}

static u32 flags_of(const struct mmkit_strategy *strategy)
{
	u32 flags = 0;

	if (strategy->vm_flags & VM_PFNMAP)
		flags |= MMKIT_STRATEGY_PFN;
	/* vmf_insert_mixed() maps a frame as one without a page. */
	if (strategy->vm_flags & VM_PFNMAP ||
	    (strategy->vm_flags & VM_MIXEDMAP && !strategy->mmap))
		flags |= MMKIT_STRATEGY_UNCOUNTED;
	if (strategy->mmap)
		flags |= MMKIT_STRATEGY_AT_MMAP;
	if (strategy->vm_ops->fault)
		flags |= MMKIT_STRATEGY_FAULT;
	if (strategy->log)
		flags |= MMKIT_STRATEGY_LOG;
	return flags;
}

static void strategy_info(struct mmkit_map_strategy *out,
			  const struct mmkit_strategy *strategy)
{
	const char *missing = strategy->missing ? strategy->missing() : NULL;
	const struct mmkit_backing *backing = strategy->backing;

	strscpy(out->name, strategy->entry.name, sizeof(out->name));
	strscpy(out->help, strategy->entry.help ?: "", sizeof(out->help));
	strscpy(out->note, missing ?: strategy->note ?: "", sizeof(out->note));
	strscpy(out->tune, strategy->tune ?: "", sizeof(out->tune));
	strscpy(out->backing, (backing ?: &mmkit_backing_pages)->name,
		sizeof(out->backing));
	out->flags = flags_of(strategy);
	if (missing)
		out->flags |= MMKIT_STRATEGY_ABSENT;
	out->tune_default = strategy->tune_default;
	out->tune_max = strategy->tune_max;
}

static void module_of(struct mmkit_map_strategy *out, struct module *owner)
{
	strscpy(out->module, owner ? module_name(owner) : "built-in",
		sizeof(out->module));
}

/**
 * mmkit_strategies_list() - What there is, and what is absent.
 * @out: zeroed room
 * @room: elements of it
 *
 * Context: Process.
 * Return: how many there are; at most @room were filled in.
 */
u32 mmkit_strategies_list(struct mmkit_map_strategy *out, u32 room)
{
	struct mmkit_strategy *strategy;
	u32 nr = 0;
	size_t i;

	mutex_lock(&strategies_lock);
	list_for_each_entry(strategy, &strategies, node) {
		if (nr < room) {
			strategy_info(&out[nr], strategy);
			module_of(&out[nr], strategy->entry.owner);
		}
		nr++;
	}
	mutex_unlock(&strategies_lock);
	for (i = 0; i < ARRAY_SIZE(own); i++) {
		if (!own[i].absent)
			continue;
		if (nr < room) {
			strategy_info(&out[nr], own[i].strategy);
			out[nr].flags |= MMKIT_STRATEGY_ABSENT;
		}
		nr++;
	}
	return nr;
}
