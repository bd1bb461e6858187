/* SPDX-License-Identifier: GPL-2.0-only */
/* The last sessions that were closed while they still held something. */
#ifndef _MMKIT_CORE_LEAK_H
#define _MMKIT_CORE_LEAK_H

#include <mmkit/info.h>
#include <mmkit/session.h>

#define MMKIT_LEAKS	32

void mmkit_leak_report(const struct mmkit_session *session);
u32 mmkit_leaks_copy(struct mmkit_leak *leaks, u32 room);
int mmkit_leaks_show(struct seq_file *m, void *unused);

#endif
