// SPDX-License-Identifier: GPL-2.0-only
/* From one process to another the address space changes; between threads not. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "lab.h"

#define ROUNDS	200
#define CHANGES	64

/* Two that take turns: each writes a byte to the other and waits for one. */
struct pair {
	struct lab_run *run;
	int there[2];
	int back[2];
	pid_t other;
};

static void open_pipes(struct lab_run *run, struct pair *pair)
{
	pair->run = run;
	if (pipe2(pair->there, O_CLOEXEC) || pipe2(pair->back, O_CLOEXEC))
		stop(run, "pipe failed (%s)", errno_name(errno));
}

static void echo(const struct pair *pair)
{
	char byte;
	int i;

	for (i = 0; i < ROUNDS; i++)
		if (read(pair->there[0], &byte, 1) != 1 ||
		    write(pair->back[1], &byte, 1) != 1)
			return;
}

static void *echo_thread(void *data)
{
	struct pair *pair = data;
	pid_t tid = syscall(SYS_gettid);

	if (write(pair->back[1], &tid, sizeof(tid)) == sizeof(tid))
		echo(pair);
	return NULL;
}

static void echo_process(struct lab_run *run, struct child *parent, void *data)
{
	struct pair *pair = data;

	echo_thread(pair);
	child_hear(run, parent);
}

static int64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000ll + time.tv_nsec;
}

static int64_t switches(void)
{
	struct rusage usage;

	getrusage(RUSAGE_THREAD, &usage);
	return usage.ru_nvcsw;
}

/* What happened while the two took turns. */
struct cost {
	int64_t switches;
	int64_t loads;	/* of another page table */
	int64_t flushed; /* of these, with the whole TLB lost */
	int64_t ns;
};

static void take_turns(struct pair *pair)
{
	char byte = 0;
	int i;

	for (i = 0; i < ROUNDS; i++)
		if (write(pair->there[1], &byte, 1) != 1 ||
		    read(pair->back[0], &byte, 1) != 1)
			stop(pair->run, "the other one is gone");
}

static struct cost measure(struct lab_run *run, struct pair *pair)
{
	struct cost cost;
	char filter[96];

	if (read(pair->back[0], &pair->other, sizeof(pid_t)) != sizeof(pid_t))
		stop(run, "the other one is gone");
	/* 0: TLB_FLUSH_ON_TASK_SWITCH */
	snprintf(filter, sizeof(filter),
		 "reason == 0 && (common_pid == %d || common_pid == %d)",
		 getpid(), pair->other);
	trace_begin(run, "tlb/tlb_flush", filter);
	cost.switches = switches();
	cost.ns = now();
	take_turns(pair);
	cost.ns = (now() - cost.ns) / ROUNDS;
	cost.switches = switches() - cost.switches;
	cost.loads = trace_end(run, "tlb_flush");
	cost.flushed = trace_end(run, "pages:-1");
	return cost;
}

static struct cost with_thread(struct lab_run *run)
{
	struct pair pair;
	struct cost cost;
	pthread_t thread;

	open_pipes(run, &pair);
	if (pthread_create(&thread, NULL, echo_thread, &pair))
		stop(run, "there is no thread");
	cost = measure(run, &pair);
	pthread_join(thread, NULL);
	return cost;
}

static struct cost with_process(struct lab_run *run)
{
	struct child child;
	struct pair pair;
	struct cost cost;

	open_pipes(run, &pair);
	child = child_start(run, echo_process, &pair);
	cost = measure(run, &pair);
	child_say(run, &child, 0);
	child_end(run, &child);
	return cost;
}

/* What the CPU is told of the calling process, read from its register CR3. */
static struct mmkit_aspace_context look(struct lab_run *run)
{
	int fd = lab_open(run, "aspace"), err;
	struct mmkit_aspace_context context;

	err = mmkit_aspace_context(fd, 0, &context);
	if (err == -EOPNOTSUPP)
		skip(run, "CR3 is a register of x86");
	if (err)
		stop(run, "/dev/mmkit/aspace does not tell CR3 (%s)",
		     errno_name(err));
	mmkit_close(fd);
	return context;
}

static void turns(struct lab_run *run)
{
	bool pcid = look(run).state & MMKIT_CONTEXT_PCID;
	struct cost threads, processes;

	/* Only the two take turns then. */
	if (!go_ahead(true))
		stop(run, "the scheduler refused (%s)", errno_name(errno));
	threads = with_thread(run);
	processes = with_process(run);
	go_ahead(false);
	tell(run, "On one CPU two threads pass a byte to and fro %d times, then two processes.",
	     ROUNDS);
	tell(run, "A round cost %lld ns between threads, %lld ns, %lld loads of CR3 and %lld flushes of the TLB between processes. In a VM that emulates its CPU ns say nothing, unless they count instructions (make vm has ICOUNT=1).",
	     (long long)threads.ns, (long long)processes.ns,
	     (long long)processes.loads / ROUNDS,
	     (long long)processes.flushed / ROUNDS);
	claim(run, "two threads: one waits for the other each time, a switch",
	      threads.switches, GE, ROUNDS, "switches");
	claim(run, "yet page tables are hardly ever loaded: CR3 stays",
	      threads.loads, LT, ROUNDS / 10, "loads");
	claim(run, "two processes switch as often", processes.switches, GE,
	      ROUNDS, "switches");
	claim(run, "and load CR3 in each direction", processes.loads, GE,
	      2 * ROUNDS - ROUNDS / 10, "loads");
	if (pcid)
		claim(run, "this CPU has PCID: entries of both stay in the TLB",
		      processes.flushed, LT, ROUNDS / 10, "flushes");
	else
		claim(run, "this CPU has no PCID: each load empties the TLB",
		      processes.flushed, EQ, processes.loads, "flushes");
}

struct looking {
	struct lab_run *run;
	struct mmkit_aspace_context context;
};

static void *look_thread(void *data)
{
	struct looking *looking = data;

	looking->context = look(looking->run);
	return NULL;
}

static int64_t look_process(struct lab_run *run, void *data)
{
	struct looking *shared = data;

	shared->context = look(run);
	return 0;
}

/* The register itself: before, in a thread, in another process, and again. */
static void registers(struct lab_run *run)
{
	struct looking thread = { .run = run }, *other;
	struct mmkit_aspace_level levels[MMKIT_LEVELS];
	struct mmkit_aspace_context ours, again;
	pthread_t id;
	int tries;

	other = (struct looking *)take(run, PAGES(1), MAP_SHARED | MAP_ANONYMOUS);
	walk_to(run, run, levels);
	/* A CPU has few PCIDs: somebody else in between may take ours. */
	for (tries = 0; tries < 100; tries++) {
		ours = look(run);
		if (pthread_create(&id, NULL, look_thread, &thread) ||
		    pthread_join(id, NULL))
			stop(run, "there is no thread");
		in_child(run, look_process, other);
		again = look(run);
		if (again.pcid == ours.pcid)
			break;
	}
	tell(run, "CPU %u is asked for its register CR3 in this process, in a thread of it, in a child, and here again.",
	     ours.cpu);
	detail(run, "address space %llu: root %#llx, CR3 %#llx, PCID %u; the child's %llu: %#llx, %#llx, %u",
	       (unsigned long long)ours.id, (unsigned long long)ours.root,
	       (unsigned long long)ours.cr3, ours.pcid,
	       (unsigned long long)other->context.id,
	       (unsigned long long)other->context.root,
	       (unsigned long long)other->context.cr3, other->context.pcid);
	claim(run, "it holds the page frame of the table that a walk begins with",
	      ours.cr3, EQ, levels[0].table, "pfn");
	claim(run, "a thread runs with the same", thread.context.cr3, EQ, ours.cr3,
	      "pfn");
	claim(run, "and in the same address space", thread.context.id, EQ, ours.id,
	      "as its number");
	claim(run, "the child runs with another: a switch loaded it",
	      other->context.cr3, NE, ours.cr3, "pfn");
	claim(run, "back here CR3 is what it was", again.cr3, EQ, ours.cr3, "pfn");
	if (ours.state & MMKIT_CONTEXT_PCID)
		claim(run, "the child has another PCID, which tells their entries in the TLB apart",
		      other->context.pcid, NE, ours.pcid, "PCID");
	else
		claim(run, "without PCID there is nothing to tell entries in the TLB apart by",
		      other->context.pcid, EQ, ours.pcid, "PCID");
}

/* Who keeps another CPU busy while we change page tables. */
static volatile int *stop_flag;

static void *spin(void *data)
{
	struct pair *pair = data;

	stay_on(pair->run, 1);
	*stop_flag = 1;
	while (*stop_flag != 2)
		;
	return NULL;
}

static void spin_process(struct lab_run *run, struct child *parent, void *data)
{
	(void)run;
	(void)parent;
	spin(data);
}

/* The line "TLB: 12 34 TLB shootdowns" of /proc/interrupts, summed up. */
static int64_t shootdowns(struct lab_run *run)
{
	FILE *file = fopen("/proc/interrupts", "re");
	char line[4096], *at, *end;
	int64_t sum = 0;

	if (!file)
		stop(run, "/proc/interrupts cannot be read");
	while (fgets(line, sizeof(line), file)) {
		at = line + strspn(line, " ");
		if (strncmp(at, "TLB:", 4))
			continue;
		for (at += 4;; at = end) {
			sum += strtoll(at, &end, 10);
			if (end == at)
				break;
		}
	}
	fclose(file);
	return sum;
}

static int64_t change_tables(struct lab_run *run)
{
	char *mem = take_private(run, PAGES(1));
	int64_t before;
	int i;

	while (*stop_flag != 1)
		;
	before = shootdowns(run);
	for (i = 0; i < CHANGES; i++) {
		touch_write(mem, PAGES(1));
		madvise(mem, PAGES(1), MADV_DONTNEED);
	}
	*stop_flag = 2;
	return shootdowns(run) - before;
}

static void other_cpus(struct lab_run *run)
{
	struct pair pair = { .run = run };
	int64_t threads, processes;
	struct child child;
	pthread_t thread;

	if (cpus(run) < 2) {
		tell(run, "There is one CPU: no other has a TLB to tell of a change.");
		return;
	}
	stop_flag = (int *)take(run, PAGES(1), MAP_SHARED | MAP_ANONYMOUS);
	if (pthread_create(&thread, NULL, spin, &pair))
		stop(run, "there is no thread");
	threads = change_tables(run);
	pthread_join(thread, NULL);
	*stop_flag = 0;
	child = child_start(run, spin_process, &pair);
	processes = change_tables(run);
	child_end(run, &child);
	tell(run, "A page is mapped and unmapped %d times, while a thread of the process is on another CPU; then a process.",
	     CHANGES);
	claim(run, "the thread's CPU is interrupted to forget the page: a TLB shootdown",
	      threads, GE, CHANGES / 8, "interrupts");
	claim(run, "another address space is not concerned", processes, LT,
	      CHANGES / 8, "interrupts");
}

static void run_lab(struct lab_run *run)
{
	stay_on(run, 0);
	registers(run);
	turns(run);
	other_cpus(run);
}

const struct lab process_switch_lab = {
	.name = "process-switch",
	.title = "processes change page tables, threads do not",
	.needs = LAB_ROOT | LAB_TRACE | LAB_ASPACE,
	.code = { "kernel/sched/core.c: context_switch()",
		  "arch/x86/mm/tlb.c: switch_mm_irqs_off()",
		  "arch/x86/mm/tlb.c: choose_new_asid()",
		  "arch/x86/mm/tlb.c: flush_tlb_mm_range()" },
	.docs = { "Documentation/x86/tlb.rst", "Documentation/x86/pti.rst" },
	.run = run_lab,
};
