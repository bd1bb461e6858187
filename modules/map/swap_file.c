// SPDX-License-Identifier: GPL-2.0-only
/*
 * The pager's swap in a file of a tmpfs: one of its own, or the caller's.
 *
 * Of a tmpfs because its pages can be had without the inode's lock. A fault
 * holds mmap_lock; write() holds the inode's lock while it faults its buffer in.
 * A pager that took them the other way round would lock up as soon as somebody
 * wrote from a mapping of the pager into the pager's file. DRM's drivers swap in
 * the same way: drivers/gpu/drm/ttm/ttm_tt.c.
 */
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/highmem.h>
#include <linux/magic.h>
#include <linux/pagemap.h>
#include <linux/shmem_fs.h>
#include <uapi/linux/fcntl.h>
#include "compat/shmem.h"
#include "pager.h"

/* More than any store; what was not written takes no memory. */
#define FILE_BYTES	BIT_ULL(40)

static int shmem_open(struct mmkit_swap *swap, s32 fd, unsigned long nr)
{
	swap->file = mmkit_shmem_file("mmkit-pager", FILE_BYTES);
	return PTR_ERR_OR_ZERO(swap->file);
}

static void shmem_close(struct mmkit_swap *swap)
{
	fput(swap->file);
}

/* As a shared writable mapping of it would be, refused and refusing. */
static int admit(struct file *file, unsigned long nr)
{
	const fmode_t both = FMODE_READ | FMODE_WRITE;
	struct inode *inode = file_inode(file);

	if (inode->i_sb->s_magic != TMPFS_MAGIC || !S_ISREG(inode->i_mode) ||
	    (file->f_mode & both) != both)
		return -EINVAL;
	if (i_size_read(inode) < (loff_t)nr << PAGE_SHIFT)
		return -EINVAL;
	if (SHMEM_I(inode)->seals & (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE))
		return -EPERM;
	return mapping_map_writable(file->f_mapping);
}

static int file_open(struct mmkit_swap *swap, s32 fd, unsigned long nr)
{
	int err;

	swap->file = fget(fd);
	if (!swap->file)
		return -EBADF;
	err = admit(swap->file, nr);
	if (err)
		fput(swap->file);
	return err;
}

static void file_close(struct mmkit_swap *swap)
{
	mapping_unmap_writable(swap->file->f_mapping);
	fput(swap->file);
}

/* Of the caller's file the caller has been charged already. */
static u64 page_cost(const struct mmkit_swap *swap)
{
	return swap->kind == MMKIT_MAP_SHMEM ? PAGE_SIZE : 0;
}

static struct page *page_of(struct mmkit_swap *swap, unsigned long index)
{
	struct address_space *mapping = swap->file->f_mapping;

	/* tmpfs charges the caller by itself; no failure ends in an OOM kill. */
	return shmem_read_mapping_page_gfp(mapping, index,
					   mapping_gfp_mask(mapping) |
					   __GFP_NOWARN |
					   __GFP_RETRY_MAYFAIL);
}

static void file_drop(struct mmkit_pager *pager, unsigned long index)
{
	struct mmkit_pager_page *page = &pager->page[index];
	struct mmkit_swap *swap = &pager->swap;
	loff_t at = (loff_t)index << PAGE_SHIFT;

	if (!page->stored)
		return;
	if (swap->kind == MMKIT_MAP_SHMEM)
		shmem_truncate_range(file_inode(swap->file), at,
				     at + PAGE_SIZE - 1);
	mmkit_uncharge(pager->store->session, page_cost(swap));
	swap->bytes -= page_cost(swap);
	swap->stored--;
	page->stored = false;
}

static int file_store(struct mmkit_pager *pager, unsigned long index,
		      struct page *from)
{
	struct mmkit_session *session = pager->store->session;
	struct mmkit_pager_page *page = &pager->page[index];
	struct mmkit_swap *swap = &pager->swap;
	struct page *to;
	int err;

	err = page->stored ? 0 : mmkit_charge(session, page_cost(swap));
	if (err)
		return err;
	to = page_of(swap, index);
	if (IS_ERR(to)) {
		if (!page->stored)
			mmkit_uncharge(session, page_cost(swap));
		return PTR_ERR(to);
	}
	copy_highpage(to, from);
	set_page_dirty(to);
	put_page(to);
	if (!page->stored) {
		page->stored = true;
		swap->stored++;
		swap->bytes += page_cost(swap);
	}
	return 0;
}

static int file_load(struct mmkit_pager *pager, unsigned long index,
		     struct page *to)
{
	struct page *from = page_of(&pager->swap, index);

	if (IS_ERR(from))
		return PTR_ERR(from);
	copy_highpage(to, from);
	put_page(from);
	return 0;
}

const struct mmkit_swap_ops mmkit_swap_shmem = {
	.open = shmem_open,
	.close = shmem_close,
	.store = file_store,
	.load = file_load,
	.drop = file_drop,
};

const struct mmkit_swap_ops mmkit_swap_file = {
	.open = file_open,
	.close = file_close,
	.store = file_store,
	.load = file_load,
	.drop = file_drop,
};
