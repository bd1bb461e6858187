// SPDX-License-Identifier: GPL-2.0-only
/* /dev/mmkit/bench */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <mmkit.h>

#include <bench/names.h>

#include "internal.h"

static const char *const configs[] = {
	"KASAN", "LOCKDEP", "DEBUG_KMEMLEAK", "DEBUG_VM", "DEBUG_PAGEALLOC",
	"SLUB_DEBUG_ON", "PAGE_OWNER", "FAULT_INJECTION", "KCOV",
	"DEBUG_ATOMIC_SLEEP", [16] = "MEMCG", "NUMA", "PREEMPT", "RETPOLINE",
	"INIT_ON_ALLOC",
};

#define NAME_OF(names, i) \
	((i) < sizeof(names) / sizeof((names)[0]) ? (names)[i] : NULL)

/**
 * mmkit_bench_pattern_name() - what a pattern is called
 * @pattern: enum mmkit_bench_pattern
 *
 * Return: its name, NULL when there is no such pattern.
 */
const char *mmkit_bench_pattern_name(unsigned int pattern)
{
	return NAME_OF(mmkit_bench_patterns, pattern);
}

/**
 * mmkit_bench_dist_name() - what a distribution of sizes is called
 * @dist: enum mmkit_bench_dist
 *
 * Return: its name, NULL when there is no such distribution.
 */
const char *mmkit_bench_dist_name(unsigned int dist)
{
	return NAME_OF(mmkit_bench_dists, dist);
}

/**
 * mmkit_bench_config_name() - what an option of the kernel is called
 * @bit: number of a bit of mmkit_bench_info.config
 *
 * Return: its name, NULL when there is no such bit.
 */
const char *mmkit_bench_config_name(unsigned int bit)
{
	return NAME_OF(configs, bit);
}

/**
 * mmkit_bench_nothing() - a command that does nothing, to be measured
 * @fd: session of "bench"
 *
 * Return: 0, or -errno.
 */
int mmkit_bench_nothing(int fd)
{
	struct mmkit_bench_nothing req = { .size = sizeof(req) };

	return lib_ioctl(fd, MMKIT_BENCH_NOTHING, &req);
}

/**
 * mmkit_bench_info() - what the figures of this kernel are in
 * @fd: session of "bench"
 * @info: out
 *
 * Return: 0, or -ENOTTY when @fd is no session of "bench".
 */
int mmkit_bench_info(int fd, struct mmkit_bench_info *info)
{
	*info = (struct mmkit_bench_info){ .size = sizeof(*info) };
	return lib_ioctl(fd, MMKIT_BENCH_INFO, info);
}

/**
 * mmkit_bench_rows() - the benchmarks that run in the kernel
 * @fd: session of "bench"
 * @rows: out: an array to be freed
 *
 * Return: how many there are, -ENOMEM, -EINTR.
 */
int mmkit_bench_rows(int fd, struct mmkit_bench_row **rows)
{
	struct mmkit_bench_list req = { .size = sizeof(req), .nr = 128 };
	int ret;

	*rows = calloc(req.nr, sizeof(**rows));
	if (!*rows)
		return -ENOMEM;
	req.rows = (uintptr_t)*rows;
	ret = lib_ioctl(fd, MMKIT_BENCH_ROWS, &req);
	if (ret < 0) {
		free(*rows);
		return ret;
	}
	return req.nr < 128 ? req.nr : 128;
}

/**
 * mmkit_bench_run() - run one benchmark, with one x
 * @fd: session of "bench"
 * @req: what to run; how many rounds and operations comes back
 * @rounds: out: room for @req->rounds times @req->threads
 *
 * Return: 0, -ENOENT no such row or allocator, -EINVAL, -EOPNOTSUPP it wants
 * another CPU, -ENXIO the CPU is offline, -EDQUOT, -ENOMEM, -EINTR.
 */
int mmkit_bench_run(int fd, struct mmkit_bench_run *req,
		    struct mmkit_bench_round *rounds)
{
	req->size = sizeof(*req);
	req->array = (uintptr_t)rounds;
	return lib_ioctl(fd, MMKIT_BENCH_RUN, req);
}

/**
 * mmkit_bench_sizes() - hand over the sizes of a list or a trace
 * @fd: session of "bench"; those that it has are forgotten
 * @sizes: each at least 1
 * @nr: how many; handed over in pieces
 *
 * Return: 0, -EINVAL a size of 0, -ERANGE too many, -EDQUOT, -ENOMEM, -EINTR.
 */
int mmkit_bench_sizes(int fd, const uint32_t *sizes, uint32_t nr)
{
	struct mmkit_bench_sizes req = {
		.size = sizeof(req),
		.flags = MMKIT_BENCH_SIZES_FORGET,
	};
	uint32_t done = 0;
	int ret;

	do {
		req.nr = nr - done;
		if (req.nr > MMKIT_BENCH_SIZES_PER_CALL)
			req.nr = MMKIT_BENCH_SIZES_PER_CALL;
		memcpy(req.sizes, sizes + done, req.nr * sizeof(*sizes));
		ret = lib_ioctl(fd, MMKIT_BENCH_SIZES, &req);
		if (ret < 0)
			return ret;
		req.flags = 0;
		done += req.nr;
	} while (done < nr);
	return 0;
}

/**
 * mmkit_bench_start() - start to exercise an allocator
 * @fd: session of "bench"
 * @req: how; the handle of the run comes back
 *
 * Return: 0, -ENOENT no such allocator, -EINVAL, -EPERM ATOMIC without
 * CAP_SYS_RESOURCE, -EDQUOT, -EBUSY it is being unloaded, -ENOMEM, -EINTR.
 */
int mmkit_bench_start(int fd, struct mmkit_bench_start *req)
{
	req->size = sizeof(*req);
	return lib_ioctl(fd, MMKIT_BENCH_START, req);
}

/**
 * mmkit_bench_status() - how a run is getting on
 * @fd: session of "bench"
 * @handle: from mmkit_bench_start()
 * @wait_ms: answer after that time or when it has ended; at most 1000
 * @status: out
 *
 * Return: 0, -ENOENT no such handle, -EINVAL, -EINTR.
 */
int mmkit_bench_status(int fd, uint32_t handle, uint32_t wait_ms,
		       struct mmkit_bench_status *status)
{
	*status = (struct mmkit_bench_status){
		.size = sizeof(*status),
		.handle = handle,
		.wait_ms = wait_ms,
	};
	return lib_ioctl(fd, MMKIT_BENCH_STATUS, status);
}

/**
 * mmkit_bench_result() - the latencies of a run so far
 * @fd: session of "bench"
 * @handle: from mmkit_bench_start()
 * @hists: out: of allocations, of frees
 *
 * Return: 0, -ENOENT no such handle, -ENOMEM, -EINTR.
 */
int mmkit_bench_result(int fd, uint32_t handle,
		       struct mmkit_bench_hist hists[2])
{
	struct mmkit_bench_result req = {
		.size = sizeof(req),
		.handle = handle,
		.hists = (uintptr_t)hists,
	};

	return lib_ioctl(fd, MMKIT_BENCH_RESULT, &req);
}

static int on_handle(int fd, unsigned long cmd, uint32_t handle)
{
	struct mmkit_bench_handle req = {
		.size = sizeof(req),
		.handle = handle,
	};

	return lib_ioctl(fd, cmd, &req);
}

/**
 * mmkit_bench_stop() - stop a run, and wait until everything is freed
 * @fd: session of "bench"
 * @handle: from mmkit_bench_start()
 *
 * Return: 0, -ENOENT no such handle, -EINTR.
 */
int mmkit_bench_stop(int fd, uint32_t handle)
{
	return on_handle(fd, MMKIT_BENCH_STOP, handle);
}

/**
 * mmkit_bench_forget() - stop a run and give its handle back
 * @fd: session of "bench"
 * @handle: from mmkit_bench_start()
 *
 * Return: 0, -ENOENT no such handle, -EINTR.
 */
int mmkit_bench_forget(int fd, uint32_t handle)
{
	return on_handle(fd, MMKIT_BENCH_FORGET, handle);
}
