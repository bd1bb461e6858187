// SPDX-License-Identifier: GPL-2.0-only
/* Pages on their way to swap, kept in memory, compressed. */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lab.h"

#define PARAMETERS	"/sys/module/zswap/parameters/"
#define NR		512
#define SLACK		(64 << 10)	/* the store's own pages */

/* Words that compress well, but are not all the same; each page has others. */
static uint64_t word(size_t page, size_t index)
{
	return 8 * page + index % 8 + 1;
}

static void fill(char *mem, size_t nr)
{
	size_t words = page_size() / sizeof(uint64_t), i;
	uint64_t *at = (uint64_t *)mem;

	for (i = 0; i < nr * words; i++)
		at[i] = word(i / words, i);
}

static size_t wrong_words(const char *mem, size_t nr)
{
	size_t words = page_size() / sizeof(uint64_t), wrong = 0, i;
	const uint64_t *at = (const uint64_t *)mem;

	for (i = 0; i < nr * words; i++)
		wrong += at[i] != word(i / words, i);
	return wrong;
}

/* By zswap; where the kernel lacks it, by the swap device itself, zram. */
static bool has_zswap(void)
{
	return !access(PARAMETERS "enabled", F_OK);
}

static struct swap_use use(struct lab_run *run)
{
	if (!has_zswap())
		return swap_use(run);
	return (struct swap_use){ read_key(run, "/proc/meminfo", "Zswapped"),
				  read_key(run, "/proc/meminfo", "Zswap") };
}

static int64_t passed_zswap(struct lab_run *run, const char *counter)
{
	return has_zswap() ? read_key(run, "/proc/vmstat", counter) : 0;
}

static void out(struct lab_run *run, char *mem)
{
	int64_t stores = passed_zswap(run, "zswpout"), nr;
	struct swap_use before = use(run), device = swap_use(run), cost;

	drain_batches();
	madvise(mem, PAGES(NR), MADV_PAGEOUT);
	nr = swapped_in(run, mem, PAGES(NR));
	cost = use(run);
	tell(run, "%lld of %d pages were pushed out to swap (MADV_PAGEOUT).",
	     (long long)nr, NR);
	claim(run, "all but a few are swap entries now", nr, GE, NR - 8, "pages");
	if (has_zswap()) {
		claim(run, "zswap took each of them",
		      passed_zswap(run, "zswpout") - stores, GE, nr, "pages");
		claim(run, "so that the swap device got nothing",
		      swap_use(run).held - device.held, EQ, 0, "bytes");
	}
	claim(run, "they are kept", cost.held - before.held, GE, PAGES(nr),
	      "bytes");
	claim(run, "compressed, in half of the memory or less",
	      cost.taken - before.taken, LE, PAGES(nr) / 2 + SLACK, "bytes");
}

static void in(struct lab_run *run, char *mem)
{
	int64_t loads = passed_zswap(run, "zswpin");
	struct faults before = faults_now();

	tell(run, "The pages are read.");
	touch_read(mem, PAGES(NR));
	if (has_zswap())
		claim(run, "they come back out of zswap",
		      passed_zswap(run, "zswpin") - loads, GE, NR - 8, "pages");
	claim(run, "each by a fault: it was not there",
	      faults_since(before).major + faults_since(before).minor, GE,
	      NR - 8, "faults");
	claim(run, "and hold what they held", wrong_words(mem, NR), EQ, 0,
	      "words that differ");
}

static void zeros(struct lab_run *run)
{
	char *mem = take_private(run, PAGES(NR));
	struct swap_use before;

	touch_write(mem, PAGES(NR));
	memset(mem, 0, PAGES(NR));
	before = use(run);
	drain_batches();
	madvise(mem, PAGES(NR), MADV_PAGEOUT);
	tell(run, "%zu pages full of zeros are pushed out.",
	     swapped_in(run, mem, PAGES(NR)));
	claim(run, "of them no more is kept than that they are zeros",
	      use(run).taken - before.taken, LE, SLACK, "bytes");
}

static void run_lab(struct lab_run *run)
{
	char *mem = take_private(run, PAGES(NR));

	if (has_zswap())
		set_text(run, PARAMETERS "enabled", "Y");
	else
		tell(run, "This kernel has no zswap (CONFIG_ZSWAP). zram does the same as a swap device.");
	/* One page a fault: no read-ahead. */
	set_text(run, "/proc/sys/vm/page-cluster", "0");
	fill(mem, NR);
	out(run, mem);
	in(run, mem);
	zeros(run);
}

const struct lab zswap_lab = {
	.name = "zswap",
	.title = "pages on their way to swap stay in memory, compressed",
	.needs = LAB_ROOT | LAB_SWAP,
	.code = { "mm/zswap.c: zswap_frontswap_store()",
		  "mm/zswap.c: zswap_is_page_same_filled()",
		  "mm/page_io.c: swap_writepage()",
		  "drivers/block/zram/zram_drv.c: __zram_bvec_write()" },
	.docs = { "Documentation/admin-guide/mm/zswap.rst",
		  "Documentation/admin-guide/blockdev/zram.rst" },
	.run = run_lab,
};
