/* SPDX-License-Identifier: GPL-2.0-only */
/* A session is an open file: it owns handles and answers for their memory. */
#ifndef _MMKIT_SESSION_H
#define _MMKIT_SESSION_H

#include <linux/atomic.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <mmkit/mmkit.h>

struct mmkit_area;
struct mmkit_object;
struct seq_file;

/**
 * struct mmkit_usage - what is charged now
 * @bytes: memory
 * @handles: live objects
 *
 * Atomic because a charge may be returned without the session's lock.
 */
struct mmkit_usage {
	atomic64_t bytes;
	atomic64_t handles;
};

/* Each table of handles has twice the slots of the one before: 2^31 in all. */
#define MMKIT_HANDLE_TABLES	26

/**
 * struct mmkit_handles - what the numbers of a session stand for
 * @lock: protects @free and the slots that it links, innermost
 * @table: of slots, made when the first handle in it is wanted, and never moved
 * @fresh: handles that were ever given out: 1 to so many have a slot. Changes
 *	under session->lock.
 * @free: the one that was freed last, whose slot names the one before; or 0
 */
struct mmkit_handles {
	spinlock_t lock;	/* the list of free handles */
	void **table[MMKIT_HANDLE_TABLES];
	u32 fresh;
	u32 free;
};

/**
 * struct mmkit_session - an open file of an area's device
 * @area: whose device it is
 * @id: never used again
 * @lock: serialises the session's commands; protects @handles and whatever
 *	the objects hold. Never held across a copy to or from user space.
 * @handles: handle to object; a handle that is reserved but not yet published
 *	has no object
 * @usage: charged to this session
 * @private: the area's own, see struct mmkit_area
 * @node: in the list of open sessions, protected by that list's lock
 * @opened_by: thread group that opened it, for reports only
 * @comm: its name
 */
struct mmkit_session {
	struct mmkit_area *area;
	u64 id;
	struct mutex lock;	/* one command at a time */
	struct mmkit_handles handles;
	struct mmkit_usage usage;
	void *private;
	struct list_head node;
	pid_t opened_by;
	char comm[TASK_COMM_LEN];
};

/**
 * struct mmkit_object_ops - what the core must know of a kind of object
 * @kind: one word
 * @free: gives everything back, the object itself included
 * @show: one line on the object, for debugfs
 */
struct mmkit_object_ops {
	const char *kind;
	void (*free)(struct mmkit_object *object);
	void (*show)(struct seq_file *m, const struct mmkit_object *object);
};

/**
 * struct mmkit_object - embedded first in what a handle stands for
 * @ops: of its kind
 * @bytes: charged to the session; returned when the object is freed
 */
struct mmkit_object {
	const struct mmkit_object_ops *ops;
	u64 bytes;
};

/**
 * struct mmkit_call - one command on its way
 * @session: on whose behalf
 * @object: made by the command, published as @handle once the answer has
 *	reached the caller
 * @handle: reserved for @object
 * @array: where the caller wants @data, NULL for nowhere
 * @data: kvmalloc()ed answer of variable length
 * @bytes: of @data
 * @unlocked: set by a command that returns without session->lock
 */
struct mmkit_call {
	struct mmkit_session *session;
	struct mmkit_object *object;
	u32 handle;
	void __user *array;
	void *data;
	size_t bytes;
	bool unlocked;
};

/* Quota. Every charge is paired with one uncharge of the same amount. */
int mmkit_charge(struct mmkit_session *session, u64 bytes);
void mmkit_uncharge(struct mmkit_session *session, u64 bytes);

/* Handles; session->lock is held. */
int mmkit_object_add(struct mmkit_call *call, struct mmkit_object *object,
		     u32 *handle);
struct mmkit_object *mmkit_object_find(struct mmkit_session *session,
				       u32 handle,
				       const struct mmkit_object_ops *ops);
struct mmkit_object *mmkit_object_next(struct mmkit_session *session,
				       u32 *handle);
void mmkit_object_shrink(struct mmkit_session *session, u32 handle,
			 struct mmkit_object *object, u64 bytes, u64 least);
void mmkit_object_del(struct mmkit_session *session, u32 handle);

/* An answer of variable length. */
void *mmkit_call_array(struct mmkit_call *call, u64 user, u32 room,
		       size_t element);

#endif
