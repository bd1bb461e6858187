// SPDX-License-Identifier: GPL-2.0-only
/* A cgroup at its limit: who is killed, and who is not. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lab.h"

#define LIMIT	(24 << 20)
#define LARGE	(16 << 20)
#define SMALL	(2 << 20)
#define MORE	(12 << 20)

/* A process in the cgroup that holds some memory and takes more on demand. */
struct member {
	const char *group;
	size_t bytes;
	const char *adjust;	/* of its badness, -1000 to 1000 */
	bool first;		/* whoever else wants the CPU */
};

static void live(struct lab_run *run, struct child *parent, void *data)
{
	struct member *member = data;
	char *mem;

	cgroup_enter(run, member->group);
	stay_on(run, 0);
	/* Where it may not, all is as on kernels before 7.x, or with luck. */
	go_ahead(member->first);
	write_text(run, "/proc/self/oom_score_adj", member->adjust);
	mem = take_private(run, member->bytes);
	touch_write(mem, member->bytes);
	child_say(run, parent, 0);
	while (child_hear(run, parent)) {
		mem = take_private(run, MORE);
		touch_write(mem, MORE);
		child_say(run, parent, present_in(run, mem, MORE));
	}
}

static struct child join(struct lab_run *run, struct member *member)
{
	struct child child = child_start(run, live, member);

	child_hear(run, &child);
	return child;
}

static int64_t score(struct lab_run *run, const struct child *child)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/%d/oom_score", child->pid);
	return read_number(run, path);
}

/* The signal that ended a process; 0 when it lives. */
static int ended_by(struct lab_run *run, const struct child *child, bool wait)
{
	siginfo_t info = { 0 };

	if (waitid(P_PID, child->pid, &info,
		   WEXITED | WNOWAIT | (wait ? 0 : WNOHANG)))
		stop(run, "a process of the lab is gone (%s)", errno_name(errno));
	return info.si_pid ? info.si_status : 0;
}

static void bury(struct child *child)
{
	kill(child->pid, SIGKILL);
	waitpid(child->pid, NULL, 0);
	close(child->to);
	close(child->from);
}

static const char *new_group(struct lab_run *run, const char *name)
{
	const char *group = cgroup_new(run, name);
	char text[16];

	snprintf(text, sizeof(text), "%d", LIMIT);
	cgroup_set(run, group, "memory.max", text);
	if (cgroup_has(group, "memory.swap.max"))
		cgroup_set(run, group, "memory.swap.max", "0");
	return group;
}

/*
 * The small one asks for too much, and gets it when the large one is gone. That is
 * gone before the small one asks again, because both are on one CPU and the large one
 * is first there. Else 7.x may kill both: mem_cgroup_scan_tasks() no longer sees a
 * process that exits, which has not yet given its memory back
 * (css_task_iter_advance() in kernel/cgroup/cgroup.c).
 */
static void by_badness(struct lab_run *run)
{
	const char *group = new_group(run, "badness");
	struct member big = { group, LARGE, "0", true };
	struct member little = { group, SMALL, "0", false };
	int64_t kills = read_key(run, "/proc/vmstat", "oom_kill");
	struct child large = join(run, &big), small = join(run, &little);

	tell(run, "A cgroup may use 24M. One process in it holds 16M, another 2M.");
	claim(run, "the larger has no less badness than the smaller",
	      score(run, &large), GE, score(run, &small), "oom_score");
	tell(run, "Now the smaller one writes 12M more.");
	child_say(run, &small, 1);
	claim(run, "the one that is largest is killed, whoever asked",
	      ended_by(run, &large, true), EQ, SIGKILL, "signal");
	claim(run, "the one that asked lives and has its memory",
	      child_hear(run, &small), EQ, MORE / page_size(), "pages");
	claim(run, "the cgroup counts the kill", cgroup_key(run, group,
	      "memory.events", "oom_kill"), EQ, 1, "kills");
	claim(run, "nobody else was killed on this machine",
	      read_key(run, "/proc/vmstat", "oom_kill") - kills, EQ, 1, "kills");
	bury(&large);
	bury(&small);
}

/* One that is not to be killed: badness is size and what root makes of it. */
static void exempt(struct lab_run *run)
{
	const char *group = new_group(run, "exempt");
	struct member big = { group, LARGE, "-1000", true };
	struct member little = { group, SMALL, "0", false };
	struct child large = join(run, &big), small = join(run, &little);

	tell(run, "Once more, and the large one has an oom_score_adj of -1000.");
	claim(run, "which takes all its badness away", score(run, &large), EQ, 0,
	      "oom_score");
	child_say(run, &small, 1);
	claim(run, "the small one is killed", ended_by(run, &small, true), EQ,
	      SIGKILL, "signal");
	claim(run, "and the large one lives", ended_by(run, &large, false), EQ,
	      0, "signal");
	bury(&large);
	bury(&small);
}

static void run_lab(struct lab_run *run)
{
	char *outside = take_private(run, 2 * LARGE);

	touch_write(outside, 2 * LARGE);
	by_badness(run);
	exempt(run);
	claim(run, "this process, larger than any of them, was outside and lost nothing",
	      present_in(run, outside, 2 * LARGE), EQ, 2 * LARGE / page_size(),
	      "pages");
}

const struct lab oom_lab = {
	.name = "oom",
	.title = "at the limit of a cgroup the process with the most badness dies",
	.needs = LAB_ROOT | LAB_MEMCG,
	.code = { "mm/memcontrol.c: mem_cgroup_oom()",
		  "mm/oom_kill.c: select_bad_process()", "mm/oom_kill.c: oom_badness()",
		  "mm/oom_kill.c: oom_kill_process()" },
	.docs = { "Documentation/admin-guide/cgroup-v2.rst",
		  "Documentation/filesystems/proc.rst" },
	.run = run_lab,
};
