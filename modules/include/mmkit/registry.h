/* SPDX-License-Identifier: GPL-2.0-only */
/* What is registered: areas, allocators, mapping strategies. */
#ifndef _MMKIT_REGISTRY_H
#define _MMKIT_REGISTRY_H

#include <linux/gfp.h>
#include <linux/list.h>
#include <linux/module.h>
#include <mmkit/info.h>

/**
 * struct mmkit_entry - a name that tools can ask for
 * @name: unique within its kind, shorter than %MMKIT_NAME_LEN
 * @help: one line
 * @owner: module that must stay while the entry is in use
 * @kind: enum mmkit_entry_kind, set by the core
 * @node: in the registry, protected by its lock
 */
struct mmkit_entry {
	const char *name;
	const char *help;
	struct module *owner;
	enum mmkit_entry_kind kind;
	struct list_head node;
};

int mmkit_entry_add(struct mmkit_entry *entry, enum mmkit_entry_kind kind);
void mmkit_entry_del(struct mmkit_entry *entry);
struct mmkit_entry *mmkit_entry_get(enum mmkit_entry_kind kind,
				    const char *name);
void mmkit_entry_put(struct mmkit_entry *entry);

/**
 * struct mmkit_allocator - something that allocates memory
 * @entry: name, help and owner
 * @alloc: @size bytes from node @nid or nearby; NULL when there is none.
 *	Context: as @gfp says.
 * @free: gives back what @alloc returned for @size
 * @pfn: first page frame behind @object
 * @address: where the bytes of @object are, NULL when at @object itself
 * @footprint: bytes of memory that an object of @size takes, NULL for @size:
 *	what a session is charged
 *
 * The exerciser and the benchmark drive whatever is registered.
 */
struct mmkit_allocator {
	struct mmkit_entry entry;
	void *(*alloc)(size_t size, gfp_t gfp, int nid);
	void (*free)(void *object, size_t size);
	unsigned long (*pfn)(const void *object);
	void *(*address)(void *object);
	u64 (*footprint)(size_t size);
};

int mmkit_allocator_register(struct mmkit_allocator *allocator);
void mmkit_allocator_unregister(struct mmkit_allocator *allocator);

#endif
