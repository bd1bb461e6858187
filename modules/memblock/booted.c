// SPDX-License-Identifier: GPL-2.0-only
/*
 * The requests of mmkit.memblock=, which built-in code handed to memblock at
 * boot, and the same requests to a model that begins with the same regions.
 */
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <mmkit/gfp.h>
#include "boot/boot.h"
#include "booted.h"
#include "observe.h"

/* The kernel may have it or not, whatever this module was built against. */
static const struct mmkit_boot *boot_get(void)
{
#if IS_ENABLED(CONFIG_MODULES) || IS_ENABLED(CONFIG_MMKIT_MEMBLOCK_BOOT)
	const struct mmkit_boot *(*get)(void);
	const struct mmkit_boot *boot = NULL;

	get = symbol_get(mmkit_memblock_boot);
	if (get) {
		boot = get();
		symbol_put(mmkit_memblock_boot);
	}
	return boot;	/* of the kernel's own: it stays */
#else
	return NULL;
#endif
}

static void take_regions(struct mmkit_regions *to,
			 const struct mmkit_boot_region *from, u32 nr)
{
	u32 i;

	if (!nr)
		return;
	to->cnt = nr;
	to->total = 0;
	for (i = 0; i < nr; i++) {
		to->region[i] = (struct mmkit_memblock_region) {
			.base = from[i].base,
			.bytes = from[i].bytes,
			.flags = from[i].flags,
			.node = from[i].node < 0 ? MMKIT_MEMBLOCK_NO_NODE :
						   from[i].node,
		};
		to->total += from[i].bytes;
	}
}

/* By now the architecture has allowed arrays to grow. */
static int begin_as(struct mmkit_sandbox *sandbox,
		    const struct mmkit_boot *boot)
{
	if (boot->nr_memory > MMKIT_BOOT_REGIONS ||
	    boot->nr_reserved > MMKIT_BOOT_REGIONS)
		return -EDQUOT;
	take_regions(&sandbox->model.memory, boot->memory, boot->nr_memory);
	take_regions(&sandbox->model.reserved, boot->reserved,
		     boot->nr_reserved);
	sandbox->model.bottom_up = boot->bottom_up;
	sandbox->model.limit = boot->limit;
	sandbox->model.can_resize = true;
	return 0;
}

static void predict(struct mmkit_sandbox *sandbox,
		    const struct mmkit_boot_request *request,
		    struct mmkit_memblock_booted *out)
{
	struct mmkit_model *model = &sandbox->model;

	/* What was refused before it came to memblock is no prediction. */
	if (request->err && request->err != -ENOMEM) {
		out->predicted_err = request->err;
		return;
	}
	switch (request->verb) {
	case MMKIT_BOOT_ALLOC:
		out->predicted = mmkit_model_alloc(model, request->bytes,
						   request->align,
						   request->min, request->max,
						   request->node, false);
		out->predicted_err = out->predicted ? 0 : -ENOMEM;
		return;
	case MMKIT_BOOT_RESERVE:
		out->predicted = request->base;
		out->predicted_err = mmkit_model_reserve(model, request->base,
							 request->bytes);
		return;
	default:
		out->predicted = request->base;
		out->predicted_err = mmkit_model_phys_free(model,
							   request->base,
							   request->bytes);
	}
}

static void report(const struct mmkit_boot_request *request,
		   struct mmkit_memblock_booted *out)
{
	struct mmkit_memblock_fate fate = { .node = -1 };

	out->verb = request->verb;
	out->node = request->node;
	out->base = request->verb == MMKIT_BOOT_ALLOC ? request->addr :
							request->base;
	out->bytes = request->bytes;
	out->align = request->align;
	out->min = request->min;
	out->max = request->max;
	out->err = request->err;
	if (request->err)
		return;
	mmkit_count_pages(out->base, out->bytes, &fate);
	out->kept = fate.kept;
	out->given = fate.given;
}

/**
 * mmkit_booted() - What came of the requests, and what should have.
 * @session: charged meanwhile
 * @boot: how many come back; @booted has so much room
 * @booted: zeroed
 *
 * Context: Process.
 * Return: 0, -EOPNOTSUPP, -ENODATA, -ENOMEM, -EDQUOT more regions than the
 * kernel kept a copy of.
 */
int mmkit_booted(struct mmkit_session *session,
		 struct mmkit_memblock_boot *boot,
		 struct mmkit_memblock_booted *booted)
{
	const struct mmkit_boot *was = boot_get();
	struct mmkit_sandbox sandbox;
	int err;
	u32 i;

	if (!was)
		return -EOPNOTSUPP;
	if (!was->nr && !was->malformed)
		return -ENODATA;
	err = mmkit_sandbox_init(&sandbox, session);
	if (err)
		return err;
	err = begin_as(&sandbox, was);
	boot->nr = min(boot->nr, was->nr);
	boot->malformed = was->malformed;
	for (i = 0; !err && i < boot->nr; i++) {
		report(&was->request[i], &booted[i]);
		predict(&sandbox, &was->request[i], &booted[i]);
	}
	mmkit_sandbox_uninit(&sandbox);
	return err;
}

static const char *const verbs[] = { "alloc", "reserve", "free" };

/* One line for each. */
void mmkit_booted_show(struct seq_file *m,
		       const struct mmkit_memblock_booted *booted, u32 nr)
{
	u32 i;

	for (i = 0; i < nr; i++)
		seq_printf(m, "%u %s bytes 0x%llx base 0x%llx err %d predicted 0x%llx err %d reserved %llu given %llu\n",
			   i + 1, verbs[booted[i].verb], booted[i].bytes,
			   booted[i].base, booted[i].err, booted[i].predicted,
			   booted[i].predicted_err, booted[i].kept,
			   booted[i].given);
}
