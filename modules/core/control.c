// SPDX-License-Identifier: GPL-2.0-only
/*
 * debugfs control: whoever has echo and cat can do what the ioctls do. Writing
 * a verb runs its ioctl on a session that lives as long as the area; reading
 * says what came of the last one.
 */
#include <linux/capability.h>
#include <linux/debugfs.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include "control.h"
#include "dispatch.h"
#include "session.h"
#include "verb.h"

#define CONTROL_LINE_MAX	256

/**
 * struct mmkit_control - the control file of one area
 * @lock: one command at a time; protects all below. Taken before
 *	session->lock, never held across a copy from user space.
 * @session: the commands run on it
 * @line: the last command, empty before the first
 * @verb: of it, NULL when there is no such verb
 * @err: what it returned
 * @admin: whoever ran it has CAP_SYS_ADMIN, so page frames may be in the answer
 * @call: its answer of variable length
 * @arg: its answer
 */
struct mmkit_control {
	struct mutex lock;	/* one command at a time */
	struct mmkit_session *session;
	char line[CONTROL_LINE_MAX];
	const struct mmkit_verb *verb;
	int err;
	bool admin;
	struct mmkit_call call;
	u64 arg[MMKIT_ARG_MAX / sizeof(u64)];
};

static const struct mmkit_verb *find_verb(const struct mmkit_area *area,
					  const char *name)
{
	const struct mmkit_verb *verb;

	for (verb = area->verbs; verb->name; verb++)
		if (!strcmp(verb->name, name))
			return verb;
	return NULL;
}

static void forget_answer(struct mmkit_control *control)
{
	kvfree(control->call.data);
	control->call = (struct mmkit_call) { .session = control->session };
	memset(control->arg, 0, sizeof(control->arg));
}

/* As the ioctl does, but the answer stays here until it is read. */
static int run(struct mmkit_control *control, int argc, char **argv)
{
	const struct mmkit_area *area = control->session->area;
	const struct mmkit_verb *verb = control->verb;
	const struct mmkit_ioctl *row = mmkit_ioctl_find(area, verb->cmd);
	struct mmkit_call *call = &control->call;
	void *answer;
	int err;

	*(u32 *)control->arg = row->size;
	if (verb->init)
		verb->init(control->arg);
	err = mmkit_verb_parse(verb->params, argc, argv, control->arg);
	if (err)
		return err;
	err = mmkit_call_run(call, row, control->arg);
	answer = call->data;
	call->data = NULL;
	err = mmkit_call_end(call, err);
	call->data = answer;
	return err;
}

static int run_line(struct mmkit_control *control)
{
	char **argv;
	int argc, err;

	lockdep_assert_held(&control->lock);

	argv = argv_split(GFP_KERNEL, control->line, &argc);
	if (!argv)
		return -ENOMEM;
	control->verb = argc ? find_verb(control->session->area, argv[0]) :
			       NULL;
	if (control->verb)
		err = run(control, argc - 1, argv + 1);
	else
		err = argc && !strcmp(argv[0], "help") ? 0 : -EINVAL;
	argv_free(argv);
	return err;
}

static int control_run(struct mmkit_control *control, const char *line)
{
	int err;

	if (mutex_lock_killable(&control->lock))
		return -EINTR;
	forget_answer(control);
	strscpy(control->line, line, sizeof(control->line));
	control->admin = capable(CAP_SYS_ADMIN);
	control->err = run_line(control);
	err = control->err;
	mutex_unlock(&control->lock);
	return err;
}

static ssize_t control_write(struct file *file, const char __user *user,
			     size_t count, loff_t *pos)
{
	struct seq_file *m = file->private_data;
	struct mmkit_area *area = m->private;
	char *line;
	int err;

	if (!count || count >= CONTROL_LINE_MAX)
		return -EINVAL;
	line = memdup_user_nul(user, count);
	if (IS_ERR(line))
		return PTR_ERR(line);
	/* Only now: an unload waits for us from here on. */
	err = debugfs_file_get(file->f_path.dentry);
	if (!err) {
		err = control_run(area->control, strim(line));
		debugfs_file_put(file->f_path.dentry);
	}
	kfree(line);
	return err ?: count;
}

static void show_usage(struct seq_file *m, const struct mmkit_verb *verb)
{
	const struct mmkit_param *param;

	seq_puts(m, verb->name);
	for (param = verb->params; param->help; param++) {
		if (param->option)
			seq_printf(m, " [-%c %s]", param->option, param->help);
		else
			seq_printf(m, " %s", param->help);
	}
	seq_putc(m, '\n');
}

static void show_answer(struct seq_file *m, struct mmkit_control *control)
{
	const struct mmkit_verb *verb = control->verb;

	lockdep_assert_held(&control->lock);

	seq_printf(m, "> %s\n", control->line);
	if (control->err)
		seq_printf(m, "failed: %pe\n", ERR_PTR(control->err));
	if (control->err && verb)
		show_usage(m, verb);
	else if (verb && verb->print)
		verb->print(m, &control->call, control->arg);
	else if (verb)
		seq_puts(m, "done\n");
}

static int control_show_live(struct seq_file *m, struct mmkit_area *area)
{
	struct mmkit_control *control = area->control;
	const struct mmkit_verb *verb;
	int err = 0;

	if (mutex_lock_killable(&control->lock))
		return -EINTR;
	/* What one may know another may not: the file was open to both. */
	if (control->admin && !capable(CAP_SYS_ADMIN)) {
		err = -EPERM;
		goto unlock;
	}
	if (control->line[0])
		show_answer(m, control);
	if (!control->line[0] || !control->verb)
		for (verb = area->verbs; verb->name; verb++)
			show_usage(m, verb);
unlock:
	mutex_unlock(&control->lock);
	return err;
}

static int control_show(struct seq_file *m, void *unused)
{
	struct dentry *dentry = m->file->f_path.dentry;
	int err;

	err = debugfs_file_get(dentry);
	if (err)
		return err;
	err = control_show_live(m, m->private);
	debugfs_file_put(dentry);
	return err;
}

static int control_open(struct inode *inode, struct file *file)
{
	return single_open(file, control_show, inode->i_private);
}

static const struct file_operations control_fops = {
	.owner = THIS_MODULE,
	.open = control_open,
	.read = seq_read,
	.write = control_write,
	.llseek = seq_lseek,
	.release = single_release,
};

/**
 * mmkit_control_init() - Make an area's control file, if it has verbs.
 * @area: registered, with its debugfs directory
 *
 * Context: Process.
 * Return: 0, -ENOMEM, or what the area's open said.
 */
int mmkit_control_init(struct mmkit_area *area)
{
	struct mmkit_control *control;

	if (!area->verbs)
		return 0;
	control = kzalloc(sizeof(*control), GFP_KERNEL);
	if (!control)
		return -ENOMEM;
	mutex_init(&control->lock);
	control->session = mmkit_session_new(area, NULL);
	if (IS_ERR(control->session)) {
		int err = PTR_ERR(control->session);

		kfree(control);
		return err;
	}
	area->control = control;
	debugfs_create_file_unsafe("control", 0600, area->dir, area,
				   &control_fops);
	return 0;
}

/**
 * mmkit_control_uninit() - End the control file's session.
 * @area: whose debugfs files are gone already
 *
 * Context: Process.
 */
void mmkit_control_uninit(struct mmkit_area *area)
{
	struct mmkit_control *control = area->control;

	if (!control)
		return;
	forget_answer(control);
	mmkit_session_end(control->session);
	mutex_destroy(&control->lock);
	kfree(control);
	area->control = NULL;
}
