// SPDX-License-Identifier: GPL-2.0-only
/* debugfs files of the slab area. */
#include "slab.h"

struct mmkit_show mmkit_slab_shows[] = {
	{ .name = "objects", .show = mmkit_show_objects },
	{ }
};
