// SPDX-License-Identifier: GPL-2.0-only
/*
 * Triggering a bug. Most kill the thread that runs into them, or could, so they get
 * one of their own: it holds none of our locks, and its call trace is short.
 */
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include "bugs.h"

/**
 * struct mmkit_bugs_trigger - which bug; of the control file, there is no device
 * @size: sizeof(struct mmkit_bugs_trigger)
 * @reserved: zero
 * @name: of the bug
 *
 * Errors: ENOENT no such bug; ENOMEM; EINTR killed while the thread was made.
 */
struct mmkit_bugs_trigger {
	u32 size;
	u32 reserved;
	char name[MMKIT_NAME_LEN];
};

#define MMKIT_IOC_BUGS		0xf0	/* of nobody's in mmkit/mmkit.h */
#define MMKIT_BUGS_TRIGGER	_IOWR(MMKIT_IOC, MMKIT_IOC_BUGS, \
				      struct mmkit_bugs_trigger)

/* A bug on its way: lives on the stack of who waits for it. */
struct errand {
	const struct mmkit_bug *bug;
	struct mm_struct *mm;
	struct completion begun;
};

static int errand_run(void *data)
{
	struct errand *errand = data;
	const struct mmkit_bug *bug = errand->bug;
	struct mm_struct *mm = bug->wants_mm ? errand->mm : NULL;

	/* After this the errand may be gone; its mm is not, for its owner waits. */
	complete(&errand->begun);
	if (mm)
		kthread_use_mm(mm);
	bug->run();
	if (mm)
		kthread_unuse_mm(mm);
	return 0;
}

/*
 * A thread that dies of its bug ends as one that returns, and kthread_stop() waits
 * for either. It must have begun: one that is stopped before that never runs.
 */
static int run_in_thread(const struct mmkit_bug *bug)
{
	struct errand errand = { .bug = bug, .mm = current->mm };
	struct task_struct *thread;

	init_completion(&errand.begun);
	thread = kthread_create(errand_run, &errand, "mmkit_bug");
	if (IS_ERR(thread))
		return PTR_ERR(thread);
	get_task_struct(thread);
	wake_up_process(thread);
	wait_for_completion(&errand.begun);
	kthread_stop(thread);
	put_task_struct(thread);
	return 0;
}

static const struct mmkit_bug *find(const char *name)
{
	const struct mmkit_bug *bug;

	for (bug = mmkit_bugs; bug->name; bug++)
		if (!strcmp(bug->name, name))
			return bug;
	return NULL;
}

static int trigger(struct mmkit_call *call, void *arg)
{
	const struct mmkit_bugs_trigger *trigger = arg;
	const struct mmkit_bug *bug;

	if (trigger->reserved)
		return -EINVAL;
	bug = find(trigger->name);
	if (!bug)
		return -ENOENT;
	return run_in_thread(bug);
}

const struct mmkit_ioctl mmkit_bugs_ioctls[] = {
	MMKIT_IOCTL(MMKIT_BUGS_TRIGGER, trigger, struct mmkit_bugs_trigger,
		    name),
};

const unsigned int mmkit_bugs_nr_ioctls = ARRAY_SIZE(mmkit_bugs_ioctls);

static const struct mmkit_param trigger_params[] = {
	{ 0, MMKIT_PARAM_NAME, offsetof(struct mmkit_bugs_trigger, name),
	  .help = "NAME" },
	{ }
};

const struct mmkit_verb mmkit_bugs_verbs[] = {
	{ "trigger", MMKIT_BUGS_TRIGGER, trigger_params },
	{ }
};

static int show_list(struct seq_file *m, void *unused)
{
	const struct mmkit_bug *bug;

	for (bug = mmkit_bugs; bug->name; bug++)
		seq_printf(m, "%-16s %s\n", bug->name, bug->help);
	return 0;
}

struct mmkit_show mmkit_bugs_shows[] = {
	{ "list", show_list },
	{ }
};
