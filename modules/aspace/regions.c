// SPDX-License-Identifier: GPL-2.0-only
/* Regions: what /proc/PID/maps and smaps say of each, and what it is for. */
#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/hugetlb.h>
#include <linux/kdev_t.h>
#include <linux/magic.h>
#include <linux/mm.h>
#include <linux/mmap_lock.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "aspace.h"
#include "compat/file.h"
#include "kind.h"
#include "summary.h"

static const struct {
	unsigned long vm;
	u64 flag;
} flags[] = {
	{ VM_READ, MMKIT_VMA_READ },
	{ VM_WRITE, MMKIT_VMA_WRITE },
	{ VM_EXEC, MMKIT_VMA_EXEC },
	{ VM_SHARED, MMKIT_VMA_SHARED },
	{ VM_MAYREAD, MMKIT_VMA_MAYREAD },
	{ VM_MAYWRITE, MMKIT_VMA_MAYWRITE },
	{ VM_MAYEXEC, MMKIT_VMA_MAYEXEC },
	{ VM_MAYSHARE, MMKIT_VMA_MAYSHARE },
	{ VM_GROWSDOWN, MMKIT_VMA_GROWSDOWN },
	{ VM_PFNMAP, MMKIT_VMA_PFNMAP },
	{ VM_LOCKED, MMKIT_VMA_LOCKED },
	{ VM_IO, MMKIT_VMA_IO },
	{ VM_SEQ_READ, MMKIT_VMA_SEQ_READ },
	{ VM_RAND_READ, MMKIT_VMA_RAND_READ },
	{ VM_DONTCOPY, MMKIT_VMA_DONTCOPY },
	{ VM_DONTEXPAND, MMKIT_VMA_DONTEXPAND },
	{ VM_LOCKONFAULT, MMKIT_VMA_LOCKONFAULT },
	{ VM_ACCOUNT, MMKIT_VMA_ACCOUNT },
	{ VM_NORESERVE, MMKIT_VMA_NORESERVE },
	{ VM_HUGETLB, MMKIT_VMA_HUGETLB },
	{ VM_SYNC, MMKIT_VMA_SYNC },
	{ VM_WIPEONFORK, MMKIT_VMA_WIPEONFORK },
	{ VM_DONTDUMP, MMKIT_VMA_DONTDUMP },
	{ VM_SOFTDIRTY, MMKIT_VMA_SOFTDIRTY },
	{ VM_MIXEDMAP, MMKIT_VMA_MIXEDMAP },
	{ VM_HUGEPAGE, MMKIT_VMA_HUGEPAGE },
	{ VM_NOHUGEPAGE, MMKIT_VMA_NOHUGEPAGE },
	{ VM_MERGEABLE, MMKIT_VMA_MERGEABLE },
	{ VM_UFFD_MISSING, MMKIT_VMA_UFFD_MISSING },
	{ VM_UFFD_WP, MMKIT_VMA_UFFD_WP },
	{ VM_UFFD_MINOR, MMKIT_VMA_UFFD_MINOR },
#ifdef VM_SEALED
	{ VM_SEALED, MMKIT_VMA_SEALED },
#endif
#ifdef VM_DROPPABLE
	{ VM_DROPPABLE, MMKIT_VMA_DROPPABLE },
#endif
};

static u64 flags_of(const struct vm_area_struct *vma)
{
	u64 bits = 0;
	size_t i;

	/* A flag that this kernel was built without is 0. */
	for (i = 0; i < ARRAY_SIZE(flags); i++)
		if (vma->vm_flags & flags[i].vm)
			bits |= flags[i].flag;
	return bits;
}

static bool is_code_of(const struct vm_area_struct *vma,
		       const struct inode *inode)
{
	return vma && vma->vm_file && vma->vm_flags & VM_EXEC &&
	       file_inode(vma->vm_file) == inode;
}

/* Segments of a program or library lie side by side: so far apart at most. */
#define NEIGHBOURS	4

static bool is_image(struct vm_area_struct *vma)
{
	VMA_ITERATOR(back, vma->vm_mm, vma->vm_start);
	VMA_ITERATOR(forth, vma->vm_mm, vma->vm_start);
	const struct inode *inode = file_inode(vma->vm_file);
	bool code = is_code_of(vma, inode);
	int i;

	vma_find(&back, vma->vm_end);
	for (i = 0; i < NEIGHBOURS && !code; i++)
		code = is_code_of(vma_prev(&back), inode);
	vma_find(&forth, vma->vm_end);
	for (i = 0; i < NEIGHBOURS && !code; i++)
		code = is_code_of(vma_next(&forth), inode);
	return code;
}

static const char *name_of(struct vm_area_struct *vma)
{
	return vma->vm_ops && vma->vm_ops->name ? vma->vm_ops->name(vma) :
						  NULL;
}

static u32 kind_of(struct vm_area_struct *vma, u64 bits, const char *name)
{
	struct file *file = vma->vm_file;
	const struct mm_struct *mm = vma->vm_mm;
	const struct mmkit_region_facts facts = {
		.start = vma->vm_start,
		.end = vma->vm_end,
		.flags = bits,
		.name = name,
		.file = file,
		.device = file && (S_ISCHR(file_inode(file)->i_mode) ||
				   S_ISBLK(file_inode(file)->i_mode)),
		.memory = file && file_inode(file)->i_sb->s_magic ==
			  TMPFS_MAGIC,
		.image = file && is_image(vma),
		.end_data = mm->end_data,
		.start_brk = mm->start_brk,
		.brk = mm->brk,
		.start_stack = mm->start_stack,
		.page_size = PAGE_SIZE,
	};

	return mmkit_region_kind(&facts);
}

static void copy_end(char *to, const char *name)
{
	size_t len = strlen(name);

	if (len >= MMKIT_REGION_NAME_LEN)
		name += len - (MMKIT_REGION_NAME_LEN - 1);
	strscpy(to, name, MMKIT_REGION_NAME_LEN);
}

/* As show_map_vma() in fs/proc/task_mmu.c does. */
static void name_region(struct mmkit_aspace_region *out,
			struct vm_area_struct *vma, const char *name,
			char *path)
{
	char *text;

	if (vma->vm_file) {
		text = d_path(mmkit_file_path(vma->vm_file), path, PATH_MAX);
		if (!IS_ERR(text))
			copy_end(out->name, text);
	} else if (name) {
		copy_end(out->name, name);
	} else if (out->kind == MMKIT_REGION_HEAP) {
		copy_end(out->name, "[heap]");
	} else if (out->kind == MMKIT_REGION_STACK) {
		copy_end(out->name, "[stack]");
	}
}

static void file_region(struct mmkit_aspace_region *out,
			const struct vm_area_struct *vma)
{
	const struct inode *inode;

	if (!vma->vm_file)
		return;
	inode = mmkit_file_inode(vma->vm_file);
	out->offset = (u64)vma->vm_pgoff << PAGE_SHIFT;
	out->ino = inode->i_ino;
	out->major = MAJOR(inode->i_sb->s_dev);
	out->minor = MINOR(inode->i_sb->s_dev);
}

static void fill_region(struct mmkit_aspace_region *out,
			struct vm_area_struct *vma, char *path)
{
	const char *name = name_of(vma);

	out->start = vma->vm_start;
	out->end = vma->vm_end;
	out->flags = flags_of(vma);
	out->kind = kind_of(vma, out->flags, name);
	out->page_shift = is_vm_hugetlb_page(vma) ?
			  huge_page_shift(hstate_vma(vma)) : PAGE_SHIFT;
	file_region(out, vma);
	name_region(out, vma, name, path);
}

/* The next region from @start on: its end, 0 for none, or -errno. */
static int next_region(struct mm_struct *mm, u64 start,
		       struct mmkit_aspace_region *out, char *path, u64 *end)
{
	struct vm_area_struct *vma;

	if (fatal_signal_pending(current) || mmap_read_lock_killable(mm))
		return -EINTR;
	vma = start < mm->task_size ? find_vma(mm, start) : NULL;
	*end = vma ? vma->vm_end : 0;
	if (vma)
		fill_region(out, vma, path);
	mmap_read_unlock(mm);
	cond_resched();
	return 0;
}

static int fill_regions(struct mm_struct *mm, struct mmkit_aspace_regions *arg,
			struct mmkit_aspace_region *regions, char *path)
{
	u64 end = 0, start = arg->start;
	u32 i;
	int err;

	for (i = 0; i < arg->nr; i++) {
		err = next_region(mm, start, &regions[i], path, &end);
		if (!err && end && arg->flags & MMKIT_ASPACE_COUNT)
			err = mmkit_summary(mm, regions[i].start, end, false,
					    &regions[i].counts);
		if (err)
			return err;
		if (!end)
			break;
		start = end;
	}
	arg->nr = i;
	arg->next = end;
	return 0;
}

/**
 * mmkit_aspace_regions_fill() - Describe regions.
 * @mm: whose; the caller holds it by mm_users
 * @arg: from where on and how many; what came of it
 * @regions: zeroed room
 *
 * Context: Process; takes mmap_lock.
 * Return: 0, -ENOMEM, -EINTR killed.
 */
int mmkit_aspace_regions_fill(struct mm_struct *mm,
			      struct mmkit_aspace_regions *arg,
			      struct mmkit_aspace_region *regions)
{
	char *path = kmalloc(PATH_MAX, GFP_KERNEL_ACCOUNT);
	int err;

	if (!path)
		return -ENOMEM;
	err = fill_regions(mm, arg, regions, path);
	kfree(path);
	return err;
}
