// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's own memblock: its address from /proc/kallsyms, its layout from the
 * kernel's BTF, where there is one, for the module to hold against its own.
 */
#include <errno.h>
#include <string.h>

#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "memblock.h"

/* Offset of a member, 0xffff when there is none. */
static uint16_t offset_of(const struct btf *btf, int id, const char *name)
{
	const struct btf_type *type = btf__type_by_id(btf, id);
	const struct btf_member *member;
	unsigned int i;

	if (!type)
		return 0xffff;
	member = btf_members(type);
	for (i = 0; i < btf_vlen(type); i++)
		if (!strcmp(btf__name_by_offset(btf, member[i].name_off), name))
			return btf_member_bit_offset(type, i) / 8;
	return 0xffff;
}

static bool read_layout(const struct btf *btf,
			struct mmkit_memblock_layout *layout)
{
	int all = btf__find_by_name_kind(btf, "memblock", BTF_KIND_STRUCT);
	int type = btf__find_by_name_kind(btf, "memblock_type",
					  BTF_KIND_STRUCT);
	int region = btf__find_by_name_kind(btf, "memblock_region",
					    BTF_KIND_STRUCT);

	if (all < 0 || type < 0 || region < 0)
		return false;
	*layout = (struct mmkit_memblock_layout){
		.bytes = btf__resolve_size(btf, all),
		.bottom_up = offset_of(btf, all, "bottom_up"),
		.current_limit = offset_of(btf, all, "current_limit"),
		.memory = offset_of(btf, all, "memory"),
		.reserved = offset_of(btf, all, "reserved"),
		.cnt = offset_of(btf, type, "cnt"),
		.max = offset_of(btf, type, "max"),
		.total_size = offset_of(btf, type, "total_size"),
		.regions = offset_of(btf, type, "regions"),
		.name = offset_of(btf, type, "name"),
		.region_bytes = btf__resolve_size(btf, region),
		.base = offset_of(btf, region, "base"),
		.region_size = offset_of(btf, region, "size"),
		.flags = offset_of(btf, region, "flags"),
		.nid = offset_of(btf, region, "nid"),
		.given = 1,
	};
	return true;
}

static const char *find_layout(struct mmkit_memblock_layout *layout)
{
	struct btf *btf;
	bool found;

	libbpf_set_print(NULL);
	btf = btf__load_vmlinux_btf();
	found = !libbpf_get_error(btf) && read_layout(btf, layout);
	if (!libbpf_get_error(btf))
		btf__free(btf);
	return found ? "the kernel's header and BTF, which agree" :
		       "the kernel's header (it has no BTF)";
}

/* Has the module read it. Returns 0 or -errno; @layout: where it was from. */
int memblock_observe(int fd, const char **layout)
{
	static const char *const names[] = {
		"memblock", "memblock_memory_init_regions",
		"memblock_reserved_init_regions",
	};
	struct mmkit_memblock_observe req = { 0 };
	uint64_t addrs[ARRAY_SIZE(names)];
	int err;

	err = mmkit_proc_symbols(names, ARRAY_SIZE(names), addrs);
	if (err)
		return err;
	if (!addrs[0] || !addrs[1] || !addrs[2])
		return -ENXIO;
	*layout = find_layout(&req.layout);
	req.memblock = addrs[0];
	req.memory_regions = addrs[1];
	req.reserved_regions = addrs[2];
	return mmkit_memblock_observe(fd, &req);
}

static const struct {
	int err;
	const char *why;
} whys[] = {
	{ EPERM, "only an administrator may (CAP_SYS_ADMIN)" },
	{ EACCES, "the kernel is locked down (lockdown=confidentiality)" },
	{ ENXIO, "/proc/kallsyms does not show where it is" },
	{ ESTALE, "the module was built for another kernel: its layout is not that of BTF" },
	{ EFAULT, "the kernel has thrown it away: its address cannot be read" },
	{ EBADMSG, "the kernel has thrown it away: what is at its address is something else" },
	{ ENODATA, "its region arrays had been doubled, and were freed" },
	{ EUCLEAN, "it has not the memory that the zones have: some was plugged in or out since" },
	{ ENOENT, "this kernel has no /proc/kallsyms" },
};

/* Why memblock_observe() failed so, in words. */
const char *memblock_unobserved(int err)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(whys); i++)
		if (whys[i].err == -err)
			return whys[i].why;
	return strerror(-err);
}
