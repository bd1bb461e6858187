// SPDX-License-Identifier: GPL-2.0-only
/* Commands of /dev/mmkit/memblock about the real one, and about carve-outs. */
#include <linux/capability.h>
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/security.h>
#include "booted.h"
#include "carve.h"
#include "observe.h"
#include "real_ops.h"

int mmkit_memblock_observe(struct mmkit_call *call, void *arg)
{
	struct mmkit_memblock_session *mine = call->session->private;
	struct mmkit_memblock_observe *observe = arg;
	int err;

	err = mmkit_observe(&mine->observed, observe);
	if (err)
		return err;
	mine->has_observed = true;
	observe->nr_memory = mine->observed.model.memory.cnt;
	observe->nr_reserved = mine->observed.model.reserved.cnt;
	return 0;
}

int mmkit_memblock_fates(struct mmkit_call *call, void *arg)
{
	const struct mmkit_memblock_session *mine = call->session->private;
	const struct mmkit_model *model = &mine->observed.model;
	struct mmkit_memblock_fates *fates = arg;
	struct mmkit_memblock_fate *fate;
	const struct mmkit_regions *of;

	if (fates->list > MMKIT_MEMBLOCK_RESERVED || fates->reserved ||
	    !fates->nr || fates->nr > MMKIT_MEMBLOCK_REGIONS_MAX)
		return -EINVAL;
	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (!mine->has_observed)
		return -ENODATA;
	fate = mmkit_call_array(call, fates->fates, fates->nr, sizeof(*fate));
	if (!fate)
		return -ENOMEM;
	of = fates->list == MMKIT_MEMBLOCK_RESERVED ? &model->reserved :
						      &model->memory;
	fates->nr = min_t(u64, fates->nr, of->cnt);
	call->bytes = fates->nr * sizeof(*fate);
	return mmkit_fates(model, of, fate, fates->nr);
}

int mmkit_memblock_booted(struct mmkit_call *call, void *arg)
{
	struct mmkit_memblock_boot *boot = arg;
	struct mmkit_memblock_booted *booted;
	int err;

	if (boot->reserved || !boot->nr ||
	    boot->nr > MMKIT_MEMBLOCK_BOOT_MAX)
		return -EINVAL;
	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	booted = mmkit_call_array(call, boot->booted, boot->nr,
				  sizeof(*booted));
	if (!booted)
		return -ENOMEM;
	err = mmkit_booted(call->session, boot, booted);
	if (!err)
		call->bytes = boot->nr * sizeof(*booted);
	return err;
}

/* A range or a name. */
static bool claim_is_valid(const struct mmkit_memblock_claim *claim)
{
	if (claim->flags & ~MMKIT_MEMBLOCK_OFFER || claim->reserved ||
	    strnlen(claim->name, MMKIT_NAME_LEN) == MMKIT_NAME_LEN)
		return false;
	if (*claim->name)
		return !claim->base && !claim->bytes;
	return mmkit_carve_range_is_valid(claim->base, claim->bytes);
}

static int check_claim(const struct mmkit_memblock_claim *claim)
{
	if (!claim_is_valid(claim))
		return -EINVAL;
	if (!capable(CAP_SYS_ADMIN) || !capable(CAP_SYS_RAWIO))
		return -EPERM;
	return security_locked_down(LOCKDOWN_DEV_MEM) ? -EACCES : 0;
}

/* Its memory is nobody's, so only the handle is charged. */
int mmkit_memblock_claim(struct mmkit_call *call, void *arg)
{
	struct mmkit_memblock_claim *claim = arg;
	struct mmkit_carve *carve;
	int err;

	err = check_claim(claim);
	if (err)
		return err;
	carve = *claim->name ? mmkit_carve_new_named(claim->name) :
			       mmkit_carve_new(claim->base, claim->bytes);
	if (IS_ERR(carve))
		return PTR_ERR(carve);
	claim->base = carve->memory.base;
	claim->bytes = carve->memory.bytes;
	if (claim->flags & MMKIT_MEMBLOCK_OFFER)
		mmkit_carve_offer(carve);
	err = mmkit_object_add(call, &carve->object, &claim->handle);
	if (err)
		mmkit_carve_put(carve);
	return err;
}

static struct mmkit_carve *find_carve(struct mmkit_call *call, u32 handle)
{
	struct mmkit_object *object;

	object = mmkit_object_find(call->session, handle, &mmkit_carve_ops);
	return object ? container_of(object, struct mmkit_carve, object) :
			NULL;
}

int mmkit_memblock_probe(struct mmkit_call *call, void *arg)
{
	struct mmkit_memblock_probe *probe = arg;
	struct mmkit_carve *carve = find_carve(call, probe->handle);

	if (!carve)
		return -ENOENT;
	if (carve->offered)
		return -EBUSY;
	return mmkit_carve_probe(carve, &probe->bytes, &probe->first_bad);
}

int mmkit_memblock_release(struct mmkit_call *call, void *arg)
{
	const struct mmkit_memblock_release *release = arg;
	struct mmkit_carve *carve = find_carve(call, release->handle);
	int err;

	if (!carve)
		return -ENOENT;
	err = mmkit_carve_withdraw(carve);
	if (!err)
		mmkit_object_del(call->session, release->handle);
	return err;
}

int mmkit_memblock_named(struct mmkit_call *call, void *arg)
{
	struct mmkit_memblock_named *named = arg;

	if (named->reserved ||
	    strnlen(named->name, MMKIT_NAME_LEN) == MMKIT_NAME_LEN)
		return -EINVAL;
	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	return mmkit_carve_named(named->name, &named->base, &named->bytes);
}
