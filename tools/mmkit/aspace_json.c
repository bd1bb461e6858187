// SPDX-License-Identifier: GPL-2.0-only
/* Regions and counts as JSON. */
#include <stdio.h>

#include "aspace.h"

uint64_t counts_present(const struct mmkit_aspace_counts *counts)
{
	const __u64 *kind = (const __u64 *)counts->kind;

	return kind[MMKIT_ASPACE_ANON] + kind[MMKIT_ASPACE_FILE] +
	       kind[MMKIT_ASPACE_SHMEM] + kind[MMKIT_ASPACE_HUGETLB] +
	       kind[MMKIT_ASPACE_ZERO] + kind[MMKIT_ASPACE_SPECIAL];
}

/* In pages. */
struct json_object *counts_json(const struct mmkit_aspace_counts *counts)
{
	struct json_object *obj = j_obj();
	const char *name;
	unsigned int i;

	j_u64(obj, "pages", counts->pages);
	j_u64(obj, "present", counts_present(counts));
	for (i = 0; (name = mmkit_aspace_kind_name(i)); i++)
		j_u64(obj, name, counts->kind[i]);
	j_u64(obj, "huge", counts->huge);
	j_u64(obj, "shared", counts->shared);
	j_u64(obj, "dirty", counts->dirty);
	j_u64(obj, "shared_dirty", counts->shared_dirty);
	j_u64(obj, "young", counts->young);
	j_u64(obj, "referenced", counts->referenced);
	j_u64(obj, "writable", counts->write);
	j_u64(obj, "protnone", counts->protnone);
	j_u64(obj, "soft_dirty", counts->soft_dirty);
	j_u64(obj, "uffd_wp", counts->uffd_wp);
	j_u64(obj, "lazyfree", counts->lazyfree);
	return obj;
}

static void add_perms(struct json_object *obj, uint64_t flags)
{
	char perms[5];

	snprintf(perms, sizeof(perms), "%c%c%c%c",
		 flags & MMKIT_VMA_READ ? 'r' : '-',
		 flags & MMKIT_VMA_WRITE ? 'w' : '-',
		 flags & MMKIT_VMA_EXEC ? 'x' : '-',
		 flags & MMKIT_VMA_MAYSHARE ? 's' : 'p');
	j_str(obj, "perms", perms);
}

static struct json_object *vma_flags_json(uint64_t flags)
{
	struct json_object *arr = j_arr();
	const char *name;
	unsigned int bit;

	for (bit = 0; (name = mmkit_vma_flag_name(bit)); bit++)
		if (flags >> bit & 1)
			json_object_array_add(arr, json_object_new_string(name));
	return arr;
}

/* A name may hold anything but NUL: what a terminal would obey is written out. */
static void add_name(struct json_object *obj, const char *name)
{
	char text[4 * MMKIT_REGION_NAME_LEN];
	size_t at = 0;

	if (!*name) {
		j_null(obj, "name");
		return;
	}
	for (; *name; name++) {
		unsigned char c = *name;

		if (c < ' ' || c >= 0x7f)
			at += snprintf(text + at, sizeof(text) - at, "\\%03o", c);
		else
			text[at++] = c;
	}
	text[at] = '\0';
	j_str(obj, "name", text);
}

struct json_object *region_json(const struct mmkit_aspace_region *region,
				bool counted)
{
	struct json_object *obj = j_obj();
	char dev[24];

	j_u64(obj, "start", region->start);
	j_u64(obj, "end", region->end);
	j_u64(obj, "bytes", region->end - region->start);
	j_str(obj, "kind", mmkit_region_kind_name(region->kind));
	add_perms(obj, region->flags);
	j_add(obj, "flags", vma_flags_json(region->flags));
	snprintf(dev, sizeof(dev), "%02x:%02x", region->major, region->minor);
	j_u64(obj, "offset", region->offset);
	j_str(obj, "dev", region->ino ? dev : NULL);
	j_u64(obj, "inode", region->ino);
	add_name(obj, region->name);
	j_u64(obj, "page_bytes", 1ull << region->page_shift);
	j_add(obj, "counts", counted ? counts_json(&region->counts) : NULL);
	return obj;
}

struct json_object *regions_json(const struct mmkit_aspace_region *regions,
				 int nr, bool counted)
{
	struct json_object *arr = j_arr();
	int i;

	for (i = 0; i < nr; i++)
		json_object_array_add(arr, region_json(&regions[i], counted));
	return arr;
}
