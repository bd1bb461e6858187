// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two threads that count in the same word without a lock or a mark: a race of a read
 * and a write, and of two writes. Whoever looks for races must see these.
 */
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched.h>

static unsigned long racy_count;
static struct task_struct *racy_threads[2];

static int racy_counter(void *unused)
{
	while (!kthread_should_stop()) {
		racy_count++;
		cond_resched();
	}
	return 0;
}

static void racy_stop(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(racy_threads); i++)
		if (!IS_ERR_OR_NULL(racy_threads[i]))
			kthread_stop(racy_threads[i]);
}

static int __init racy_init(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(racy_threads); i++) {
		racy_threads[i] = kthread_run(racy_counter, NULL, "mmkit_racy/%u", i);
		if (IS_ERR(racy_threads[i])) {
			racy_stop();
			return PTR_ERR(racy_threads[i]);
		}
	}
	return 0;
}
module_init(racy_init);

static void __exit racy_exit(void)
{
	racy_stop();
}
module_exit(racy_exit);

MODULE_DESCRIPTION("mmkit test: a data race on purpose");
MODULE_AUTHOR("mmkit developers");
MODULE_LICENSE("GPL");
