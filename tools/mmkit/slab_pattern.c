// SPDX-License-Identifier: GPL-2.0-only
/* mmkit slab pattern: which objects are freed decides how many slabs stay. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "slab.h"

enum { LIFO, FIFO, RANDOM, NTH };

static const char *const names[] = { "lifo", "fifo", "random", "nth" };

static int free_range(int fd, uint32_t handle, uint32_t first, uint32_t nr,
		      uint32_t stride)
{
	struct mmkit_slab_free req = {
		.handle = handle, .first = first, .nr = nr, .stride = stride,
		.flags = MMKIT_SLAB_BULK,
	};

	return nr ? mmkit_slab_free(fd, &req) : 0;
}

/* Fisher and Yates, with a generator whose numbers are the same everywhere. */
static void shuffle(uint32_t *index, uint32_t nr, uint64_t state)
{
	uint32_t i, k, swap;

	for (i = nr; i > 1; i--) {
		state = state * 6364136223846793005ull + 1442695040888963407ull;
		k = (state >> 33) % i;
		swap = index[i - 1];
		index[i - 1] = index[k];
		index[k] = swap;
	}
}

static int free_random(int fd, uint32_t handle,
		       const struct slab_pattern_opts *opts, uint32_t nr)
{
	uint32_t *index = calloc(opts->count, sizeof(*index)), i;
	int err = 0;

	if (!index)
		return -ENOMEM;
	for (i = 0; i < opts->count; i++)
		index[i] = i;
	shuffle(index, opts->count, opts->seed);
	for (i = 0; i < nr && !err; i++)
		err = free_range(fd, handle, index[i], 1, 1);
	free(index);
	return err;
}

/* Numbered in the order of their allocation. */
static int free_by(int fd, uint32_t handle,
		   const struct slab_pattern_opts *opts, uint32_t nr)
{
	switch (opts->order) {
	case LIFO:
		return free_range(fd, handle, opts->count - nr, nr, 1);
	case FIFO:
		return free_range(fd, handle, 0, nr, 1);
	case RANDOM:
		return free_random(fd, handle, opts, nr);
	default:
		return free_range(fd, handle, 0, opts->count, opts->nth);
	}
}

/* With nth one of so many goes, else one of so many stays. */
static uint32_t to_free(const struct slab_pattern_opts *opts)
{
	if (opts->order == NTH)
		return (opts->count + opts->nth - 1) / opts->nth;
	return opts->count - opts->count / opts->nth;
}

static void show_pattern(struct cli *cli, struct json_object *obj)
{
	uint64_t held = j_get_u64(obj, "held"), needed = j_get_u64(obj, "needed");

	(void)cli;
	out_line("%llu objects of %llu bytes in %llu slabs; %llu freed, %s",
		 (unsigned long long)j_get_u64(obj, "count"),
		 (unsigned long long)j_get_u64(obj, "bytes"),
		 (unsigned long long)j_get_u64(obj, "held_before"),
		 (unsigned long long)j_get_u64(obj, "freed"),
		 json_object_get_string(j_get(obj, "order")));
	out_line("the %llu that are left need %llu slabs and hold %llu: %llu of %llu slots are used, %llu %%",
		 (unsigned long long)j_get_u64(obj, "left"),
		 (unsigned long long)needed, (unsigned long long)held,
		 (unsigned long long)j_get_u64(obj, "left"),
		 (unsigned long long)j_get_u64(obj, "room"),
		 (unsigned long long)(j_get_u64(obj, "room") ?
				      j_get_u64(obj, "left") * 100 /
				      j_get_u64(obj, "room") : 0));
	out_line("after kmem_cache_shrink() the kernel has %llu slabs of it",
		 (unsigned long long)j_get_u64(obj, "kernel_slabs"));
}

struct counts {
	struct mmkit_slab_describe cache;
	struct mmkit_slab_slabs before;
	struct mmkit_slab_slabs after;
	struct slab_kernel kernel;
	uint32_t freed;
};

static struct json_object *pattern_json(const struct slab_pattern_opts *opts,
					const struct counts *counts)
{
	uint32_t slots = counts->cache.slots;
	struct json_object *obj = j_obj();

	j_str(obj, "order", names[opts->order]);
	j_num(obj, "nth", opts->nth);
	j_num(obj, "bytes", opts->shape.bytes);
	j_num(obj, "count", opts->count);
	j_num(obj, "slots", slots);
	j_num(obj, "freed", counts->freed);
	j_num(obj, "left", opts->count - counts->freed);
	j_u64(obj, "held_before", counts->before.held);
	j_u64(obj, "held", counts->after.held);
	j_u64(obj, "full", counts->after.full);
	j_u64(obj, "room", counts->after.room);
	j_u64(obj, "needed",
	      (opts->count - counts->freed + slots - 1) / slots);
	j_u64(obj, "kernel_slabs", counts->kernel.slabs);
	return obj;
}

static int count(int fd, uint32_t cache, const struct slab_pattern_opts *opts,
		 struct counts *counts)
{
	struct mmkit_slab_alloc req = {
		.cache = cache, .count = opts->count, .node = -1,
		.flags = MMKIT_SLAB_BULK,
	};
	int err = mmkit_slab_alloc(fd, &req);

	if (!err)
		err = mmkit_slab_slabs(fd, cache, &counts->before, NULL);
	if (!err)
		err = free_by(fd, req.handle, opts, counts->freed);
	if (!err)
		err = mmkit_slab_slabs(fd, cache, &counts->after, NULL);
	if (!err)
		err = mmkit_slab_shrink(fd, cache);
	return err ? err : mmkit_slab_describe(fd, cache, &counts->cache);
}

static void verify_pattern(struct cli *cli, const struct counts *counts)
{
	const char *name = counts->cache.name;

	if (!slab_kernel_own(&counts->kernel, name)) {
		verify_skip(cli, "slabs", "/sys/kernel/slab", ENOENT);
		return;
	}
	verify_field(cli, "slabs", "/sys/kernel/slab", name,
		     counts->after.held, counts->kernel.slabs);
	verify_field(cli, "objects in use", "/sys/kernel/slab", name,
		     counts->after.used, counts->kernel.objects);
}

static int pattern(struct cli *cli, int fd, const struct slab_pattern_opts *opts)
{
	struct counts counts = { .freed = to_free(opts) };
	struct slab_shape shape = opts->shape;
	uint32_t cache;
	int err, status;

	/* Alone in its slabs, or others' objects would be counted with ours. */
	shape.ctor = true;
	status = slab_make(cli, fd, "pattern", &shape, &cache);
	if (status)
		return status;
	err = count(fd, cache, opts, &counts);
	if (err)
		return slab_failed(cli, fd, err,
				   opts->shape.bytes * opts->count, "pattern");
	slab_kernel_read(counts.cache.name, &counts.kernel);
	if (cli->opt.verify)
		verify_pattern(cli, &counts);
	return result(cli, pattern_json(opts, &counts), show_pattern);
}

int slab_pattern_run(struct cli *cli, void *data, int argc, char **argv)
{
	const struct slab_pattern_opts *opts = data;
	int fd, status;

	(void)argc;
	(void)argv;
	if (opts->nth < 2 || opts->count < opts->nth)
		return usage(cli, "--nth is at least 2, --count at least as much");
	fd = area_open_fresh(cli, "slab", O_RDWR);
	if (fd < 0)
		return -fd;
	status = pattern(cli, fd, opts);
	mmkit_close(fd);
	return status;
}
