// SPDX-License-Identifier: GPL-2.0-only
/* What a lab says: each sentence and each claim is an event for its parent. */
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "run.h"

#define SENTENCE	512

static void send_event(struct lab_run *run, struct json_object *event)
{
	const char *text = json_object_to_json_string_ext(event,
						JSON_C_TO_STRING_PLAIN);

	dprintf(run->out, "%s\n", text);
	json_object_put(event);
}

static void say(struct lab_run *run, const char *kind, const char *fmt,
		va_list ap)
{
	struct json_object *event = j_obj();
	char text[SENTENCE];

	vsnprintf(text, sizeof(text), fmt, ap);
	j_str(event, "kind", kind);
	j_str(event, "text", text);
	send_event(run, event);
}

/* A sentence of the story. */
void tell(struct lab_run *run, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(run, "tell", fmt, ap);
	va_end(ap);
}

/* One that only --verbose and --json show. */
void detail(struct lab_run *run, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(run, "detail", fmt, ap);
	va_end(ap);
}

/* The kernel or the machine lacks what this lab is about. */
void skip(struct lab_run *run, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(run, "skip", fmt, ap);
	va_end(ap);
	_exit(1);
}

/* Something that has to work did not: nothing was proved. */
void stop(struct lab_run *run, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(run, "stop", fmt, ap);
	va_end(ap);
	_exit(1);
}

static const char *const op_names[] = {
	[EQ] = "=", [NE] = "!=", [LT] = "<", [LE] = "<=", [GT] = ">",
	[GE] = ">=",
};

static bool holds(int64_t measured, enum op op, int64_t other)
{
	switch (op) {
	case EQ:
		return measured == other;
	case NE:
		return measured != other;
	case LT:
		return measured < other;
	case LE:
		return measured <= other;
	case GT:
		return measured > other;
	case GE:
		return measured >= other;
	}
	return false;
}

/*
 * Evidence of a kernel that does not behave as the claim says: just on the wrong
 * side, and for a bound also what is measured when nothing happens at all (0) or
 * without end. A claim that one of them satisfies says nothing.
 */
static unsigned int wrong_evidence(enum op op, int64_t other, int64_t *wrong)
{
	switch (op) {
	case EQ:
		wrong[0] = other - 1;
		wrong[1] = other + 1;
		return 2;
	case NE:
		wrong[0] = other;
		return 1;
	case LT:
	case LE:
		wrong[0] = op == LT ? other : other + 1;
		wrong[1] = INT64_MAX;
		return 2;
	case GT:
	case GE:
		wrong[0] = op == GT ? other : other - 1;
		wrong[1] = 0;
		return 2;
	}
	return 0;
}

/* Does the claim fail on everything that should make it fail? */
static bool refuses(struct json_object *event, enum op op, int64_t other)
{
	struct json_object *tried = j_arr();
	int64_t wrong[2];
	unsigned int nr = wrong_evidence(op, other, wrong), i;
	bool all = true;

	for (i = 0; i < nr; i++) {
		json_object_array_add(tried, json_object_new_int64(wrong[i]));
		all &= !holds(wrong[i], op, other);
	}
	j_add(event, "wrong", tried);
	j_bool(event, "refused", all);
	return all;
}

/**
 * claim() - say something about the kernel, with the evidence for it
 * @run: the lab
 * @text: what is claimed, a sentence that teaches
 * @measured: the evidence
 * @op: how the two compare when the claim holds
 * @other: what was expected, or another measurement
 * @unit: of both; "pfn" and "bytes" are printed as such
 *
 * With --selftest it is held against wrong evidence too, see wrong_evidence().
 *
 * Return: whether it held.
 */
bool claim(struct lab_run *run, const char *text, int64_t measured, enum op op,
	   int64_t other, const char *unit)
{
	struct json_object *event = j_obj();
	bool held = holds(measured, op, other);

	j_str(event, "kind", "claim");
	j_str(event, "text", text);
	j_num(event, "measured", measured);
	j_str(event, "op", op_names[op]);
	j_num(event, "other", other);
	j_str(event, "unit", unit);
	j_bool(event, "held", held);
	if (run->selftest)
		refuses(event, op, other);
	send_event(run, event);
	return held;
}
