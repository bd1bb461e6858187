// SPDX-License-Identifier: GPL-2.0-only
/* Lists of numbers. */
#include <stdlib.h>

#include "lab.h"

static int by_size(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

void sort_numbers(uint64_t *numbers, size_t nr)
{
	qsort(numbers, nr, sizeof(*numbers), by_size);
}

/* How many different ones there are; sorts them. */
size_t distinct(uint64_t *numbers, size_t nr)
{
	size_t found = nr ? 1 : 0, i;

	sort_numbers(numbers, nr);
	for (i = 1; i < nr; i++)
		found += numbers[i] != numbers[i - 1];
	return found;
}
