// SPDX-License-Identifier: GPL-2.0-only
/* CR3: the root page table that the CPU walks from, and the tag of its TLB. */
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <asm/cpufeature.h>
#include <asm/processor.h>
#include <mmkit/aspace.h>
#include "context.h"

static u32 features(void)
{
	u32 state = 0;

	if (boot_cpu_has(X86_FEATURE_PCID))
		state |= MMKIT_CONTEXT_PCID;
	if (boot_cpu_has(X86_FEATURE_PTI))
		state |= MMKIT_CONTEXT_SPLIT;
	return state;
}

/* Of this CPU, which runs the caller, and so in the caller's address space. */
static void read_register(struct mmkit_aspace_context *arg)
{
	unsigned long cr3;

	arg->cpu = get_cpu();
	cr3 = __read_cr3();
	put_cpu();
	arg->cr3 = PHYS_PFN(cr3 & CR3_ADDR_MASK);
	if (arg->state & MMKIT_CONTEXT_PCID)
		arg->pcid = cr3 & CR3_PCID_MASK;
	arg->state |= MMKIT_CONTEXT_LOADED;
}

/**
 * mmkit_context_fill() - Tell how the CPU finds an address space.
 * @mm: whose; the caller holds it by mm_users
 * @arg: out
 *
 * Context: Process.
 * Return: 0.
 */
int mmkit_context_fill(const struct mm_struct *mm,
		       struct mmkit_aspace_context *arg)
{
	arg->root = PHYS_PFN(virt_to_phys(mm->pgd));
	arg->id = mm->context.ctx_id;
	arg->cr3 = 0;
	arg->pcid = 0;
	arg->cpu = 0;
	arg->state = features();
	if (mm == current->mm)
		read_register(arg);
	return 0;
}
