/* SPDX-License-Identifier: GPL-2.0-only */
/* Making and ending sessions, and walking over those that are open. */
#ifndef _MMKIT_CORE_SESSION_H
#define _MMKIT_CORE_SESSION_H

#include <mmkit/area.h>

struct mmkit_session *mmkit_session_new(struct mmkit_area *area,
					struct file *file);
void mmkit_session_end(struct mmkit_session *session);
unsigned int mmkit_session_count(void);
int mmkit_sessions_show(struct seq_file *m, void *unused);

#endif
