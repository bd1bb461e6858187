// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a lab changed and what puts it back. A lab pushes before it changes
 * something; its parent works the stack off after the lab has ended, by itself,
 * by a signal, or by Ctrl-C.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kernel_file.h"
#include "run.h"

#define TRIES	500	/* times 10 ms */

static void push(struct lab_run *run, enum undo_kind kind, const char *path,
		 const char *value)
{
	struct undo *undo = &run->undo->items[run->undo->nr];

	if (run->undo->nr == MAX_UNDO)
		stop(run, "the lab changes more than %d things", MAX_UNDO);
	undo->kind = kind;
	snprintf(undo->path, sizeof(undo->path), "%s", path);
	snprintf(undo->value, sizeof(undo->value), "%s", value ? value : "");
	run->undo->nr++;
}

/* "always [madvise] never" is written back as "madvise". */
static void chosen_word(char *text)
{
	char *open = strchr(text, '['), *end = open ? strchr(open, ']') : NULL;

	if (!end)
		return;
	*end = '\0';
	memmove(text, open + 1, strlen(open + 1) + 1);
}

/* The file says again what it says now. */
void undo_write(struct lab_run *run, const char *path)
{
	char text[UNDO_TEXT];

	read_text(run, path, text, sizeof(text));
	chosen_word(text);
	push(run, UNDO_WRITE, path, text);
}

/* Writing @text to the file undoes it. */
void undo_by_write(struct lab_run *run, const char *path, const char *text)
{
	push(run, UNDO_WRITE, path, text);
}

void undo_swapon(struct lab_run *run, const char *path)
{
	push(run, UNDO_SWAPON, path, NULL);
}

void undo_mount(struct lab_run *run, const char *path)
{
	push(run, UNDO_MOUNT, path, NULL);
}

void undo_cgroup(struct lab_run *run, const char *path)
{
	push(run, UNDO_CGROUP, path, NULL);
}

void undo_folder(struct lab_run *run, const char *path)
{
	push(run, UNDO_FOLDER, path, NULL);
}

void undo_file(struct lab_run *run, const char *path)
{
	push(run, UNDO_FILE, path, NULL);
}

void undo_module(struct lab_run *run, const char *name)
{
	push(run, UNDO_MODULE, name, NULL);
}

/* A cgroup can go when the last of its processes has been reaped. */
static bool remove_cgroup(const char *path)
{
	char kill_file[UNDO_TEXT + 16];
	int try;

	snprintf(kill_file, sizeof(kill_file), "%s/cgroup.kill", path);
	file_put(kill_file, "1");
	for (try = 0; try < TRIES; try++) {
		if (!rmdir(path) || errno == ENOENT)
			return true;
		usleep(10000);
	}
	return false;
}

/* A block device may still be held by whoever looks at each new one. */
static bool remove_module(const char *name)
{
	int try;

	for (try = 0; try < TRIES; try++) {
		if (!syscall(SYS_delete_module, name, O_NONBLOCK) ||
		    errno == ENOENT)
			return true;
		usleep(10000);
	}
	return false;
}

static bool undo_one(const struct undo *undo)
{
	switch (undo->kind) {
	case UNDO_WRITE:
		return !file_put(undo->path, undo->value);
	case UNDO_SWAPON:
		return !swapoff(undo->path) || errno == EINVAL;
	case UNDO_MOUNT:
		return !umount(undo->path) || errno == EINVAL;
	case UNDO_CGROUP:
		return remove_cgroup(undo->path);
	case UNDO_FOLDER:
		return !rmdir(undo->path) || errno == ENOENT;
	case UNDO_FILE:
		return !unlink(undo->path) || errno == ENOENT;
	case UNDO_MODULE:
		return remove_module(undo->path);
	}
	return false;
}

/* Returns how many things could not be put back. */
unsigned int undo_all(struct undo_stack *stack)
{
	unsigned int failed = 0;

	while (stack->nr)
		failed += !undo_one(&stack->items[--stack->nr]);
	return failed;
}
