// SPDX-License-Identifier: GPL-2.0-only
/* Programs: made at random, and changed a little. */
#include <string.h>
#include <mmkit/mmkit.h>
#include "fuzz.h"

/* splitmix64: any seed is a good one. */
u64 random_next(struct random *r)
{
	u64 z = r->state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

u64 below(struct random *r, u64 n)
{
	return n ? random_next(r) % n : 0;
}

bool chance(struct random *r, u32 one_in)
{
	return !below(r, one_in);
}

/* --- values */

/* What is at the edge of something, on one side or the other. */
static u64 edge(struct random *r, u64 max)
{
	switch (below(r, 12)) {
	case 0: return 0;
	case 1: return max;
	case 2: return max + 1;
	case 3: return max - 1;
	case 4: return ~0ull;
	case 5: return ~0ull >> 1;
	case 6: return ~0u;
	case 7: return ~0u - max;
	case 8: return 1ull << below(r, 64);
	case 9: return (1ull << below(r, 64)) - 1;
	case 10: return ~0ull << 12;
	}
	return random_next(r);
}

/* Small ones are the likeliest. */
static u64 number(struct random *r, u64 max)
{
	if (chance(r, 10))
		return edge(r, max);
	if (chance(r, 2))
		return below(r, 4);
	if (max > 64 && !chance(r, 4))
		return below(r, 65);
	return below(r, max + 1);
}

static u64 gfp(struct random *r)
{
	u64 bits = 0;

	if (chance(r, 3))
		return 0;
	if (chance(r, 20))
		return random_next(r);
	if (!chance(r, 3))
		bits |= 1u << below(r, 4);
	if (chance(r, 6))
		bits |= 1u << (8 + below(r, 2));
	if (chance(r, 2))
		bits |= 1u << (16 + below(r, 6));
	if (chance(r, 4))
		bits |= 1u << (16 + below(r, 6));
	return bits;
}

/* Of which nobody says no, or only who takes no zeroed memory. */
static u64 usual_gfp(struct random *r)
{
	static const u32 usual[] = {
		0, 0, MMKIT_GFP_KERNEL, MMKIT_GFP_ATOMIC, MMKIT_GFP_NOWAIT,
		MMKIT_GFP_KERNEL | MMKIT_GFP_NORETRY,
		MMKIT_GFP_KERNEL | MMKIT_GFP_ZERO | MMKIT_GFP_NOWARN,
		MMKIT_GFP_RETRY_MAYFAIL,
	};

	return usual[below(r, ARRAY_SIZE(usual))];
}

/* A few places of a model's memory, so that they meet. */
static u64 physical(struct random *r)
{
	u64 unit = 1ull << (12 + 6 * below(r, 4));

	switch (below(r, 16)) {
	case 0: return edge(r, 1ull << 40);
	case 1: return 0;
	case 2: return ~0ull;
	case 3: return below(r, 8192);
	}
	return below(r, 24) * unit + (chance(r, 8) ? below(r, 4096) : 0);
}

/* Of the program's own mappings, of the test's, of the kernel's half. */
static u64 address(struct random *r)
{
	u64 where = below(r, 64) << 56;

	if (where == 63ull << 56)
		return where | (edge(r, 1ull << 47) & ~0ull >> 8);
	return where | below(r, MAP_PAGES * PAGE);
}

static struct value handle(struct random *r, const struct program *p, u32 at,
			   u64 kind)
{
	u32 fits[CALLS_MAX], nr = 0, i;

	for (i = 0; i < at; i++)
		if (commands[p->call[i].command].makes == kind ||
		    (commands[p->call[i].command].makes && chance(r, 30)))
			fits[nr++] = i;
	if (nr && !chance(r, 12))
		return (struct value){ .ref = 1 + fits[below(r, nr)] };
	return (struct value){ .v = (u32)number(r, 8) };
}

/*
 * What a driver mostly asks for. A call with all of its fields at random is refused
 * for the first of them, and what lies behind that check is never reached.
 */
static bool usual(struct random *r, const struct field *field, u64 *v)
{
	switch (field->kind) {
	case ZERO:
	case BITS:
	case FD:
	case PID:
	case SELDOM: *v = 0; return true;
	case GFP: *v = usual_gfp(r); return true;
	case NUMBER: *v = below(r, 2); return true;
	case NODE: *v = field->width == 4 ? ~0u : ~0ull; return true;
	case PROT: *v = 3; return true;
	}
	return false;
}

static struct value value(struct random *r, const struct program *p, u32 at,
			  const struct field *field)
{
	u64 max = field->max, v = 0;

	switch (field->kind) {
	case ZERO: v = chance(r, 40) ? edge(r, 1) : 0; break;
	case NUMBER: v = number(r, max); break;
	case SMALL:
	case SELDOM: v = below(r, max + 1); break;
	case PROT: v = below(r, 8); break;
	case BYTES: v = chance(r, 8) ? edge(r, max) : below(r, max + 1); break;
	case PAGES:
		v = chance(r, 12) ? edge(r, max * PAGE) : below(r, max + 1) * PAGE;
		break;
	case BITS:
		v = chance(r, 20) ? edge(r, max) : random_next(r) & max;
		break;
	case CHOICE: v = chance(r, 20) ? edge(r, max) : below(r, max); break;
	case POWER:
		v = chance(r, 8) ? number(r, 1ull << max) :
		    chance(r, 5) ? 0 : 1ull << below(r, max + 1);
		break;
	case GFP: v = gfp(r); break;
	case NODE: v = chance(r, 12) ? edge(r, 1) : below(r, 4) - 1ull; break;
	case HANDLE: return handle(r, p, at, max);
	case ARRAY: v = chance(r, 10) ? below(r, PLACES) : GOOD; break;
	case NAME: v = below(r, 128); break;
	case FD: v = below(r, 6); break;
	case PID: v = chance(r, 2) ? 0 : below(r, 7); break;
	case ADDRESS: v = address(r); break;
	case PHYSICAL: v = physical(r); break;
	case CARVEOUT: v = below(r, 12); break;
	case SYMBOL: v = below(r, 12); break;
	case FILL: v = number(r, max); break;
	}
	return (struct value){ .v = field->width == 4 ? (u32)v : v };
}

/* --- calls */

static u16 choose(struct random *r)
{
	static u32 sum;
	u32 at;
	u16 i;

	if (!sum)
		for (i = 0; i < nr_commands; i++)
			sum += commands[i].weight;
	at = below(r, sum);
	for (i = 0; at >= commands[i].weight; i++)
		at -= commands[i].weight;
	return i;
}

/* Few calls have many allocations, and the first ones matter most. */
static u8 nth(struct random *r)
{
	return 1 + below(r, chance(r, 4) ? 60 : 12);
}

static void fill_call(struct random *r, struct program *p, u32 at, bool sane)
{
	struct call *call = &p->call[at];
	const struct command *command = &commands[call->command];
	u32 i;

	/* What a session was told by one call is there for the next. */
	call->slot = at && !chance(r, 4) ? p->call[at - 1].slot : chance(r, 5);
	call->place = command->size && chance(r, 40) ? below(r, PLACES) : GOOD;
	call->beside = chance(r, 12);
	call->fail = chance(r, 8) ? nth(r) : 0;
	call->nobody = chance(r, 20);
	call->killed = command->size && chance(r, 40) ? 1 + below(r, 40) : 0;
	call->size = command->size && chance(r, 40) ?
		     (u16)number(r, 4200) : 0;
	for (i = 0; i < command->nr; i++) {
		const struct field *field = &command->fields[i];

		call->v[i] = value(r, p, at, field);
		if (sane && !chance(r, 8) && usual(r, field, &call->v[i].v))
			continue;
		/* A handle is one of its session's. */
		if (call->v[i].ref && !chance(r, 10))
			call->slot = p->call[call->v[i].ref - 1].slot;
	}
	if (sane)
		sense_make(r, p, at);
}

static void make_command(struct random *r, struct program *p, u32 at, u16 command)
{
	memset(&p->call[at], 0, sizeof(p->call[at]));
	p->call[at].command = command;
	fill_call(r, p, at, !chance(r, 5));
}

static void make_call(struct random *r, struct program *p, u32 at)
{
	make_command(r, p, at, choose(r));
}

/* Something of the same device, or anything. */
static void make_near(struct random *r, struct program *p, u32 at, u32 near)
{
	const char *area = commands[p->call[near].command].area;
	u32 tries;

	for (tries = 0; tries < 8; tries++) {
		make_call(r, p, at);
		if (!area || !commands[p->call[at].command].area ||
		    !strcmp(area, commands[p->call[at].command].area))
			return;
	}
}

/* Makes room for a call at @at; what refers to a later one follows it. */
static void open_gap(struct program *p, u32 at)
{
	u32 i, j;

	memmove(&p->call[at + 1], &p->call[at],
		(p->nr - at) * sizeof(p->call[0]));
	p->nr++;
	for (i = at + 1; i < p->nr; i++)
		for (j = 0; j < FIELDS_MAX; j++)
			if (p->call[i].v[j].ref > at)
				p->call[i].v[j].ref++;
}

void program_remove(struct program *p, u32 at)
{
	u32 i, j;

	memmove(&p->call[at], &p->call[at + 1],
		(p->nr - at - 1) * sizeof(p->call[0]));
	p->nr--;
	for (i = at; i < p->nr; i++)
		for (j = 0; j < FIELDS_MAX; j++) {
			struct value *v = &p->call[i].v[j];

			if (v->ref == at + 1)
				*v = (struct value){ 0 };
			else if (v->ref > at + 1)
				v->ref--;
		}
}

static u16 index_of(const char *name)
{
	return command_find(name) - commands;
}

static bool is_there(const struct program *p, u16 command)
{
	u32 i;

	for (i = 0; i < p->nr; i++)
		if (p->call[i].command == command)
			return true;
	return false;
}

static bool made_before(const struct program *p, u64 kind)
{
	u32 i;

	for (i = 0; i < p->nr; i++)
		if (commands[p->call[i].command].makes == kind)
			return true;
	return false;
}

static u16 maker(struct random *r, u64 kind)
{
	u16 fits[8], nr = 0, i;

	for (i = 0; i < nr_commands && nr < ARRAY_SIZE(fits); i++)
		if (commands[i].makes == kind)
			fits[nr++] = i;
	return fits[below(r, nr)];
}

static void append(struct random *r, struct program *p, u16 command);

/* What a call needs is of use only when it did something, and before. */
static void append_needed(struct random *r, struct program *p, u16 command)
{
	struct call *call;

	append(r, p, command);
	if (p->nr == CALLS_MAX)
		return;
	call = &p->call[p->nr - 1];
	fill_call(r, p, p->nr - 1, true);
	call->fail = call->place = call->size = 0;
	call->beside = call->nobody = call->killed = 0;
}

/* A call, mostly after those that it needs: for a handle, or for a mapping. */
static void append(struct random *r, struct program *p, u16 command)
{
	const struct command *which = &commands[command];
	const char *before = sense_before(which->name);
	u32 i;

	if (before && !chance(r, 10) && !is_there(p, index_of(before)))
		append_needed(r, p, index_of(before));
	for (i = 0; i < which->nr; i++)
		if (which->fields[i].kind == HANDLE && !chance(r, 10) &&
		    !made_before(p, which->fields[i].max))
			append_needed(r, p, maker(r, which->fields[i].max));
	if (p->nr < CALLS_MAX)
		make_command(r, p, p->nr++, command);
}

struct value *call_value(struct call *call, const char *field)
{
	const struct command *command = &commands[call->command];
	u32 i = 0;

	while (strcmp(command->fields[i].name, field))
		i++;
	return &call->v[i];
}

/* A store, maybe a pager's, mapped and touched: chance alone seldom comes so far. */
static void begin_mapped(struct random *r, struct program *p)
{
	if (chance(r, 3))
		append(r, p, index_of("MMKIT_MAP_PAGER"));
	append(r, p, index_of("touch"));
	/* Pages that cannot go are in the way of those that come. */
	if (chance(r, 4)) {
		append(r, p, index_of("hold"));
		append(r, p, index_of("touch"));
	}
}

/* Tracepoints, with somebody who listens: of what a pager does, or a walk of tables. */
static void begin_traced(struct random *r, struct program *p)
{
	static const u8 how[] = { TRACE_ON, TRACE_ON, TRACE_PERF, TRACE_LOCKS };
	u8 what = how[below(r, ARRAY_SIZE(how))];
	struct call *call;

	append_needed(r, p, index_of("trace"));
	call = &p->call[p->nr - 1];
	call_value(call, "what")->v = what;
	call_value(call, "event")->v = chance(r, 3) ? TRACED_FAULT : TRACED_EVICT;
	if (what == TRACE_LOCKS) {
		append(r, p, index_of("MMKIT_ASPACE_RANGE"));
		return;
	}
	if (chance(r, 2))
		append(r, p, index_of("MMKIT_MAP_PAGER"));
	append(r, p, index_of("touch"));
}

static void end_traced(struct random *r, struct program *p)
{
	if (p->nr == CALLS_MAX)
		return;
	append_needed(r, p, index_of("trace"));
	call_value(&p->call[p->nr - 1], "what")->v = TRACE_READ;
}

/* One more, mostly of a device that is used already, after what it needs. */
static void lengthen(struct random *r, struct program *p)
{
	if (p->nr == CALLS_MAX)
		return;
	if (p->nr && !chance(r, 4))
		make_near(r, p, p->nr, below(r, p->nr));
	else
		make_call(r, p, p->nr);
	append(r, p, p->call[p->nr].command);
}

void program_make(struct random *r, struct program *p)
{
	u32 nr = 2 + below(r, CALLS_MAX - 2);
	bool traced = chance(r, 10);

	p->nr = 0;
	if (traced)
		begin_traced(r, p);
	else if (chance(r, 4))
		begin_mapped(r, p);
	while (p->nr < nr)
		lengthen(r, p);
	if (traced)
		end_traced(r, p);
}

static void insert(struct random *r, struct program *p)
{
	u32 at = below(r, p->nr + 1);

	if (p->nr == CALLS_MAX)
		return;
	open_gap(p, at);
	make_near(r, p, at, at ? at - 1 : p->nr - 1);
}

static void twice(struct random *r, struct program *p)
{
	u32 at = below(r, p->nr);

	if (p->nr == CALLS_MAX)
		return;
	open_gap(p, at + 1);
	p->call[at + 1] = p->call[at];
}

/* The first calls of one and the last of another, which keep their own refs. */
static void cross(struct random *r, struct program *p, const struct program *other)
{
	u32 keep = 1 + below(r, p->nr), i, j;

	p->nr = keep;
	for (i = 0; i < other->nr && p->nr < CALLS_MAX; i++) {
		struct call *call = &p->call[p->nr++];

		*call = other->call[i];
		for (j = 0; j < FIELDS_MAX; j++)
			if (call->v[j].ref)
				call->v[j].ref += keep;
	}
}

static void tweak(struct random *r, struct program *p)
{
	u32 at = below(r, p->nr), i;
	struct call *call = &p->call[at];
	const struct command *command = &commands[call->command];

	switch (below(r, 10)) {
	case 0:
		call->beside = !call->beside;
		return;
	case 1:
	case 2:
		call->fail = call->fail && !chance(r, 3) ?
			     call->fail + 1u : nth(r) - 1u;
		return;
	case 3:
		call->slot = !call->slot;
		return;
	case 4:
		call->nobody = !call->nobody;
		return;
	case 5:
		call->killed = command->size ? below(r, 200) : 0;
		return;
	}
	/* Mostly a single field; all of them, where they never fitted each other. */
	if (chance(r, 3) || !command->nr) {
		fill_call(r, p, at, true);
		return;
	}
	i = below(r, command->nr);
	call->v[i] = value(r, p, at, &command->fields[i]);
}

void program_mutate(struct random *r, struct program *p,
		    const struct program *other)
{
	u32 times = 1 + below(r, 4);

	while (times--) {
		switch (below(r, 10)) {
		case 0:
			insert(r, p);
			break;
		case 1:
			lengthen(r, p);
			break;
		case 2:
			if (p->nr > 1)
				program_remove(p, below(r, p->nr));
			break;
		case 3:
			twice(r, p);
			break;
		case 4:
			if (other)
				cross(r, p, other);
			break;
		default:
			tweak(r, p);
		}
	}
}
