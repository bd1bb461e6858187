// SPDX-License-Identifier: GPL-2.0-only
/*
 * speed: what a call costs on each side, with few regions and with many, on the
 * same sequence. One TAP test for each size: the model may cost 1.1 times what
 * the kernel's costs. The sides take turns, and of each its fastest round counts:
 * what else the machine does can only make one slower.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "calls.h"

#define ROUNDS		41
#define PAGE		4096ull

struct load {
	uint64_t regions;
	unsigned int calls;
};

static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

/* Every other page is reserved, and all is memory. */
static void prepare(const struct side *side, uint64_t nr)
{
	static const struct setting setting = { .can_resize = true };
	const struct region memory = { .bytes = 4 * nr * PAGE };
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

static uint64_t round_of(const struct side *side, const struct call *calls,
			 unsigned int nr, uint64_t *sum)
{
	uint64_t hash = 0, begin = now();
	unsigned int i;

	for (i = 0; i < nr; i++)
		*sum = *sum * 31 + side->call(&calls[i], &hash);
	return now() - begin;
}

static int measure(unsigned int test, const struct load *load)
{
	uint64_t kernel = ~0ull, model = ~0ull, k_sum = 0, m_sum = 0, took;
	static struct call calls[6000];
	unsigned int i;
	double ratio;
	bool good;

	fill_calls(calls, load->calls, load->regions);
	prepare(&kernel_side, load->regions);
	prepare(&model_side, load->regions);
	for (i = 0; i < ROUNDS; i++) {
		took = round_of(&kernel_side, calls, load->calls, &k_sum);
		kernel = took < kernel ? took : kernel;
		took = round_of(&model_side, calls, load->calls, &m_sum);
		model = took < model ? took : model;
	}
	ratio = (double)model / kernel;
	good = ratio <= 1.1 && k_sum == m_sum;
	printf("%sok %u - %llu regions: a call costs %.3f times the kernel's (%.0f and %.0f ns%s)\n",
	       good ? "" : "not ", test, (unsigned long long)load->regions,
	       ratio, (double)model / load->calls,
	       (double)kernel / load->calls,
	       k_sum == m_sum ? "" : "; AND THE RESULTS DIFFER");
	return !good;
}

int main(void)
{
	static const struct load loads[] = {
		{ 4, 6000 }, { 16, 6000 }, { 64, 6000 }, { 1000, 1200 },
		{ 10000, 240 }, { 100000, 60 },
	};
	unsigned int i, bad = 0;

	random_seed(1);
	for (i = 0; i < sizeof(loads) / sizeof(loads[0]); i++)
		bad += measure(i + 1, &loads[i]);
	printf("1..%u\n", i);
	return bad != 0;
}
