// SPDX-License-Identifier: GPL-2.0-only
/* What the kernel says meanwhile: a complaint ends the run, whose it is is known. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "fuzz.h"

static int log_fd = -1;

/* The run's own scan of the log (tests/vm/scan-log) has the last word. */
static const char *const complaints[] = {
	"BUG: ", "BUG kmalloc", "WARNING: ", "Oops", "general protection",
	"KASAN: ", "UBSAN: ", "Bad page", "bad page", "Bad rss-counter",
	"INFO: task", "INFO: possible", "suspicious RCU", "refcount_t: ",
	"corruption", "Poison overwritten", "Redzone overwritten",
	"Objects remaining", "scheduling while atomic", "invalid context",
	"page allocation failure", "invoked oom-killer", "Out of memory",
	"soft lockup", "stall", "blocked for more than", "usercopy: ",
};

void watch_begin(void)
{
	log_fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (log_fd < 0 || lseek(log_fd, 0, SEEK_END) < 0) {
		perror("fuzz: /dev/kmsg");
		exit(1);
	}
}

/* "PRIORITY,SEQUENCE,TIME,-;TEXT" and more lines: the text, or NULL at the end. */
static const char *next_text(char *record, size_t room)
{
	ssize_t got;
	char *text;

	/* EPIPE: some were overwritten before they were read. */
	do {
		got = read(log_fd, record, room - 1);
	} while (got < 0 && errno == EPIPE);
	if (got <= 0)
		return NULL;
	record[got] = '\0';
	text = strchr(record, ';');
	if (!text)
		return "";
	text[strcspn(text, "\n")] = '\0';
	return text + 1;
}

/* Of a page that a program broke on purpose, and touched: it is told whose it was. */
#define BROKEN	"due to hardware memory corruption"

static bool is_complaint(const char *text)
{
	size_t i;

	if (strstr(text, BROKEN))
		return false;
	for (i = 0; i < ARRAY_SIZE(complaints); i++)
		if (strstr(text, complaints[i]))
			return true;
	return false;
}

/* The rest of the report is told on the spot: the console does not have all of it. */
bool watch_complaint(char *line, size_t room)
{
	char record[2048];
	const char *text;
	bool found = false;
	int more = 80;

	while ((text = next_text(record, sizeof(record))) && more) {
		if (!found && is_complaint(text)) {
			snprintf(line, room, "%s", text);
			found = true;
		}
		if (found && more--)
			fprintf(stderr, "kernel: %s\n", text);
	}
	return found;
}
