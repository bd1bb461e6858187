// SPDX-License-Identifier: GPL-2.0-only
/*
 * Handles of a session. A handle is reserved while its object is built, and
 * the object is published under it only after the caller has been told the
 * number: until then a guessed handle finds nothing. A published object is
 * deleted under session->lock only, so whoever holds the lock and found it
 * can use it.
 */
#include <linux/export.h>
#include <linux/sched.h>
#include <mmkit/gfp.h>
#include <mmkit/trace.h>
#include "handle.h"
#include "kunit.h"
#include "usage.h"

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
	err = xa_alloc(&session->objects, &call->handle, NULL, xa_limit_31b,
		       MMKIT_GFP_BOOKKEEPING);
	if (err) {
		mmkit_uncharge_handle(session);
		return err == -EBUSY ? -EDQUOT : err;
	}
	call->object = object;
	*handle = call->handle;
	return 0;
}
EXPORT_SYMBOL_GPL(mmkit_object_add);

/* The slot is there since the reservation: this store cannot fail. */
void mmkit_object_publish(struct mmkit_call *call)
{
	struct mmkit_object *object = call->object;

	trace_mmkit_alloc(call->session, call->handle, object, object->bytes);
	xa_store(&call->session->objects, call->handle, object, GFP_NOWAIT);
}
EXPORT_SYMBOL_FOR_MMKIT_TEST(mmkit_object_publish);

/* Nobody else has seen the object: no lock is needed to free it. */
void mmkit_object_abort(struct mmkit_call *call)
{
	struct mmkit_session *session = call->session;
	u64 bytes = call->object->bytes;

	xa_erase(&session->objects, call->handle);
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
	struct mmkit_object *object = xa_load(&session->objects, handle);

	lockdep_assert_held(&session->lock);

	return object && object->ops == ops ? object : NULL;
}
EXPORT_SYMBOL_GPL(mmkit_object_find);

static void object_free(struct mmkit_session *session, u32 handle,
			struct mmkit_object *object)
{
	u64 bytes = object->bytes;

	trace_mmkit_free(session, handle, object, bytes);
	xa_erase(&session->objects, handle);
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
	struct mmkit_object *object = xa_load(&session->objects, handle);

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
 *
 * Context: Process. session->lock is held.
 */
void mmkit_object_shrink(struct mmkit_session *session, u32 handle,
			 struct mmkit_object *object, u64 bytes)
{
	lockdep_assert_held(&session->lock);

	trace_mmkit_free(session, handle, object, bytes);
	object->bytes -= bytes;
	mmkit_uncharge(session, bytes);
}
EXPORT_SYMBOL_GPL(mmkit_object_shrink);

/* Last close: no command runs any more, so nothing is left to lock out. */
void mmkit_objects_free(struct mmkit_session *session)
{
	struct mmkit_object *object;
	unsigned long handle;

	xa_for_each(&session->objects, handle, object) {
		object_free(session, handle, object);
		cond_resched();
	}
	xa_destroy(&session->objects);
}
