/* SPDX-License-Identifier: GPL-2.0-only */
/* The parts of the map area. */
#ifndef _MMKIT_MAP_MAP_H
#define _MMKIT_MAP_MAP_H

#include <mmkit/area.h>
#include <mmkit/map.h>
#include <mmkit/store.h>

/* One per file. */
extern struct mmkit_strategy mmkit_strategy_dirty;
extern struct mmkit_strategy mmkit_strategy_page;
extern struct mmkit_strategy mmkit_strategy_pager;

extern const struct mmkit_ioctl mmkit_map_ioctls[];
extern const unsigned int mmkit_map_nr_ioctls;
extern const struct mmkit_verb mmkit_map_verbs[];
extern struct mmkit_show mmkit_map_shows[];

int mmkit_strategies_init(void);
void mmkit_strategies_uninit(void);
bool mmkit_strategy_is_absent(const char *name);
u32 mmkit_strategies_list(struct mmkit_map_strategy *out, u32 room);

struct inode *mmkit_inode_new(void);
void mmkit_inode_free(struct inode *inode);

int mmkit_store_open(struct mmkit_session *session, struct file *file);
void mmkit_store_release(struct mmkit_session *session);
int mmkit_store_set(struct mmkit_store *store, const struct mmkit_map_set *set);
void mmkit_store_describe(struct mmkit_store *store, unsigned long index,
			  struct mmkit_page *out);
int mmkit_store_mmap(struct mmkit_session *session, struct vm_area_struct *vma);

#endif
