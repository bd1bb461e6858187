// SPDX-License-Identifier: GPL-2.0-only
/* mmkit aspace pages: each page of a range. */
#include <errno.h>
#include <stdlib.h>

#include "aspace.h"
#include "aspace/words.h"
#include "page.h"

static struct json_object *flags_json(uint64_t word)
{
	struct json_object *arr = j_arr();
	size_t i;

	for (i = 0; i < ARRAY_SIZE(mmkit_aspace_flags); i++)
		if (word & mmkit_aspace_flags[i].bit)
			json_object_array_add(arr,
				json_object_new_string(mmkit_aspace_flags[i].name));
	return arr;
}

static struct json_object *word_json(uint64_t address, uint64_t word)
{
	static const unsigned int shifts[] = { 0, 9, 18, 27 };
	unsigned int kind = MMKIT_WORD_KIND(word);
	uint64_t frame = word & MMKIT_WORD_PFN;
	struct json_object *obj = j_obj();
	bool swap = kind == MMKIT_ASPACE_SWAP && frame;

	j_u64(obj, "address", address);
	j_str(obj, "kind", mmkit_aspace_kind_name(kind));
	j_u64(obj, "bytes", page_size() << shifts[MMKIT_WORD_LEVEL(word)]);
	if (frame && !swap)
		j_u64(obj, "pfn", frame);
	else
		j_null(obj, "pfn");
	if (swap) {
		j_u64(obj, "swap_type", frame & ((1 << MMKIT_WORD_SWAP_SHIFT) - 1));
		j_u64(obj, "swap_offset", frame >> MMKIT_WORD_SWAP_SHIFT);
	} else {
		j_null(obj, "swap_type");
		j_null(obj, "swap_offset");
	}
	j_add(obj, "flags", flags_json(word));
	return obj;
}

static void show_words(struct cli *cli, struct json_object *obj)
{
	static const struct column cols[] = {
		{ "ADDRESS", "address", F_HEX, C_RIGHT, 0 },
		{ "KIND", "kind", F_TEXT, 0, 0 },
		{ "BY", "bytes", F_SIZE, C_RIGHT, 0 },
		{ "PFN", "pfn", F_HEX, C_RIGHT, 0 },
		{ "SWAP", "swap_offset", F_TEXT, C_RIGHT, 0 },
		{ "FLAGS", "flags", F_LIST, C_WRAP, 34 },
	};

	out_table(cli, j_get(obj, "pages"), cols, ARRAY_SIZE(cols));
}

static int show_pages(struct cli *cli, const struct aspace_pages_opts *opts,
		      uint64_t start, const uint64_t *words, int nr)
{
	struct json_object *obj = j_obj(), *arr = j_arr();
	int i;

	for (i = 0; i < nr; i++)
		json_object_array_add(arr, word_json(start + i * page_size(),
						     words[i]));
	j_u64(obj, "pid", opts->pid);
	j_u64(obj, "start", start);
	j_add(obj, "pages", arr);
	return result(cli, obj, show_words);
}

int aspace_pages_run(struct cli *cli, void *data, int argc, char **argv)
{
	const struct aspace_pages_opts *opts = data;
	struct place place;
	uint64_t *words, nr;
	int fd, ret, status;

	(void)argc;
	fd = area_open(cli, "aspace");
	if (fd < 0)
		return -fd;
	status = range_parse(cli, fd, opts->pid, argv[0], &place);
	if (status)
		return status;
	nr = (place.end - place.start) / page_size();
	if (nr > MMKIT_ASPACE_PAGES_MAX)
		return usage(cli, "%llu pages are more than the %u that are listed at once",
			     (unsigned long long)nr, MMKIT_ASPACE_PAGES_MAX);
	words = calloc(nr, sizeof(*words));
	ret = words ? words_verified(cli, fd, opts->pid, place.start, nr, words) :
		      -ENOMEM;
	if (ret < 0)
		status = aspace_failed(cli, ret, "looking at the pages");
	else
		status = show_pages(cli, opts, place.start, words, ret);
	free(words);
	return status;
}
