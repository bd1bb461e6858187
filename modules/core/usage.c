// SPDX-License-Identifier: GPL-2.0-only
/*
 * Charges against the quota of the session and of all sessions together.
 * Memory is also charged to the caller's memory cgroup, by __GFP_ACCOUNT.
 */
#include <linux/atomic.h>
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include "kunit.h"
#include "quota.h"
#include "usage.h"

static unsigned long long session_bytes;
module_param(session_bytes, ullong, 0644);
MODULE_PARM_DESC(session_bytes,
		 "bytes one session may hold (0: a quarter of memory)");

static unsigned long long session_handles = 1 << 20;
module_param(session_handles, ullong, 0644);
MODULE_PARM_DESC(session_handles, "handles one session may hold");

static unsigned long long total_bytes;
module_param(total_bytes, ullong, 0644);
MODULE_PARM_DESC(total_bytes,
		 "bytes all sessions may hold (0: half of memory)");

static unsigned long long total_handles = 1 << 22;
module_param(total_handles, ullong, 0644);
MODULE_PARM_DESC(total_handles, "handles all sessions may hold");

struct mmkit_usage mmkit_total;
EXPORT_SYMBOL_FOR_MMKIT_TEST(mmkit_total);

/* The counters are signed 64-bit: no quota reaches their sign. */
static u64 limit(u64 parameter, u64 otherwise)
{
	return min_t(u64, parameter ?: otherwise, S64_MAX);
}

/* Inlined, so that a charge reads no more of them than it wants. */
static inline struct mmkit_limits limits_now(void)
{
	u64 ram = (u64)totalram_pages() << PAGE_SHIFT;

	return (struct mmkit_limits) {
		.session_bytes = limit(READ_ONCE(session_bytes), ram / 4),
		.session_handles = limit(READ_ONCE(session_handles), 0),
		.total_bytes = limit(READ_ONCE(total_bytes), ram / 2),
		.total_handles = limit(READ_ONCE(total_handles), 0),
	};
}

/**
 * mmkit_limits_get() - Read the quotas in force.
 * @limits: filled in
 *
 * Context: Any.
 */
void mmkit_limits_get(struct mmkit_limits *limits)
{
	*limits = limits_now();
}
EXPORT_SYMBOL_FOR_MMKIT_TEST(mmkit_limits_get);

static bool take(atomic64_t *used, u64 amount, u64 max)
{
	s64 old = atomic64_read(used);

	do {
		if (!mmkit_quota_fits(old, amount, max))
			return false;
	} while (!atomic64_try_cmpxchg(used, &old, old + amount));
	return true;
}

static int take_both(atomic64_t *session, u64 session_max, atomic64_t *total,
		     u64 total_max, u64 amount)
{
	if (!take(session, amount, session_max))
		return -EDQUOT;
	if (!take(total, amount, total_max)) {
		atomic64_sub(amount, session);
		return -EDQUOT;
	}
	return 0;
}

/**
 * mmkit_charge() - Count memory against the quotas, before allocating it.
 * @session: that will hold it
 * @bytes: any value a caller can send
 *
 * Context: Any.
 * Return: 0, or -EDQUOT when the session's quota or that of all sessions
 * would be exceeded; nothing is charged then.
 */
int mmkit_charge(struct mmkit_session *session, u64 bytes)
{
	struct mmkit_limits max = limits_now();

	return take_both(&session->usage.bytes, max.session_bytes,
			 &mmkit_total.bytes, max.total_bytes, bytes);
}
EXPORT_SYMBOL_GPL(mmkit_charge);

/**
 * mmkit_uncharge() - Return a charge once the memory is free.
 * @session: that held it
 * @bytes: as charged
 *
 * Context: Any.
 */
void mmkit_uncharge(struct mmkit_session *session, u64 bytes)
{
	atomic64_sub(bytes, &session->usage.bytes);
	atomic64_sub(bytes, &mmkit_total.bytes);
}
EXPORT_SYMBOL_GPL(mmkit_uncharge);

/* A handle counts from its reservation on, so that its number is bounded. */
int mmkit_charge_handle(struct mmkit_session *session)
{
	struct mmkit_limits max = limits_now();

	return take_both(&session->usage.handles, max.session_handles,
			 &mmkit_total.handles, max.total_handles, 1);
}

void mmkit_uncharge_handle(struct mmkit_session *session)
{
	atomic64_dec(&session->usage.handles);
	atomic64_dec(&mmkit_total.handles);
}
