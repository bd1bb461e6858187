// SPDX-License-Identifier: GPL-2.0-only
/*
 * mmkit memblock why: the textbook's module that calls memblock_alloc(), and what
 * this kernel's own symbols say to it.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "memblock.h"

enum {
	S_FUNCTION, S_BEGIN, S_END, S_DATA, S_EXPORT, S_KMALLOC_EXPORT, S_NR
};

static const char *const names[S_NR] = {
	[S_FUNCTION] = "memblock_alloc_try_nid",
	[S_BEGIN] = "__init_begin",
	[S_END] = "__init_end",
	[S_DATA] = "memblock",
	[S_EXPORT] = "__ksymtab_memblock_alloc_try_nid",
	[S_KMALLOC_EXPORT] = "__ksymtab___vmalloc",
};

static const struct {
	const char *want;
	const char *use;
} instead[] = {
	{ "memory while the kernel runs, up to some 4 MiB in one piece",
	  "kmalloc(), kzalloc()" },
	{ "more, and it need not be one piece", "kvmalloc(), vmalloc()" },
	{ "whole pages", "alloc_pages()" },
	{ "a large piece for a device, from what CMA set aside",
	  "dma_alloc_coherent()" },
	{ "a range that the kernel never used",
	  "memmap=SIZE$ADDRESS at boot, then request_mem_region() and memremap()" },
	{ "the same, found by its name (6.12 and newer)",
	  "reserve_mem=SIZE:ALIGN:NAME at boot, then reserve_mem_find_by_name()" },
	{ "memblock itself", "built-in code: __setup() or setup_arch()" },
};

static void add_truth(struct json_object *obj, const uint64_t *addrs)
{
	bool seen = addrs[S_FUNCTION] && addrs[S_BEGIN] && addrs[S_END];

	if (!seen) {
		j_null(obj, "in_init");
		j_null(obj, "data_kept");
	} else {
		j_bool(obj, "in_init", addrs[S_FUNCTION] >= addrs[S_BEGIN] &&
				       addrs[S_FUNCTION] < addrs[S_END]);
		j_bool(obj, "data_kept", addrs[S_DATA] < addrs[S_BEGIN] ||
					 addrs[S_DATA] >= addrs[S_END]);
	}
	/* Where no export is listed at all, that this one is not says nothing. */
	if (addrs[S_KMALLOC_EXPORT])
		j_bool(obj, "exported", addrs[S_EXPORT] != 0);
	else
		j_null(obj, "exported");
}

static const char *yes_no(struct json_object *value, const char *yes,
			  const char *no)
{
	if (!value)
		return "not to be seen here (as root it may be)";
	return json_object_get_boolean(value) ? yes : no;
}

static void show(struct cli *cli, struct json_object *obj)
{
	static const struct column cols[] = {
		{ "WANTED", "want", F_TEXT, C_WRAP, 30 },
		{ "USE", "use", F_TEXT, C_WRAP, 44 },
	};

	out_line("memblock is the allocator of the boot, before there is another. Textbooks");
	out_line("have a module call memblock_alloc(). It compiles: the header is public, and");
	out_line("memblock_alloc() is an inline function around memblock_alloc_try_nid(). It");
	out_line("does not link (examples/memblock-textbook):");
	out_blank();
	out_line("  ERROR: modpost: \"memblock_alloc_try_nid\" [textbook.ko] undefined!");
	out_blank();
	out_line("On this kernel, by /proc/kallsyms:");
	out_line("  exported to modules:     %s",
		 yes_no(j_get(obj, "exported"), "YES", "no"));
	out_line("  code in the init section: %s",
		 yes_no(j_get(obj, "in_init"),
			"yes, freed when the boot was over", "no, kept"));
	out_line("  its data:                %s",
		 yes_no(j_get(obj, "data_kept"),
			"kept (mmkit memblock observe reads it)",
			"freed when the boot was over"));
	out_blank();
	out_table(cli, j_get(obj, "instead"), cols, ARRAY_SIZE(cols));
	out_blank();
	out_line("The sandbox behaves as memblock does: mmkit help memblock.");
}

int memblock_why_run(struct cli *cli, void *data, int argc, char **argv)
{
	struct json_object *obj = j_obj(), *arr = j_arr(), *row;
	uint64_t addrs[S_NR];
	size_t i;

	(void)data;
	(void)argc;
	(void)argv;
	mmkit_proc_symbols(names, S_NR, addrs);
	j_str(obj, "function", names[S_FUNCTION]);
	add_truth(obj, addrs);
	for (i = 0; i < ARRAY_SIZE(instead); i++) {
		row = j_obj();
		j_str(row, "want", instead[i].want);
		j_str(row, "use", instead[i].use);
		json_object_array_add(arr, row);
	}
	j_add(obj, "instead", arr);
	return result(cli, obj, show);
}
