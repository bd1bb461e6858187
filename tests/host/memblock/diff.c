// SPDX-License-Identifier: GPL-2.0-only
/* diff CALLS [SEED]: so many random calls on both sides, as TAP. */
#include <stdio.h>
#include <stdlib.h>

#include "calls.h"

/* What the sequences got to; of no use if it is nothing. */
struct reach {
	uint64_t doubled[2];	/* arrays of memory, of what is reserved */
	uint64_t warned;
	uint64_t refused;
	uint64_t regions;	/* most of them at once */
};

static void reached(struct reach *reach)
{
	struct regions r;
	int i;

	for (i = 0; i < 2; i++) {
		kernel_side.regions(i, &r);
		reach->doubled[i] += r.addr != 0;
		if (r.cnt > reach->regions)
			reach->regions = r.cnt;
	}
	reach->warned += kernel_side.warned() != 0;
	reach->refused += model_side.refused();
}

static void say(int nr, bool good, const char *what, uint64_t n)
{
	printf("%sok %d - %s (%llu)\n", good ? "" : "not ", nr, what,
	       (unsigned long long)n);
}

static int report(const struct reach *reach)
{
	say(2, reach->doubled[0], "sequences in which the array of memory was doubled",
	    reach->doubled[0]);
	say(3, reach->doubled[1], "sequences in which the array of reservations was doubled",
	    reach->doubled[1]);
	say(4, reach->warned, "sequences in which the kernel warned", reach->warned);
	say(5, reach->refused, "sequences that end as the model refuses what spoils the kernel's map",
	    reach->refused);
	say(6, reach->regions > 512, "regions at once", reach->regions);
	printf("1..6\n");
	return !(reach->doubled[0] && reach->doubled[1] && reach->warned &&
		 reach->refused && reach->regions > 512);
}

int main(int argc, char **argv)
{
	static struct sequence sequence;
	uint64_t want = argc > 1 ? strtoull(argv[1], NULL, 0) : 100000;
	uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 0) : 1;
	struct reach reach = { };
	uint64_t done = 0, nr = 0;
	bool differs = false;

	random_seed(seed);
	while (done < want && !differs) {
		sequence_random(&sequence, nr++ % NR_KINDS);
		done += sequence.nr;
		differs = sequence_differs(&sequence);
		reached(&reach);
	}
	if (differs) {
		sequence_shorten(&sequence);
		sequence_print(&sequence);
	}
	printf("%sok 1 - %llu random calls, in %llu sequences, give what the kernel's mm/memblock.c gives (seed %llu)\n",
	       differs ? "not " : "", (unsigned long long)done,
	       (unsigned long long)nr, (unsigned long long)seed);
	return report(&reach) || differs;
}
