/* SPDX-License-Identifier: GPL-2.0-only */
/* What all sessions together hold, and how much they may. */
#ifndef _MMKIT_CORE_USAGE_H
#define _MMKIT_CORE_USAGE_H

#include <mmkit/session.h>

/**
 * struct mmkit_limits - quotas, from the module parameters
 * @session_bytes: of one session
 * @session_handles: of one session
 * @total_bytes: of all
 * @total_handles: of all
 */
struct mmkit_limits {
	u64 session_bytes;
	u64 session_handles;
	u64 total_bytes;
	u64 total_handles;
};

extern struct mmkit_usage mmkit_total;

void mmkit_limits_get(struct mmkit_limits *limits);
int mmkit_charge_handle(struct mmkit_session *session);
void mmkit_uncharge_handle(struct mmkit_session *session);

#endif
