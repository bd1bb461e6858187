// SPDX-License-Identifier: GPL-2.0-only
/*
 * Strategy "pager": a store that is larger than the frames it may use. A page
 * comes in when it is touched, another one goes for it, and one that was written
 * is written back before it goes. frames.c has how one goes, and why nothing is
 * lost on the way.
 *
 * What it gives: a store of any size in a fixed amount of memory.
 * What it costs: a fault, and often a page read and a page written, each time
 * that the process touches what is in no frame.
 */
#include <linux/module.h>
#include <linux/pagemap.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <mmkit/describe.h>
#include <mmkit/gfp.h>
#include "map.h"
#include "pager.h"

#define DEFAULT_FRAMES	16

static unsigned int pager_patience = 2000;
module_param(pager_patience, uint, 0644);
MODULE_PARM_DESC(pager_patience,
		 "milliseconds that a fault waits while every frame is held");

/* --- faults */

/**
 * mmkit_pager_wait() - Wait for somebody to let go of a page.
 * @deadline: in jiffies; 0 before the first wait
 *
 * No lock may be held: whoever holds a page may need it to go on.
 *
 * Context: Process.
 * Return: true to try again, false when it took too long, or when the caller
 * is killed.
 */
bool mmkit_pager_wait(unsigned long *deadline)
{
	if (!*deadline)
		*deadline = jiffies +
			    msecs_to_jiffies(READ_ONCE(pager_patience)) ?: 1;
	if (fatal_signal_pending(current) || time_after(jiffies, *deadline))
		return false;
	schedule_timeout_killable(1);
	return true;
}

static vm_fault_t give(struct mmkit_pager *pager, struct vm_fault *vmf)
{
	bool out = pager->page[vmf->pgoff].frame == MMKIT_NO_FRAME;
	int frame = mmkit_frame_get(pager, vmf->pgoff);
	vm_fault_t ret;

	if (frame == -EBUSY)
		return VM_FAULT_RETRY;
	if (frame < 0)
		return VM_FAULT_SIGBUS;
	/* Its lock keeps it in its frame until mm has mapped it. */
	ret = mmkit_store_give_page(vmf, pager->frames.frame[frame].page);
	return ret == VM_FAULT_LOCKED && out ? ret | VM_FAULT_MAJOR : ret;
}

/*
 * VM_FAULT_RETRY says here that every frame is held. It does not reach mm, for
 * which it would mean that mmap_lock was dropped.
 */
static vm_fault_t try_fault(struct mmkit_store *store, struct vm_fault *vmf)
{
	vm_fault_t ret = VM_FAULT_SIGBUS;
	struct mmkit_pager *pager;

	down_read(&store->lock);
	pager = store->private;
	if (vmf->pgoff < store->nr && !mutex_lock_killable(&pager->lock)) {
		ret = give(pager, vmf);
		mutex_unlock(&pager->lock);
	}
	up_read(&store->lock);
	return ret;
}

static vm_fault_t starve(struct mmkit_store *store)
{
	struct mmkit_pager *pager;

	down_read(&store->lock);
	pager = store->private;
	if (pager) {
		mutex_lock(&pager->lock);
		pager->counts.starved++;
		mutex_unlock(&pager->lock);
	}
	up_read(&store->lock);
	return VM_FAULT_SIGBUS;
}

static vm_fault_t pager_fault(struct vm_fault *vmf)
{
	struct mmkit_store *store = vmf->vma->vm_private_data;
	unsigned long deadline = 0;
	vm_fault_t ret;

	do {
		ret = try_fault(store, vmf);
	} while (ret == VM_FAULT_RETRY && mmkit_pager_wait(&deadline));
	if (ret == VM_FAULT_RETRY)
		ret = starve(store);
	return mmkit_store_fault_done(store, vmf, ret);
}

/* It was in a frame when the fault began, and may have gone since. */
static vm_fault_t make_dirty(struct mmkit_pager *pager, struct vm_fault *vmf)
{
	u32 frame = pager->page[vmf->pgoff].frame;

	if (frame == MMKIT_NO_FRAME ||
	    pager->frames.frame[frame].page != vmf->page)
		return VM_FAULT_NOPAGE;
	pager->frames.frame[frame].dirty = true;
	pager->counts.protects++;
	mmkit_policy_touch(&pager->frames.policy, frame, MMKIT_NEVER);
	lock_page(vmf->page);
	return VM_FAULT_LOCKED;
}

/* mm asks before a page becomes writable, and comes with a reference to it. */
static vm_fault_t pager_mkwrite(struct vm_fault *vmf)
{
	struct mmkit_store *store = vmf->vma->vm_private_data;
	vm_fault_t ret = VM_FAULT_SIGBUS;
	struct mmkit_pager *pager;

	down_read(&store->lock);
	pager = store->private;
	if (vmf->pgoff < store->nr && !mutex_lock_killable(&pager->lock)) {
		ret = make_dirty(pager, vmf);
		mutex_unlock(&pager->lock);
	}
	up_read(&store->lock);
	return mmkit_store_fault_done(store, vmf, ret);
}

static const struct vm_operations_struct pager_vm_ops = {
	.open = mmkit_store_vm_open,
	.close = mmkit_store_vm_close,
	.may_split = mmkit_store_vm_may_split,
	.fault = pager_fault,
	.page_mkwrite = pager_mkwrite,
};

/* --- the store's memory */

static u64 pager_cost(unsigned long nr)
{
	return (u64)nr * sizeof(struct mmkit_pager_page);
}

/* Room for @nr pages; those that are new have never been touched. */
static int make_room(struct mmkit_pager *pager, unsigned long nr)
{
	struct mmkit_pager_page *page, *old;
	unsigned long i;

	page = kvcalloc(nr, sizeof(*page), MMKIT_GFP_BOOKKEEPING);
	if (!page)
		return -ENOMEM;
	for (i = pager->nr; i < nr; i++)
		page[i].frame = MMKIT_NO_FRAME;
	mutex_lock(&pager->lock);
	old = pager->page;
	if (old)
		memcpy(page, old,
		       array_size(min(pager->nr, nr), sizeof(*page)));
	pager->page = page;
	pager->nr = nr;
	mutex_unlock(&pager->lock);
	kvfree(old);
	return 0;
}

static void pager_delete(struct mmkit_pager *pager)
{
	mmkit_frames_free(pager->store->session, &pager->frames);
	if (pager->swap.ops)
		mmkit_swap_close(&pager->swap);
	kvfree(pager->page);
	mutex_destroy(&pager->lock);
	kfree(pager);
}

static int pager_open(struct mmkit_pager *pager, unsigned long nr)
{
	struct mmkit_session *session = pager->store->session;
	u32 kind = mmkit_swap_lzo ? MMKIT_MAP_LZO : MMKIT_MAP_SHMEM;
	int err;

	err = make_room(pager, nr);
	if (!err)
		err = mmkit_frames_alloc(session, &pager->frames,
					 DEFAULT_FRAMES, MMKIT_MAP_FIFO, 0);
	if (err)
		return err;
	pager->frames.policy.cleared = mmkit_frames_forget;
	pager->frames.policy.data = pager;
	return mmkit_swap_open(&pager->swap, kind, -1, nr);
}

static struct mmkit_pager *pager_new(struct mmkit_store *store,
				     unsigned long nr)
{
	struct mmkit_pager *pager;
	int err;

	pager = kzalloc(sizeof(*pager), GFP_KERNEL_ACCOUNT);
	if (!pager)
		return ERR_PTR(-ENOMEM);
	pager->store = store;
	mutex_init(&pager->lock);
	err = pager_open(pager, nr);
	if (err) {
		pager_delete(pager);
		return ERR_PTR(err);
	}
	return pager;
}

static int pager_make(struct mmkit_store *store,
		      const struct mmkit_memory *old, struct mmkit_memory *new)
{
	struct mmkit_pager *pager = old->private;

	if (!pager) {
		pager = pager_new(store, new->nr);
		if (IS_ERR(pager))
			return PTR_ERR(pager);
	} else if (new->nr > pager->nr) {
		int err = make_room(pager, new->nr);

		if (err)
			return err;
	}
	new->private = pager;
	return 0;
}

/* A fault holds its page's lock until it has mapped it. */
static void pager_settle(struct mmkit_store *store,
			 const struct mmkit_memory *old)
{
	struct mmkit_pager *pager = old->private;
	u32 i;

	for (i = 0; i < pager->frames.nr; i++) {
		struct page *page = pager->frames.frame[i].page;

		if (!page)
			continue;
		lock_page(page);
		unlock_page(page);
		cond_resched();
	}
}

static void pager_free(struct mmkit_store *store, struct mmkit_memory *old,
		       const struct mmkit_memory *new)
{
	struct mmkit_pager *pager = old->private;
	unsigned long i;

	for (i = new->nr; i < pager->nr; i++) {
		mutex_lock(&pager->lock);
		mmkit_frame_drop(pager, i);
		pager->swap.ops->drop(pager, i);
		pager->page[i].seen = false;
		mutex_unlock(&pager->lock);
		cond_resched();
	}
	if (!new->nr)
		pager_delete(pager);
	else if (new->nr < pager->nr && make_room(pager, new->nr))
		pager->nr = new->nr;
}

static void pager_describe(struct mmkit_store *store, unsigned long index,
			   struct mmkit_page *out)
{
	struct mmkit_pager *pager = store->private;
	u32 frame;

	mutex_lock(&pager->lock);
	frame = pager->page[index].frame;
	if (frame != MMKIT_NO_FRAME)
		mmkit_describe(out, pager->frames.frame[frame].page, 0);
	else
		*out = (struct mmkit_page) { .state = MMKIT_PAGE_NOPAGE };
	mutex_unlock(&pager->lock);
}

static const struct mmkit_backing pager_backing = {
	.name = "pager",
	.cost = pager_cost,
	.make = pager_make,
	.settle = pager_settle,
	.free = pager_free,
	.describe = pager_describe,
};

struct mmkit_strategy mmkit_strategy_pager = {
	.entry = {
		.name = "pager",
		.help = "pages come in when touched and others go for them",
		.owner = THIS_MODULE,
	},
	.vm_ops = &pager_vm_ops,
	.backing = &pager_backing,
};
