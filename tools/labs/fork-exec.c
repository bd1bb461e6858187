// SPDX-License-Identifier: GPL-2.0-only
/* fork copies an address space; exec throws it away for a new one. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lab.h"

#define SOME	(8 << 20)
#define STACK	(64 << 10)

/* Of a process: its regions, and what lies where. */
struct space {
	size_t regions;
	bool has_address;
};

static struct space look_at(struct lab_run *run, pid_t pid, const void *addr)
{
	unsigned long long from, to, at = (uintptr_t)addr;
	struct space space = { 0 };
	char path[32], line[512];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	file = fopen(path, "re");
	if (!file)
		stop(run, "%s cannot be read (%s)", path, errno_name(errno));
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%llx-%llx ", &from, &to) != 2)
			continue;
		space.regions++;
		space.has_address |= from <= at && at < to;
	}
	fclose(file);
	return space;
}

static int64_t status_of(struct lab_run *run, pid_t pid, const char *key)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	return read_key(run, path, key);
}

/* Reads until it is told to go on, and becomes another program. */
static void become_cat(struct lab_run *run, struct child *parent, void *data)
{
	volatile int *variable = data;

	child_hear(run, parent);
	*variable = 2;
	child_say(run, parent, *variable);
	child_hear(run, parent);
	/* It waits for input that only our end of the pipe could send. */
	dup2(parent->from, STDIN_FILENO);
	execlp("cat", "cat", NULL);
}

static void forked(struct lab_run *run, struct child *child, char *mem,
		   volatile int *variable)
{
	size_t ours = look_at(run, getpid(), mem).regions;
	struct space space = look_at(run, child->pid, mem);

	tell(run, "A child was forked from a process with %zu regions, 8M of them written.",
	     ours);
	claim(run, "it has as many regions", space.regions, EQ, ours, "regions");
	claim(run, "the memory among them", space.has_address, EQ, 1, "(1 is yes)");
	claim(run, "with page tables of its own to map it: a table for each 2M",
	      status_of(run, child->pid, "VmPTE"), GE, SOME / 512, "bytes");
	child_say(run, child, 0);
	claim(run, "what it stores in a variable", child_hear(run, child), EQ, 2,
	      "in the child");
	claim(run, "is stored in its own copy", *variable, EQ, 1, "in the parent");
}

/* The pipe is closed by exec: end of file, and it has happened. */
static void executed(struct lab_run *run, struct child *child, char *mem)
{
	int64_t tables = status_of(run, child->pid, "VmPTE"), value;
	struct space space;

	tell(run, "The child executes another program, cat.");
	child_say(run, child, 0);
	if (read(child->from, &value, sizeof(value)))
		stop(run, "the child could not execute cat");
	space = look_at(run, child->pid, mem);
	claim(run, "the memory is gone from its address space",
	      space.has_address, EQ, 0, "(1 is yes)");
	claim(run, "with most of the page tables", status_of(run, child->pid,
	      "VmPTE"), LT, tables, "bytes");
	claim(run, "it is the same process", status_of(run, child->pid, "PPid"),
	      EQ, getpid(), "parent's number");
	claim(run, "while ours still has all of its memory",
	      present_in(run, mem, SOME), EQ, SOME / page_size(), "pages");
}

static int store_three(void *data)
{
	*(volatile int *)data = 3;
	return 0;
}

/* As vfork and posix_spawn have it: the child runs in its parent's memory. */
static void borrowed(struct lab_run *run, volatile int *variable)
{
	char *stack = take_private(run, STACK);
	pid_t pid;

	tell(run, "A child that will execute something at once needs no copy: CLONE_VM, CLONE_VFORK.");
	pid = clone(store_three, stack + STACK, CLONE_VM | CLONE_VFORK | SIGCHLD,
		    (void *)variable);
	if (pid < 0 || waitpid(pid, NULL, 0) != pid)
		stop(run, "clone failed (%s)", errno_name(errno));
	claim(run, "what such a child stores its parent finds", *variable, EQ, 3,
	      "in the parent");
}

static void run_lab(struct lab_run *run)
{
	char *mem = take_private(run, SOME);
	volatile int variable = 1;
	struct child child;
	int status;

	touch_write(mem, SOME);
	child = child_start(run, become_cat, (void *)&variable);
	forked(run, &child, mem, &variable);
	executed(run, &child, mem);
	close(child.to);
	if (waitpid(child.pid, &status, 0) != child.pid)
		stop(run, "the child is gone");
	claim(run, "its input ended, and so did cat, without an error", status,
	      EQ, 0, "wait status");
	borrowed(run, &variable);
}

const struct lab fork_exec_lab = {
	.name = "fork-exec",
	.title = "fork copies an address space, exec replaces it",
	.needs = 0,
	.code = { "kernel/fork.c: copy_mm()", "kernel/fork.c: dup_mm()",
		  "fs/exec.c: begin_new_exec()", "fs/exec.c: exec_mmap()" },
	.docs = { "Documentation/admin-guide/mm/concepts.rst" },
	.run = run_lab,
};
