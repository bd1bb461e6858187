/* SPDX-License-Identifier: GPL-2.0-only */
/* A session for a test, and objects that count how many of them are left. */
#ifndef _MMKIT_KUNIT_THING_H
#define _MMKIT_KUNIT_THING_H

#include <kunit/test.h>
#include <linux/slab.h>
#include <mmkit/area.h>
#include "core/handle.h"
#include "core/session.h"
#include "core/usage.h"

struct thing {
	struct mmkit_object object;
};

static int things;

static void thing_free(struct mmkit_object *object)
{
	things--;
	kfree(container_of(object, struct thing, object));
}

static const struct mmkit_object_ops thing_ops = {
	.kind = "thing",
	.free = thing_free,
};

static struct mmkit_area thing_area = {
	.entry = {
		.name = "kunit",
		.owner = THIS_MODULE,
	},
};

static struct mmkit_session *session_begin(struct kunit *test)
{
	struct mmkit_session *session = mmkit_session_new(&thing_area, NULL);

	KUNIT_ASSERT_FALSE(test, IS_ERR(session));
	return session;
}

static struct thing *thing_new(struct kunit *test, u64 bytes)
{
	struct thing *thing = kzalloc(sizeof(*thing), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, thing);
	thing->object.ops = &thing_ops;
	thing->object.bytes = bytes;
	things++;
	return thing;
}

/* As a command does it: charge, make, reserve. */
static struct thing *thing_reserve(struct kunit *test, struct mmkit_call *call,
				   u64 bytes)
{
	struct thing *thing = thing_new(test, bytes);
	u32 handle = 0;
	int err;

	KUNIT_EXPECT_EQ(test, mmkit_charge(call->session, bytes), 0);
	mutex_lock(&call->session->lock);
	err = mmkit_object_add(call, &thing->object, &handle);
	mutex_unlock(&call->session->lock);
	KUNIT_ASSERT_EQ(test, err, 0);
	KUNIT_EXPECT_NE(test, handle, 0U);
	KUNIT_EXPECT_EQ(test, handle, call->handle);
	return thing;
}

/* The whole way; returns the handle. */
static u32 thing_add(struct kunit *test, struct mmkit_session *session,
		     u64 bytes)
{
	struct mmkit_call call = { .session = session };

	thing_reserve(test, &call, bytes);
	mmkit_object_publish(&call);
	return call.handle;
}

static void expect_held(struct kunit *test, struct mmkit_session *session,
			s64 handles, s64 bytes)
{
	KUNIT_EXPECT_EQ(test, atomic64_read(&session->usage.handles), handles);
	KUNIT_EXPECT_EQ(test, atomic64_read(&session->usage.bytes), bytes);
}

/* What all sessions hold before a test is what they hold after it. */
static s64 total_handles_before;
static s64 total_bytes_before;

static int things_init(struct kunit *test)
{
	things = 0;
	total_handles_before = atomic64_read(&mmkit_total.handles);
	total_bytes_before = atomic64_read(&mmkit_total.bytes);
	return 0;
}

static void expect_nothing_left(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, things, 0);
	KUNIT_EXPECT_EQ(test, atomic64_read(&mmkit_total.handles),
			total_handles_before);
	KUNIT_EXPECT_EQ(test, atomic64_read(&mmkit_total.bytes),
			total_bytes_before);
}

static void session_finish(struct kunit *test, struct mmkit_session *session)
{
	mmkit_session_end(session);
	expect_nothing_left(test);
}

#endif
