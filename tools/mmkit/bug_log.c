// SPDX-License-Identifier: GPL-2.0-only
/* Triggering a bug, and reading what the kernel says of it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bug_log.h"
#include "kernel_file.h"

#define CONTROL		"/sys/kernel/debug/mmkit/bugs/control"
#define MARGIN		"    | "
#define KMEMLEAK	"/sys/kernel/debug/kmemleak"

/* Until kmemleak has seen a new block: it trusts none younger than 5 seconds. */
#define LEAK_SECONDS	60

bool bug_module_is_there(void)
{
	return !access(CONTROL, F_OK);
}

static const char *text_of(struct json_object *line, const char *key)
{
	return json_object_get_string(j_get(line, key));
}

void bug_add_line(struct json_object *lines, const char *text)
{
	const struct bug_note *note = bug_note_find(text);
	struct json_object *obj = j_obj();

	j_str(obj, "text", text);
	j_str(obj, "detector", note ? note->detector : NULL);
	j_str(obj, "meaning", note ? note->meaning : NULL);
	j_str(obj, "look", note ? note->look : NULL);
	json_object_array_add(lines, obj);
}

/* Returns 0 or -errno. */
int bug_add_file(struct json_object *lines, const char *path)
{
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t room = 0;
	int err;

	if (!file)
		return -errno;
	while (getline(&line, &room, file) >= 0) {
		line[strcspn(line, "\r\n")] = '\0';
		bug_add_line(lines, bug_line_text(line));
	}
	err = ferror(file) ? -EIO : 0;
	free(line);
	fclose(file);
	return err;
}

/* The kernel escapes what is no printing character: "\x09". */
static void unescape(char *text)
{
	char *to = text;
	unsigned int c;

	for (; *text; text++) {
		if (text[0] == '\\' && text[1] == 'x' &&
		    sscanf(text + 2, "%2x", &c) == 1) {
			*to++ = c == '\t' ? ' ' : c;
			text += 3;
		} else {
			*to++ = *text;
		}
	}
	*to = '\0';
}

/* A record: "level,number,time,-;TEXT", and more lines, which are of devices. */
static void add_record(void *lines, char *record)
{
	char *text = strchr(record, ';');

	if (!text || strtoul(record, NULL, 10) > 7)
		return;
	text++;
	text[strcspn(text, "\n")] = '\0';
	unescape(text);
	bug_add_line(lines, text);
}

/*
 * Of kmemleak's list, the first block that @function allocated. Returns whether there
 * is one.
 */
static bool add_leak(struct json_object *list, const char *function,
		     struct json_object *lines)
{
	size_t i, first = 0, nr = json_object_array_length(list);
	const char *text;
	bool found = false;

	for (i = 0; i < nr; i++) {
		text = text_of(json_object_array_get_idx(list, i), "text");
		if (!strncmp(text, "unreferenced object", 19)) {
			if (found)
				break;
			first = i;
		}
		found |= !!strstr(text, function);
	}
	for (; found && first < i; first++)
		json_object_array_add(lines, json_object_get(
				json_object_array_get_idx(list, first)));
	return found;
}

/* One scan. Returns 1 when it found what was lost, 0 when not, -errno. */
static int scan_leaks(const char *function, struct json_object *lines)
{
	struct json_object *list;
	int err = file_put(KMEMLEAK, "scan");

	if (err)
		return err;
	list = j_arr();
	err = bug_add_file(list, KMEMLEAK);
	if (!err)
		err = add_leak(list, function, lines);
	json_object_put(list);
	return err;
}

/* A block counts when two scans found it the same: so many as that takes. */
static int read_leaks(const char *function, struct json_object *lines)
{
	static const struct timespec pause = { 0, 500000000 };
	struct timespec now;
	time_t end;
	int found;

	clock_gettime(CLOCK_MONOTONIC, &now);
	end = now.tv_sec + LEAK_SECONDS;
	do {
		found = scan_leaks(function, lines);
		if (found)
			break;
		nanosleep(&pause, NULL);
		clock_gettime(CLOCK_MONOTONIC, &now);
	} while (now.tv_sec < end && !interrupted());
	return found < 0 ? found : 0;
}

/*
 * Triggers a bug and adds what the kernel says to @lines. Returns 0 or -errno. When
 * the control file's write is over the bug has happened, and its report is complete.
 */
int bug_do(const struct bug *bug, struct json_object *lines)
{
	int fd = kmsg_open(), err;
	char word[64];

	if (fd < 0)
		return fd;
	lseek(fd, 0, SEEK_END);
	snprintf(word, sizeof(word), "trigger %s", bug->name);
	err = file_put(CONTROL, word);
	if (!err && !strcmp(bug->detector, "kmemleak"))
		err = read_leaks(bug->function, lines);
	else if (!err)
		kmsg_each(fd, add_record, lines);
	close(fd);
	return err;
}

/* Was it said already of a line since the last report began? */
static bool is_new(struct json_object *lines, size_t at)
{
	struct json_object *line = json_object_array_get_idx(lines, at);
	const char *meaning = text_of(line, "meaning"), *other;

	if (!meaning)
		return false;
	while (at-- > 0 && !text_of(line, "detector")) {
		line = json_object_array_get_idx(lines, at);
		other = text_of(line, "meaning");
		if (other && !strcmp(other, meaning))
			return false;
	}
	return true;
}

static void show_note(struct json_object *line)
{
	const char *detector = text_of(line, "detector");
	const char *look = text_of(line, "look");
	char text[512];

	snprintf(text, sizeof(text), "%s%s%s", detector ?: "",
		 detector ? ": " : "", text_of(line, "meaning"));
	out_paragraph(MARGIN, MARGIN, text);
	if (!look)
		return;
	snprintf(text, sizeof(text), "look: %s", look);
	out_paragraph(MARGIN, MARGIN, text);
}

/* What a line means stands below it, once in a report. */
void bug_show_lines(struct json_object *lines)
{
	size_t i, nr = json_object_array_length(lines);
	struct json_object *line;

	for (i = 0; i < nr; i++) {
		line = json_object_array_get_idx(lines, i);
		out_line("%s", text_of(line, "text"));
		if (is_new(lines, i))
			show_note(line);
	}
}
