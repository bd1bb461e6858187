// SPDX-License-Identifier: GPL-2.0-only
/* Patterns of access: pages in the order in which they are touched. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "map_pager.h"

const char *const pattern_names[] = {
	"sequential", "random", "stride:8", "zipf", "loop:8", NULL,
};

/* The same numbers in every run. */
static uint64_t draw(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/*
 * Page n is wanted as often as 1/(n + 1) says: few pages by far the most. Found
 * in the sums of these by halving.
 */
static int make_zipf(size_t pages, struct touch_set *set)
{
	double *sum = calloc(pages, sizeof(*sum)), total = 0, at;
	uint64_t state = 88172645463325252ull;
	size_t i, low, high;

	if (!sum)
		return -ENOMEM;
	for (i = 0; i < pages; i++)
		sum[i] = total += 1.0 / (i + 1);
	for (i = 0; i < set->nr; i++) {
		at = (draw(&state) >> 11) * total / (1ull << 53);
		for (low = 0, high = pages - 1; low < high;) {
			size_t middle = (low + high) / 2;

			if (sum[middle] < at)
				low = middle + 1;
			else
				high = middle;
		}
		set->pages[i] = low;
	}
	free(sum);
	return 0;
}

static void make_random(size_t pages, struct touch_set *set)
{
	uint64_t state = 88172645463325252ull;
	size_t i;

	for (i = 0; i < set->nr; i++)
		set->pages[i] = draw(&state) % pages;
}

/* Every @step-th page, then those between, until each had its turn. */
static void make_stride(size_t pages, size_t step, struct touch_set *set)
{
	size_t i, at = 0, start = 0;

	for (i = 0; i < set->nr; i++) {
		set->pages[i] = at;
		at += step;
		if (at >= pages) {
			start = (start + 1) % (step < pages ? step : pages);
			at = start;
		}
	}
}

/* The first @length pages, again and again. */
static void make_loop(size_t pages, size_t length, struct touch_set *set)
{
	size_t i;

	for (i = 0; i < set->nr; i++)
		set->pages[i] = i % (length < pages ? length : pages);
}

static int fill_set(const char *pattern, size_t pages, struct touch_set *set)
{
	const char *colon = strchr(pattern, ':');
	uint64_t n = 8;

	if (colon && (parse_u64(colon + 1, SIZE_MAX, &n) || !n))
		return -EINVAL;
	if (!strcmp(pattern, "sequential"))
		make_loop(pages, pages, set);
	else if (!strcmp(pattern, "random"))
		make_random(pages, set);
	else if (!strcmp(pattern, "zipf"))
		return make_zipf(pages, set);
	else if (!strncmp(pattern, "stride", 6) && (!pattern[6] || colon))
		make_stride(pages, n, set);
	else if (!strncmp(pattern, "loop", 4) && (!pattern[4] || colon))
		make_loop(pages, n, set);
	else
		return -EINVAL;
	return 0;
}

/*
 * @touches pages of @pages, as sequential, random, stride:N, loop:N or zipf has
 * them. -EINVAL for anything else.
 */
int pattern_make(const char *pattern, size_t pages, size_t touches,
		 struct touch_set *set)
{
	int err;

	*set = (struct touch_set) { .nr = touches };
	if (!pages)
		return -EINVAL;
	set->pages = calloc(touches ? touches : 1, sizeof(*set->pages));
	if (!set->pages)
		return -ENOMEM;
	err = fill_set(pattern, pages, set);
	if (err)
		touch_set_free(set);
	if (err)
		*set = (struct touch_set) { 0 };
	return err;
}
