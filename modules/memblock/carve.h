/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory that was reserved at boot, claimed as a driver does. */
#ifndef _MMKIT_MEMBLOCK_CARVE_H
#define _MMKIT_MEMBLOCK_CARVE_H

#include <linux/kref.h>
#include <mmkit/carveout.h>
#include <mmkit/memblock.h>
#include <mmkit/session.h>

struct resource;

/**
 * struct mmkit_carve - a claimed range
 * @object: of the core
 * @memory: where, and mapped
 * @tree: in which it was claimed
 * @offered: others may take it
 * @ref: one of the session's, one of who has taken it
 * @offer: in the list of those that can be taken, empty when it is not
 * @taken: somebody has
 *
 * The first four do not change; offer.c's lock protects the others.
 */
struct mmkit_carve {
	struct mmkit_object object;
	struct mmkit_carveout memory;
	struct resource *tree;
	bool offered;
	struct kref ref;
	struct list_head offer;
	bool taken;
};

extern const struct mmkit_object_ops mmkit_carve_ops;

bool mmkit_carve_range_is_valid(u64 base, u64 bytes);
struct mmkit_carve *mmkit_carve_new(u64 base, u64 bytes);
struct mmkit_carve *mmkit_carve_new_named(const char *name);
void mmkit_carve_destroy(struct mmkit_carve *carve);
int mmkit_carve_probe(struct mmkit_carve *carve, u64 *good, u64 *first_bad);
int mmkit_carve_named(const char *name, u64 *base, u64 *bytes);

/* offer.c */
void mmkit_carve_offer(struct mmkit_carve *carve);
int mmkit_carve_withdraw(struct mmkit_carve *carve);
void mmkit_carve_put(struct mmkit_carve *carve);
int mmkit_offers_init(void);
void mmkit_offers_exit(void);

#endif
