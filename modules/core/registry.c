// SPDX-License-Identifier: GPL-2.0-only
/*
 * One list of everything that has a name: areas, allocators, strategies and so
 * on. The core asks for nothing but the name, so any module can add one.
 */
#include <linux/mutex.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include "registry.h"

static DEFINE_MUTEX(registry_lock);	/* protects the list */
static LIST_HEAD(registry);

static struct mmkit_entry *find_locked(enum mmkit_entry_kind kind,
				       const char *name)
{
	struct mmkit_entry *entry;

	lockdep_assert_held(&registry_lock);

	list_for_each_entry(entry, &registry, node)
		if (entry->kind == kind && !strcmp(entry->name, name))
			return entry;
	return NULL;
}

static bool name_ok(const char *name)
{
	size_t len = strnlen(name, MMKIT_NAME_LEN);

	return len && len < MMKIT_NAME_LEN && !strpbrk(name, "/! \t\n");
}

/**
 * mmkit_entry_add() - Register a name.
 * @entry: name, help and owner; stays the caller's until mmkit_entry_del()
 * @kind: what it is
 *
 * Context: Process.
 * Return: 0, -EINVAL a name that is empty, too long or no single word,
 * -EEXIST taken.
 */
int mmkit_entry_add(struct mmkit_entry *entry, enum mmkit_entry_kind kind)
{
	int err = 0;

	if (!name_ok(entry->name))
		return -EINVAL;

	mutex_lock(&registry_lock);
	if (find_locked(kind, entry->name)) {
		err = -EEXIST;
	} else {
		entry->kind = kind;
		list_add_tail(&entry->node, &registry);
	}
	mutex_unlock(&registry_lock);
	return err;
}
EXPORT_SYMBOL_GPL(mmkit_entry_add);

/**
 * mmkit_entry_del() - Take a name back.
 * @entry: that was added; whoever got it holds its module, so none is in use
 *
 * Context: Process.
 */
void mmkit_entry_del(struct mmkit_entry *entry)
{
	mutex_lock(&registry_lock);
	list_del(&entry->node);
	mutex_unlock(&registry_lock);
}
EXPORT_SYMBOL_GPL(mmkit_entry_del);

/**
 * mmkit_entry_get() - Look a name up and hold its module.
 * @kind: what is wanted
 * @name: as user space sent it, NUL-terminated
 *
 * Context: Process.
 * Return: the entry, to be given to mmkit_entry_put(), or NULL.
 */
struct mmkit_entry *mmkit_entry_get(enum mmkit_entry_kind kind,
				    const char *name)
{
	struct mmkit_entry *entry;

	mutex_lock(&registry_lock);
	entry = find_locked(kind, name);
	if (entry && !try_module_get(entry->owner))
		entry = NULL;
	mutex_unlock(&registry_lock);
	return entry;
}
EXPORT_SYMBOL_GPL(mmkit_entry_get);

/**
 * mmkit_entry_put() - Let go of what mmkit_entry_get() returned.
 * @entry: it
 *
 * Context: Any.
 */
void mmkit_entry_put(struct mmkit_entry *entry)
{
	module_put(entry->owner);
}
EXPORT_SYMBOL_GPL(mmkit_entry_put);

static void entry_info(struct mmkit_entry_info *info,
		       const struct mmkit_entry *entry)
{
	strscpy(info->name, entry->name, sizeof(info->name));
	strscpy(info->module, entry->owner ? module_name(entry->owner) : "built-in",
		sizeof(info->module));
	strscpy(info->help, entry->help ?: "", sizeof(info->help));
}

/**
 * mmkit_registry_list() - Copy out what is registered.
 * @kind: which kind
 * @infos: zeroed room
 * @room: elements of it
 *
 * Context: Process.
 * Return: how many are registered; at most @room were copied.
 */
u32 mmkit_registry_list(enum mmkit_entry_kind kind,
			struct mmkit_entry_info *infos, u32 room)
{
	struct mmkit_entry *entry;
	u32 nr = 0;

	mutex_lock(&registry_lock);
	list_for_each_entry(entry, &registry, node) {
		if (entry->kind != kind)
			continue;
		if (nr < room)
			entry_info(&infos[nr], entry);
		nr++;
	}
	mutex_unlock(&registry_lock);
	return nr;
}

/* debugfs info/registry */
int mmkit_registry_show(struct seq_file *m, void *unused)
{
	static const char *const kinds[MMKIT_KIND_NR] = {
		"area", "allocator", "strategy", "carveouts"
	};
	struct mmkit_entry *entry;

	mutex_lock(&registry_lock);
	list_for_each_entry(entry, &registry, node)
		seq_printf(m, "%-9s  %-16s  %s\n", kinds[entry->kind],
			   entry->name, entry->help ?: "");
	mutex_unlock(&registry_lock);
	return 0;
}

/**
 * mmkit_allocator_register() - Offer an allocator to the exerciser.
 * @allocator: with all of its functions
 *
 * Context: Process.
 * Return: 0, -EINVAL a function or the name is missing, -EEXIST.
 */
int mmkit_allocator_register(struct mmkit_allocator *allocator)
{
	if (!allocator->alloc || !allocator->free || !allocator->pfn)
		return -EINVAL;
	return mmkit_entry_add(&allocator->entry, MMKIT_KIND_ALLOCATOR);
}
EXPORT_SYMBOL_GPL(mmkit_allocator_register);

/**
 * mmkit_allocator_unregister() - Take it back.
 * @allocator: that was registered
 *
 * Context: Process.
 */
void mmkit_allocator_unregister(struct mmkit_allocator *allocator)
{
	mmkit_entry_del(&allocator->entry);
}
EXPORT_SYMBOL_GPL(mmkit_allocator_unregister);
