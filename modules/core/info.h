/* SPDX-License-Identifier: GPL-2.0-only */
/* /dev/mmkit/info is an area like any other, but the core's own. */
#ifndef _MMKIT_CORE_INFO_H
#define _MMKIT_CORE_INFO_H

#include <mmkit/area.h>

extern const struct mmkit_ioctl mmkit_info_ioctls[];
extern const unsigned int mmkit_info_nr_ioctls;
extern struct mmkit_show mmkit_info_shows[];

void mmkit_info_fill(struct mmkit_info *info);

#endif
