/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory that was reserved at boot, claimed as a driver does. */
#ifndef _MMKIT_MEMBLOCK_CARVE_H
#define _MMKIT_MEMBLOCK_CARVE_H

#include <mmkit/memblock.h>
#include <mmkit/session.h>

/**
 * struct mmkit_carve - a claimed range
 * @object: of the core
 * @base: first byte
 * @bytes: how many
 * @mem: mapped
 *
 * Protected by session->lock once it is published.
 */
struct mmkit_carve {
	struct mmkit_object object;
	u64 base;
	u64 bytes;
	u8 *mem;
};

extern const struct mmkit_object_ops mmkit_carve_ops;

struct mmkit_carve *mmkit_carve_new(u64 base, u64 bytes);
void mmkit_carve_destroy(struct mmkit_carve *carve);
int mmkit_carve_probe(struct mmkit_carve *carve, u64 *good, u64 *first_bad);
int mmkit_carve_named(const char *name, u64 *base, u64 *bytes);

#endif
