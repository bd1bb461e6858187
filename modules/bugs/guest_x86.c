// SPDX-License-Identifier: GPL-2.0-only
/* Is this a virtual machine? Hypervisors, and QEMU without one, say so by CPUID. */
#include <asm/cpufeature.h>
#include "bugs.h"

/**
 * mmkit_bugs_in_guest() - Does this kernel run in a virtual machine?
 *
 * Context: Any.
 * Return: true when the processor says so.
 */
bool mmkit_bugs_in_guest(void)
{
	return boot_cpu_has(X86_FEATURE_HYPERVISOR);
}
