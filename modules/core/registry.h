/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _MMKIT_CORE_REGISTRY_H
#define _MMKIT_CORE_REGISTRY_H

#include <mmkit/registry.h>

struct seq_file;

u32 mmkit_registry_list(enum mmkit_entry_kind kind,
			struct mmkit_entry_info *infos, u32 room);
int mmkit_registry_show(struct seq_file *m, void *unused);

#endif
