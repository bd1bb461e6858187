/* SPDX-License-Identifier: GPL-2.0-only */
/* The control file: an area's commands as text, on a session of its own. */
#ifndef _MMKIT_CORE_CONTROL_H
#define _MMKIT_CORE_CONTROL_H

struct mmkit_area;

int mmkit_control_init(struct mmkit_area *area);
void mmkit_control_uninit(struct mmkit_area *area);

#endif
