// SPDX-License-Identifier: GPL-2.0-only
/* Who makes a call, when it is not the worker as it is. */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <linux/capability.h>
#include "fuzz.h"

/* This thread can do nothing that an administrator can but have a call of its fail. */
void be_nobody(bool nobody)
{
	struct __user_cap_header_struct head = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct caps[2];

	if (syscall(SYS_capget, &head, caps))
		return;
	caps[0].effective = nobody ? 1u << CAP_SYS_RESOURCE : caps[0].permitted;
	caps[1].effective = nobody ? 0 : caps[1].permitted;
	syscall(SYS_capset, &head, caps);
}

/* A process that shares all memory but its stack: fork() would take far longer. */
struct child {
	int (*call)(void *data);
	void *data;
	volatile bool begun;
	u8 stack[64 << 10] __attribute__((aligned(16)));
};

static int child_run(void *data)
{
	struct child *child = data;

	cover_child();
	child->begun = true;
	return child->call(child->data);
}

static void wait_us(u64 us)
{
	u64 end = now_us() + us;

	while (now_us() < end)
		;
}

/*
 * What goes on for long looks whether its caller was killed meanwhile, and what waits
 * must not wait on. Returns what the call did, or EINTR.
 */
int in_killed_child(int (*call)(void *data), void *data, u32 after)
{
	static __thread struct child child;
	int status = 0;
	pid_t pid;

	child.call = call;
	child.data = data;
	child.begun = false;
	pid = clone(child_run, child.stack + sizeof(child.stack),
		    CLONE_VM | SIGCHLD, &child);
	if (pid < 0)
		return errno;
	while (!child.begun)
		sched_yield();
	wait_us(50 * after);
	kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : EINTR;
}
