/* SPDX-License-Identifier: GPL-2.0-only */
/* What a session of the memblock area holds, and the parts of the area. */
#ifndef _MMKIT_MEMBLOCK_SANDBOX_H
#define _MMKIT_MEMBLOCK_SANDBOX_H

#include <mmkit/area.h>
#include "model.h"

/* More regions than any machine has; bounds what one call moves about. */
#define MMKIT_SANDBOX_REGIONS_MAX	BIT(20)

/**
 * struct mmkit_sandbox - a boot allocator of a session's own
 * @model: it; both arrays are kvmalloc()ed
 * @session: charged for arrays that grew
 * @charged: so much
 * @err: why an array could not grow
 *
 * Protected by session->lock.
 */
struct mmkit_sandbox {
	struct mmkit_model model;
	struct mmkit_session *session;
	u64 charged;
	int err;
};

/**
 * struct mmkit_memblock_session - what an open file has
 * @sandbox: to play in
 * @observed: what the real one left, empty before it was read
 * @has_observed: it was read
 */
struct mmkit_memblock_session {
	struct mmkit_sandbox sandbox;
	struct mmkit_sandbox observed;
	bool has_observed;
};

int mmkit_sandbox_init(struct mmkit_sandbox *sandbox,
		       struct mmkit_session *session);
void mmkit_sandbox_uninit(struct mmkit_sandbox *sandbox);
int mmkit_sandbox_reset(struct mmkit_sandbox *sandbox);
int mmkit_sandbox_change(struct mmkit_sandbox *sandbox,
			 const struct mmkit_memblock_change *change);
int mmkit_sandbox_alloc(struct mmkit_sandbox *sandbox,
			const struct mmkit_memblock_alloc *alloc, u64 *addr);
u32 mmkit_sandbox_warned(const struct mmkit_sandbox *sandbox);

extern const struct mmkit_ioctl mmkit_memblock_ioctls[];
extern const unsigned int mmkit_memblock_nr_ioctls;
extern const struct mmkit_verb mmkit_memblock_verbs[];
extern struct mmkit_show mmkit_memblock_shows[];

struct seq_file;
void mmkit_memblock_dump(struct seq_file *m, const struct mmkit_model *model);

#endif
