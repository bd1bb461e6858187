// SPDX-License-Identifier: GPL-2.0-only
/* mmkit slab draw: a slab's slots, and a slot's bytes. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "slab.h"

static void show_draw(struct cli *cli, struct json_object *obj)
{
	slab_cache_show(cli, j_get(obj, "cache"));
	out_blank();
	slab_picture(cli, obj);
}

static struct json_object *find_slab(struct json_object *slabs, uint64_t pfn)
{
	size_t i, nr = json_object_array_length(slabs);
	struct json_object *slab;

	for (i = 0; i < nr; i++) {
		slab = json_object_array_get_idx(slabs, i);
		if (j_get_u64(slab, "pfn") == pfn)
			return slab;
	}
	return NULL;
}

/* As many as fit on a screen; no kernel makes slabs of more slots by default. */
#define SLABS	8
#define SLOTS	4096

static void mark(struct json_object *slabs,
		 const struct mmkit_slab_object *object, uint32_t slots)
{
	struct json_object *slab = find_slab(slabs, object->pfn);
	char text[SLOTS + 1];

	if (!slab) {
		if (json_object_array_length(slabs) == SLABS)
			return;
		slab = j_obj();
		j_u64(slab, "pfn", object->pfn);
		j_u64(slab, "used", 0);
		memset(text, '.', slots);
		text[slots] = '\0';
		j_str(slab, "slots", text);
		json_object_array_add(slabs, slab);
	}
	if (object->slot >= slots)
		return;
	snprintf(text, sizeof(text), "%s",
		 json_object_get_string(j_get(slab, "slots")));
	text[object->slot] = '#';
	j_str(slab, "slots", text);
	j_u64(slab, "used", j_get_u64(slab, "used") + 1);
}

/* Each slab as a word: # where an object of ours is. NULL: reported why not. */
static struct json_object *slabs_json(struct cli *cli, int fd, uint32_t handle,
				      uint32_t count, uint32_t slots,
				      int *status)
{
	struct mmkit_slab_object *objects = calloc(count, sizeof(*objects));
	struct json_object *slabs;
	int ret, i;

	ret = objects ? mmkit_slab_objects(fd, handle, 0, count, objects) :
			-ENOMEM;
	if (ret < 0) {
		free(objects);
		*status = slab_failed(cli, fd, ret, 0, "drawing");
		return NULL;
	}
	slabs = j_arr();
	for (i = 0; i < ret; i++)
		if (!(objects[i].state & MMKIT_SLAB_KFENCE))
			mark(slabs, &objects[i], slots);
	free(objects);
	return slabs;
}

static int draw_objects(struct cli *cli, int fd, uint32_t cache, uint32_t count,
			const char *svg)
{
	struct mmkit_slab_describe what;
	struct json_object *obj, *slabs;
	uint32_t handle;
	int err = mmkit_slab_describe(fd, cache, &what), status;

	if (err)
		return slab_failed(cli, fd, err, 0, "drawing");
	if (!count)
		count = what.slots / 2 ? what.slots / 2 : 1;
	status = slab_objects_get(cli, fd, cache, count, &handle);
	if (status)
		return status;
	slabs = slabs_json(cli, fd, handle, count,
			   what.slots < SLOTS ? what.slots : SLOTS, &status);
	if (!slabs)
		return status;
	obj = j_obj();
	j_add(obj, "cache", slab_cache_json(cli, fd, cache, &status));
	j_num(obj, "count", count);
	j_str(obj, "svg", svg);
	j_add(obj, "slabs", slabs);
	err = svg ? slab_picture_svg(svg, obj) : 0;
	if (err) {
		json_object_put(obj);
		return unwritable(cli, svg, err);
	}
	return result(cli, obj, show_draw);
}

int slab_draw_run(struct cli *cli, void *data, int argc, char **argv)
{
	const struct slab_draw_opts *opts = data;
	uint32_t cache;
	int fd, status;

	(void)argc;
	(void)argv;
	fd = area_open_fresh(cli, "slab", O_RDWR);
	if (fd < 0)
		return -fd;
	status = slab_make(cli, fd, "draw", &opts->shape, &cache);
	if (!status)
		status = draw_objects(cli, fd, cache, opts->count, opts->svg);
	mmkit_close(fd);
	return status;
}
