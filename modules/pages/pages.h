/* SPDX-License-Identifier: GPL-2.0-only */
/* The parts of the pages area. */
#ifndef _MMKIT_PAGES_PAGES_H
#define _MMKIT_PAGES_PAGES_H

#include <mmkit/area.h>
#include <mmkit/pages.h>

extern const struct mmkit_ioctl mmkit_pages_ioctls[];
extern const unsigned int mmkit_pages_nr_ioctls;
extern const struct mmkit_verb mmkit_pages_verbs[];
extern struct mmkit_show mmkit_pages_shows[];

int mmkit_pages_fragment(struct mmkit_call *call, void *arg);
u32 mmkit_zones_read(struct mmkit_zone *zones, u32 room);
void mmkit_zone_show(struct seq_file *m, const struct mmkit_zone *zone);

#endif
