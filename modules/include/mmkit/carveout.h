/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory that the kernel was told at boot to leave alone, for whoever has a use. */
#ifndef _MMKIT_CARVEOUT_H
#define _MMKIT_CARVEOUT_H

#include <mmkit/registry.h>

/**
 * struct mmkit_carveout - a range of it
 * @base: first byte
 * @bytes: how many; whole pages
 * @mem: where the kernel has it mapped
 */
struct mmkit_carveout {
	u64 base;
	u64 bytes;
	void *mem;
};

/* The name under which they are registered, as %MMKIT_KIND_CARVEOUTS. */
#define MMKIT_CARVEOUTS	"offered"

/**
 * struct mmkit_carveouts - whoever offers some
 * @entry: with the name %MMKIT_CARVEOUTS
 * @any: is there one, taken or not?
 * @take: one of @bytes or more becomes the caller's alone. An ERR_PTR() of
 *	-EBUSY those have been taken, -ENOSPC there is none of that size.
 * @give: it is the caller's no more
 *
 * They may sleep. Whoever has taken one holds the module by its entry.
 */
struct mmkit_carveouts {
	struct mmkit_entry entry;
	bool (*any)(void);
	struct mmkit_carveout *(*take)(u64 bytes);
	void (*give)(struct mmkit_carveout *carveout);
};

#endif
