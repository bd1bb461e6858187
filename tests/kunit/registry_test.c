// SPDX-License-Identifier: GPL-2.0-only
/* KUnit: names that modules register. */
#include <linux/errno.h>
#include <linux/module.h>
#include <mmkit/registry.h>
#include "rows.h"

#define NAME	"kunit-name"

static struct mmkit_entry *entry_new(struct kunit *test, const char *name)
{
	struct mmkit_entry *entry;

	entry = kunit_kzalloc(test, sizeof(*entry), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, entry);
	entry->name = name;
	entry->help = "for a test";
	entry->owner = THIS_MODULE;
	return entry;
}

static unsigned int references(void)
{
#ifdef MODULE
	return module_refcount(THIS_MODULE);
#else
	return 0;
#endif
}

/* One that is built in is not counted. */
static unsigned int reference(void)
{
#ifdef MODULE
	return 1;
#else
	return 0;
#endif
}

static void registry_get_test(struct kunit *test)
{
	struct mmkit_entry *entry = entry_new(test, NAME);
	unsigned int before = references();
	struct mmkit_entry *got;

	KUNIT_EXPECT_NULL(test, mmkit_entry_get(MMKIT_KIND_STRATEGY, NAME));
	KUNIT_ASSERT_EQ(test, mmkit_entry_add(entry, MMKIT_KIND_STRATEGY), 0);
	got = mmkit_entry_get(MMKIT_KIND_STRATEGY, NAME);
	KUNIT_EXPECT_PTR_EQ(test, got, entry);
	KUNIT_EXPECT_EQ(test, references(), before + reference());
	if (got)
		mmkit_entry_put(got);
	KUNIT_EXPECT_EQ(test, references(), before);
	mmkit_entry_del(entry);
	KUNIT_EXPECT_NULL(test, mmkit_entry_get(MMKIT_KIND_STRATEGY, NAME));
	KUNIT_EXPECT_EQ(test, references(), before);
}

/* Names are unique within a kind, and only there. */
static void registry_exists_test(struct kunit *test)
{
	struct mmkit_entry *first = entry_new(test, NAME);
	struct mmkit_entry *same = entry_new(test, NAME);
	struct mmkit_entry *got;

	KUNIT_ASSERT_EQ(test, mmkit_entry_add(first, MMKIT_KIND_STRATEGY), 0);
	KUNIT_EXPECT_EQ(test, mmkit_entry_add(same, MMKIT_KIND_STRATEGY),
			-EEXIST);
	KUNIT_EXPECT_NULL(test, mmkit_entry_get(MMKIT_KIND_ALLOCATOR, NAME));
	KUNIT_EXPECT_EQ(test, mmkit_entry_add(same, MMKIT_KIND_ALLOCATOR), 0);
	got = mmkit_entry_get(MMKIT_KIND_ALLOCATOR, NAME);
	KUNIT_EXPECT_PTR_EQ(test, got, same);
	if (got)
		mmkit_entry_put(got);
	mmkit_entry_del(same);
	mmkit_entry_del(first);
}

static void registry_again_test(struct kunit *test)
{
	struct mmkit_entry *entry = entry_new(test, NAME);
	int i;

	for (i = 0; i < 100; i++) {
		KUNIT_ASSERT_EQ(test, mmkit_entry_add(entry,
						      MMKIT_KIND_STRATEGY), 0);
		mmkit_entry_del(entry);
	}
}

struct registry_name_row {
	const char *name;
	const char *text;
	int err;
};

static const struct registry_name_row registry_name_rows[] = {
	{ "one letter", "a", 0 },
	{ "with a dash, a dot and a digit", "a-b.c_9", 0 },
	{ "the longest", "0123456789012345678901234567890", 0 },
	{ "one too long", "01234567890123456789012345678901", -EINVAL },
	{ "much too long", "01234567890123456789012345678901234567890123456789",
	  -EINVAL },
	{ "empty", "", -EINVAL },
	{ "a blank inside", "a b", -EINVAL },
	{ "a blank last", "a ", -EINVAL },
	{ "a tab", "a\tb", -EINVAL },
	{ "a newline", "a\n", -EINVAL },
	{ "a slash", "a/b", -EINVAL },
	{ "an exclamation mark, sysfs's slash", "a!b", -EINVAL },
};

static void registry_name_case(struct kunit *test,
			       const struct registry_name_row *row)
{
	struct mmkit_entry *entry = entry_new(test, row->text);
	int err = mmkit_entry_add(entry, MMKIT_KIND_STRATEGY);

	CASE_EQ(test, err, row->err);
	if (!err)
		mmkit_entry_del(entry);
}

MMKIT_ROWS(registry_name, registry_name_rows);

static void *no_alloc(size_t size, gfp_t gfp, int nid)
{
	return NULL;
}

static void no_free(void *object, size_t size)
{
}

static unsigned long no_pfn(const void *object)
{
	return 0;
}

/* All three functions or none of it. */
static void registry_allocator_test(struct kunit *test)
{
	struct mmkit_allocator allocator = {
		.entry = { .name = NAME, .owner = THIS_MODULE },
	};

	KUNIT_EXPECT_EQ(test, mmkit_allocator_register(&allocator), -EINVAL);
	allocator.alloc = no_alloc;
	KUNIT_EXPECT_EQ(test, mmkit_allocator_register(&allocator), -EINVAL);
	allocator.free = no_free;
	KUNIT_EXPECT_EQ(test, mmkit_allocator_register(&allocator), -EINVAL);
	KUNIT_EXPECT_NULL(test, mmkit_entry_get(MMKIT_KIND_ALLOCATOR, NAME));
	allocator.pfn = no_pfn;
	KUNIT_ASSERT_EQ(test, mmkit_allocator_register(&allocator), 0);
	mmkit_allocator_unregister(&allocator);
	KUNIT_EXPECT_NULL(test, mmkit_entry_get(MMKIT_KIND_ALLOCATOR, NAME));
}

static struct kunit_case registry_cases[] = {
	KUNIT_CASE(registry_get_test),
	KUNIT_CASE(registry_exists_test),
	KUNIT_CASE(registry_again_test),
	MMKIT_ROWS_CASE(registry_name),
	KUNIT_CASE(registry_allocator_test),
	{ }
};

static struct kunit_suite registry_suite = {
	.name = "mmkit_registry",
	.test_cases = registry_cases,
};

kunit_test_suite(registry_suite);

MODULE_DESCRIPTION("mmkit: KUnit tests of the registry");
MODULE_AUTHOR("mmkit developers");
MODULE_LICENSE("GPL");
