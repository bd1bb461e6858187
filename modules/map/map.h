/* SPDX-License-Identifier: GPL-2.0-only */
/* The parts of the map area. */
#ifndef _MMKIT_MAP_MAP_H
#define _MMKIT_MAP_MAP_H

#include <mmkit/area.h>
#include <mmkit/map.h>
#include <mmkit/store.h>

/* One per file. */
extern struct mmkit_strategy mmkit_strategy_page;

extern const struct mmkit_ioctl mmkit_map_ioctls[];
extern const unsigned int mmkit_map_nr_ioctls;
extern const struct mmkit_verb mmkit_map_verbs[];
extern struct mmkit_show mmkit_map_shows[];

int mmkit_strategies_init(void);
void mmkit_strategies_uninit(void);

struct inode *mmkit_inode_new(void);
void mmkit_inode_free(struct inode *inode);

int mmkit_store_open(struct mmkit_session *session, struct file *file);
void mmkit_store_release(struct mmkit_session *session);
int mmkit_store_set(struct mmkit_store *store, u64 bytes, const char *name);
int mmkit_store_mmap(struct mmkit_session *session, struct vm_area_struct *vma);

#endif
