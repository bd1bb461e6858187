/* SPDX-License-Identifier: GPL-2.0-only */
/* What mmkit.memblock= did at boot, beside what the model says. */
#ifndef _MMKIT_MEMBLOCK_BOOTED_H
#define _MMKIT_MEMBLOCK_BOOTED_H

#include "sandbox.h"

int mmkit_booted(struct mmkit_session *session,
		 struct mmkit_memblock_boot *boot,
		 struct mmkit_memblock_booted *booted);
void mmkit_booted_show(struct seq_file *m,
		       const struct mmkit_memblock_booted *booted, u32 nr);

#endif
