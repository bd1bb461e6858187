// SPDX-License-Identifier: GPL-2.0-only
#include "host.h"
#include "pages/frag.h"
#include "../cases/frag.h"

HOST_CASE(frag, struct frag_row)

#define ORDERS	11

struct sums {
	double pages;
	double blocks;
	double usable;	/* pages in blocks that are large enough */
};

static struct sums add_up(const u64 *nr_free, unsigned int order)
{
	struct sums sums = { 0 };
	unsigned int i;

	for (i = 0; i < ORDERS; i++) {
		double pages = (double)nr_free[i] * (1 << i);

		sums.blocks += nr_free[i];
		sums.pages += pages;
		if (i >= order)
			sums.usable += pages;
	}
	return sums;
}

/* Thousandths are cut off, so the true value is up to one away. */
static bool near(double got, double want)
{
	return got >= want - 1.001 && got <= want + 1.001;
}

static bool unusable_right(const struct sums *sums, int got)
{
	if (!sums->pages)
		return got == 1000;
	return near(got, 1000 * (sums->pages - sums->usable) / sums->pages);
}

static bool index_right(const struct sums *sums, unsigned int order, int got)
{
	if (!sums->blocks)
		return got == 0;
	if (sums->usable)
		return got == -1000;
	/* 1 - (1 + pages / 2^order) / blocks */
	return near(got, 1000 - (1000 + 1000 * sums->pages / (1 << order)) /
		    sums->blocks);
}

static void random_free(u64 *nr_free)
{
	unsigned int top = host_random() % (ORDERS + 1);
	unsigned int bits = host_random() % 36;
	unsigned int i;

	for (i = 0; i < ORDERS; i++)
		nr_free[i] = i < top ? host_random() % ((1ULL << bits) + 1) : 0;
}

static void frag_against_doubles(void **state)
{
	u64 nr_free[ORDERS];
	unsigned int order;
	struct sums sums;
	int i;

	(void)state;
	for (i = 0; i < HOST_ROUNDS / 10; i++) {
		random_free(nr_free);
		for (order = 0; order < ORDERS; order++) {
			sums = add_up(nr_free, order);
			assert_int_equal(unusable_right(&sums,
				mmkit_frag_unusable(nr_free, ORDERS, order)), 1);
			assert_int_equal(index_right(&sums, order,
				mmkit_frag_index(nr_free, ORDERS, order)), 1);
		}
	}
}

/* A larger order never finds more that it can use. */
static void frag_grows_with_order(void **state)
{
	u64 nr_free[ORDERS];
	unsigned int order;
	int i;

	(void)state;
	for (i = 0; i < HOST_ROUNDS / 10; i++) {
		int last = 0;

		random_free(nr_free);
		for (order = 0; order < ORDERS; order++) {
			int now = mmkit_frag_unusable(nr_free, ORDERS, order);

			assert_int_equal(now >= last && now <= 1000, 1);
			last = now;
		}
	}
}

static const struct host_table tables[] = {
	HOST_TABLE(frag, frag_rows),
	HOST_TEST(frag_against_doubles),
	HOST_TEST(frag_grows_with_order),
};

int main(void)
{
	return host_run(tables, ARRAY_SIZE(tables));
}
