/* SPDX-License-Identifier: GPL-2.0-only */
/* One command: found in the area's table, run, answered. */
#ifndef _MMKIT_CORE_DISPATCH_H
#define _MMKIT_CORE_DISPATCH_H

#include <mmkit/area.h>

const struct mmkit_ioctl *mmkit_ioctl_find(const struct mmkit_area *area,
					   unsigned int cmd);
int mmkit_call_run(struct mmkit_call *call, const struct mmkit_ioctl *row,
		   void *arg);
int mmkit_call_end(struct mmkit_call *call, int err);

#endif
