// SPDX-License-Identifier: GPL-2.0-only
/*
 * The event ring: many faults write, one reader of user space reads, nobody
 * waits. modules/uapi/mmkit/map.h says what it looks like.
 *
 * The kernel reads nothing back but the reader's tail, and trusts it no further
 * than that it says how much room there is. A wrong tail costs its reader
 * records, and each of those is counted as lost.
 */
#include <linux/ktime.h>
#include <linux/log2.h>
#include <linux/refcount.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#include <mmkit/gfp.h>
#include "compat/vma.h"
#include "events.h"

DEFINE_STATIC_KEY_FALSE(mmkit_events_wanted);

/**
 * struct mmkit_ring - of one store
 * @store: whose session is charged
 * @users: the store while it records, and each area that maps the ring
 * @page: its memory
 * @nr_pages: how many
 * @reader: the first page, user space's to write
 * @writer: the second, the kernel's
 * @event: from the third on
 * @nr: records; a power of two
 * @head: as in @writer, where it is only shown
 * @sequence: of the next event
 * @lost: as in @writer
 */
struct mmkit_ring {
	struct mmkit_store *store;
	refcount_t users;
	struct page **page;
	unsigned int nr_pages;
	const struct mmkit_events_reader *reader;
	struct mmkit_events_writer *writer;
	struct mmkit_event *event;
	u32 nr;
	u32 head;
	u64 sequence;
	u64 lost;
};

/* --- writing */

/* Full, or with a tail that no reader of ours can have. */
static bool has_room(const struct mmkit_ring *ring)
{
	/* Pairs with the reader's release: what it has read may be written. */
	return ring->head - smp_load_acquire(&ring->reader->tail) < ring->nr;
}

static void put_event(struct mmkit_ring *ring, struct mmkit_event *event)
{
	event->sequence = ring->sequence++;
	if (!has_room(ring)) {
		WRITE_ONCE(ring->writer->lost, ++ring->lost);
		return;
	}
	ring->event[ring->head & (ring->nr - 1)] = *event;
	/* Whoever sees the new head sees the record. */
	smp_store_release(&ring->writer->head, ++ring->head);
}

static void record(struct mmkit_store *store, struct mmkit_event *event)
{
	event->tid = task_pid_vnr(current);
	strscpy(event->strategy, store->strategy->entry.name,
		sizeof(event->strategy));
	spin_lock(&store->events_lock);
	event->ns = ktime_get_ns();
	if (store->events)
		put_event(store->events, event);
	spin_unlock(&store->events_lock);
}

void mmkit_event_slow(struct mmkit_store *store, u32 kind, u64 index)
{
	struct mmkit_event event = {
		.offset = index << PAGE_SHIFT,
		.kind = kind,
	};

	record(store, &event);
}

/* The kernel numbers them as it likes. */
static u32 result_of(vm_fault_t ret)
{
	static const struct {
		vm_fault_t ret;
		u32 result;
	} results[] = {
		{ VM_FAULT_OOM, MMKIT_RESULT_OOM },
		{ VM_FAULT_SIGBUS, MMKIT_RESULT_SIGBUS },
		{ VM_FAULT_SIGSEGV, MMKIT_RESULT_SIGSEGV },
		{ VM_FAULT_HWPOISON, MMKIT_RESULT_HWPOISON },
		{ VM_FAULT_MAJOR, MMKIT_RESULT_MAJOR },
		{ VM_FAULT_NOPAGE, MMKIT_RESULT_NOPAGE },
		{ VM_FAULT_LOCKED, MMKIT_RESULT_LOCKED },
		{ VM_FAULT_RETRY, MMKIT_RESULT_RETRY },
		{ VM_FAULT_FALLBACK, MMKIT_RESULT_FALLBACK },
		{ VM_FAULT_DONE_COW, MMKIT_RESULT_DONE_COW },
	};
	u32 result = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(results); i++)
		if (ret & results[i].ret)
			result |= results[i].result;
	return result;
}

static u32 kind_of(const struct vm_fault *vmf)
{
	if (vmf->flags & FAULT_FLAG_MKWRITE)
		return MMKIT_EVENT_MKWRITE;
	return vmf->flags & FAULT_FLAG_WRITE ? MMKIT_EVENT_WRITE :
					       MMKIT_EVENT_READ;
}

void mmkit_event_fault_slow(struct mmkit_store *store,
			    const struct vm_fault *vmf, vm_fault_t ret)
{
	struct mmkit_event event = {
		.address = vmf->real_address,
		.offset = (u64)vmf->pgoff << PAGE_SHIFT,
		.result = result_of(ret),
		.kind = kind_of(vmf),
	};

	record(store, &event);
}

/* --- coming and going */

static void ring_free(struct mmkit_ring *ring)
{
	unsigned int i;

	if (ring->reader)
		vunmap(ring->reader);
	for (i = 0; ring->page && i < ring->nr_pages && ring->page[i]; i++)
		put_page(ring->page[i]);
	kvfree(ring->page);
	kfree(ring);
}

/* Zeroed, because user space will see it. */
static int ring_pages(struct mmkit_ring *ring)
{
	unsigned int i;

	ring->page = kvcalloc(ring->nr_pages, sizeof(*ring->page),
			      MMKIT_GFP_BOOKKEEPING);
	if (!ring->page)
		return -ENOMEM;
	for (i = 0; i < ring->nr_pages; i++) {
		if (fatal_signal_pending(current))
			return -EINTR;
		ring->page[i] = alloc_page(MMKIT_GFP_BOOKKEEPING |
					   __GFP_HIGHMEM | __GFP_ZERO);
		if (!ring->page[i])
			return -ENOMEM;
	}
	return 0;
}

static int ring_map(struct mmkit_ring *ring)
{
	void *at = vmap(ring->page, ring->nr_pages, VM_MAP, PAGE_KERNEL);

	if (!at)
		return -ENOMEM;
	ring->reader = at;
	ring->writer = at + PAGE_SIZE;
	ring->event = at + 2 * PAGE_SIZE;
	*ring->writer = (struct mmkit_events_writer) {
		.nr = ring->nr,
		.record = sizeof(struct mmkit_event),
		.on = 1,
	};
	return 0;
}

static unsigned int pages_for(u32 nr)
{
	return 2 + DIV_ROUND_UP(nr * sizeof(struct mmkit_event), PAGE_SIZE);
}

static struct mmkit_ring *ring_new(struct mmkit_store *store, u32 nr)
{
	struct mmkit_ring *ring = kzalloc(sizeof(*ring), GFP_KERNEL_ACCOUNT);
	int err;

	if (!ring)
		return ERR_PTR(-ENOMEM);
	ring->store = store;
	refcount_set(&ring->users, 1);
	ring->nr = nr;
	ring->nr_pages = pages_for(nr);
	err = ring_pages(ring);
	if (!err)
		err = ring_map(ring);
	if (err) {
		ring_free(ring);
		return ERR_PTR(err);
	}
	return ring;
}

/* Nobody maps it now, and nobody writes it now: afterwards none does the old. */
static void set_ring(struct mmkit_store *store, struct mmkit_ring *ring)
{
	down_write(&store->lock);
	spin_lock(&store->events_lock);
	store->events = ring;
	spin_unlock(&store->events_lock);
	up_write(&store->lock);
}

static u64 ring_bytes(u32 nr)
{
	return (u64)pages_for(nr) << PAGE_SHIFT;
}

/* Whoever maps it has the memory, so until then it is charged. */
static void ring_put(struct mmkit_ring *ring)
{
	if (!refcount_dec_and_test(&ring->users))
		return;
	mmkit_uncharge(ring->store->session, ring_bytes(ring->nr));
	ring_free(ring);
}

/**
 * mmkit_events_stop() - Record no more events of a store.
 * @store: with or without a ring; session->lock is held, or the session ends
 *
 * What is mapped of the ring stays, and stays charged, until it is unmapped.
 *
 * Context: Process.
 */
void mmkit_events_stop(struct mmkit_store *store)
{
	struct mmkit_ring *ring = store->events;

	if (!ring)
		return;
	set_ring(store, NULL);
	static_branch_dec(&mmkit_events_wanted);
	WRITE_ONCE(ring->writer->on, 0);
	ring_put(ring);
}

static int events_start(struct mmkit_store *store, u32 nr)
{
	struct mmkit_ring *ring;
	int err;

	if (!is_power_of_2(nr) || nr > MMKIT_EVENTS_MAX)
		return -EINVAL;
	if (store->events)
		return -EBUSY;
	err = mmkit_charge(store->session, ring_bytes(nr));
	if (err)
		return err;
	ring = ring_new(store, nr);
	if (IS_ERR(ring)) {
		mmkit_uncharge(store->session, ring_bytes(nr));
		return PTR_ERR(ring);
	}
	set_ring(store, ring);
	static_branch_inc(&mmkit_events_wanted);
	return 0;
}

/* MMKIT_MAP_EVENTS */
int mmkit_map_events(struct mmkit_call *call, void *arg)
{
	struct mmkit_store *store = call->session->private;
	struct mmkit_map_events *events = arg;
	int err = 0;

	if (events->flags || events->reserved)
		return -EINVAL;
	if (events->nr)
		err = events_start(store, events->nr);
	else
		mmkit_events_stop(store);
	if (err)
		return err;
	events->offset = events->nr ? MMKIT_EVENTS_OFFSET : 0;
	events->bytes = events->nr ? ring_bytes(events->nr) : 0;
	return 0;
}

/* --- mmap() */

/* The reader may write what is the reader's, and nothing else. */
static int admit(const struct mmkit_ring *ring, struct vm_area_struct *vma)
{
	unsigned long first = vma->vm_pgoff - MMKIT_EVENTS_PGOFF;
	bool readers = !first && vma_pages(vma) == 1;

	if (first > ring->nr_pages ||
	    vma_pages(vma) > ring->nr_pages - first ||
	    !(vma->vm_flags & VM_MAYSHARE))
		return -EINVAL;
	if (!readers && (vma->vm_flags & VM_WRITE))
		return -EACCES;
	if (!readers)
		mmkit_vm_flags_clear(vma, VM_MAYWRITE);
	/* What grows past the end would show nothing, but is refused. */
	mmkit_vm_flags_set(vma, VM_DONTEXPAND | VM_DONTDUMP);
	return 0;
}

static void ring_vm_open(struct vm_area_struct *vma)
{
	struct mmkit_ring *ring = vma->vm_private_data;

	refcount_inc(&ring->users);
}

/* The area holds the file still, and with it the session that is charged. */
static void ring_vm_close(struct vm_area_struct *vma)
{
	ring_put(vma->vm_private_data);
}

/* No .fault: what user space gives away of it, by madvise(), is gone for it. */
static const struct vm_operations_struct ring_vm_ops = {
	.open = ring_vm_open,
	.close = ring_vm_close,
};

/* Under the lock that keeps the ring: what is mapped has a reference after. */
static int map_ring(struct mmkit_ring *ring, struct vm_area_struct *vma)
{
	unsigned long first = vma->vm_pgoff - MMKIT_EVENTS_PGOFF, i;
	int err = admit(ring, vma);

	for (i = 0; !err && i < vma_pages(vma); i++)
		err = vm_insert_page(vma, vma->vm_start + (i << PAGE_SHIFT),
				     ring->page[first + i]);
	if (err)
		return err;
	vma->vm_private_data = ring;
	vma->vm_ops = &ring_vm_ops;
	ring_vm_open(vma);
	return 0;
}

/**
 * mmkit_events_mmap() - Map the ring.
 * @store: with or without one
 * @vma: the area, at MMKIT_EVENTS_PGOFF or after it
 *
 * Context: Process. mmap_lock is held for write.
 * Return: 0, -EINVAL no ring, or outside of it, or not shared; -EACCES more
 * than the first page writable; -ENOMEM.
 */
int mmkit_events_mmap(struct mmkit_store *store, struct vm_area_struct *vma)
{
	int err;

	down_read(&store->lock);
	err = store->events ? map_ring(store->events, vma) : -EINVAL;
	up_read(&store->lock);
	return err;
}
