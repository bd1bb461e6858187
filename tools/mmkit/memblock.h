/* SPDX-License-Identifier: GPL-2.0-only */
/* The verbs of mmkit memblock, and what they share. */
#ifndef MMKIT_CLI_MEMBLOCK_H
#define MMKIT_CLI_MEMBLOCK_H

#include <draw.h>

#include "out.h"

/* The other verbs of the sandbox take the ioctl's own struct for their options. */
struct memblock_set_opts {
	uint64_t limit;
	bool bottom_up;
	bool resize;
	bool movable_node;
	bool mirror;
	bool reset;
};

struct memblock_regions_opts {
	uint32_t list;
	int32_t node;
	uint32_t flags;
};

struct memblock_claim_opts {
	uint64_t base;
	uint64_t bytes;
	const char *name;
	bool offer;
};

struct memblock_svg_opts {
	const char *svg;
};

struct memblock_replay_opts {
	const char *svg;
	bool requests;
};

int memblock_set_run(struct cli *cli, void *opts, int argc, char **argv);
int memblock_change_run(struct cli *cli, void *opts, int argc, char **argv);
int memblock_alloc_run(struct cli *cli, void *opts, int argc, char **argv);
int memblock_query_run(struct cli *cli, void *opts, int argc, char **argv);
int memblock_regions_run(struct cli *cli, void *opts, int argc, char **argv);
int memblock_dump_run(struct cli *cli, void *opts, int argc, char **argv);
int memblock_observe_run(struct cli *cli, void *opts, int argc, char **argv);
int memblock_replay_run(struct cli *cli, void *opts, int argc, char **argv);
int memblock_boot_run(struct cli *cli, void *opts, int argc, char **argv);
int memblock_carveouts_run(struct cli *cli, void *opts, int argc, char **argv);
int memblock_claim_run(struct cli *cli, void *opts, int argc, char **argv);
int memblock_release_run(struct cli *cli, void *opts, int argc, char **argv);
int memblock_why_run(struct cli *cli, void *opts, int argc, char **argv);

/* memblock_regions.c: a list of regions, all of it; free() it */
struct memblock_list {
	struct mmkit_memblock_region *region;
	uint32_t nr;
	uint64_t max;
	uint64_t total;
	uint64_t array;
};

int memblock_list_get(int fd, uint32_t source, uint32_t list,
		      struct memblock_list *out);
struct json_object *memblock_region_json(
				const struct mmkit_memblock_region *region);
uint32_t memblock_coalesce(struct mmkit_memblock_region *region, uint32_t nr);

/* memblock_real.c: the kernel's own, by an address from user space */
int memblock_observe(int fd, const char **layout);
const char *memblock_unobserved(int err);

/* memblock_carve.c: what memmap= and reserve_mem= took */
struct json_object *memblock_carveouts_json(int fd);
struct json_object *memblock_range_json(uint64_t base, uint64_t bytes);

/* memblock_claim.c */
extern const struct reason memblock_claim_reasons[];

/* memblock_draw.c */
void memblock_map_draw(struct cli *cli, struct json_object *parts);
int memblock_map_svg(const char *path, struct json_object *parts);
void memblock_growth_draw(struct cli *cli, struct json_object *growth);
int memblock_growth_svg(const char *path, struct json_object *growth);

#endif
