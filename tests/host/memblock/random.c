// SPDX-License-Identifier: GPL-2.0-only
/* Random sequences, of kinds that reach what others do not. */
#include "calls.h"

static uint64_t random_state;

void random_seed(uint64_t seed)
{
	random_state = seed;
}

/* splitmix64 */
uint64_t random_u64(void)
{
	uint64_t z = random_state += 0x9e3779b97f4a7c15ull;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
	return z ^ (z >> 31);
}

static uint64_t below(uint64_t n)
{
	return random_u64() % n;
}

static bool one_in(uint64_t n)
{
	return !below(n);
}

/* Near what overflows: few bits, powers of two, their neighbours. */
static uint64_t edge(void)
{
	uint64_t r = random_u64();

	switch (r & 3) {
	case 0:
		return random_u64() >> (r >> 2) % 64;
	case 1:
		return 1ull << (r >> 2) % 64;
	case 2:
		return (1ull << (r >> 2) % 64) - 1;
	default:
		return 0 - (random_u64() >> (r >> 2) % 64);
	}
}

/* What most calls of a sequence are about. */
struct kind {
	uint64_t unit;		/* addresses and sizes are multiples of it */
	uint64_t span;		/* units of address space */
	uint64_t most;		/* units of one range */
	unsigned int odd;	/* one value in so many is an edge */
	unsigned int length;
	bool grows;		/* arrays are doubled: many small regions */
};

static const struct kind kinds[NR_KINDS] = {
	/* Everything meets everything. */
	{ .unit = 0x1000, .span = 64, .most = 9, .odd = 200, .length = 400 },
	/* Nothing is aligned, much overflows. */
	{ .unit = 1, .span = 4096 * 3, .most = 600, .odd = 4, .length = 200 },
	/* Arrays grow, and shrink, and grow again. */
	{ .unit = 0x1000, .span = 4096, .most = 3, .odd = 2000,
	  .length = 3000, .grows = true },
	/* As a boot does: much memory, allocations of all sizes. */
	{ .unit = 0x40, .span = 1ull << 24, .most = 1 << 16, .odd = 500,
	  .length = 600 },
};

static uint64_t address(const struct kind *kind)
{
	return one_in(kind->odd) ? edge() : below(kind->span) * kind->unit;
}

static uint64_t size(const struct kind *kind)
{
	if (one_in(kind->odd))
		return edge();
	if (one_in(50))
		return 0;
	if (one_in(20))
		return below(kind->span) * kind->unit;
	return (1 + below(kind->most)) * kind->unit;
}

static uint64_t alignment(void)
{
	if (one_in(40))
		return one_in(2) ? 0 : edge();
	return 1ull << below(one_in(8) ? 40 : 16);
}

static int32_t node(void)
{
	static const int32_t some[] = { -1, -1, -1, 0, 0, 1, 2, 1024 };

	return some[below(8)];
}

static uint32_t walk_flags(void)
{
	return one_in(2) ? 0 : below(16);
}

static void choose_range(const struct kind *kind, struct call *call)
{
	call->min = one_in(2) ? 0 : address(kind);
	call->max = one_in(2) ? below(2) : address(kind);
	if (one_in(3))
		call->max = ~0ull;
}

/* Most calls add, reserve, free and allocate; all others come, too. */
static uint32_t choose_code(const struct kind *kind)
{
	static const uint32_t often[] = {
		CALL_ADD, CALL_ADD_NODE, CALL_REMOVE, CALL_RESERVE,
		CALL_RESERVE, CALL_FREE, CALL_FREE, CALL_ALLOC_TRY_NID,
		CALL_ALLOC_TRY_NID, CALL_PHYS_ALLOC_RANGE,
	};

	if (kind->grows && below(10) < 8)
		return one_in(2) ? CALL_RESERVE : CALL_SET_NODE;
	if (one_in(2))
		return often[below(sizeof(often) / sizeof(often[0]))];
	return below(CALL_NR);
}

static void sometimes_less(struct call *call)
{
	/* What takes nearly everything away is seldom wanted. */
	if (call->code >= CALL_CAP && call->code <= CALL_LIMIT_REMOVE_MAP &&
	    !one_in(4))
		call->code = CALL_RESERVE;
	/* By no power of two the kernel's regions overlap, and it stops. */
	if (call->code == CALL_TRIM)
		call->align = one_in(30) ? 0 : 1ull << below(one_in(4) ? 64 : 14);
	if (call->code == CALL_SET_LIMIT && one_in(2))
		call->max = ~0ull;
}

static void random_call(const struct kind *kind, struct call *call)
{
	*call = (struct call) {
		.code = choose_code(kind),
		.flags = walk_flags(),
		.node = node(),
		.base = address(kind),
		.bytes = size(kind),
		.align = alignment(),
	};
	choose_range(kind, call);
	if (kind->grows && (call->code == CALL_RESERVE ||
			    call->code == CALL_SET_NODE))
		call->bytes = kind->unit;
	sometimes_less(call);
	/* Nodes that were never set are -1 only where any is meant. */
	if (call->code == CALL_ADD_NODE || call->code == CALL_SET_NODE ||
	    call->code == CALL_SET_NODE_RESERVED)
		call->node = call->node < 0 ? 1024 : call->node;
}

void sequence_random(struct sequence *sequence, unsigned int kind)
{
	const struct kind *k = &kinds[kind];
	uint64_t memory = k->span * k->unit;
	size_t i;

	sequence->setting = (struct setting) {
		.can_resize = k->grows || one_in(2),
		.movable_node = one_in(3),
		.kernelcore_mirror = one_in(3),
	};
	sequence->nr = 1 + below(k->length);
	for (i = 0; i < sequence->nr; i++)
		random_call(k, &sequence->calls[i]);
	/* Most begin with memory to allocate from, in two nodes. */
	if (sequence->nr < 2 || one_in(6))
		return;
	sequence->calls[0] = (struct call) {
		.code = CALL_ADD_NODE, .bytes = memory / 2,
	};
	sequence->calls[1] = (struct call) {
		.code = CALL_ADD_NODE, .base = memory / 2,
		.bytes = memory / 2, .node = 1,
	};
}
