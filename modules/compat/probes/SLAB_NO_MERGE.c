// SPDX-License-Identifier: GPL-2.0-only
/* A cache of its own on request: 6.5. */
#include <linux/slab.h>
static slab_flags_t flag __maybe_unused = SLAB_NO_MERGE;
