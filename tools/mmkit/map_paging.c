// SPDX-License-Identifier: GPL-2.0-only
/* The pager of a session: set from options, and what it did. */
#include <errno.h>

#include "map_pager.h"
#include "out.h"

const char *const policy_names[] = {
	"fifo", "lru", "clock", "second-chance", "random", NULL,
};

const char *const swap_names[] = { "lzo", "shmem", NULL };

static const struct reason reasons[] = {
	{ ENOENT, "only the strategy pager pages", "--strategy pager",
	  EXIT_USAGE },
	{ EINVAL, "there have to be frames, and not that many",
	  "--frames from 1 to 1048576", EXIT_FAILED },
	{ EBUSY, "the swap holds pages, or somebody holds more pages than there are to be frames",
	  "keep the swap that the store has, and give it more frames",
	  EXIT_FAILED },
	{ EOPNOTSUPP, "this kernel exports no compressor", "--swap shmem",
	  EXIT_ABSENT },
	{ 0 },
};

/* Where no frames are named the pager stays as it is. */
int paging_apply(struct cli *cli, int fd, const struct paging *paging)
{
	struct mmkit_map_pager req = {
		.flags = paging->exact ? MMKIT_MAP_EXACT : 0,
		.frames = paging->frames,
		.policy = paging->policy,
		.swap = paging->swap,
		.fd = -1,
		.seed = 1,
	};
	int err;

	if (!paging->frames) {
		if (paging->policy || paging->swap || paging->exact)
			return usage(cli, "--policy, --swap and --exact need --frames");
		return EXIT_OK;
	}
	err = mmkit_map_pager(fd, &req);
	if (err == -EDQUOT)
		return explain_quota(cli, fd, paging->frames * page_size(),
				     "setting the pager");
	return err ? explain(cli, reasons, err, "setting the pager") : EXIT_OK;
}

/* NULL where the strategy is another one. */
struct json_object *paging_json(int fd)
{
	struct mmkit_map_paged p;
	struct json_object *obj;

	if (mmkit_map_paged(fd, &p))
		return NULL;
	obj = j_obj();
	j_num(obj, "frames", p.frames);
	j_str(obj, "policy", p.policy < ARRAY_SIZE(policy_names) - 1 ?
	      policy_names[p.policy] : NULL);
	j_str(obj, "swap", mmkit_swap_name(p.swap));
	j_bool(obj, "exact", p.flags & MMKIT_MAP_EXACT);
	j_num(obj, "resident", p.resident);
	j_num(obj, "dirty", p.dirty);
	j_u64(obj, "minor", p.minor);
	j_u64(obj, "major", p.major);
	j_u64(obj, "refaults", p.refaults);
	j_u64(obj, "protects", p.protects);
	j_u64(obj, "evictions", p.evictions);
	j_u64(obj, "writebacks", p.writebacks);
	j_u64(obj, "readbacks", p.readbacks);
	j_u64(obj, "zero", p.zero);
	j_u64(obj, "busy", p.busy);
	j_u64(obj, "starved", p.starved);
	j_u64(obj, "failed", p.failed);
	j_u64(obj, "stored", p.stored);
	j_u64(obj, "stored_bytes", p.stored_bytes);
	return obj;
}

static unsigned long long count(struct json_object *paged, const char *key)
{
	return j_get_u64(paged, key);
}

void paging_show(struct json_object *paged)
{
	if (!paged)
		return;
	out_line("pager: %s in %llu frames: %llu major faults (%llu again), %llu minor, %llu first writes",
		 json_object_get_string(j_get(paged, "policy")),
		 count(paged, "frames"), count(paged, "major"),
		 count(paged, "refaults"), count(paged, "minor"),
		 count(paged, "protects"));
	out_line("evicted %llu, wrote back %llu, read back %llu; %s holds %llu pages in %llu bytes",
		 count(paged, "evictions"), count(paged, "writebacks"),
		 count(paged, "readbacks"),
		 json_object_get_string(j_get(paged, "swap")),
		 count(paged, "stored"), count(paged, "stored_bytes"));
	if (count(paged, "starved") || count(paged, "failed"))
		out_line("refused %llu for want of a frame, %llu by the swap",
			 count(paged, "starved"), count(paged, "failed"));
}
