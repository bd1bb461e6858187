/* SPDX-License-Identifier: GPL-2.0-only */
/* The framework's own side of a lab: labs do not see this. */
#ifndef MMKIT_LAB_RUN_H
#define MMKIT_LAB_RUN_H

#include "lab.h"
#include "out.h"

#define MAX_UNDO	64
#define UNDO_TEXT	256

enum undo_kind {
	UNDO_WRITE,
	UNDO_SWAPON,
	UNDO_MOUNT,
	UNDO_CGROUP,
	UNDO_FOLDER,
	UNDO_FILE,
	UNDO_MODULE,
};

struct undo {
	enum undo_kind kind;
	char path[UNDO_TEXT];
	char value[UNDO_TEXT];
};

/* In memory that the lab's process and its parent share. */
struct undo_stack {
	unsigned int nr;
	struct undo items[MAX_UNDO];
};

struct lab_run {
	const struct lab *lab;
	struct undo_stack *undo;
	int out;		/* events go there, a line of JSON each */
	bool selftest;
};

/* What became of a lab, as events arrive. */
typedef void (*event_fn)(void *data, struct json_object *event);

/* undo.c */
unsigned int undo_all(struct undo_stack *stack);

/* needs.c */
void lab_prepare(struct lab_run *run);
struct json_object *needs_json(const struct lab *lab);

/* swap.c */
void swap_prepare(struct lab_run *run);
bool probe_module(const char *name);

/* start.c */
int lab_start(const struct lab *lab, bool selftest, event_fn fn, void *data);
const struct lab *lab_find(const char *name);

#endif
