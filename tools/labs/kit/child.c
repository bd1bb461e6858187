// SPDX-License-Identifier: GPL-2.0-only
/*
 * Processes of a lab. They die with it, and they make no claims: what they
 * found out they tell the lab, a number at a time.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run.h"

static pid_t fork_bound(struct lab_run *run)
{
	pid_t parent = getpid(), pid = fork();

	if (pid < 0)
		stop(run, "fork failed (%s)", errno_name(errno));
	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	return 0;
}

static void make_pipe(struct lab_run *run, int *fds)
{
	if (pipe2(fds, O_CLOEXEC))
		stop(run, "pipe failed (%s)", errno_name(errno));
}

/* Starts @fn in a process of its own, which talks over @self. */
struct child child_start(struct lab_run *run,
			 void (*fn)(struct lab_run *run, struct child *self,
				    void *data), void *data)
{
	struct child self = { 0 };
	int down[2], up[2];
	pid_t pid;

	make_pipe(run, down);
	make_pipe(run, up);
	pid = fork_bound(run);
	if (!pid) {
		close(down[1]);
		close(up[0]);
		self = (struct child){ getppid(), up[1], down[0] };
		fn(run, &self, data);
		_exit(0);
	}
	close(down[0]);
	close(up[1]);
	return (struct child){ pid, down[1], up[0] };
}

/* A number to the other side, and the next one from there. */
void child_say(struct lab_run *run, const struct child *other, int64_t value)
{
	if (write(other->to, &value, sizeof(value)) != sizeof(value))
		stop(run, "a process of the lab does not listen");
}

int64_t child_hear(struct lab_run *run, const struct child *other)
{
	int64_t value;

	if (read(other->from, &value, sizeof(value)) != sizeof(value))
		stop(run, "a process of the lab died before it answered");
	return value;
}

/* Waits for its end, which hearing no more from us brings about. */
void child_end(struct lab_run *run, struct child *child)
{
	int status;

	close(child->to);
	if (waitpid(child->pid, &status, 0) != child->pid)
		stop(run, "a process of the lab is gone");
	close(child->from);
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		stop(run, "a process of the lab failed (wait status %#x)",
		     status);
}

struct call {
	child_fn fn;
	void *data;
};

static void answer(struct lab_run *run, struct child *self, void *data)
{
	struct call *call = data;

	child_say(run, self, call->fn(run, call->data));
}

/* What @fn returns when a new process runs it. */
int64_t in_child(struct lab_run *run, child_fn fn, void *data)
{
	struct call call = { fn, data };
	struct child child = child_start(run, answer, &call);
	int64_t value = child_hear(run, &child);

	child_end(run, &child);
	return value;
}

/* How a new process that runs @fn ends, as wait(2) has it. */
int child_status(struct lab_run *run, child_fn fn, void *data)
{
	pid_t pid = fork_bound(run);
	int status;

	if (!pid)
		_exit((int)fn(run, data));
	if (waitpid(pid, &status, 0) != pid)
		stop(run, "a process of the lab is gone");
	return status;
}
