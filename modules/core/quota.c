// SPDX-License-Identifier: GPL-2.0-only
/* Quota arithmetic: pure. */
#include "quota.h"

/**
 * mmkit_quota_fits() - Is there room for @amount more?
 * @used: charged so far
 * @amount: asked for, any value a caller can send
 * @max: limit
 *
 * Return: whether @used + @amount is at most @max, without overflowing.
 */
bool mmkit_quota_fits(u64 used, u64 amount, u64 max)
{
	return used <= max && amount <= max - used;
}
