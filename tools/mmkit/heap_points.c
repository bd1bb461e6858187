// SPDX-License-Identifier: GPL-2.0-only
/* The sizes that a sweep tries, and what came of each. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "heap.h"
#include "page.h"

#define FINE		(4ull << 20)	/* up to here densely */
#define COARSE		(32ull << 20)
#define STEPS		6		/* of a bisection: each may take seconds */

/* Allocates, describes the last of the objects, frees. Returns 0 or -errno. */
int heap_try(int fd, struct mmkit_heap_alloc *req,
	     struct mmkit_heap_object *object)
{
	struct mmkit_heap_free free_req = { 0 };
	int ret;

	memset(object, 0, sizeof(*object));
	ret = mmkit_heap_alloc(fd, req);
	if (ret)
		return ret;
	ret = mmkit_heap_describe(fd, req->handle, req->count - 1, 1, object);
	free_req.handle = req->handle;
	mmkit_heap_free(fd, &free_req);
	return ret < 0 ? ret : 0;
}

static int try_size(int fd, const struct heap_sweep *sweep, uint64_t bytes,
		    struct mmkit_heap_object *object)
{
	struct mmkit_heap_alloc req = {
		.api = sweep->api,
		.bytes = bytes,
		.elements = sweep->api == MMKIT_HEAP_KMALLOC_ARRAY,
		.count = 1,
		.gfp = sweep->gfp,
		.node = -1,
	};

	return heap_try(fd, &req, object);
}

static struct heap_point *add_point(struct heap_sweep *sweep,
				    const struct mmkit_heap_object *object)
{
	struct heap_point *more;

	more = reallocarray(sweep->points, sweep->nr + 1, sizeof(*more));
	if (!more)
		return NULL;
	sweep->points = more;
	more += sweep->nr++;
	memset(more, 0, sizeof(*more));
	more->object = *object;
	return more;
}

static int take(int fd, struct heap_sweep *sweep, uint64_t bytes,
		struct mmkit_heap_object *object)
{
	int err = try_size(fd, sweep, bytes, object);

	if (err)
		return err;
	return add_point(sweep, object) ? 0 : -ENOMEM;
}

static bool is_class(const struct mmkit_heap_object *object)
{
	return object->state & MMKIT_HEAP_SLAB &&
	       object->bytes == object->usable;
}

/*
 * The size that a request was rounded up to is the last of its class, and the
 * next byte begins the next one.
 */
static int walk_classes(int fd, struct heap_sweep *sweep,
			heap_progress_fn progress, void *data)
{
	struct mmkit_heap_object object;
	uint64_t bytes = 1, end;
	int err;

	for (;; bytes = end + 1) {
		progress(data, sweep->api, bytes);
		err = take(fd, sweep, bytes, &object);
		if (err)	/* where it ends, search_end() finds */
			return sweep->nr ? 0 : err;
		if (object.state & MMKIT_HEAP_MAPPED)
			return 0;
		end = object.usable;
		if (end - 1 > bytes)
			take(fd, sweep, end - 1, &object);
		if (take(fd, sweep, end, &object))
			return 0;
		if (!is_class(&object))
			continue;
		sweep->points[sweep->nr - 1].is_class = true;
		heap_cache_find(sweep->api, sweep->gfp, end,
				&sweep->points[sweep->nr - 1].cache);
	}
}

static bool has_classes(uint32_t api)
{
	return api <= MMKIT_HEAP_KVMALLOC;
}

static bool may_be_huge(uint32_t api)
{
	return api == MMKIT_HEAP_VMALLOC_HUGE || api == MMKIT_HEAP_KVMALLOC;
}

/* Powers of two with their neighbours, and three sizes between two of them. */
static unsigned int octave(uint32_t api, uint64_t size, uint64_t *sizes)
{
	unsigned int nr = 0;

	if (size > 2 && size <= FINE)
		sizes[nr++] = size - 1;
	sizes[nr++] = size;
	if (size <= FINE || (may_be_huge(api) && size <= COARSE))
		sizes[nr++] = size + 1;
	if (size >= 8 && size < FINE) {
		sizes[nr++] = size * 5 / 4;
		sizes[nr++] = size * 3 / 2;
		sizes[nr++] = size * 7 / 4;
	}
	return nr;
}

/* Until one is refused: that one and the last that was not come back. */
static int climb(int fd, struct heap_sweep *sweep, uint64_t *good,
		 heap_progress_fn progress, void *data)
{
	struct mmkit_heap_object object;
	uint64_t size, sizes[8];
	unsigned int i, nr;
	int err;

	for (size = 1; size; size *= 2) {
		nr = octave(sweep->api, size, sizes);
		for (i = 0; i < nr; i++) {
			progress(data, sweep->api, sizes[i]);
			err = take(fd, sweep, sizes[i], &object);
			sweep->fail_bytes = sizes[i];
			if (err)
				return err;
			*good = sizes[i];
		}
	}
	return -EOVERFLOW;
}

/* What is left of the session's quota: the end is likely to be just there. */
static uint64_t quota_end(int fd, uint32_t api)
{
	struct mmkit_session_info info;
	uint64_t page = page_size();

	if (may_be_huge(api))
		page *= page / sizeof(uint64_t);	/* a huge one */
	if (mmkit_session_get(fd, &info))
		return 0;
	return (info.max_bytes - info.bytes) / page * page;
}

/* Between a size that works and one that does not. */
static void search_end(int fd, struct heap_sweep *sweep, uint64_t good)
{
	struct mmkit_heap_object object;
	uint64_t bytes = sweep->fail_errno == EDQUOT ?
			 quota_end(fd, sweep->api) : 0;
	unsigned int step;
	int err;

	for (step = 0; step < STEPS && sweep->fail_bytes - good > 1; step++) {
		if (bytes <= good || bytes >= sweep->fail_bytes)
			bytes = good + (sweep->fail_bytes - good) / 2;
		err = take(fd, sweep, bytes, &object);
		if (err) {
			sweep->fail_bytes = bytes;
			sweep->fail_errno = -err;
			bytes = 0;
		} else {
			good = bytes++;
		}
	}
}

static int by_bytes(const void *a, const void *b)
{
	const struct heap_point *x = a, *y = b;

	if (x->object.bytes != y->object.bytes)
		return x->object.bytes < y->object.bytes ? -1 : 1;
	return y->is_class - x->is_class;
}

/* In order, each size once. */
static void tidy(struct heap_sweep *sweep)
{
	unsigned int i, to = 0;

	qsort(sweep->points, sweep->nr, sizeof(*sweep->points), by_bytes);
	for (i = 0; i < sweep->nr; i++)
		if (!to || sweep->points[to - 1].object.bytes !=
			   sweep->points[i].object.bytes)
			sweep->points[to++] = sweep->points[i];
	sweep->nr = to;
}

/* Returns 0 with what was found in @sweep, or -errno when nothing could be. */
int heap_sweep_api(int fd, struct heap_sweep *sweep, heap_progress_fn progress,
		   void *data)
{
	uint64_t good = 0;
	int err = 0;

	if (has_classes(sweep->api))
		err = walk_classes(fd, sweep, progress, data);
	if (err)
		return err;
	err = climb(fd, sweep, &good, progress, data);
	if (!sweep->nr)
		return err;
	sweep->fail_errno = -err;
	search_end(fd, sweep, good);
	tidy(sweep);
	return 0;
}
