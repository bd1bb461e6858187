// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whose address space. ptrace_may_access() is not for modules, so what it would
 * allow is asked for directly: one's own, or CAP_SYS_PTRACE.
 */
#include <linux/capability.h>
#include <linux/err.h>
#include <linux/pid.h>
#include <linux/sched/mm.h>
#include <linux/sched/task.h>
#include "aspace.h"

/* execve() has made it, and has not said yet how large it is. */
static bool is_unfinished(const struct mm_struct *mm)
{
	return !READ_ONCE(mm->task_size);
}

static struct mm_struct *mm_of_pid(s32 nr)
{
	struct task_struct *task;
	struct mm_struct *mm;
	struct pid *pid;

	pid = find_get_pid(nr);
	if (!pid)
		return NULL;
	task = get_pid_task(pid, PIDTYPE_PID);
	put_pid(pid);
	if (!task)
		return NULL;
	mm = get_task_mm(task);
	put_task_struct(task);
	return mm;
}

/**
 * mmkit_target_get() - The address space that a command is about.
 * @pid: in the caller's PID namespace, 0 for the caller
 *
 * While it is held its page tables are not torn down, though the process may
 * exit: exit_mmap() waits for the last user.
 *
 * Context: Process.
 * Return: to be given to mmput(), or ERR_PTR() of -ESRCH no such process or one
 * without an address space (a kernel thread, a zombie, between two programs),
 * -EPERM another's without CAP_SYS_PTRACE.
 */
struct mm_struct *mmkit_target_get(s32 pid)
{
	struct mm_struct *mm;

	if (pid < 0)
		return ERR_PTR(-ESRCH);
	mm = pid ? mm_of_pid(pid) : get_task_mm(current);
	if (!mm)
		return ERR_PTR(-ESRCH);
	if (mm != current->mm && !capable(CAP_SYS_PTRACE)) {
		mmput(mm);
		return ERR_PTR(-EPERM);
	}
	if (is_unfinished(mm)) {
		mmput(mm);
		return ERR_PTR(-ESRCH);
	}
	return mm;
}
