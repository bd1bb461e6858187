/* SPDX-License-Identifier: GPL-2.0-only */
/* The verbs of mmkit slab, and what they share. */
#ifndef MMKIT_CLI_SLAB_H
#define MMKIT_CLI_SLAB_H

#include "out.h"

/* What a cache is to be: of create, and of the exercises that make their own. */
struct slab_shape {
	uint64_t bytes;
	uint32_t align;
	uint32_t flags;
	bool ctor;
	uint32_t useroffset;
	uint32_t usersize;
};

struct slab_create_opts {
	struct slab_shape shape;
	uint32_t hold;
};

struct slab_alloc_opts {
	uint32_t count;
	uint32_t gfp;
	int32_t node;
	uint32_t flags;
};

struct slab_free_opts {
	uint32_t first;
	uint32_t nr;
	uint32_t stride;
	uint32_t flags;
};

struct slab_objects_opts {
	uint32_t first;
	uint32_t nr;
};

struct slab_pool_opts {
	uint32_t over;
	uint32_t cache;
	uint64_t bytes;
	uint32_t order;
	uint32_t reserve;
	uint32_t room;
};

struct slab_take_opts {
	uint32_t count;
	uint32_t gfp;
	uint32_t flags;
};

struct slab_give_opts {
	uint32_t count;
};

struct slab_add_opts {
	uint32_t count;
	uint32_t gfp;
};

struct slab_draw_opts {
	struct slab_shape shape;
	uint32_t count;
	const char *svg;
};

struct slab_pattern_opts {
	struct slab_shape shape;
	uint32_t count;
	uint32_t order;
	uint32_t nth;
	uint32_t seed;
};

struct slab_reuse_opts {
	uint64_t bytes;
	uint32_t rounds;
	uint32_t tries;
};

struct slab_guarantee_opts {
	uint32_t over;
	uint64_t bytes;
	uint32_t order;
	uint32_t reserve;
	uint32_t take;
	uint32_t fail;
};

struct slab_pressure_opts {
	uint64_t bytes;
	uint64_t limit;
	uint32_t count;
};

int slab_create_run(struct cli *cli, void *opts, int argc, char **argv);
int slab_describe_run(struct cli *cli, void *opts, int argc, char **argv);
int slab_destroy_run(struct cli *cli, void *opts, int argc, char **argv);
int slab_shrink_run(struct cli *cli, void *opts, int argc, char **argv);
int slab_alloc_run(struct cli *cli, void *opts, int argc, char **argv);
int slab_free_run(struct cli *cli, void *opts, int argc, char **argv);
int slab_objects_run(struct cli *cli, void *opts, int argc, char **argv);
int slab_slabs_run(struct cli *cli, void *opts, int argc, char **argv);
int slab_pool_run(struct cli *cli, void *opts, int argc, char **argv);
int slab_take_run(struct cli *cli, void *opts, int argc, char **argv);
int slab_give_run(struct cli *cli, void *opts, int argc, char **argv);
int slab_lru_run(struct cli *cli, void *opts, int argc, char **argv);
int slab_add_run(struct cli *cli, void *opts, int argc, char **argv);
int slab_stat_run(struct cli *cli, void *opts, int argc, char **argv);
int slab_draw_run(struct cli *cli, void *opts, int argc, char **argv);
int slab_pattern_run(struct cli *cli, void *opts, int argc, char **argv);
int slab_reuse_run(struct cli *cli, void *opts, int argc, char **argv);
int slab_guarantee_run(struct cli *cli, void *opts, int argc, char **argv);
int slab_pressure_run(struct cli *cli, void *opts, int argc, char **argv);

/* slab_cache.c */
extern const struct reason slab_reasons[];
int slab_failed(struct cli *cli, int fd, int err, uint64_t bytes,
		const char *doing);
int slab_make(struct cli *cli, int fd, const char *name,
	      const struct slab_shape *shape, uint32_t *handle);
struct json_object *slab_cache_json(struct cli *cli, int fd, uint32_t handle,
				    int *status);
void slab_cache_show(struct cli *cli, struct json_object *cache);

/* slab_kernel.c: what /proc/slabinfo and /sys/kernel/slab say of a cache */
struct slab_kernel {
	int err;			/* of sysfs */
	uint64_t slab_size;
	uint64_t object_size;
	uint64_t align;
	uint64_t order;
	uint64_t objs_per_slab;
	uint64_t aliases;
	uint64_t slabs;
	uint64_t objects;
	uint64_t total_objects;
	uint64_t partial;
	uint64_t cpu_slabs;
	bool in_slabinfo;		/* under whichever name */
	struct mmkit_proc_cache line;	/* of /proc/slabinfo */
};

void slab_kernel_read(const char *name, struct slab_kernel *kernel);
bool slab_kernel_own(const struct slab_kernel *kernel, const char *name);
struct json_object *slab_kernel_json(const struct slab_kernel *kernel);
void slab_kernel_verify(struct cli *cli, const struct slab_kernel *kernel,
			const struct mmkit_slab_describe *cache);

/* slab_object.c */
int slab_objects_get(struct cli *cli, int fd, uint32_t cache, uint32_t count,
		     uint32_t *handle);

/* slab_picture.c: a slot's bytes, the slots of slabs */
void slab_picture(struct cli *cli, struct json_object *draw);
int slab_picture_svg(const char *path, struct json_object *draw);

/* fault.c: the kernel's fault injection, for this task alone */
struct fault {
	const char *dir;	/* below /sys/kernel/debug */
	bool armed;
};

int fault_arm(struct fault *fault, const char *dir);
void fault_disarm(struct fault *fault);

#endif
