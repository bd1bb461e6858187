// SPDX-License-Identifier: GPL-2.0-only
/* The flag went away: 6.12. */
#include <linux/mm.h>
static int bit __maybe_unused = PG_error;
