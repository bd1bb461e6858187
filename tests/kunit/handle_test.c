// SPDX-License-Identifier: GPL-2.0-only
/* KUnit: handles, from their reservation to their end. */
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/module.h>
#include "thing.h"

static void other_free(struct mmkit_object *object)
{
}

static const struct mmkit_object_ops other_ops = {
	.kind = "other",
	.free = other_free,
};

static struct mmkit_object *find(struct mmkit_session *session, u32 handle,
				 const struct mmkit_object_ops *ops)
{
	struct mmkit_object *object;

	mutex_lock(&session->lock);
	object = mmkit_object_find(session, handle, ops);
	mutex_unlock(&session->lock);
	return object;
}

static void del(struct mmkit_session *session, u32 handle)
{
	mutex_lock(&session->lock);
	mmkit_object_del(session, handle);
	mutex_unlock(&session->lock);
}

static void handle_publish_test(struct kunit *test)
{
	struct mmkit_session *session = session_begin(test);
	struct mmkit_call call = { .session = session };
	struct thing *thing = thing_reserve(test, &call, 100);

	/* It is charged, but nobody can guess it. */
	KUNIT_EXPECT_NULL(test, find(session, call.handle, &thing_ops));
	expect_held(test, session, 1, 100);
	mmkit_object_publish(&call);
	KUNIT_EXPECT_PTR_EQ(test, find(session, call.handle, &thing_ops),
			    &thing->object);
	expect_held(test, session, 1, 100);
	session_finish(test, session);
}

static void handle_abort_test(struct kunit *test)
{
	struct mmkit_session *session = session_begin(test);
	struct mmkit_call call = { .session = session };

	thing_reserve(test, &call, 100);
	mmkit_object_abort(&call);
	KUNIT_EXPECT_EQ(test, things, 0);
	KUNIT_EXPECT_NULL(test, find(session, call.handle, &thing_ops));
	expect_held(test, session, 0, 0);
	session_finish(test, session);
}

static void handle_abort_among_others_test(struct kunit *test)
{
	struct mmkit_session *session = session_begin(test);
	struct mmkit_call call = { .session = session };
	u32 first = thing_add(test, session, 10), last;

	thing_reserve(test, &call, 100);
	last = thing_add(test, session, 30);
	mmkit_object_abort(&call);
	KUNIT_EXPECT_NOT_NULL(test, find(session, first, &thing_ops));
	KUNIT_EXPECT_NULL(test, find(session, call.handle, &thing_ops));
	KUNIT_EXPECT_NOT_NULL(test, find(session, last, &thing_ops));
	expect_held(test, session, 2, 40);
	session_finish(test, session);
}

static void handle_kind_test(struct kunit *test)
{
	struct mmkit_session *session = session_begin(test);
	u32 handle = thing_add(test, session, 0);

	KUNIT_EXPECT_NOT_NULL(test, find(session, handle, &thing_ops));
	KUNIT_EXPECT_NULL(test, find(session, handle, &other_ops));
	KUNIT_EXPECT_NULL(test, find(session, handle, NULL));
	session_finish(test, session);
}

static void handle_unknown_test(struct kunit *test)
{
	struct mmkit_session *session = session_begin(test);
	struct mmkit_session *stranger = session_begin(test);
	u32 handle = thing_add(test, session, 0);

	KUNIT_EXPECT_NULL(test, find(session, 0, &thing_ops));
	KUNIT_EXPECT_NULL(test, find(session, handle + 1, &thing_ops));
	KUNIT_EXPECT_NULL(test, find(session, S32_MAX, &thing_ops));
	KUNIT_EXPECT_NULL(test, find(session, U32_MAX, &thing_ops));
	KUNIT_EXPECT_NULL(test, find(stranger, handle, &thing_ops));
	mmkit_session_end(stranger);
	session_finish(test, session);
}

static void handle_del_test(struct kunit *test)
{
	struct mmkit_session *session = session_begin(test);
	u32 handle = thing_add(test, session, 100);

	thing_add(test, session, 20);
	del(session, handle);
	KUNIT_EXPECT_EQ(test, things, 1);
	KUNIT_EXPECT_NULL(test, find(session, handle, &thing_ops));
	expect_held(test, session, 1, 20);
	session_finish(test, session);
}

static void handle_shrink_test(struct kunit *test)
{
	struct mmkit_session *session = session_begin(test);
	u32 handle = thing_add(test, session, 100);
	struct mmkit_object *object;

	mutex_lock(&session->lock);
	object = mmkit_object_find(session, handle, &thing_ops);
	if (object) {
		mmkit_object_shrink(session, handle, object, 60, 0);
		/* The object itself takes 30 of the 40 that are left. */
		mmkit_object_shrink(session, handle, object, 20, 30);
		mmkit_object_shrink(session, handle, object, 20, 30);
	}
	mutex_unlock(&session->lock);
	KUNIT_ASSERT_NOT_NULL(test, object);
	KUNIT_EXPECT_EQ(test, object->bytes, 30ULL);
	expect_held(test, session, 1, 30);
	del(session, handle);
	expect_held(test, session, 0, 0);
	session_finish(test, session);
}

#define MANY	1000

static void handle_many_test(struct kunit *test)
{
	struct mmkit_session *session = session_begin(test);
	u32 *handle = kunit_kzalloc(test, MANY * sizeof(*handle), GFP_KERNEL);
	int i, wrong = 0;

	KUNIT_ASSERT_NOT_NULL(test, handle);
	for (i = 0; i < MANY; i++) {
		handle[i] = thing_add(test, session, i);
		wrong += i && handle[i] == handle[i - 1];
	}
	for (i = 1; i < MANY; i += 2)
		del(session, handle[i]);
	for (i = 0; i < MANY; i++) {
		struct mmkit_object *object =
			find(session, handle[i], &thing_ops);

		wrong += i & 1 ? !!object : !object || object->bytes != i;
	}
	KUNIT_EXPECT_EQ(test, wrong, 0);
	expect_held(test, session, MANY / 2, MANY / 2 * (MANY / 2 - 1));
	session_finish(test, session);
}

/* Refused: the object stays the caller's, and nothing was counted. */
static void expect_refused(struct kunit *test, struct mmkit_session *session)
{
	struct thing *thing = thing_new(test, 0);
	struct mmkit_call call = { .session = session };
	s64 total = atomic64_read(&mmkit_total.handles);
	s64 held = atomic64_read(&session->usage.handles);
	u32 handle = 77;
	int err;

	mutex_lock(&session->lock);
	err = mmkit_object_add(&call, &thing->object, &handle);
	mutex_unlock(&session->lock);
	KUNIT_EXPECT_EQ(test, err, -EDQUOT);
	KUNIT_EXPECT_EQ(test, handle, 77U);
	KUNIT_EXPECT_NULL(test, call.object);
	KUNIT_EXPECT_EQ(test, things, 1);
	KUNIT_EXPECT_EQ(test, atomic64_read(&mmkit_total.handles), total);
	KUNIT_EXPECT_EQ(test, atomic64_read(&session->usage.handles), held);
	thing_free(&thing->object);
}

/* Even handles are there and no others, in order; returns how many. */
static u32 count_even(struct kunit *test, struct mmkit_session *session)
{
	u32 handle = 0, nr = 0;

	mutex_lock(&session->lock);
	while (mmkit_object_next(session, &handle))
		KUNIT_EXPECT_EQ(test, handle, 2 * ++nr);
	mutex_unlock(&session->lock);
	return nr;
}

/* More than the first tables have room for: what is freed is given out again. */
static void handle_reuse_test(struct kunit *test)
{
	struct mmkit_session *session = session_begin(test);
	const u32 nr = 1000;
	u32 i, handle;

	for (i = 1; i <= nr; i++)
		KUNIT_EXPECT_EQ(test, thing_add(test, session, 1), i);
	for (i = 1; i <= nr; i += 2)
		del(session, i);
	KUNIT_EXPECT_EQ(test, count_even(test, session), nr / 2);
	for (i = 1; i <= nr; i++)
		KUNIT_EXPECT_EQ(test, !find(session, i, &thing_ops), i % 2);
	for (i = 1; i <= nr; i += 2) {
		handle = thing_add(test, session, 1);
		KUNIT_EXPECT_EQ(test, handle % 2, 1U);
		KUNIT_EXPECT_LE(test, handle, nr);
	}
	KUNIT_EXPECT_EQ(test, thing_add(test, session, 1), nr + 1);
	expect_held(test, session, nr + 1, nr + 1);
	session_finish(test, session);
}

static void handle_session_quota_test(struct kunit *test)
{
	struct mmkit_session *session = session_begin(test);
	struct mmkit_limits max;

	mmkit_limits_get(&max);
	/* A million real ones would only take longer. */
	atomic64_set(&session->usage.handles, max.session_handles);
	expect_refused(test, session);
	atomic64_set(&session->usage.handles, max.session_handles - 1);
	del(session, thing_add(test, session, 0));
	atomic64_set(&session->usage.handles, 0);
	session_finish(test, session);
}

static void handle_total_quota_test(struct kunit *test)
{
	struct mmkit_session *session = session_begin(test);
	struct mmkit_limits max;

	mmkit_limits_get(&max);
	atomic64_set(&mmkit_total.handles, max.total_handles);
	expect_refused(test, session);
	expect_held(test, session, 0, 0);
	atomic64_set(&mmkit_total.handles, total_handles_before);
	session_finish(test, session);
}

static struct kunit_case handle_cases[] = {
	KUNIT_CASE(handle_publish_test),
	KUNIT_CASE(handle_abort_test),
	KUNIT_CASE(handle_abort_among_others_test),
	KUNIT_CASE(handle_kind_test),
	KUNIT_CASE(handle_unknown_test),
	KUNIT_CASE(handle_del_test),
	KUNIT_CASE(handle_shrink_test),
	KUNIT_CASE(handle_many_test),
	KUNIT_CASE(handle_reuse_test),
	KUNIT_CASE(handle_session_quota_test),
	KUNIT_CASE(handle_total_quota_test),
	{ }
};

static struct kunit_suite handle_suite = {
	.name = "mmkit_handle",
	.init = things_init,
	.test_cases = handle_cases,
};

kunit_test_suite(handle_suite);

MODULE_DESCRIPTION("mmkit: KUnit tests of handles");
MODULE_AUTHOR("mmkit developers");
MODULE_LICENSE("GPL");
