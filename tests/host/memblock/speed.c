// SPDX-License-Identifier: GPL-2.0-only
/*
 * speed: what a call costs on each side, with few regions and with many, on the
 * same sequence, in instructions, which callgrind counts. One TAP test for each
 * size: the model may cost 1.1 times what the kernel's costs.
 *
 *	valgrind --tool=callgrind --callgrind-out-file=FILE speed FILE
 */
#include <stdio.h>
#include <stdlib.h>
#include <valgrind/callgrind.h>

#include "calls.h"

#define CALLS_MAX	600
#define PAGE		4096ull

struct load {
	uint64_t regions;
	unsigned int calls;
};

/* Every other page is reserved; above there is room for each that is allocated. */
static void prepare(const struct side *side, uint64_t nr)
{
	static const struct setting setting = { .can_resize = true };
	const struct region memory = { .bytes = (2 * nr + CALLS_MAX) * PAGE };
	struct region *reserved = calloc(nr, sizeof(*reserved));
	uint64_t i;

	if (!reserved)
		abort();
	for (i = 0; i < nr; i++)
		reserved[i] = (struct region) {
			.base = 2 * i * PAGE, .bytes = PAGE, .node = 1024,
		};
	side->reset(&setting);
	side->load(0, &memory, 1, 127);
	side->load(1, reserved, nr, nr + 4096);
	free(reserved);
}

/* What a boot does: reserve, allocate, ask, free; each undone by another. */
static void fill_calls(struct call *calls, unsigned int nr, uint64_t regions)
{
	unsigned int i;
	uint64_t page;

	for (i = 0; i < nr; i += 6) {
		page = 2 * (random_u64() % regions) + 1;
		calls[i] = (struct call) { .code = CALL_RESERVE,
			.base = page * PAGE, .bytes = PAGE };
		calls[i + 1] = (struct call) { .code = CALL_IS_RESERVED,
			.base = page * PAGE };
		calls[i + 2] = (struct call) { .code = CALL_FREE,
			.base = page * PAGE, .bytes = PAGE };
		calls[i + 3] = (struct call) { .code = CALL_ALLOC_TRY_NID,
			.bytes = PAGE, .align = PAGE, .node = -1 };
		calls[i + 4] = (struct call) { .code = CALL_PHYS_ALLOC_RANGE,
			.bytes = 64, .align = 64,
			.min = page / 2 * PAGE, .max = (page + 64) * PAGE };
		calls[i + 5] = (struct call) { .code = CALL_IS_REGION_RESERVED,
			.base = (page / 2 * 2) * PAGE, .bytes = PAGE };
	}
}

/* What callgrind wrote into FILE.1, FILE.2 and so on when it was told to. */
static uint64_t counted(const char *file)
{
	unsigned long long total = 0;
	static unsigned int dumps;
	char path[4096], line[256];
	FILE *f;

	CALLGRIND_DUMP_STATS;
	snprintf(path, sizeof(path), "%s.%u", file, ++dumps);
	f = fopen(path, "r");
	if (!f)
		abort();
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, "totals: %llu", &total) == 1)
			break;
	fclose(f);
	return total;
}

/* The second of two rounds: the first one finds arrays that still grow. */
static uint64_t cost_of(const struct side *side, const struct call *calls,
			const struct load *load, const char *file, uint64_t *sum)
{
	uint64_t hash = 0;
	unsigned int i, n;

	prepare(side, load->regions);
	for (n = 0; n < 2; n++) {
		CALLGRIND_ZERO_STATS;
		for (i = 0; i < load->calls; i++)
			*sum = *sum * 31 + side->call(&calls[i], &hash);
	}
	return counted(file);
}

static int measure(unsigned int test, const struct load *load, const char *file)
{
	uint64_t kernel, model, k_sum = 0, m_sum = 0;
	static struct call calls[CALLS_MAX];
	double ratio;
	bool good;

	fill_calls(calls, load->calls, load->regions);
	kernel = cost_of(&kernel_side, calls, load, file, &k_sum);
	model = cost_of(&model_side, calls, load, file, &m_sum);
	ratio = (double)model / kernel;
	good = model && kernel && ratio <= 1.1 && k_sum == m_sum;
	printf("%sok %u - %llu regions: a call costs %.3f times the kernel's (%.0f and %.0f instructions%s)\n",
	       good ? "" : "not ", test, (unsigned long long)load->regions,
	       ratio, (double)model / load->calls,
	       (double)kernel / load->calls,
	       k_sum == m_sum ? "" : "; AND THE RESULTS DIFFER");
	return !good;
}

int main(int argc, char **argv)
{
	static const struct load loads[] = {
		{ 4, CALLS_MAX }, { 16, CALLS_MAX }, { 64, CALLS_MAX }, { 1000, CALLS_MAX },
		{ 10000, 240 }, { 100000, 60 },
	};
	unsigned int i, bad = 0;

	if (argc != 2 || !RUNNING_ON_VALGRIND) {
		fprintf(stderr, "usage: valgrind --tool=callgrind --callgrind-out-file=FILE speed FILE\n");
		return 2;
	}
	random_seed(1);
	for (i = 0; i < sizeof(loads) / sizeof(loads[0]); i++)
		bad += measure(i + 1, &loads[i], argv[1]);
	printf("1..%u\n", i);
	return bad != 0;
}
