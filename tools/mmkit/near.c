// SPDX-License-Identifier: GPL-2.0-only
/* What a mistyped word may have been meant to be. */
#include <string.h>

#include "cli.h"

#define LONGEST	24

static unsigned int least(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

/* Letters to insert, drop, change, or swap with the next to get @b from @a. */
static unsigned int distance(const char *a, const char *b)
{
	size_t m = strlen(a), n = strlen(b), i, j;
	unsigned int d[LONGEST + 1][LONGEST + 1];

	if (m > LONGEST || n > LONGEST)
		return LONGEST;
	for (i = 0; i <= m; i++)
		d[i][0] = i;
	for (j = 0; j <= n; j++)
		d[0][j] = j;
	for (i = 1; i <= m; i++)
		for (j = 1; j <= n; j++) {
			d[i][j] = least(d[i - 1][j], d[i][j - 1]) + 1;
			d[i][j] = least(d[i][j], d[i - 1][j - 1] +
					(a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1);
		}
	return d[m][n];
}

/* Keeps @candidate in @best when it is nearer to @word than what was there. */
void near_offer(struct near *near, const char *word, const char *candidate)
{
	unsigned int far = distance(word, candidate);

	if (far > strlen(candidate) / 3 || (near->best && far >= near->far))
		return;
	near->best = candidate;
	near->far = far;
}
