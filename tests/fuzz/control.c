// SPDX-License-Identifier: GPL-2.0-only
/* Lines for the control files of debugfs, and what has to come before some of them. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "fuzz.h"

#define LINE	300

/*
 * What a verb wants in its session: lines with ';' between, and which of the handles
 * that they answer with is for the verb. $1 is the handle that the first one made.
 */
static const struct wish {
	enum area area;
	const char *verbs;
	const char *lines;
	u32 handle;
} wishes[] = {
	{ AREA_PAGES, "free|describe", "alloc -o 1 -c 4", 1 },
	{ HEAP, "free|describe", "alloc -b 5000 -c 4 -a kvmalloc", 1 },
	{ HEAP, "realloc", "alloc -b 100 -c 4 -a kmalloc", 1 },
	{ SLAB, "destroy|alloc|lru", "create fuzz -b 64", 1 },
	{ SLAB, "reuse", "create fuzz -b 64 -x typesafe_by_rcu", 1 },
	{ SLAB, "users|slabs|shrink|describe", "create fuzz -b 64;alloc $1 -c 40", 1 },
	{ SLAB, "free|objects", "create fuzz -b 64;alloc $1 -c 40", 2 },
	{ SLAB, "take|give", "pool -O kmalloc -b 64 -r 2 -R 8", 1 },
	{ SLAB, "add|stat", "create fuzz -b 64;lru $1;add $2 -c 9", 2 },
	{ MAP, "get|describe", "set -b 64K -s kmalloc", 0 },
	{ MAP, "log", "set -b 64K -s dirty", 0 },
	{ MAP, "pager|paged", "set -b 64K -s pager;pager -f 4", 0 },
	{ BENCH, "status|stop|forget", "start kmalloc -b 64 -c 64", 1 },
	{ BENCH, "result", "start kmalloc -b 64 -c 64;status $1 -w 100", 1 },
};

/* How the handles that lines made are given back. */
static const char *const undo[AREAS][2] = {
	[AREA_PAGES] = { "free" }, [HEAP] = { "free" },
	[SLAB] = { "free", "destroy" }, [BENCH] = { "stop", "forget" },
};

/* A control file that is open, and the handles that it told of since. */
struct control {
	int fd;
	enum area area;
	u32 handle[64];
	u32 nr;
};

static bool is_one_of(const char *verb, const char *verbs)
{
	size_t len = strcspn(verb, " "), this;
	const char *at;

	for (at = verbs; *at; at += this + (at[this] == '|')) {
		this = strcspn(at, "|");
		if (this == len && !strncmp(at, verb, len))
			return true;
	}
	return false;
}

static const struct wish *wish_of(enum area area, const char *line)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(wishes); i++)
		if (wishes[i].area == area && is_one_of(line, wishes[i].verbs))
			return &wishes[i];
	return NULL;
}

static long say(const struct control *control, const char *line)
{
	return write(control->fd, line, strlen(line)) < 0 ? -errno : 0;
}

/* Behind the line itself, which comes first. */
static void listen(struct control *control)
{
	char answer[400] = "", *at;
	u32 handle;

	if (pread(control->fd, answer, sizeof(answer) - 1, 0) < 0)
		return;
	at = strchr(answer, '\n');
	if (at && sscanf(at, "\nhandle %u", &handle) == 1 &&
	    control->nr < ARRAY_SIZE(control->handle))
		control->handle[control->nr++] = handle;
}

/*
 * Puts a handle in for "$1": the first one that was told, or 1 where none was. @which:
 * that one whatever the line says, unless it is 0.
 */
static void fill_in(const struct control *control, char *line, u32 which)
{
	char text[LINE], *at, *end;
	u32 nr;

	while ((at = strchr(line, '$'))) {
		nr = strtoul(at + 1, &end, 10);
		nr = which ?: nr;
		snprintf(text, sizeof(text), "%.*s%u%s", (int)(at - line), line,
			 nr && nr <= control->nr ? control->handle[nr - 1] : nr,
			 end);
		strcpy(line, text);
	}
}

static void prepare(struct control *control, const struct wish *wish)
{
	const char *at = wish->lines;
	char line[LINE];
	size_t len;

	for (; *at; at += len + (at[len] == ';')) {
		len = strcspn(at, ";");
		snprintf(line, sizeof(line), "%.*s", (int)len, at);
		fill_in(control, line, 0);
		if (!say(control, line))
			listen(control);
	}
}

/*
 * What was made goes again, the last first. What the line itself made stays. Returns
 * whether any of it was there.
 */
static bool give_back(struct control *control)
{
	bool any = false;
	char line[LINE];
	u32 i;

	while (control->nr--)
		for (i = 0; i < 2 && undo[control->area][i]; i++) {
			snprintf(line, sizeof(line), "%s %u",
				 undo[control->area][i],
				 control->handle[control->nr]);
			any |= say(control, line) != -ENOENT;
		}
	return any;
}

static long say_line(struct control *control, char *line, const u64 *v)
{
	const struct wish *wish = v[2] ? wish_of(control->area, line) : NULL;
	char answer[4096];
	long err;
	u32 nth;

	if (wish) {
		/* To ask is a copy that may fail, too. */
		nth = fail_left();
		fail_nth(0);
		prepare(control, wish);
		fail_nth(nth);
	}
	fill_in(control, line, wish ? wish->handle : 0);
	err = say(control, line);
	if (v[1] && pread(control->fd, answer, sizeof(answer), 0) < 0)
		err = -errno;
	return err;
}

/* line, read, before: what it wants is there */
long op_control(struct machine *m, unsigned int slot, const u64 *v)
{
	struct control control = { 0 };
	char line[LINE], path[64];
	long err;

	(void)slot;
	verb_line(v[0], line, sizeof(line), &control.area);
	/* Its numbers are addresses. */
	if (strstr(line, "observe") && !faults_survived())
		return -EOPNOTSUPP;
	snprintf(path, sizeof(path), "/sys/kernel/debug/mmkit/%s/control",
		 area_names[control.area]);
	control.fd = open(path, O_RDWR | O_CLOEXEC);
	if (control.fd < 0)
		return -errno;
	m->controlled = true;
	err = say_line(&control, line, v);
	/* What is to fail on purpose has done so by now: what was made must go. */
	fail_nth(0);
	give_back(&control);
	close(control.fd);
	return err;
}

/* What is free is given out again, so that no handle is larger after one program. */
static void suspect_all(struct control *control)
{
	while (control->nr < ARRAY_SIZE(control->handle)) {
		control->handle[control->nr] = control->nr + 1;
		control->nr++;
	}
}

/*
 * The runs that there are, once no session but the control file's is open. Returns
 * whether none is listed, and that is all: memory may be short, and a session busy. It
 * was short when the module was loaded, if there is no list: debugfs makes each file for
 * itself.
 */
static bool find_runs(struct control *control)
{
	FILE *file = fopen("/sys/kernel/debug/mmkit/bench/objects", "re");
	bool known = true;
	u32 handle;
	char line[160];

	if (!file && errno != ENOENT)
		return false;
	if (!file) {
		suspect_all(control);
		return true;
	}
	while (control->nr < ARRAY_SIZE(control->handle) &&
	       fgets(line, sizeof(line), file)) {
		known &= !strstr(line, " is busy");
		if (sscanf(line, "session %*u handle %u", &handle) == 1)
			control->handle[control->nr++] = handle;
	}
	known &= !ferror(file);
	fclose(file);
	return known && !control->nr;
}

/* Returns whether there is no run any more. */
static bool stop_runs(void)
{
	struct control control = { .area = BENCH };
	bool none, any;

	control.fd = open("/sys/kernel/debug/mmkit/bench/control",
			  O_RDWR | O_CLOEXEC);
	if (control.fd < 0)
		return errno == ENOENT;
	none = find_runs(&control);
	any = give_back(&control);
	close(control.fd);
	return none && !any;
}

/*
 * A run that a program began would change, beneath the next ones, what is charged. Its
 * handle may be known to nobody: the answer was another thread's, or the worker was killed.
 * Where memory is short it may take more than one try. Returns whether that was enough.
 */
bool control_settle(void)
{
	u32 tries;

	for (tries = 0; tries < 1000; tries++) {
		if (stop_runs())
			return true;
		usleep(10000);
	}
	return false;
}
