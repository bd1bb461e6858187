/* SPDX-License-Identifier: GPL-2.0-only */
/* The verbs of mmkit heap, and what they share. */
#ifndef MMKIT_CLI_HEAP_H
#define MMKIT_CLI_HEAP_H

#include <draw.h>

#include "out.h"

extern const char *const heap_apis[];

struct heap_alloc_opts {
	uint32_t api;
	uint64_t bytes;
	uint64_t elements;
	uint32_t count;
	uint32_t gfp;
	int32_t node;
	uint32_t atomic;
	uint32_t hold;
};

struct heap_realloc_opts {
	uint32_t index;
	uint64_t bytes;
	uint32_t gfp;
};

struct heap_free_opts {
	uint32_t first;
	uint32_t nr;
	uint32_t stride;
	uint32_t sensitive;
};

struct heap_describe_opts {
	uint32_t first;
	uint32_t nr;
};

struct heap_pfns_opts {
	uint32_t index;
};

struct heap_sweep_opts {
	uint32_t api;
	uint32_t gfp;
	const char *svg;
};

struct heap_choose_opts {
	uint64_t bytes;
	uint32_t context;
	bool dma;
	bool contiguous;
};

int heap_alloc_run(struct cli *cli, void *opts, int argc, char **argv);
int heap_realloc_run(struct cli *cli, void *opts, int argc, char **argv);
int heap_free_run(struct cli *cli, void *opts, int argc, char **argv);
int heap_describe_run(struct cli *cli, void *opts, int argc, char **argv);
int heap_pfns_run(struct cli *cli, void *opts, int argc, char **argv);
int heap_limits_run(struct cli *cli, void *opts, int argc, char **argv);
int heap_sweep_run(struct cli *cli, void *opts, int argc, char **argv);
int heap_choose_run(struct cli *cli, void *opts, int argc, char **argv);

/* heap_alloc.c */
int heap_failed(struct cli *cli, int fd, int err, uint64_t bytes,
		const char *doing);

/* What an object is told to be in, beside its figures. */
struct heap_kind {
	uint32_t api;
	uint32_t gfp;
	bool cache;	/* find out its slab cache */
};

/* heap_object.c */
struct json_object *heap_objects_json(struct cli *cli, int fd,
				      const struct heap_kind *kind,
				      uint32_t first,
				      const struct mmkit_heap_object *objects,
				      unsigned int nr);
void heap_objects_show(struct cli *cli, struct json_object *objects);
void heap_objects_verify(struct cli *cli, struct json_object *objects);
const char *heap_where(const struct mmkit_heap_object *object);

/* heap_cache.c: which slab cache serves a request, found by making it grow */
struct heap_cache {
	bool known;
	struct mmkit_proc_cache line;	/* of /proc/slabinfo */
};

int heap_cache_find(uint32_t api, uint32_t gfp, uint64_t bytes,
		    struct heap_cache *cache);
uint64_t heap_cache_class(const char *name);

/* heap_points.c: the sizes that a sweep tries */
struct heap_point {
	struct mmkit_heap_object object;
	struct heap_cache cache;
	bool is_class;	/* the last size of a size class */
};

struct heap_sweep {
	uint32_t api;
	uint32_t gfp;
	struct heap_point *points;
	unsigned int nr;
	uint64_t fail_bytes;	/* first size that was refused */
	int fail_errno;
};

typedef void (*heap_progress_fn)(void *data, uint32_t api, uint64_t bytes);

int heap_sweep_api(int fd, struct heap_sweep *sweep, heap_progress_fn progress,
		   void *data);
int heap_try(int fd, struct mmkit_heap_alloc *req,
	     struct mmkit_heap_object *object);

/* heap_draw.c: waste over size */
void heap_chart(struct cli *cli, struct json_object *apis);
int heap_svg(const char *path, struct json_object *apis);

#endif
