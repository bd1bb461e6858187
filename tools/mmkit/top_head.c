// SPDX-License-Identifier: GPL-2.0-only
/* The lines above the lists: memory, pressure, what goes on. */
#include <stdio.h>

#include "top.h"

/* All in one unit, so that they can be compared; GiB from 64 GiB on. */
static unsigned int shift_of(struct json_object *memory)
{
	return j_get_u64(memory, "total") >> 36 ? 30 : 20;
}

static unsigned long long in(struct json_object *memory, const char *key)
{
	return j_get_u64(memory, key) >> shift_of(memory);
}

static void memory_line(struct json_object *memory, char *line, size_t len)
{
	snprintf(line, len,
		 "Memory %llu %s: %llu available, %llu free, %llu anonymous, %llu cached, %llu slab",
		 in(memory, "total"), shift_of(memory) == 30 ? "GiB" : "MiB",
		 in(memory, "available"), in(memory, "free"),
		 in(memory, "anonymous"), in(memory, "cached"),
		 in(memory, "slab"));
}

static void swap_line(struct json_object *doc, char *line, size_t len)
{
	struct json_object *memory = j_get(doc, "memory");
	struct json_object *pressure = j_get(doc, "pressure");
	unsigned long long some, full;
	int at;

	at = snprintf(line, len, "Swap %llu %s: %llu free",
		      in(memory, "swap_total"),
		      shift_of(memory) == 30 ? "GiB" : "MiB",
		      in(memory, "swap_free"));
	if (!pressure) {
		snprintf(line + at, len - at, "; this kernel tells no pressure (PSI)");
		return;
	}
	some = j_get_u64(pressure, "some_avg10");
	full = j_get_u64(pressure, "full_avg10");
	snprintf(line + at, len - at,
		 "; pressure (10 s): some %llu.%02llu %%, full %llu.%02llu %%",
		 some / 1000, some % 1000 / 10, full / 1000, full % 1000 / 10);
}

void top_head(struct json_object *doc, char lines[TOP_HEAD_LINES][200])
{
	struct json_object *rates = j_get(doc, "rates");

	memory_line(j_get(doc, "memory"), lines[0], sizeof(lines[0]));
	swap_line(doc, lines[1], sizeof(lines[1]));
	snprintf(lines[2], sizeof(lines[2]),
		 "Per second: %llu faults (%llu major), %llu pages allocated, %llu freed",
		 (unsigned long long)j_get_u64(rates, "faults"),
		 (unsigned long long)j_get_u64(rates, "major_faults"),
		 (unsigned long long)j_get_u64(rates, "allocated"),
		 (unsigned long long)j_get_u64(rates, "freed"));
	snprintf(lines[3], sizeof(lines[3]),
		 "  %llu scanned, %llu reclaimed, %llu in and %llu out of swap, %llu stalls",
		 (unsigned long long)j_get_u64(rates, "scanned"),
		 (unsigned long long)j_get_u64(rates, "reclaimed"),
		 (unsigned long long)j_get_u64(rates, "swapped_in"),
		 (unsigned long long)j_get_u64(rates, "swapped_out"),
		 (unsigned long long)j_get_u64(rates, "stalls"));
}
