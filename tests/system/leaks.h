/* SPDX-License-Identifier: GPL-2.0-only */
/* What kmemleak finds after each allocation has failed once. */
#ifndef _MMKIT_TEST_LEAKS_H
#define _MMKIT_TEST_LEAKS_H

#include "faults.h"

static inline bool begins(const char *line, const char *word)
{
	return !strncmp(line, word, strlen(word));
}

/* Says what kmemleak found that is not the kernel's own; of that, how many. */
static inline u32 leaks_told(FILE *f)
{
	bool kernels = false;
	char record[4096] = "";
	char *line = NULL;
	size_t room = 0;
	u32 known = 0;

	for (;;) {
		bool more = getline(&line, &room, f) > 0;

		if (!more || begins(line, "unreferenced object")) {
			known += kernels;
			if (record[0] && !kernels && !CHECK(!"leaked"))
				diag("%s", record);
			kernels = false;
			record[0] = '\0';
		}
		if (!more)
			break;
		kernels |= !!strstr(line, "sysfs_slab_add");
		strncat(record, line, sizeof(record) - strlen(record) - 1);
	}
	free(line);
	return known;
}

static inline void no_leaks(void)
{
	FILE *f;

	test("kmemleak finds nothing but names that sysfs_slab_add() lost");
	if (!kmemleak_scan()) {
		skip("the kernel has no kmemleak");
		return;
	}
	f = fopen(KMEMLEAK, "r");
	if (CHECK(f)) {
		printf("# names lost by the kernel: %u\n", leaks_told(f));
		fclose(f);
	}
	EQUAL(file_write(KMEMLEAK, "clear"), 0);
}

#endif
