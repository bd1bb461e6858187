// SPDX-License-Identifier: GPL-2.0-only
/* The pager's swap in memory: pages compressed by LZO, zeroed ones not at all. */
#include <linux/highmem.h>
#include <linux/lzo.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <mmkit/gfp.h>
#include "pager.h"

#ifdef HAVE_LZO

static int lzo_open(struct mmkit_swap *swap, s32 fd, unsigned long nr)
{
	swap->work = kvmalloc(LZO1X_1_MEM_COMPRESS, MMKIT_GFP_BOOKKEEPING);
	swap->buffer = kvmalloc(lzo1x_worst_compress(PAGE_SIZE),
				MMKIT_GFP_BOOKKEEPING);
	if (swap->work && swap->buffer)
		return 0;
	kvfree(swap->work);
	kvfree(swap->buffer);
	return -ENOMEM;
}

static void lzo_close(struct mmkit_swap *swap)
{
	kvfree(swap->work);
	kvfree(swap->buffer);
}

static void lzo_drop(struct mmkit_pager *pager, unsigned long index)
{
	struct mmkit_pager_page *page = &pager->page[index];
	struct mmkit_swap *swap = &pager->swap;

	if (!page->stored)
		return;
	kfree(page->data);
	mmkit_uncharge(pager->store->session, kmalloc_size_roundup(page->length));
	swap->bytes -= page->length;
	swap->stored--;
	page->data = NULL;
	page->length = 0;
	page->stored = false;
}

/* What does not become smaller is kept as it is. */
static const void *compress(struct mmkit_swap *swap, const void *from,
			    size_t *length)
{
	if (lzo1x_1_compress(from, PAGE_SIZE, swap->buffer, length,
			     swap->work) != LZO_E_OK || *length >= PAGE_SIZE) {
		*length = PAGE_SIZE;
		return from;
	}
	return swap->buffer;
}

/* What was there is given up last: a failure must not lose it. */
static int keep(struct mmkit_pager *pager, unsigned long index,
		const void *from, size_t length)
{
	struct mmkit_session *session = pager->store->session;
	struct mmkit_pager_page *page = &pager->page[index];
	void *data;
	int err;

	err = mmkit_charge(session, kmalloc_size_roundup(length));
	if (err)
		return err;
	data = kmalloc(length, MMKIT_GFP_BOOKKEEPING);
	if (!data) {
		mmkit_uncharge(session, kmalloc_size_roundup(length));
		return -ENOMEM;
	}
	memcpy(data, from, length);
	lzo_drop(pager, index);
	page->data = data;
	page->length = length;
	page->stored = true;
	pager->swap.stored++;
	pager->swap.bytes += length;
	return 0;
}

static int lzo_store(struct mmkit_pager *pager, unsigned long index,
		     struct page *page)
{
	void *from = kmap_local_page(page);
	const void *data;
	size_t length;
	int err = 0;

	if (!memchr_inv(from, 0, PAGE_SIZE)) {
		lzo_drop(pager, index);
	} else {
		data = compress(&pager->swap, from, &length);
		err = keep(pager, index, data, length);
	}
	kunmap_local(from);
	return err;
}

static int lzo_load(struct mmkit_pager *pager, unsigned long index,
		    struct page *page)
{
	const struct mmkit_pager_page *known = &pager->page[index];
	void *to = kmap_local_page(page);
	size_t length = PAGE_SIZE;
	int err = LZO_E_OK;

	if (known->length == PAGE_SIZE)
		memcpy(to, known->data, PAGE_SIZE);
	else
		err = lzo1x_decompress_safe(known->data, known->length, to,
					    &length);
	kunmap_local(to);
	return err == LZO_E_OK && length == PAGE_SIZE ? 0 : -EIO;
}

static const struct mmkit_swap_ops lzo_ops = {
	.open = lzo_open,
	.close = lzo_close,
	.store = lzo_store,
	.load = lzo_load,
	.drop = lzo_drop,
};

const struct mmkit_swap_ops *const mmkit_swap_lzo = &lzo_ops;

#else

const struct mmkit_swap_ops *const mmkit_swap_lzo;

#endif
