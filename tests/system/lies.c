// SPDX-License-Identifier: GPL-2.0-only
/*
 * Preloaded: a kernel that counts each fault three times. A lab that claims
 * something about faults has to fail.
 */
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

int getrusage(int who, struct rusage *usage)
{
	int ret = syscall(SYS_getrusage, who, usage);

	usage->ru_minflt *= 3;
	usage->ru_majflt *= 3;
	return ret;
}
