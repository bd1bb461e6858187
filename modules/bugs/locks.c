// SPDX-License-Identifier: GPL-2.0-only
/* Locks that are taken in a wrong place or in a wrong order. */
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include "bugs.h"

static DEFINE_SPINLOCK(short_lock);
static DEFINE_MUTEX(first_lock);
static DEFINE_MUTEX(second_lock);

/**
 * mmkit_bug_atomic_sleep() - Allocate with GFP_KERNEL under a spinlock.
 *
 * DEBUG_ATOMIC_SLEEP sees it, whether or not the allocator would have slept this
 * time: might_sleep() looks at the count of reasons not to. It tells once a second.
 *
 * Right would be GFP_ATOMIC, or to allocate before the lock is taken.
 *
 * Context: Process.
 */
void mmkit_bug_atomic_sleep(void)
{
	void *object;

	spin_lock(&short_lock);
	object = kmalloc(100, GFP_KERNEL);
	spin_unlock(&short_lock);
	kfree(object);
}

/**
 * mmkit_bug_lock_inversion() - Take two locks in one order, and in the other.
 *
 * lockdep sees it, the first time that both orders have happened at all: nobody has
 * to wait for anybody. It then switches itself off until the next boot.
 *
 * Right would be one order, written down where the locks are.
 *
 * Context: Process.
 */
void mmkit_bug_lock_inversion(void)
{
	mutex_lock(&first_lock);
	mutex_lock(&second_lock);
	mutex_unlock(&second_lock);
	mutex_unlock(&first_lock);

	mutex_lock(&second_lock);
	mutex_lock(&first_lock);
	mutex_unlock(&first_lock);
	mutex_unlock(&second_lock);
}
