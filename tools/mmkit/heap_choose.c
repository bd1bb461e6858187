// SPDX-License-Identifier: GPL-2.0-only
/*
 * mmkit heap choose: every function is asked for that much in that context, and
 * what it promises is held against what is needed.
 */
#include <errno.h>
#include <stdio.h>

#include "heap.h"
#include "page.h"

/*
 * In the order of preference. What a function promises is in the kernel's
 * documentation (core-api/memory-allocation); a vmalloc area that happens to be
 * contiguous is no promise.
 */
static const struct {
	uint32_t api;
	bool contiguous;	/* physically, always */
	bool linear;		/* in the direct map, as the DMA API wants it */
} promises[] = {
	{ MMKIT_HEAP_KMALLOC, true, true },
	{ MMKIT_HEAP_KVMALLOC, false, false },
	{ MMKIT_HEAP_VMALLOC, false, false },
	{ MMKIT_HEAP_ALLOC_PERCPU, false, false },
};

struct outcome {
	int err;
	struct mmkit_heap_object object;
	bool fits;
	const char *why;
};

static const char *refusal(int err)
{
	switch (err) {
	case -EINVAL:
		return "it sleeps, which this context forbids";
	case -ERANGE:
		return "it never serves that much";
	case -EDQUOT:
		return "not tried: over the session's quota";
	case -ENOMEM:
		return "the kernel had no such memory";
	default:
		return errno_name(err);
	}
}

static const char *unfit(const struct heap_choose_opts *opts, unsigned int i)
{
	if (promises[i].api == MMKIT_HEAP_ALLOC_PERCPU)
		return "a copy for each CPU: only for counters and the like";
	if (opts->dma && !promises[i].linear)
		return "a device cannot be given it: not promised to be in the direct map";
	if (opts->contiguous && !promises[i].contiguous)
		return "contiguity is not promised";
	return NULL;
}

/* Larger than a page, kmalloc() needs neighbouring free pages for nothing. */
static bool prefers_kvmalloc(const struct heap_choose_opts *opts)
{
	return opts->bytes > page_size() && !opts->context && !opts->dma &&
	       !opts->contiguous;
}

static void judge(const struct heap_choose_opts *opts, unsigned int i,
		  struct outcome *out)
{
	out->why = out->err ? refusal(out->err) : unfit(opts, i);
	out->fits = !out->why;
	if (!out->fits)
		return;
	if (promises[i].api == MMKIT_HEAP_KMALLOC && prefers_kvmalloc(opts)) {
		out->fits = false;
		out->why = "it works now, but more than a page must be contiguous: it fails when memory is fragmented";
	} else {
		out->why = "it serves that much, here, and promises what is needed";
	}
}

static void prove(int fd, const struct heap_choose_opts *opts, unsigned int i,
		  struct outcome *out)
{
	struct mmkit_heap_alloc req = {
		.api = promises[i].api,
		.bytes = opts->bytes,
		.count = 1,
		.gfp = opts->context ? MMKIT_GFP_ATOMIC : MMKIT_GFP_KERNEL,
		.node = -1,
		.flags = opts->context ? MMKIT_HEAP_IN_ATOMIC : 0,
	};

	out->err = heap_try(fd, &req, &out->object);
	judge(opts, i, out);
}

static struct json_object *outcome_json(unsigned int i,
					const struct outcome *out)
{
	struct json_object *obj = j_obj();

	j_str(obj, "api", mmkit_heap_api_name(promises[i].api));
	j_bool(obj, "fits", out->fits);
	j_str(obj, "why", out->why);
	j_str(obj, "errno", out->err ? errno_name(out->err) : NULL);
	if (out->err) {
		j_null(obj, "usable");
		j_null(obj, "waste");
		j_null(obj, "where");
		j_null(obj, "contiguous");
		return obj;
	}
	j_u64(obj, "usable", out->object.usable);
	j_u64(obj, "waste", out->object.usable - out->object.bytes);
	j_str(obj, "where", heap_where(&out->object));
	j_bool(obj, "contiguous", out->object.state & MMKIT_HEAP_CONTIGUOUS);
	return obj;
}

/* When none fits, what else there is. */
static const char *instead(const struct heap_choose_opts *opts, bool untried)
{
	if (untried)
		return "not known, the quota is smaller (load mmkit_core with session_bytes=)";
	if (opts->dma)
		return "dma_alloc_coherent(), or several smaller buffers in a scatterlist";
	if (opts->contiguous)
		return "alloc_contig_pages() where the kernel exports it (mmkit pages alloc -H contig)";
	if (opts->context)
		return "allocate before, in process context";
	return "several smaller objects";
}

static void show_choose(struct cli *cli, struct json_object *obj)
{
	static const struct column cols[] = {
		{ "API", "api", F_TEXT, 0, 0 },
		{ "FITS", "fits", F_TEXT, 0, 0 },
		{ "USABLE", "usable", F_TEXT, C_RIGHT, 0 },
		{ "IN", "where", F_TEXT, 0, 0 },
		{ "CONTIG", "contiguous", F_TEXT, 0, 0 },
		{ "WHY", "why", F_TEXT, C_WRAP, 36 },
	};

	if (j_get(obj, "api"))
		out_line("%s()", json_object_get_string(j_get(obj, "api")));
	else
		out_line("none of them; instead: %s",
			 json_object_get_string(j_get(obj, "instead")));
	out_table(cli, j_get(obj, "tried"), cols, ARRAY_SIZE(cols));
}

static struct json_object *choose(int fd, const struct heap_choose_opts *opts)
{
	struct json_object *obj = j_obj(), *tried = j_arr();
	const char *api = NULL;
	bool untried = false;
	struct outcome out;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(promises); i++) {
		prove(fd, opts, i, &out);
		if (out.fits && !api)
			api = mmkit_heap_api_name(promises[i].api);
		untried |= out.err == -EDQUOT && !unfit(opts, i);
		json_object_array_add(tried, outcome_json(i, &out));
	}
	j_str(obj, "api", api);
	j_u64(obj, "bytes", opts->bytes);
	j_str(obj, "context", opts->context ? "atomic" : "process");
	j_bool(obj, "dma", opts->dma);
	j_bool(obj, "contiguous", opts->contiguous);
	j_str(obj, "instead", api ? NULL : instead(opts, untried));
	j_add(obj, "tried", tried);
	return obj;
}

int heap_choose_run(struct cli *cli, void *data, int argc, char **argv)
{
	const struct heap_choose_opts *opts = data;
	struct json_object *obj;
	int fd, status;
	bool none;

	(void)argc;
	(void)argv;
	if (!opts->bytes)
		return usage(cli, "--size is missing");
	fd = area_open(cli, "heap");
	if (fd < 0)
		return -fd;
	obj = choose(fd, opts);
	none = !j_get(obj, "api");
	status = result(cli, obj, show_choose);
	return none && !status ? EXIT_FAILED : status;
}
