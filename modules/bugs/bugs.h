/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bugs on purpose, each the shortest of its kind. A function here is what not to do;
 * what would be right is said above it.
 */
#ifndef _MMKIT_BUGS_H
#define _MMKIT_BUGS_H

#include <linux/types.h>
#include <mmkit/area.h>

/**
 * struct mmkit_bug - one bug
 * @name: as it is triggered
 * @help: what is wrong, in a line
 * @run: does it, once
 * @wants_mm: it needs an address space, the caller's; it must not end its thread
 */
struct mmkit_bug {
	const char *name;
	const char *help;
	void (*run)(void);
	bool wants_mm;
};

extern const struct mmkit_bug mmkit_bugs[];	/* the last one has no name */
extern const struct mmkit_ioctl mmkit_bugs_ioctls[];
extern const unsigned int mmkit_bugs_nr_ioctls;
extern const struct mmkit_verb mmkit_bugs_verbs[];
extern struct mmkit_show mmkit_bugs_shows[];

/* guest_x86.c */
bool mmkit_bugs_in_guest(void);

/* object.c */
void mmkit_bug_use_after_free(void);
void mmkit_bug_double_free(void);
void mmkit_bug_leak(void);

/* bounds.c */
void mmkit_bug_slab_bounds(void);
void mmkit_bug_vmalloc_bounds(void);
void mmkit_bug_stack_bounds(void);

/* cache.c */
void mmkit_bug_uninitialised(void);
void mmkit_bug_slab_overwrite(void);

/* pages.c */
void mmkit_bug_mapped_page(void);
void mmkit_bug_page_twice(void);

/* locks.c */
void mmkit_bug_atomic_sleep(void);
void mmkit_bug_lock_inversion(void);

/* rcu.c */
void mmkit_bug_rcu_reader(void);
void mmkit_bug_rcu_sleep(void);

/* count.c */
void mmkit_bug_refcount(void);

/* list.c */
void mmkit_bug_list(void);

#endif
