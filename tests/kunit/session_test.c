// SPDX-License-Identifier: GPL-2.0-only
/* KUnit: sessions, what they are charged, and what they leave behind. */
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/module.h>
#include <linux/sched.h>
#include "core/leak.h"
#include "thing.h"

static void session_new_test(struct kunit *test)
{
	unsigned int before = mmkit_session_count();
	struct mmkit_session *one = session_begin(test);
	struct mmkit_session *two = session_begin(test);
	u64 last = two->id;

	KUNIT_EXPECT_GT(test, two->id, one->id);
	KUNIT_EXPECT_EQ(test, mmkit_session_count(), before + 2);
	KUNIT_EXPECT_EQ(test, one->opened_by, task_tgid_nr(current));
	KUNIT_EXPECT_STREQ(test, (const char *)one->comm, current->comm);
	expect_held(test, one, 0, 0);
	mmkit_session_end(two);
	KUNIT_EXPECT_EQ(test, mmkit_session_count(), before + 1);
	/* A number is never used again. */
	two = session_begin(test);
	KUNIT_EXPECT_GT(test, two->id, last);
	mmkit_session_end(two);
	session_finish(test, one);
	KUNIT_EXPECT_EQ(test, mmkit_session_count(), before);
}

static void session_charge_test(struct kunit *test)
{
	struct mmkit_session *session = session_begin(test);

	KUNIT_EXPECT_EQ(test, mmkit_charge(session, 0), 0);
	expect_held(test, session, 0, 0);
	KUNIT_EXPECT_EQ(test, mmkit_charge(session, 4096), 0);
	KUNIT_EXPECT_EQ(test, mmkit_charge(session, 1), 0);
	expect_held(test, session, 0, 4097);
	KUNIT_EXPECT_EQ(test, atomic64_read(&mmkit_total.bytes),
			total_bytes_before + 4097);
	mmkit_uncharge(session, 4096);
	expect_held(test, session, 0, 1);
	mmkit_uncharge(session, 1);
	session_finish(test, session);
}

static void expect_refused(struct kunit *test, struct mmkit_session *session,
			   u64 bytes)
{
	s64 held = atomic64_read(&session->usage.bytes);
	s64 total = atomic64_read(&mmkit_total.bytes);

	KUNIT_EXPECT_EQ(test, mmkit_charge(session, bytes), -EDQUOT);
	expect_held(test, session, 0, held);
	KUNIT_EXPECT_EQ(test, atomic64_read(&mmkit_total.bytes), total);
}

static void session_quota_test(struct kunit *test)
{
	struct mmkit_session *session = session_begin(test);
	struct mmkit_limits max;

	mmkit_limits_get(&max);
	expect_refused(test, session, max.session_bytes + 1);
	expect_refused(test, session, S64_MAX);
	expect_refused(test, session, (u64)S64_MAX + 1);
	expect_refused(test, session, U64_MAX);
	KUNIT_ASSERT_EQ(test, mmkit_charge(session, max.session_bytes), 0);
	KUNIT_EXPECT_EQ(test, mmkit_charge(session, 0), 0);
	expect_refused(test, session, 1);
	expect_refused(test, session, U64_MAX);
	mmkit_uncharge(session, 1);
	expect_refused(test, session, 2);
	KUNIT_EXPECT_EQ(test, mmkit_charge(session, 1), 0);
	mmkit_uncharge(session, max.session_bytes);
	session_finish(test, session);
}

/* Refused by the other quota: the session's own count must come back. */
static void session_total_quota_test(struct kunit *test)
{
	struct mmkit_session *session = session_begin(test);
	struct mmkit_limits max;

	mmkit_limits_get(&max);
	atomic64_set(&mmkit_total.bytes, max.total_bytes - 10);
	expect_refused(test, session, 11);
	expect_refused(test, session, max.session_bytes);
	KUNIT_EXPECT_EQ(test, mmkit_charge(session, 10), 0);
	expect_refused(test, session, 1);
	mmkit_uncharge(session, 10);
	atomic64_set(&mmkit_total.bytes, total_bytes_before);
	session_finish(test, session);
}

static void session_apart_test(struct kunit *test)
{
	struct mmkit_session *one = session_begin(test);
	struct mmkit_session *two = session_begin(test);
	struct mmkit_limits max;

	mmkit_limits_get(&max);
	KUNIT_EXPECT_EQ(test, mmkit_charge(one, max.session_bytes), 0);
	KUNIT_EXPECT_EQ(test, mmkit_charge(two, 1), 0);
	expect_held(test, two, 0, 1);
	mmkit_uncharge(two, 1);
	mmkit_uncharge(one, max.session_bytes);
	mmkit_session_end(two);
	session_finish(test, one);
}

static int fail_open(struct mmkit_session *session, struct file *file)
{
	return -ENODEV;
}

static void session_open_fails_test(struct kunit *test)
{
	struct mmkit_area area = {
		.entry = { .name = "kunit" },
		.open = fail_open,
	};
	unsigned int before = mmkit_session_count();

	KUNIT_EXPECT_EQ(test, PTR_ERR(mmkit_session_new(&area, NULL)),
			(long)-ENODEV);
	KUNIT_EXPECT_EQ(test, mmkit_session_count(), before);
}

static int things_at_release;

static void note_release(struct mmkit_session *session)
{
	things_at_release = things;
}

/* The area's own goes last: objects may stand on it. */
static void session_release_test(struct kunit *test)
{
	struct mmkit_area area = {
		.entry = { .name = "kunit" },
		.release = note_release,
	};
	struct mmkit_session *session = mmkit_session_new(&area, NULL);
	int i;

	KUNIT_ASSERT_FALSE(test, IS_ERR(session));
	things_at_release = -1;
	for (i = 0; i < 10; i++)
		thing_add(test, session, 10);
	KUNIT_EXPECT_EQ(test, things, 10);
	session_finish(test, session);
	KUNIT_EXPECT_EQ(test, things_at_release, 0);
}

static u32 leaks_read(struct kunit *test, struct mmkit_leak **leaks)
{
	*leaks = kunit_kzalloc(test, (MMKIT_LEAKS + 1) * sizeof(**leaks),
			       GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, *leaks);
	return mmkit_leaks_copy(*leaks, MMKIT_LEAKS + 1);
}

static u64 leak_some(struct kunit *test, int nr, u64 bytes)
{
	struct mmkit_session *session = session_begin(test);
	u64 id = session->id;

	while (nr--)
		thing_add(test, session, bytes);
	session_finish(test, session);
	return id;
}

static void session_leak_test(struct kunit *test)
{
	u64 id = leak_some(test, 3, 100);
	struct mmkit_leak *leaks;

	KUNIT_ASSERT_GE(test, leaks_read(test, &leaks), 1U);
	KUNIT_EXPECT_EQ(test, leaks[0].session, id);
	KUNIT_EXPECT_EQ(test, leaks[0].handles, 3U);
	KUNIT_EXPECT_EQ(test, leaks[0].bytes, 300ULL);
	KUNIT_EXPECT_EQ(test, leaks[0].pid, task_tgid_nr(current));
	KUNIT_EXPECT_STREQ(test, (const char *)leaks[0].comm, current->comm);
	KUNIT_EXPECT_STREQ(test, (const char *)leaks[0].area, "kunit");
	KUNIT_EXPECT_NE(test, leaks[0].when, 0ULL);
}

/* Who gave everything back, or never got anything, is not in the list. */
static void session_no_leak_test(struct kunit *test)
{
	struct mmkit_session *session;
	struct mmkit_leak *leaks;
	struct mmkit_call call = { };
	u64 id = leak_some(test, 1, 1);
	u32 handle;

	leak_some(test, 0, 0);
	session = session_begin(test);
	handle = thing_add(test, session, 10);
	mutex_lock(&session->lock);
	mmkit_object_del(session, handle);
	mutex_unlock(&session->lock);
	call.session = session;
	thing_reserve(test, &call, 10);
	mmkit_object_abort(&call);
	session_finish(test, session);
	KUNIT_ASSERT_GE(test, leaks_read(test, &leaks), 1U);
	KUNIT_EXPECT_EQ(test, leaks[0].session, id);
}

static void session_leaks_newest_test(struct kunit *test)
{
	struct mmkit_leak *leaks;
	u64 first = 0;
	u32 i;

	for (i = 0; i < MMKIT_LEAKS + 5; i++) {
		u64 id = leak_some(test, 1, i);

		first = first ?: id;
	}
	KUNIT_ASSERT_EQ(test, leaks_read(test, &leaks), (u32)MMKIT_LEAKS);
	for (i = 0; i < MMKIT_LEAKS; i++) {
		KUNIT_EXPECT_EQ(test, leaks[i].session,
				first + MMKIT_LEAKS + 4 - i);
		KUNIT_EXPECT_EQ(test, leaks[i].bytes,
				(u64)MMKIT_LEAKS + 4 - i);
	}
	/* No more is copied than there is room for. */
	KUNIT_EXPECT_EQ(test, leaks[MMKIT_LEAKS].session, 0ULL);
	memset(leaks, 0, 2 * sizeof(*leaks));
	KUNIT_EXPECT_EQ(test, mmkit_leaks_copy(leaks, 1), (u32)MMKIT_LEAKS);
	KUNIT_EXPECT_NE(test, leaks[0].session, 0ULL);
	KUNIT_EXPECT_EQ(test, leaks[1].session, 0ULL);
}

static struct kunit_case session_cases[] = {
	KUNIT_CASE(session_new_test),
	KUNIT_CASE(session_charge_test),
	KUNIT_CASE(session_quota_test),
	KUNIT_CASE(session_total_quota_test),
	KUNIT_CASE(session_apart_test),
	KUNIT_CASE(session_open_fails_test),
	KUNIT_CASE(session_release_test),
	KUNIT_CASE(session_leak_test),
	KUNIT_CASE(session_no_leak_test),
	KUNIT_CASE(session_leaks_newest_test),
	{ }
};

static struct kunit_suite session_suite = {
	.name = "mmkit_session",
	.init = things_init,
	.test_cases = session_cases,
};

kunit_test_suite(session_suite);

MODULE_DESCRIPTION("mmkit: KUnit tests of sessions");
MODULE_AUTHOR("mmkit developers");
MODULE_LICENSE("GPL");
