// SPDX-License-Identifier: GPL-2.0-only
/*
 * EINVAL from the pages area has many causes. The kernel decides, so that its
 * refusals can be seen from here; this only finds words for them afterwards.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>

#include "pages.h"

#define COUNT_MAX	(1u << 26)	/* MMKIT_BLOCKS_MAX in modules/pages */

struct limits {
	uint32_t max_order;
	uint32_t nodes;
};

static int mistake(struct cli *cli, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static int mistake(struct cli *cli, const char *fmt, ...)
{
	char text[160], remedy[96];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	snprintf(remedy, sizeof(remedy), "mmkit help %s", cli->name);
	return fail(cli, EXIT_USAGE, EINVAL, remedy, "%s", text);
}

static bool has_bytes(uint32_t how)
{
	return how == MMKIT_PAGES_EXACT || how == MMKIT_PAGES_CONTIG;
}

static struct limits ask_limits(void)
{
	struct limits limits = { UINT32_MAX, 0 };
	int fd = mmkit_open("info", O_RDWR);
	struct mmkit_info info;

	if (fd >= 0 && !mmkit_info_get(fd, &info))
		limits = (struct limits){ info.max_order, info.nodes };
	if (fd >= 0)
		mmkit_close(fd);
	return limits;
}

static int how_mistake(struct cli *cli, const struct mmkit_pages_alloc *req)
{
	const char *how = mmkit_how_name(req->how);

	if (req->bytes && !has_bytes(req->how))
		return mistake(cli, "--bytes goes with --how exact or contig");
	if (!req->bytes && has_bytes(req->how))
		return mistake(cli, "--how %s wants --bytes", how);
	if (req->order && req->how != MMKIT_PAGES_BUDDY)
		return mistake(cli, "--order goes with --how buddy, not %s", how);
	if (req->flags & MMKIT_PAGES_SPLIT && req->how != MMKIT_PAGES_BUDDY)
		return mistake(cli, "--split goes with --how buddy, not %s", how);
	if (req->flags & MMKIT_PAGES_SPLIT && req->gfp & MMKIT_GFP_COMP)
		return mistake(cli, "--split and COMP exclude each other: a compound page cannot be split");
	if (has_bytes(req->how) && req->gfp & MMKIT_GFP_COMP)
		return mistake(cli, "--how %s does not take COMP", how);
	if (has_bytes(req->how) && req->gfp & MMKIT_GFP_HIGHUSER_MOVABLE)
		return mistake(cli, "--how %s does not take HIGHUSER_MOVABLE",
			       how);
	if (req->how == MMKIT_PAGES_EXACT && req->node != -1)
		return mistake(cli, "--how exact does not take --node");
	return EXIT_OK;
}

int pages_order_mistake(struct cli *cli, uint32_t order)
{
	uint32_t largest = ask_limits().max_order;

	return order <= largest ? EXIT_OK :
	       mistake(cli, "--order %u: the largest here is %u", order, largest);
}

static int common_mistake(struct cli *cli, uint32_t order, uint32_t gfp,
			  int32_t node)
{
	int status = pages_order_mistake(cli, order);
	uint32_t nodes = ask_limits().nodes;
	char text[128];

	if (status)
		return status;
	if (gfp_mistake(gfp, text, sizeof(text)))
		return mistake(cli, "--gfp: %s", text);
	if (node != -1 && nodes)
		return mistake(cli, "no node %d; this machine has %u", node,
			       nodes);
	return EXIT_OK;
}

/* The exit status after saying which mistake it was, or 0 when none is seen. */
int pages_alloc_mistake(struct cli *cli, const struct mmkit_pages_alloc *req)
{
	bool split = req->flags & MMKIT_PAGES_SPLIT;
	int status;

	if (!req->count || req->count > COUNT_MAX)
		return mistake(cli, "--count: from 1 to %u", COUNT_MAX);
	status = how_mistake(cli, req);
	if (!status)
		status = common_mistake(cli, req->order, req->gfp, req->node);
	if (!status && split && req->count > COUNT_MAX >> req->order)
		return mistake(cli, "--count: from 1 to %u when blocks of order %u are split",
			       COUNT_MAX >> req->order, req->order);
	return status;
}

int pages_fragment_mistake(struct cli *cli,
			   const struct mmkit_pages_fragment *req)
{
	if (req->gfp & MMKIT_GFP_COMP)
		return mistake(cli, "blocks to break up are no compound pages; drop COMP");
	return common_mistake(cli, req->order, req->gfp, req->node);
}
