// SPDX-License-Identifier: GPL-2.0-only
/*
 * Constructors that are counted. The kernel tells a constructor the object and
 * nothing else, so each cache needs a function of its own.
 */
#include <linux/atomic.h>
#include <linux/kernel.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include "cache.h"

/**
 * struct mmkit_slab_ctor - a constructor
 * @fn: that the kernel calls when it makes a slab, for each object of it
 * @calls: how often it did
 * @bytes: of an object
 * @taken: by a cache, protected by ctors_lock
 */
struct mmkit_slab_ctor {
	void (*fn)(void *p);
	atomic64_t calls;
	u32 bytes;
	bool taken;
};

static DEFINE_SPINLOCK(ctors_lock);	/* protects who has which */
static struct mmkit_slab_ctor ctors[MMKIT_SLAB_CTORS];

/* A freed object is as its constructor left it, if its user keeps to the rules. */
static void construct(struct mmkit_slab_ctor *ctor, void *p)
{
	memset(p, 0, ctor->bytes);
	atomic64_inc(&ctor->calls);
}

#define CTOR(i)								\
	static void ctor_##i(void *p)					\
	{								\
		construct(&ctors[i], p);				\
	}

CTOR(0)
CTOR(1)
CTOR(2)
CTOR(3)
CTOR(4)
CTOR(5)
CTOR(6)
CTOR(7)

static struct mmkit_slab_ctor ctors[MMKIT_SLAB_CTORS] = {
	{ ctor_0 }, { ctor_1 }, { ctor_2 }, { ctor_3 },
	{ ctor_4 }, { ctor_5 }, { ctor_6 }, { ctor_7 },
};

/**
 * mmkit_slab_ctor_get() - Take a constructor that no other cache has.
 * @bytes: of an object
 *
 * Context: Any.
 * Return: it, or NULL when all are taken.
 */
struct mmkit_slab_ctor *mmkit_slab_ctor_get(u32 bytes)
{
	struct mmkit_slab_ctor *ctor = NULL;
	size_t i;

	spin_lock(&ctors_lock);
	for (i = 0; i < ARRAY_SIZE(ctors) && !ctor; i++)
		if (!ctors[i].taken)
			ctor = &ctors[i];
	if (ctor) {
		ctor->taken = true;
		ctor->bytes = bytes;
		atomic64_set(&ctor->calls, 0);
	}
	spin_unlock(&ctors_lock);
	return ctor;
}

/* Once its cache is destroyed, no slab is made any more. */
void mmkit_slab_ctor_put(struct mmkit_slab_ctor *ctor)
{
	if (!ctor)
		return;
	spin_lock(&ctors_lock);
	ctor->taken = false;
	spin_unlock(&ctors_lock);
}

void (*mmkit_slab_ctor_function(const struct mmkit_slab_ctor *ctor))(void *p)
{
	return ctor ? ctor->fn : NULL;
}

u64 mmkit_slab_ctor_calls(const struct mmkit_slab_ctor *ctor)
{
	return ctor ? atomic64_read(&ctor->calls) : 0;
}
