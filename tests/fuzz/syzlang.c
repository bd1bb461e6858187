// SPDX-License-Identifier: GPL-2.0-only
/*
 * The grammar in syzkaller's language: tests/fuzz/syzlang/dev_mmkit.txt, and the
 * numbers of the commands in dev_mmkit.txt.const. What lies between the fields that
 * the grammar knows is answered, or not looked at.
 */
#include <inttypes.h>
#include <string.h>
#include "fuzz.h"

static const char *const resources[] = {
	[BLOCKS] = "mmkit_blocks", [OBJECTS] = "mmkit_objects",
	[CACHE] = "mmkit_cache", [SLAB_OBJECTS] = "mmkit_slab_objects",
	[POOL] = "mmkit_pool", [LRU] = "mmkit_lru", [CARVED] = "mmkit_carved",
	[RUN] = "mmkit_run",
};

/* What a name is for; the kernel may know more (MMKIT_INFO_LIST). */
static const char *const lists[LISTS] = {
	[STRATEGIES] = "\"page\", \"insert\", \"pages\", \"remap\", \"pfn\", \"mixed\", \"around\", \"populate\", \"huge\", \"cow\", \"dirty\", \"vmalloc\", \"kmalloc\", \"dma\", \"io\", \"shmem\", \"pager\", \"lazyzero\", \"sigbus\", \"access\"",
	[ALLOCATORS] = "\"pages\", \"kmalloc\", \"kvmalloc\", \"vmalloc\", \"slab\"",
	[BENCHES] = "\"pages/alloc\", \"heap/kmalloc\", \"slab/alloc\"",
	[CARVEOUTS] = "\"mmkit\"",
	[FREE_NAMES] = "\"fuzz\"",
};
static const char *const list_names[LISTS] = {
	[STRATEGIES] = "mmkit_strategies", [ALLOCATORS] = "mmkit_allocators",
	[BENCHES] = "mmkit_benches", [CARVEOUTS] = "mmkit_carveouts",
	[FREE_NAMES] = "mmkit_names",
};

static void write_type(FILE *file, const struct field *field)
{
	u32 bits = 8 * field->width;
	u64 max = field->max;

	switch (field->kind) {
	case ZERO: fprintf(file, "const[0, int%u]", bits); break;
	case SMALL:
	case SELDOM: fprintf(file, "int%u[0:%" PRIu64 "]", bits, max); break;
	case PROT: fprintf(file, "int%u[0:7]", bits); break;
	case BYTES: fprintf(file, "int%u[0:%" PRIu64 "]", bits, 2 * max); break;
	case PAGES:
		fprintf(file, "int%u[0:%" PRIu64 ", %lu]", bits, max * PAGE,
			PAGE);
		break;
	case BITS: fprintf(file, "int%u[0:%" PRIu64 "]", bits, max); break;
	case CHOICE: fprintf(file, "int%u[0:%" PRIu64 "]", bits, max - 1); break;
	case GFP: fprintf(file, "flags[mmkit_gfp, int32]"); break;
	case NODE: fprintf(file, "int32[-1:3]"); break;
	case HANDLE: fprintf(file, "%s", resources[max]); break;
	case ARRAY: fprintf(file, "ptr64[out, array[int8]]"); break;
	case NAME:
		fprintf(file, "string[%s, %u]", list_names[max], field->width);
		break;
	case FD: fprintf(file, "fd"); break;
	case PID: fprintf(file, "pid"); break;
	case ADDRESS: fprintf(file, "vma64"); break;
	case CARVEOUT: fprintf(file, "const[0, int64]"); break;
	case FILL:
		fprintf(file, "array[int32[0:%" PRIu64 "], %u]", max,
			field->width / 4);
		break;
	default: fprintf(file, "int%u", bits);
	}
}

/* Bytes that are not sent, among them the handle that comes back. */
static void write_gap(FILE *file, const struct command *command, u32 from,
		      u32 to)
{
	u32 made = command->made_at;

	if (command->makes && made >= from && made < to) {
		write_gap(file, &(struct command){ 0 }, from, made);
		fprintf(file, "\thandle\t%s\t(out)\n", resources[command->makes]);
		from = made + 4;
	}
	if (from < to)
		fprintf(file, "\tanswer%u\tarray[const[0, int8], %u]\n", from,
			to - from);
}

/* Fields by their place; the grammar may name them in another order. */
static const struct field *next_field(const struct command *command, u32 from)
{
	const struct field *best = NULL;
	u32 i;

	for (i = 0; i < command->nr; i++)
		if (command->fields[i].at >= from &&
		    (!best || command->fields[i].at < best->at))
			best = &command->fields[i];
	return best;
}

static void write_struct(FILE *file, const struct command *command)
{
	const struct field *field;
	u32 at = 4;

	fprintf(file, "%s {\n\tsize\tbytesize[parent, int32]\n", command->type);
	while ((field = next_field(command, at))) {
		write_gap(file, command, at, field->at);
		fprintf(file, "\t%.*s\t", (int)strcspn(field->name, "."),
			field->name);
		write_type(file, field);
		fputc('\n', file);
		at = field->at + field->width;
	}
	write_gap(file, command, at, command->size);
	fprintf(file, "} [packed]\n\n");
}

static bool is_first(const struct command *command)
{
	const struct command *other;

	for (other = commands; other < command; other++)
		if (other->type && !strcmp(other->type, command->type))
			return false;
	return true;
}

static void write_device(FILE *file, const char *area)
{
	size_t i;

	fprintf(file, "resource fd_mmkit_%s[fd]\n", area);
	fprintf(file, "openat$mmkit_%s(fd const[AT_FDCWD], file ptr[in, string[\"/dev/mmkit/%s\"]], flags const[O_RDWR], mode const[0]) fd_mmkit_%s\n",
		area, area, area);
	for (i = 0; i < nr_commands; i++)
		if (commands[i].area && !strcmp(commands[i].area, area))
			fprintf(file, "ioctl$%s(fd fd_mmkit_%s, cmd const[%s], arg ptr[inout, %s])\n",
				commands[i].name, area, commands[i].name,
				commands[i].type);
	fputc('\n', file);
}

void syzlang_write(FILE *file)
{
	size_t i;

	fprintf(file, "# SPDX-License-Identifier: GPL-2.0-only\n"
		"# Written by tests/fuzz/fuzz --syzlang out of its grammar.\n\n"
		"include <uapi/linux/fcntl.h>\n"
		"include <mmkit/info.h>\ninclude <mmkit/pages.h>\n"
		"include <mmkit/map.h>\ninclude <mmkit/heap.h>\n"
		"include <mmkit/slab.h>\ninclude <mmkit/memblock.h>\n"
		"include <mmkit/aspace.h>\ninclude <mmkit/bench.h>\n\n");
	for (i = BLOCKS; i < ARRAY_SIZE(resources); i++)
		fprintf(file, "resource %s[int32]: 0, 1, 2\n", resources[i]);
	fputc('\n', file);
	for (i = 0; i < AREAS; i++)
		write_device(file, area_names[i]);
	fprintf(file, "mmap$mmkit(addr vma, len len[addr], prot flags[mmap_prot], flags flags[mmap_flags], fd fd_mmkit_map, offset fileoff)\n\n");
	for (i = 0; i < nr_commands; i++)
		if (commands[i].type && is_first(&commands[i]))
			write_struct(file, &commands[i]);
	fprintf(file, "mmkit_gfp = 0x1, 0x2, 0x4, 0x8, 0x100, 0x200, 0x10000, 0x20000, 0x40000, 0x80000, 0x100000, 0x200000\n");
	for (i = 0; i < LISTS; i++)
		fprintf(file, "%s = %s\n", list_names[i], lists[i]);
}

void syzlang_write_consts(FILE *file)
{
	size_t i;

	fprintf(file, "# Written by tests/fuzz/fuzz --syzlang-const.\n"
		"arches = amd64\nAT_FDCWD = 18446744073709551516\n");
	for (i = 0; i < nr_commands; i++)
		if (commands[i].area)
			fprintf(file, "%s = %u\n", commands[i].name,
				commands[i].cmd);
	fprintf(file, "O_RDWR = 2\n");
}
