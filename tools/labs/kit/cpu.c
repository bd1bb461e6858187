// SPDX-License-Identifier: GPL-2.0-only
/* On which CPU the lab runs, and before whom. */
#include <sched.h>

#include "run.h"

static cpu_set_t allowed;

/* That the lab may use. */
unsigned int cpus(struct lab_run *run)
{
	if (!CPU_COUNT(&allowed) &&
	    sched_getaffinity(0, sizeof(allowed), &allowed))
		stop(run, "the lab's CPUs cannot be told");
	return CPU_COUNT(&allowed);
}

/* The calling thread, and what it starts from now on, on the nth of them. */
void stay_on(struct lab_run *run, unsigned int nth)
{
	cpu_set_t set;
	int cpu;

	if (nth >= cpus(run))
		stop(run, "there is no CPU %u to run on", nth);
	for (cpu = 0; !CPU_ISSET(cpu, &allowed) || nth--; cpu++)
		;
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		stop(run, "the lab cannot stay on a CPU");
}

/*
 * Ahead of everybody else on the CPU, or no longer; the calling thread. Not everybody
 * may, nor in a cgroup without a share of such time (CONFIG_RT_GROUP_SCHED).
 */
bool go_ahead(bool ahead)
{
	struct sched_param param = { .sched_priority = ahead };

	return !sched_setscheduler(0, ahead ? SCHED_FIFO : SCHED_OTHER, &param);
}
