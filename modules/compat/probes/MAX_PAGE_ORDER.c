// SPDX-License-Identifier: GPL-2.0-only
/* The largest order by its new name, inclusive: 6.8. */
#include <linux/mmzone.h>
static int order __maybe_unused = MAX_PAGE_ORDER;
