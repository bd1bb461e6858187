/* SPDX-License-Identifier: GPL-2.0-only */
/* The parts of the bench area. */
#ifndef _MMKIT_BENCH_BENCH_H
#define _MMKIT_BENCH_BENCH_H

#include <mmkit/area.h>
#include <mmkit/bench.h>

extern const struct mmkit_ioctl mmkit_bench_ioctls[];
extern const unsigned int mmkit_bench_nr_ioctls;
extern const struct mmkit_verb mmkit_bench_verbs[];
extern struct mmkit_show mmkit_bench_shows[];

int mmkit_bench_open(struct mmkit_session *session, struct file *file);
void mmkit_bench_release(struct mmkit_session *session);
void mmkit_bench_info_fill(struct mmkit_bench_info *info);

#endif
