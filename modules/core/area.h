/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _MMKIT_CORE_AREA_H
#define _MMKIT_CORE_AREA_H

#include <mmkit/area.h>

void mmkit_areas_init(void);
void mmkit_areas_uninit(void);

#endif
