// SPDX-License-Identifier: GPL-2.0-only
/* Addresses and ranges as people write them: numbers, or the kind of a region. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aspace.h"
#include "page.h"

static const struct reason reasons[] = {
	{ ESRCH, "there is no such process, or it has no address space",
	  "ps; a kernel thread or a zombie has none", EXIT_FAILED },
	{ EPERM, "another's address space is for CAP_SYS_PTRACE, the kernel's for CAP_SYS_ADMIN",
	  "run it as root", EXIT_FAILED },
	{ EINVAL, "not an address of this address space",
	  "mmkit aspace regions lists what there is", EXIT_FAILED },
	{ EOPNOTSUPP, "not on this machine", NULL, EXIT_ABSENT },
	{ 0 },
};

int aspace_failed(struct cli *cli, int err, const char *doing)
{
	return explain(cli, reasons, err, doing);
}

int svg_done(struct cli *cli, struct json_object *obj, const char *path,
	     int err)
{
	if (!err) {
		j_str(obj, "svg", path);
		return EXIT_OK;
	}
	json_object_put(obj);
	return unwritable(cli, path, err);
}

void aspace_drawn(struct json_object *obj)
{
	if (j_get(obj, "svg"))
		out_line("drawn into %s",
			 json_object_get_string(j_get(obj, "svg")));
}

/* The first region of that kind. 1: found, 0: none, or -errno. */
static int place_of_kind(int fd, uint32_t pid, const char *kind,
			 struct place *place)
{
	struct mmkit_aspace_region *regions;
	int i, nr = mmkit_aspace_regions(fd, pid, 0, &regions), found = 0;

	if (nr < 0)
		return nr;
	for (i = 0; i < nr && !found; i++) {
		found = !strcmp(mmkit_region_kind_name(regions[i].kind), kind);
		place->start = regions[i].start;
		place->end = regions[i].end;
	}
	free(regions);
	return found;
}

static bool is_kind(const char *text)
{
	unsigned int kind;

	for (kind = 0; mmkit_region_kind_name(kind); kind++)
		if (!strcmp(mmkit_region_kind_name(kind), text))
			return true;
	return false;
}

/* 0x1000, 0x1000-0x3000 or 0x1000+8K. */
static int parse_numbers(const char *text, struct place *place)
{
	char first[64], *sep;
	uint64_t size;
	int err;

	snprintf(first, sizeof(first), "%s", text);
	sep = strpbrk(first, "-+");
	if (!sep) {
		err = parse_size(first, &place->start);
		place->end = 0;
		return err;
	}
	*sep++ = '\0';
	if (parse_size(first, &place->start))
		return -EINVAL;
	if (text[sep - first - 1] == '-')
		return parse_size(sep, &place->end);
	err = parse_size(sep, &size);
	if (!err && __builtin_add_overflow(place->start, size, &place->end))
		err = -EINVAL;
	return err;
}

/*
 * Reads "0x7f..." (end is 0), "START-END", "START+SIZE" or a kind of region.
 * Returns 0, or the exit status of a failure that has been reported.
 */
int place_parse(struct cli *cli, int fd, uint32_t pid, const char *text,
		struct place *place)
{
	int ret;

	if (!is_kind(text)) {
		if (parse_numbers(text, place))
			return usage(cli, "'%s' is no address, no range such as 0x1000-0x3000 or 0x1000+8K, no kind of region such as stack",
				     text);
		return EXIT_OK;
	}
	ret = place_of_kind(fd, pid, text, place);
	if (ret < 0)
		return aspace_failed(cli, ret, "regions");
	if (!ret)
		return fail(cli, EXIT_FAILED, ENOENT,
			    "mmkit aspace regions lists what there is",
			    "the process has no region of kind %s", text);
	return EXIT_OK;
}

/* The same, and whole pages: an address alone is one page. */
int range_parse(struct cli *cli, int fd, uint32_t pid, const char *text,
		struct place *place)
{
	uint64_t in_page = page_size() - 1;
	int status = place_parse(cli, fd, pid, text, place);

	if (status)
		return status;
	place->start &= ~in_page;
	if (!place->end)
		place->end = place->start + 1;
	place->end = (place->end + in_page) & ~in_page;
	if (place->start < place->end)
		return EXIT_OK;
	return usage(cli, "'%s' ends before it begins", text);
}
