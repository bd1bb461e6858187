// SPDX-License-Identifier: GPL-2.0-only
/* Runs of pages of one state: every page of the memory in few words. */
#include <stdlib.h>
#include <string.h>

#include "page_state.h"
#include "pages.h"

/* What most of @nr pages are; holes only when there is nothing else. */
static uint8_t most_of(const uint8_t *states, uint64_t nr)
{
	uint64_t counts[PAGE_STATES] = { 0 }, i;
	uint8_t state, best = STATE_HOLE;

	for (i = 0; i < nr; i++)
		counts[states[i]]++;
	for (state = 0; state < STATE_HOLE; state++)
		if (counts[state] && (best == STATE_HOLE ||
				      counts[state] > counts[best]))
			best = state;
	return best;
}

/* Runs of units of @unit pages, or NULL when there are more than @most. */
static struct json_object *runs_of(const uint8_t *states, uint64_t nr,
				   uint64_t unit, uint32_t most)
{
	struct json_object *runs = j_arr(), *run;
	uint64_t at, units = 0, done = 0, left;
	uint8_t state, before = 0;

	for (at = 0; at <= nr; at += unit) {
		left = nr - at < unit ? nr - at : unit;
		state = left ? most_of(states + at, left) : PAGE_STATES;
		if (units && state != before) {
			if (done++ == most)
				break;
			run = j_arr();
			json_object_array_add(run, json_object_new_uint64(units));
			json_object_array_add(run, json_object_new_int(before));
			json_object_array_add(runs, run);
			units = 0;
		}
		if (!left)
			return runs;
		before = state;
		units++;
		if (left < unit)	/* the last one is cut short */
			at = nr - unit;
	}
	json_object_put(runs);
	return NULL;
}

/*
 * @states: of all pages from the first on. As fine as @most runs allow, from single
 * pages on.
 */
struct json_object *pages_runs_json(const uint8_t *states, uint64_t nr,
				    uint32_t most)
{
	struct json_object *obj = j_obj(), *names = j_arr(), *runs = NULL;
	uint64_t unit = 1;
	unsigned int i;

	for (i = 0; i < PAGE_STATES; i++)
		json_object_array_add(names, json_object_new_string(
						page_states.class[i].name));
	for (; most && !runs; unit *= 2)
		runs = runs_of(states, nr, unit, most);
	j_u64(obj, "pages_each", unit / 2);
	j_add(obj, "states", names);
	j_add(obj, "list", runs);
	return obj;
}
