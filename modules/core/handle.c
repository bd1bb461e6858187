// SPDX-License-Identifier: GPL-2.0-only
/*
 * Handles of a session: numbers from 1 on, and what is free is given out again.
 *
 * An allocation and its free are two of the commands whose cost is measured, and
 * of a handle that is alone an XArray makes and frees a node each time; so these
 * are plain tables. They double in size and are never moved, so that no lock is
 * needed to look into a slot, and it holds an object, NULL while it is reserved,
 * or a value (xa_mk_value()) that names the next free handle.
 *
 * A handle is reserved while its object is built, and the object is published
 * under it only after the caller has been told the number: until then a guessed
 * handle finds nothing. A published object is deleted under session->lock only, so
 * whoever holds the lock and found it can use it.
 */
#include <linux/export.h>
#include <linux/log2.h>
#include <linux/nospec.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/xarray.h>
#include <mmkit/gfp.h>
#include <mmkit/trace.h>
#include "handle.h"
#include "kunit.h"
#include "usage.h"

#define FIRST	64u	/* slots of the first table */

static unsigned int table_of(u32 handle)
{
	return ilog2(handle - 1 + FIRST) - ilog2(FIRST);
}

static void **slot_of(const struct mmkit_handles *handles, u32 handle)
{
	unsigned int table = table_of(handle);

	return &handles->table[table][handle - 1 + FIRST - (FIRST << table)];
}

void mmkit_handles_init(struct mmkit_handles *handles)
{
	spin_lock_init(&handles->lock);
}

static u32 take_free(struct mmkit_handles *handles)
{
	void **slot;
	u32 handle;

	spin_lock(&handles->lock);
	handle = handles->free;
	if (handle) {
		slot = slot_of(handles, handle);
		handles->free = xa_to_value(*slot);
		WRITE_ONCE(*slot, NULL);
	}
	spin_unlock(&handles->lock);
	return handle;
}

static int take_fresh(struct mmkit_handles *handles, u32 *handle)
{
	u32 next = handles->fresh + 1;
	unsigned int table = table_of(next);

	if (next > S32_MAX)
		return -EDQUOT;
	if (!handles->table[table])
		handles->table[table] = kvcalloc(FIRST << table, sizeof(void *),
						 MMKIT_GFP_BOOKKEEPING);
	if (!handles->table[table])
		return -ENOMEM;
	handles->fresh = next;
	*handle = next;
	return 0;
}

static int handle_take(struct mmkit_handles *handles, u32 *handle)
{
	*handle = take_free(handles);
	return *handle ? 0 : take_fresh(handles, handle);
}

static void handle_give(struct mmkit_handles *handles, u32 handle)
{
	spin_lock(&handles->lock);
	WRITE_ONCE(*slot_of(handles, handle), xa_mk_value(handles->free));
	handles->free = handle;
	spin_unlock(&handles->lock);
}

/* What a handle from user space stands for, or NULL. */
static struct mmkit_object *object_at(const struct mmkit_session *session,
				      u32 handle)
{
	const struct mmkit_handles *handles = &session->handles;
	u32 index = handle - 1;
	void *entry;

	if (index >= handles->fresh)
		return NULL;
	index = array_index_nospec(index, handles->fresh);
	/* Pairs with the publishing: the object is complete. */
	entry = smp_load_acquire(slot_of(handles, index + 1));
	return xa_is_value(entry) ? NULL : entry;
}

/**
 * mmkit_object_add() - Reserve a handle for what the command made.
 * @call: the command; it makes at most one object
 * @object: charged to the session with @object->bytes
 * @handle: out: the field that tells the caller
 *
 * The object becomes the core's only on success.
 *
 * Context: Process. session->lock is held.
 * Return: 0, -EDQUOT over a quota of handles, -ENOMEM.
 */
int mmkit_object_add(struct mmkit_call *call, struct mmkit_object *object,
		     u32 *handle)
{
	struct mmkit_session *session = call->session;
	int err;

	lockdep_assert_held(&session->lock);

	err = mmkit_charge_handle(session);
	if (err)
		return err;
	err = handle_take(&session->handles, &call->handle);
	if (err) {
		mmkit_uncharge_handle(session);
		return err;
	}
	call->object = object;
	*handle = call->handle;
	return 0;
}
EXPORT_SYMBOL_GPL(mmkit_object_add);

/* The slot is there since the reservation: this cannot fail. */
static void publish(const struct mmkit_call *call)
{
	/* Whoever finds it finds it complete. */
	smp_store_release(slot_of(&call->session->handles, call->handle),
			  (void *)call->object);
}

/* Before others find it: they may free it. */
static noinline void publish_traced(const struct mmkit_call *call)
{
	trace_mmkit_alloc(call->session, call->handle, call->object,
			  call->object->bytes);
	publish(call);
}

void mmkit_object_publish(struct mmkit_call *call)
{
	if (trace_mmkit_alloc_enabled())
		publish_traced(call);
	else
		publish(call);
}
EXPORT_SYMBOL_FOR_MMKIT_TEST(mmkit_object_publish);

/* Nobody else has seen the object: no lock is needed to free it. */
void mmkit_object_abort(struct mmkit_call *call)
{
	struct mmkit_session *session = call->session;
	u64 bytes = call->object->bytes;

	handle_give(&session->handles, call->handle);
	call->object->ops->free(call->object);
	mmkit_uncharge(session, bytes);
	mmkit_uncharge_handle(session);
}
EXPORT_SYMBOL_FOR_MMKIT_TEST(mmkit_object_abort);

/**
 * mmkit_object_find() - Look a handle up.
 * @session: whose
 * @handle: as the caller sent it
 * @ops: of the kind that is wanted
 *
 * Context: Process. session->lock is held, and the object is valid until it
 * is released.
 * Return: the object, NULL when there is none of that kind.
 */
struct mmkit_object *mmkit_object_find(struct mmkit_session *session,
				       u32 handle,
				       const struct mmkit_object_ops *ops)
{
	struct mmkit_object *object = object_at(session, handle);

	lockdep_assert_held(&session->lock);

	return object && object->ops == ops ? object : NULL;
}
EXPORT_SYMBOL_GPL(mmkit_object_find);

/**
 * mmkit_object_next() - One object after the other.
 * @session: whose
 * @handle: of the one before, 0 for none; out: of this one
 *
 * Context: Process. session->lock is held, or the session ends.
 * Return: the object, NULL when there is no more.
 */
struct mmkit_object *mmkit_object_next(struct mmkit_session *session,
				       u32 *handle)
{
	struct mmkit_object *object;

	while (*handle < session->handles.fresh) {
		object = object_at(session, ++*handle);
		if (object)
			return object;
	}
	return NULL;
}
EXPORT_SYMBOL_GPL(mmkit_object_next);

static noinline void trace_free(const struct mmkit_session *session, u32 handle,
				const struct mmkit_object *object, u64 bytes)
{
	trace_mmkit_free(session, handle, object, bytes);
}

/* Inlined as it would be without the tracepoint, so that this costs no call. */
static __always_inline void object_free(struct mmkit_session *session,
					u32 handle,
					struct mmkit_object *object)
{
	u64 bytes = object->bytes;

	if (trace_mmkit_free_enabled())
		trace_free(session, handle, object, bytes);
	handle_give(&session->handles, handle);
	object->ops->free(object);
	mmkit_uncharge(session, bytes);
	mmkit_uncharge_handle(session);
}

/**
 * mmkit_object_del() - Free an object and its handle.
 * @session: whose
 * @handle: that mmkit_object_find() found
 *
 * Context: Process. session->lock is held.
 */
void mmkit_object_del(struct mmkit_session *session, u32 handle)
{
	struct mmkit_object *object = object_at(session, handle);

	lockdep_assert_held(&session->lock);

	object_free(session, handle, object);
}
EXPORT_SYMBOL_GPL(mmkit_object_del);

/**
 * mmkit_object_shrink() - Part of an object was freed.
 * @session: whose
 * @handle: of the object
 * @object: that mmkit_object_find() found
 * @bytes: freed, of those that were charged
 * @least: stays charged for the object itself, which notes what it has
 *
 * Context: Process. session->lock is held.
 */
void mmkit_object_shrink(struct mmkit_session *session, u32 handle,
			 struct mmkit_object *object, u64 bytes, u64 least)
{
	lockdep_assert_held(&session->lock);

	bytes = min(bytes, object->bytes - min(object->bytes, least));
	if (trace_mmkit_free_enabled())
		trace_free(session, handle, object, bytes);
	object->bytes -= bytes;
	mmkit_uncharge(session, bytes);
}
EXPORT_SYMBOL_GPL(mmkit_object_shrink);

/* Last close: no command runs any more, so nothing is left to lock out. */
void mmkit_objects_free(struct mmkit_session *session)
{
	struct mmkit_object *object;
	unsigned int i;
	u32 handle = 0;

	while ((object = mmkit_object_next(session, &handle))) {
		object_free(session, handle, object);
		cond_resched();
	}
	for (i = 0; i < MMKIT_HANDLE_TABLES; i++)
		kvfree(session->handles.table[i]);
}
