// SPDX-License-Identifier: GPL-2.0-only
/* MMKIT_ASPACE_CONTEXT: who may ask, and CR3 against the walk of an address. */
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>
#include "aspace_lib.h"

static int look(s32 pid, struct mmkit_aspace_context *context)
{
	*context = (struct mmkit_aspace_context){
		.size = sizeof(*context), .pid = pid,
	};
	return call(as_fd, MMKIT_ASPACE_CONTEXT, context);
}

static u64 root_of(s32 pid)
{
	struct mmkit_aspace_level levels[MMKIT_LEVELS];
	struct mmkit_aspace_walk walk = { .pid = pid };

	EQUAL(as_walk_of(&walk, levels), 0);
	return levels[0].table;
}

static void as_nobody(void *unused)
{
	struct mmkit_aspace_context context;

	(void)unused;
	if (setgid(NOBODY) || setuid(NOBODY))
		bail("setuid: %s", strerror(errno));
	EQUAL(look(0, &context), -EPERM);
	EQUAL(context.root | context.cr3 | context.id, 0);
	EQUAL(look(getppid(), &context), -EPERM);
}

static void refusals(void)
{
	struct mmkit_aspace_context context;
	struct {
		struct mmkit_aspace_context context;
		u32 tail[2];
	} longer = { .context.size = sizeof(longer), .tail = { 1 } };
	pid_t child;

	test("context refuses a reserved field, a tail, nobody, no process");
	context = (struct mmkit_aspace_context){ .size = sizeof(context),
						 .reserved = 1 };
	EQUAL(call(as_fd, MMKIT_ASPACE_CONTEXT, &context), -EINVAL);
	context.size = 8;
	EQUAL(call(as_fd, MMKIT_ASPACE_CONTEXT, &context), -EINVAL);
	EQUAL(call(as_fd, MMKIT_ASPACE_CONTEXT, &longer), -E2BIG);
	EQUAL(call(as_fd, MMKIT_ASPACE_CONTEXT, unmapped()), -EFAULT);
	EQUAL(look(-1, &context), -ESRCH);
	EQUAL(look(0x3ffffff, &context), -ESRCH);
	EQUAL(look(2, &context), -ESRCH);
	child = fork();
	if (!child)
		_exit(0);
	waitid(P_PID, child, &(siginfo_t){ 0 }, WEXITED | WNOWAIT);
	EQUAL(look(child, &context), -ESRCH);
	waitpid(child, NULL, 0);
	EQUAL(in_child(as_nobody, NULL), 0);
}

static void *thread(void *data)
{
	EQUAL(look(0, data), 0);
	return NULL;
}

static void own(void)
{
	struct mmkit_aspace_context ours, theirs;
	u64 root = root_of(0);
	pthread_t id;

	test("CR3 of the CPU that runs us is the root that a walk begins with");
	EQUAL(look(0, &ours), 0);
	CHECK(ours.state & MMKIT_CONTEXT_LOADED);
	EQUAL(ours.root, root);
	EQUAL(ours.cr3, root);
	CHECK(ours.id);
	BETWEEN(ours.cpu, 0, 1023);
	BETWEEN(ours.pcid, 0, ours.state & MMKIT_CONTEXT_PCID ? 4095 : 0);
	pthread_create(&id, NULL, thread, &theirs);
	pthread_join(id, NULL);
	EQUAL(theirs.cr3, root);
	EQUAL(theirs.id, ours.id);
}

/* Everywhere that it may run. */
static void on_cpu(u32 cpu)
{
	struct mmkit_aspace_context context;

	EQUAL(look(0, &context), 0);
	EQUAL(context.cpu, cpu);
	EQUAL(context.cr3, context.root);
}

static void each_cpu(void)
{
	test("it is read from the CPU that it says");
	on_each_cpu(on_cpu);
}

static void other(void)
{
	struct mmkit_aspace_context ours, theirs;
	pid_t child;

	test("another process has another root and another number; no CR3 is told");
	child = fork();
	if (!child)
		for (;;)
			pause();
	EQUAL(look(0, &ours), 0);
	EQUAL(look(child, &theirs), 0);
	CHECK(theirs.root != ours.root);
	CHECK(theirs.id != ours.id);
	EQUAL(theirs.root, root_of(child));
	EQUAL(theirs.state & MMKIT_CONTEXT_LOADED, 0);
	EQUAL(theirs.cr3 | theirs.pcid | theirs.cpu, 0);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

int main(void)
{
	as_fd = dev_open("aspace");
	refusals();
	own();
	each_cpu();
	other();
	return tap_end();
}
