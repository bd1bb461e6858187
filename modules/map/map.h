/* SPDX-License-Identifier: GPL-2.0-only */
/* The parts of the map area. */
#ifndef _MMKIT_MAP_MAP_H
#define _MMKIT_MAP_MAP_H

#include <mmkit/area.h>
#include <mmkit/map.h>
#include <mmkit/store.h>

/* One per file. */
extern struct mmkit_strategy mmkit_strategy_access;
extern struct mmkit_strategy mmkit_strategy_around;
extern struct mmkit_strategy mmkit_strategy_cow;
extern struct mmkit_strategy mmkit_strategy_dirty;
extern struct mmkit_strategy mmkit_strategy_dma;
extern struct mmkit_strategy mmkit_strategy_huge;
extern struct mmkit_strategy mmkit_strategy_insert;
extern struct mmkit_strategy mmkit_strategy_io;
extern struct mmkit_strategy mmkit_strategy_iohuge;
extern struct mmkit_strategy mmkit_strategy_kmalloc;
extern struct mmkit_strategy mmkit_strategy_lazyzero;
extern struct mmkit_strategy mmkit_strategy_mixed;
extern struct mmkit_strategy mmkit_strategy_page;
extern struct mmkit_strategy mmkit_strategy_pager;
extern struct mmkit_strategy mmkit_strategy_pages;
extern struct mmkit_strategy mmkit_strategy_pfn;
extern struct mmkit_strategy mmkit_strategy_populate;
extern struct mmkit_strategy mmkit_strategy_remap;
extern struct mmkit_strategy mmkit_strategy_shmem;
extern struct mmkit_strategy mmkit_strategy_sigbus;
extern struct mmkit_strategy mmkit_strategy_vmalloc;

/* What must be there before a strategy is; NULL, or why it is absent. */
const char *mmkit_dma_init(void);
void mmkit_dma_exit(void);
const char *mmkit_iohuge_init(void);

/* Memory: an array of pages, and the same in blocks of what a PMD maps. */
extern const struct mmkit_backing mmkit_backing_blocks;
#define MMKIT_BLOCK_PAGES	(PMD_SIZE >> PAGE_SHIFT)

unsigned long mmkit_blocks_run(struct page **page, unsigned long index);
int mmkit_memory_undo(struct page **page, unsigned long first,
		      unsigned long end, int err);
int mmkit_memory_make(const struct mmkit_memory *old, struct mmkit_memory *new,
		      int (*fill)(struct page **page, unsigned long first,
				  unsigned long end));
void mmkit_memory_settle(struct mmkit_store *store,
			 const struct mmkit_memory *old);
void mmkit_memory_free(struct mmkit_store *store, struct mmkit_memory *old,
		       const struct mmkit_memory *new);

int mmkit_piece_make(const struct mmkit_memory *old, struct mmkit_memory *new,
		     void *(*alloc)(unsigned long bytes));

/* Memory that is not the kernel's; what these serve is in their names. */
u64 mmkit_carveout_base(const struct mmkit_store *store);
int mmkit_carveout_make(struct mmkit_store *store,
			const struct mmkit_memory *old,
			struct mmkit_memory *new);
void mmkit_carveout_free(struct mmkit_store *store, struct mmkit_memory *old,
			 const struct mmkit_memory *new);
u64 mmkit_carveout_cost(unsigned long nr);
void mmkit_carveout_describe(struct mmkit_store *store, unsigned long index,
			     struct mmkit_page *out);
const char *mmkit_carveout_missing(void);
int mmkit_carveout_access(struct vm_area_struct *vma, unsigned long addr,
			  void *buf, int len, int write);

/* Where an area goes: wherever mm likes on a kernel without large entries. */
#ifdef CONFIG_TRANSPARENT_HUGEPAGE
unsigned long mmkit_get_unmapped_area(struct file *file, unsigned long addr,
				      unsigned long len, unsigned long pgoff,
				      unsigned long flags);
#else
#define mmkit_get_unmapped_area NULL
#endif

int mmkit_fill_ptes(struct vm_area_struct *vma, unsigned long addr,
		    struct page **page, unsigned long nr);
int mmkit_mmap_mark(struct mmkit_store *store, struct mm_struct *mm);
void mmkit_mmap_wait(struct mmkit_store *store);
void mmkit_mmap_forget(struct mmkit_store *store);

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
