// SPDX-License-Identifier: GPL-2.0-only
/* Isolation became a bit of its own: 6.17. */
#include <linux/mmzone.h>
static int bit __maybe_unused = PB_migrate_isolate;
