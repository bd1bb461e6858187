/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _MMKIT_CORE_VERB_H
#define _MMKIT_CORE_VERB_H

#include <mmkit/param.h>

/* Pure. */
int mmkit_verb_parse(const struct mmkit_param *params, int argc, char **argv,
		     void *arg);

#endif
