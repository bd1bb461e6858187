// SPDX-License-Identifier: GPL-2.0-only
/* TAP: what tap.h says. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "tap.h"

/* Shared with children, whose checks count as the parent's. */
struct state {
	char name[256];
	char reason[256];
	char diag[4096];
	int open;
	int skipped;
	int failed;	/* checks of the open test */
	int total_failed;
};

static struct state *state;

static void begin(void)
{
	if (state)
		return;
	setvbuf(stdout, NULL, _IOLBF, 0);
	state = mmap(NULL, sizeof(*state), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (state == MAP_FAILED)
		abort();
}

static void end(void)
{
	if (!state->open)
		return;
	printf("%sok - %s%s%s%s\n", state->failed ? "not " : "", state->name,
	       sizeof(long) == 4 ? " (32-bit)" : "",
	       state->skipped ? " # SKIP " : "",
	       state->skipped ? state->reason : "");
	if (state->failed)
		fputs(state->diag, stdout);
	state->total_failed += !!state->failed;
	state->open = 0;
	state->failed = 0;
	state->skipped = 0;
	state->diag[0] = '\0';
}

void test(const char *format, ...)
{
	va_list args;

	begin();
	end();
	va_start(args, format);
	vsnprintf(state->name, sizeof(state->name), format, args);
	va_end(args);
	state->open = 1;
}

void skip(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(state->reason, sizeof(state->reason), format, args);
	va_end(args);
	state->skipped = 1;
}

static void vdiag(const char *format, va_list args)
{
	size_t used = strlen(state->diag);
	char line[300];

	vsnprintf(line, sizeof(line), format, args);
	snprintf(state->diag + used, sizeof(state->diag) - used, "# %s\n",
		 line);
}

void diag(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vdiag(format, args);
	va_end(args);
}

int tap_end(void)
{
	begin();
	end();
	return state->total_failed ? 1 : 0;
}

void bail(const char *format, ...)
{
	va_list args;

	begin();
	if (!state->open)
		test("it begins");
	va_start(args, format);
	vdiag(format, args);
	va_end(args);
	diag("cannot go on");
	state->failed++;
	end();
	fflush(stdout);
	_exit(1);
}

bool tap_check(bool ok, const char *file, int line, const char *what)
{
	if (ok)
		return true;
	begin();
	state->failed++;
	diag("%s:%d: not true: %s", file, line, what);
	return false;
}

bool tap_equal(long long got, long long want, const char *file, int line,
	       const char *what)
{
	if (got == want)
		return true;
	begin();
	state->failed++;
	diag("%s:%d: %s: got %lld, want %lld", file, line, what, got, want);
	return false;
}

bool tap_between(long long got, long long low, long long high,
		 const char *file, int line, const char *what)
{
	if (low <= got && got <= high)
		return true;
	begin();
	state->failed++;
	diag("%s:%d: %s: got %lld, want %lld to %lld", file, line, what, got,
	     low, high);
	return false;
}

int in_child(void (*run)(void *data), void *data)
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid < 0)
		bail("fork failed");
	if (!pid) {
		run(data);
		_exit(0);
	}
	if (waitpid(pid, &status, 0) != pid)
		bail("waitpid failed");
	return status;
}
