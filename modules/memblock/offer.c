// SPDX-License-Identifier: GPL-2.0-only
/*
 * Carve-outs that are offered to other modules of mmkit, through the registry: a
 * store of the map area's strategy "io" takes one. A session offers what it has
 * claimed; what the module was loaded with is offered as long as it is there:
 *
 *	memmap=64M$0x20000000 mmkit_memblock.carveout=64M$0x20000000
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include "carve.h"

static char *carveout;
module_param(carveout, charp, 0444);
MODULE_PARM_DESC(carveout, "SIZE$ADDRESS of memory reserved by memmap=, to be offered");

static DEFINE_MUTEX(offers_lock);	/* protects the list, and who took what */
static LIST_HEAD(offers);
static struct mmkit_carve *ours;	/* of the parameter, or NULL */

static void destroy(struct kref *ref)
{
	mmkit_carve_destroy(container_of(ref, struct mmkit_carve, ref));
}

/**
 * mmkit_carve_offer() - Let others take it.
 * @carve: that nobody else knows yet
 *
 * Context: Process.
 */
void mmkit_carve_offer(struct mmkit_carve *carve)
{
	carve->offered = true;
	mutex_lock(&offers_lock);
	list_add_tail(&carve->offer, &offers);
	mutex_unlock(&offers_lock);
}

/**
 * mmkit_carve_withdraw() - Let nobody take it any more.
 * @carve: it
 *
 * Context: Process.
 * Return: 0, -EBUSY somebody has taken it.
 */
int mmkit_carve_withdraw(struct mmkit_carve *carve)
{
	int err = 0;

	mutex_lock(&offers_lock);
	if (carve->taken)
		err = -EBUSY;
	else
		list_del_init(&carve->offer);
	mutex_unlock(&offers_lock);
	return err;
}

/**
 * mmkit_carve_put() - The session is done with it.
 * @carve: goes now, or when whoever has taken it gives it back
 *
 * Context: Process.
 */
void mmkit_carve_put(struct mmkit_carve *carve)
{
	mutex_lock(&offers_lock);
	list_del_init(&carve->offer);
	kref_put(&carve->ref, destroy);
	mutex_unlock(&offers_lock);
}

static bool any(void)
{
	bool found;

	mutex_lock(&offers_lock);
	found = !list_empty(&offers);
	mutex_unlock(&offers_lock);
	return found;
}

static struct mmkit_carve *find_locked(u64 bytes)
{
	struct mmkit_carve *carve;
	int err = -ENOSPC;

	lockdep_assert_held(&offers_lock);

	list_for_each_entry(carve, &offers, offer) {
		if (carve->memory.bytes < bytes)
			continue;
		if (!carve->taken)
			return carve;
		err = -EBUSY;
	}
	return ERR_PTR(err);
}

static struct mmkit_carveout *take(u64 bytes)
{
	struct mmkit_carve *carve;

	mutex_lock(&offers_lock);
	carve = find_locked(bytes);
	if (!IS_ERR(carve)) {
		carve->taken = true;
		kref_get(&carve->ref);
	}
	mutex_unlock(&offers_lock);
	return IS_ERR(carve) ? ERR_CAST(carve) : &carve->memory;
}

static void give(struct mmkit_carveout *taken)
{
	struct mmkit_carve *carve =
		container_of(taken, struct mmkit_carve, memory);

	mutex_lock(&offers_lock);
	carve->taken = false;
	kref_put(&carve->ref, destroy);
	mutex_unlock(&offers_lock);
}

static struct mmkit_carveouts carveouts = {
	.entry = {
		.name = MMKIT_CARVEOUTS,
		.help = "memory reserved at boot, claimed and mapped",
		.owner = THIS_MODULE,
	},
	.any = any,
	.take = take,
	.give = give,
};

static int read_parameter(u64 *base, u64 *bytes)
{
	char *end = carveout;

	*bytes = memparse(end, &end);
	if (*end++ != '$')
		return -EINVAL;
	*base = memparse(end, &end);
	return *end || !mmkit_carve_range_is_valid(*base, *bytes) ? -EINVAL : 0;
}

/* The memory that the module was loaded with, or NULL. */
static struct mmkit_carve *claim_parameter(void)
{
	struct mmkit_carve *carve;
	u64 base, bytes;
	int err;

	if (!carveout || !*carveout)
		return NULL;
	err = read_parameter(&base, &bytes);
	carve = err ? ERR_PTR(err) : mmkit_carve_new(base, bytes);
	if (IS_ERR(carve))
		pr_err("mmkit_memblock: carveout=%s cannot be claimed: %pe; reserve it by memmap=%s\n",
		       carveout, carve, carveout);
	else
		mmkit_carve_offer(carve);
	return carve;
}

int mmkit_offers_init(void)
{
	int err;

	ours = claim_parameter();
	if (IS_ERR(ours))
		return PTR_ERR(ours);
	err = mmkit_entry_add(&carveouts.entry, MMKIT_KIND_CARVEOUTS);
	if (err && ours)
		mmkit_carve_put(ours);
	return err;
}

void mmkit_offers_exit(void)
{
	mmkit_entry_del(&carveouts.entry);
	if (ours)
		mmkit_carve_put(ours);
}
