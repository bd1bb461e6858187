/* SPDX-License-Identifier: GPL-2.0-only */
/* Touching pages of a mapping, and surviving the signal when one is not there. */
#ifndef MMKIT_CLI_TOUCH_H
#define MMKIT_CLI_TOUCH_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Which pages to touch: indices from the start of the mapping, ascending. */
struct touch_set {
	size_t *pages;
	size_t nr;
};

/* What became of it. */
struct touched {
	size_t done;
	size_t signals;
	int signo;	/* of the last signal, with its code and page */
	int code;
	size_t page;
};

int touch_set_parse(struct touch_set *set, const char *pattern, size_t pages);
void touch_set_free(struct touch_set *set);
int touch_pages(void *addr, const struct touch_set *set, bool write,
		unsigned int threads, struct touched *out);
int touch_trap(void (*fn)(void *data), void *data, siginfo_t *seen);
const char *touch_code_name(int signo, int code);

#endif
