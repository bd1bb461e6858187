// SPDX-License-Identifier: GPL-2.0-only
/* All labs, in the order in which to take them. */
#include "lab.h"

#define LAB(name)	extern const struct lab name ## _lab;
#include "table.h"
#undef LAB

#define LAB(name)	&name ## _lab,
const struct lab *const all_labs[] = {
#include "table.h"
	NULL
};
