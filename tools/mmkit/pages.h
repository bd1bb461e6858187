/* SPDX-License-Identifier: GPL-2.0-only */
/* The verbs of mmkit pages, and what they share. */
#ifndef MMKIT_CLI_PAGES_H
#define MMKIT_CLI_PAGES_H

#include <draw.h>

#include "page.h"
#include "zone.h"

extern const char *const how_names[];

struct alloc_opts {
	uint32_t order;
	uint32_t count;
	uint32_t gfp;
	int32_t node;
	uint32_t how;
	uint64_t bytes;
	bool split;
	uint32_t hold;
};

struct free_opts {
	uint32_t handle;
	uint32_t first;
	uint32_t nr;
	uint32_t stride;
};

struct describe_opts {
	uint32_t handle;
	uint64_t pfn;
	uint64_t first;
	uint32_t nr;
	uint32_t step;
};

struct fragment_opts {
	uint32_t order;
	uint64_t bytes;
	uint32_t gfp;
	int32_t node;
	bool movable;
	uint32_t hold;
};

struct compact_opts {
	uint64_t bytes;
};

struct drain_opts {
	uint32_t order;
	uint32_t count;
	const char *svg;
};

struct draw_opts {
	uint64_t from;
	uint64_t to;
	uint32_t cells;
	uint32_t runs;
	const char *svg;
};

struct why_opts {
	uint32_t order;
};

struct tree_opts {
	uint32_t order;
	const char *svg;
};

int pages_alloc_run(struct cli *cli, void *opts, int argc, char **argv);
int pages_free_run(struct cli *cli, void *opts, int argc, char **argv);
int pages_list_run(struct cli *cli, void *opts, int argc, char **argv);
int pages_describe_run(struct cli *cli, void *opts, int argc, char **argv);
int pages_zones_run(struct cli *cli, void *opts, int argc, char **argv);
int pages_buddy_run(struct cli *cli, void *opts, int argc, char **argv);
int pages_frag_run(struct cli *cli, void *opts, int argc, char **argv);
int pages_fragment_run(struct cli *cli, void *opts, int argc, char **argv);
int pages_compact_run(struct cli *cli, void *opts, int argc, char **argv);
int pages_drain_run(struct cli *cli, void *opts, int argc, char **argv);
int pages_draw_run(struct cli *cli, void *opts, int argc, char **argv);
int pages_why_run(struct cli *cli, void *opts, int argc, char **argv);
int pages_tree_run(struct cli *cli, void *opts, int argc, char **argv);

void pages_hold(struct cli *cli, uint32_t seconds, const char *what);
int pages_alloc_failed(struct cli *cli, int fd, int err, uint64_t bytes,
		       const struct mmkit_pages_alloc *req);

/* pages_merge.c */
void pages_merge_show(struct cli *cli, struct json_object *obj);
int pages_merge_svg(const char *path, struct json_object *obj);

/* pages_runs.c */
struct json_object *pages_runs_json(const uint8_t *states, uint64_t nr,
				    uint32_t most);

/* pages_why.c */
bool pages_why_failed(struct cli *cli, int fd,
		      const struct mmkit_pages_alloc *req, char *text, size_t len);

/* pages_mistake.c */
int pages_alloc_mistake(struct cli *cli, const struct mmkit_pages_alloc *req);
int pages_order_mistake(struct cli *cli, uint32_t order);
int pages_fragment_mistake(struct cli *cli,
			   const struct mmkit_pages_fragment *req);

/* movable.c: fragment with this process's own memory */
int movable_spread(struct movable *own, uint64_t bytes, unsigned int order,
		   uint64_t *blocks);
int movable_count(const struct movable *own, unsigned int order,
		  uint64_t *blocks);
void movable_drop(struct movable *own);
int movable_fragment(struct cli *cli, uint64_t bytes, unsigned int order,
		     uint64_t *blocks);
int movable_blocks(struct cli *cli, unsigned int order, uint64_t *blocks);
void movable_release(struct cli *cli);

/* settle.c */
void on_each_cpu(void (*fn)(void));
void settle_lists(void);

#endif
