/* SPDX-License-Identifier: GPL-2.0-only */
/* Handles: reserved, then published or aborted, later deleted. */
#ifndef _MMKIT_CORE_HANDLE_H
#define _MMKIT_CORE_HANDLE_H

#include <mmkit/session.h>

void mmkit_handles_init(struct mmkit_handles *handles);
void mmkit_object_publish(struct mmkit_call *call);
void mmkit_object_abort(struct mmkit_call *call);
void mmkit_objects_free(struct mmkit_session *session);

#endif
