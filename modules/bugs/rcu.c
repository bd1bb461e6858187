// SPDX-License-Identifier: GPL-2.0-only
/* Readers of RCU that are none, and one that sleeps. */
#include <linux/delay.h>
#include <linux/rcupdate.h>
#include "bugs.h"

static int number = 1;
static int __rcu *shared = (int __rcu __force *)&number;

/**
 * mmkit_bug_rcu_reader() - Read what RCU protects, without being a reader.
 *
 * PROVE_RCU sees it, through lockdep: rcu_dereference() wants rcu_read_lock() held.
 * What the pointer leads to could be freed between this line and the next. Each place
 * tells once.
 *
 * Right would be rcu_read_lock() around it, or rcu_dereference_protected() with the
 * writer's lock.
 *
 * Context: Process.
 */
void mmkit_bug_rcu_reader(void)
{
	READ_ONCE(*rcu_dereference(shared));
}

/**
 * mmkit_bug_rcu_sleep() - Sleep as a reader.
 *
 * RCU sees it, in any kernel with preemptible RCU: whoever waits for this reader
 * would wait until it is woken, and a reader on another kind of kernel is not
 * waited for at all. It tells once.
 *
 * Right would be SRCU, or to take a reference and leave first.
 *
 * Context: Process.
 */
void mmkit_bug_rcu_sleep(void)
{
	rcu_read_lock();
	msleep(20);
	rcu_read_unlock();
}
