// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>

#include "host.h"

static uint64_t random_state = 0x9e3779b97f4a7c15ULL;

/* splitmix64 */
uint64_t host_random(void)
{
	uint64_t z = random_state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

uint64_t host_random_edge(void)
{
	uint64_t r = host_random();

	switch (r & 3) {
	case 0:
		return host_random() >> (r >> 2) % 64;
	case 1:
		return 1ULL << (r >> 2) % 64;
	case 2:
		return (1ULL << (r >> 2) % 64) - 1;
	default:
		return 0 - (host_random() >> (r >> 2) % 64);
	}
}

static char *test_name(const struct host_table *table, const void *row)
{
	const char *const *name = row;
	size_t room = strlen(table->name) + (row ? strlen(*name) + 2 : 0) + 1;
	char *text = malloc(room);

	if (text && row)
		snprintf(text, room, "%s: %s", table->name, *name);
	else if (text)
		snprintf(text, room, "%s", table->name);
	return text;
}

static void add_table(struct CMUnitTest *tests, const struct host_table *table)
{
	size_t i;

	for (i = 0; i < table->nr; i++) {
		const char *row = table->rows;

		if (row)
			row += i * table->size;
		tests[i] = (struct CMUnitTest) {
			.name = test_name(table, row),
			.test_func = table->run,
			.initial_state = (void *)row,
		};
	}
}

int host_run(const struct host_table *tables, size_t nr)
{
	size_t i, done = 0, total = 0;
	struct CMUnitTest *tests;
	int failed;

	if (getenv("SEED"))
		random_state = strtoull(getenv("SEED"), NULL, 0);
	for (i = 0; i < nr; i++)
		total += tables[i].nr;
	tests = calloc(total, sizeof(*tests));
	if (!tests)
		return 1;
	for (i = 0; i < nr; i++) {
		add_table(tests + done, &tables[i]);
		done += tables[i].nr;
	}
	failed = _cmocka_run_group_tests("mmkit", tests, total, NULL, NULL);
	for (i = 0; i < total; i++)
		free((char *)tests[i].name);
	free(tests);
	return failed ? 1 : 0;
}
