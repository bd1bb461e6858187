/* SPDX-License-Identifier: GPL-2.0-only */
/* What the parts of the suite map share. */
#ifndef MMKIT_CLI_BENCH_MAP_H
#define MMKIT_CLI_BENCH_MAP_H

#include "bench.h"

/* A way to have memory that is none of ours. */
struct bench_peer {
	const char *name;
	int (*open)(struct bench_loop *loop);	/* makes loop->fd, or -1 */
	int flags;	/* of mmap() */
	int advice;	/* for madvise(), or 0 */
};

/* bench_peers.c */
const struct bench_peer *bench_peer_find(const char *name);
unsigned int bench_peer_names(char (*names)[MMKIT_NAME_LEN], unsigned int room);

/* bench_map.c: room for as much; then loop->bytes of loop->fd at an address. */
int bench_map_open(struct bench_loop *loop, size_t room);
int bench_map_at(struct bench_loop *loop, void *at, void **addr);
void bench_map_touch(void *addr, size_t bytes);
bool bench_map_is_strategy(const char *subject);

#endif
