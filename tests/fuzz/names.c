// SPDX-License-Identifier: GPL-2.0-only
/*
 * What only the running kernel can tell: what is registered, which verbs and files
 * debugfs has, where a symbol lies, what was carved out at boot.
 */
#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <mmkit/bench.h>
#include <mmkit/info.h>
#include <mmkit/map.h>
#include "fuzz.h"

#define DEBUG		"/sys/kernel/debug/mmkit/"
#define NAMES_MAX	96
#define VERBS_MAX	96
#define FILES_MAX	64

static char names[LISTS][NAMES_MAX][MMKIT_NAME_LEN];
static u32 nr_names[LISTS];
static u64 symbols[3], carved;

static struct {
	enum area area;
	char usage[200];
} verbs[VERBS_MAX];
static u32 nr_verbs;

static char files[FILES_MAX][128];
static u32 nr_files;

static void name_add(enum list list, const char *name)
{
	if (nr_names[list] < NAMES_MAX)
		snprintf(names[list][nr_names[list]++], MMKIT_NAME_LEN, "%s",
			 name);
}

/* How many of a list @device told of, for which @ask has room for NAMES_MAX. */
static u32 ask_list(const char *device, unsigned long cmd, void *ask, const u32 *nr)
{
	int fd = open(device, O_RDWR | O_CLOEXEC);
	u32 got = 0;

	if (fd >= 0 && !ioctl(fd, cmd, ask))
		got = *nr < NAMES_MAX ? *nr : NAMES_MAX;
	close(fd);
	return got;
}

static void find_allocators(void)
{
	static struct mmkit_entry_info entry[NAMES_MAX];
	struct mmkit_info_list ask = {
		.size = sizeof(ask), .kind = MMKIT_KIND_ALLOCATOR, .nr = NAMES_MAX,
		.entries = (uintptr_t)entry,
	};
	u32 nr = ask_list("/dev/mmkit/info", MMKIT_INFO_LIST, &ask, &ask.nr), i;

	for (i = 0; i < nr; i++)
		name_add(ALLOCATORS, entry[i].name);
}

static struct mmkit_map_strategy strategies[NAMES_MAX];

/* Those that are absent as well: another module may bring what they lack. */
static void find_strategies(void)
{
	struct mmkit_map_strategies ask = {
		.size = sizeof(ask), .nr = NAMES_MAX,
		.strategies = (uintptr_t)strategies,
	};
	u32 nr = ask_list("/dev/mmkit/map", MMKIT_MAP_STRATEGIES, &ask, &ask.nr), i;

	for (i = 0; i < nr; i++)
		name_add(STRATEGIES, strategies[i].name);
}

static struct mmkit_bench_row rows[NAMES_MAX];

static void find_benches(void)
{
	struct mmkit_bench_list ask = {
		.size = sizeof(ask), .nr = NAMES_MAX, .rows = (uintptr_t)rows,
	};
	u32 nr = ask_list("/dev/mmkit/bench", MMKIT_BENCH_ROWS, &ask, &ask.nr), i;

	for (i = 0; i < nr; i++)
		name_add(BENCHES, rows[i].name);
}

/* --- debugfs */

static void find_verbs(enum area area, const char *path)
{
	char line[sizeof(verbs[0].usage)];
	FILE *file = fopen(path, "r+e");

	if (!file)
		return;
	fputs("help", file);
	fflush(file);
	rewind(file);
	while (nr_verbs < VERBS_MAX && fgets(line, sizeof(line), file)) {
		if (line[0] == '>')
			continue;
		line[strcspn(line, "\n")] = '\0';
		verbs[nr_verbs].area = area;
		strcpy(verbs[nr_verbs++].usage, line);
	}
	fclose(file);
}

static void find_files(enum area area)
{
	char path[64];
	struct dirent *entry;
	DIR *dir;

	snprintf(path, sizeof(path), DEBUG "%s", area_names[area]);
	dir = opendir(path);
	while (dir && (entry = readdir(dir)) && nr_files < FILES_MAX) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(files[nr_files], sizeof(files[0]), "%s/%.60s", path,
			 entry->d_name);
		if (!strcmp(entry->d_name, "control"))
			find_verbs(area, files[nr_files]);
		nr_files++;
	}
	if (dir)
		closedir(dir);
}

const char *debug_file(u64 v)
{
	return files[v % nr_files];
}

/* One of an area's, or, where it has none, of any. */
u64 any_file(struct random *r, const char *area)
{
	u32 fits[FILES_MAX], nr = 0, i;
	char path[64];
	size_t len = snprintf(path, sizeof(path), DEBUG "%s/", area);

	for (i = 0; i < nr_files; i++)
		if (!strncmp(files[i], path, len))
			fits[nr++] = i;
	return nr ? fits[below(r, nr)] : below(r, FILES_MAX);
}

/* --- a line for a control file, out of what "help" says */

static const char *const odd_operands[] = {
	"0", "1", "2", "3", "7", "-1", "64", "4096", "4K", "1M", "16M", "1G",
	"0x1000", "0x100000", "18446744073709551615", "4294967296", "x", "",
	"kernel", "atomic", "zero", "dma32", "none", "all", "page", "huge",
	"pager", "kmalloc", "vmalloc", "bulk", "sandbox", "memory", "reserved",
};

/* --- operands of which this machine knows */

static u64 of_ours(struct random *r)
{
	static const struct machine nothing;
	u64 page = below(r, 64) * PAGE;

	return chance(r, 3) ? carveout(below(r, 8)) :
			      own_address(&nothing, (30 + below(r, 23)) << 56 | page);
}

static u64 of_memblock(struct random *r)
{
	return symbol_for("memblock", chance(r, 8));
}

static u64 of_memory_regions(struct random *r)
{
	return symbol_for("memory_regions", 1 + chance(r, 8));
}

static u64 of_reserved_regions(struct random *r)
{
	return symbol_for("reserved_regions", 2 + chance(r, 8));
}

/*
 * What an operand may be, by the word for it in the usage: one of some words, of the
 * names in a list, or a number.
 */
static const struct {
	const char *word;
	const char *one_of;	/* with | between, as in a usage */
	enum list list;
	u64 (*number)(struct random *r);
} operands[] = {
	{ "BYTES", .one_of = "4096|100|64K|8192|4K|1M|256" },
	{ "LARGEST", .one_of = "4096|64K" },
	{ "ADDRESS", .one_of = "0|0x1000|0x100000|1M|16M", .number = of_ours },
	{ "START", .one_of = "0|0x400000|0x7ffff0000000", .number = of_ours },
	{ "END", .one_of = "0x1000000|0x7ffffffff000", .number = of_ours },
	{ "MEMBLOCK", .number = of_memblock },
	{ "MEMORY_INIT_REGIONS", .number = of_memory_regions },
	{ "RESERVED_INIT_REGIONS", .number = of_reserved_regions },
	{ "LIMIT", .one_of = "1G|0|16M" },
	{ "ALIGN", .one_of = "0|64|4K|1M" },
	{ "MIN", .one_of = "0|1M" },
	{ "MAX", .one_of = "0|1G" },
	{ "USERSIZE", .one_of = "0|4" },
	{ "USEROFFSET", .one_of = "0|4" },
	{ "NODE", .one_of = "-1|0" },
	{ "CPU", .one_of = "-1|0|1" },
	{ "PID", .one_of = "0|1" },
	{ "X", .one_of = "0|1|64|4096" },
	{ "NR", .one_of = "1|64" },
	{ "GFP,...", .one_of = "KERNEL|ATOMIC|GFP_KERNEL,__GFP_ZERO|NOWAIT|KERNEL,NORETRY|DMA32|HIGHUSER_MOVABLE|KERNEL,COMP" },
	{ "API", .one_of = "kmalloc|kzalloc|kmalloc_array|kmalloc_node|kvmalloc|vmalloc|vzalloc|vmalloc_user|vmalloc_32|vmalloc_huge|vmap|alloc_percpu" },
	{ "FLAG,...", .one_of = "hwcache_align|reclaim_account,no_merge|account|typesafe_by_rcu|poison,red_zone|store_user|ctor" },
	{ "FLAG+...", .one_of = "none|hotplug|nomap|mirror|hotplug+nomap|driver_managed|rsrv_noinit" },
	{ "FLAG", .one_of = "hotplug|nomap|mirror|offer" },
	{ "LIST", .one_of = "memory|reserved|free|free_reverse|mem_ranges|pfn_ranges" },
	{ "FUNCTION", .one_of = "try_nid|exact_nid|phys_range|phys_try_nid|find" },
	{ "QUESTION", .one_of = "is_memory|is_map_memory|is_reserved|is_region_memory|is_region_reserved|overlaps_memory|node_of" },
	{ "PATTERN", .one_of = "lifo|fifo|random|hold|pipe|burst|ramp" },
	{ "DIST", .one_of = "fixed|uniform|list|zipf|trace" },
	{ "MILLISECONDS", .one_of = "1|2" },
	{ "MICROSECONDS", .one_of = "1|10" },
	{ "TRIES", .one_of = "1|128" },
	{ "NAME", .one_of = "fuzz|a.b_c-1" },
	{ "STRATEGY", .list = STRATEGIES },
	{ "ALLOCATOR", .list = ALLOCATORS },
	{ "ROW", .list = BENCHES },
};

/* One of "1:bottom_up|2:resize", without what follows a colon. */
void one_of(struct random *r, const char *words, char *text, size_t room)
{
	u32 nr = 1, which;
	const char *at;

	for (at = words; *at; at++)
		nr += *at == '|';
	for (which = below(r, nr), at = words; which; which--)
		at = strchr(at, '|') + 1;
	snprintf(text, room, "%.*s", (int)strcspn(at, "|: "), at);
}

static void known_operand(struct random *r, size_t which, char *text, size_t room)
{
	char name[MMKIT_NAME_LEN + 1];

	if (operands[which].number && (!operands[which].one_of || !chance(r, 3)))
		snprintf(text, room, "%#" PRIx64, operands[which].number(r));
	else if (operands[which].one_of)
		one_of(r, operands[which].one_of, text, room);
	else
		snprintf(text, room, "%s", name_of(operands[which].list,
						   below(r, 64), name));
}

/*
 * What nothing is said of is a small number: a count, an order. So is a handle, with a
 * "$" before it: control.c may know one that is there.
 */
static void operand(struct random *r, const char *word, char *text, size_t room)
{
	size_t i;

	if (chance(r, 12)) {
		snprintf(text, room, "%s",
			 odd_operands[below(r, ARRAY_SIZE(odd_operands))]);
		return;
	}
	for (i = 0; i < ARRAY_SIZE(operands); i++)
		if (!strcmp(operands[i].word, word))
			break;
	if (i < ARRAY_SIZE(operands))
		known_operand(r, i, text, room);
	else if (!strcmp(word, "HANDLE") || !strcmp(word, "CACHE"))
		snprintf(text, room, "$%u", (u32)(1 + below(r, 3)));
	else if (strchr(word, '|'))
		one_of(r, word, text, room);
	else if (*word >= 'a' && *word <= 'z')
		snprintf(text, room, "%s", word);
	else
		snprintf(text, room, "%u", (u32)(1 + below(r, 3)));
}

/*
 * A verb with some of what its usage says: "alloc HANDLE [-o ORDER] [-c COUNT]". All
 * of it comes from @v alone, so that one number is one line.
 */
void verb_line(u64 v, char *line, size_t room, enum area *area)
{
	struct random r = { v };
	char copy[sizeof(verbs[0].usage)], text[200], *at = copy, *word;
	u32 which = below(&r, nr_verbs);
	size_t len;

	*area = verbs[which].area;
	strcpy(copy, verbs[which].usage);
	len = snprintf(line, room, "%s", strsep(&at, " "));
	while (at && *at && len < room) {
		bool option = *at == '[';
		char letter = option ? at[2] : 0;

		at += option ? 4 : 0;
		word = strsep(&at, option ? "]" : " ");
		if (option && at && *at == ' ')
			at++;
		if (option ? !chance(&r, 3) : chance(&r, 20))
			continue;
		operand(&r, word, text, sizeof(text));
		len += option ? snprintf(line + len, room - len, " -%c %s",
					 letter, text) :
				snprintf(line + len, room - len, " %s", text);
	}
}

/* --- names, symbols, carve-outs */

static const char *const odd_names[] = {
	"", "nosuch", "%s%n%p", "../x", "a b", "\xff\xfe\x01",
};

static u32 which_name(enum list list, u64 v)
{
	return v % (nr_names[list] + ARRAY_SIZE(odd_names) + 2);
}

/* Those that there are, and some that no kernel has. */
const char *name_of(enum list list, u64 v, char *room)
{
	u32 nr = nr_names[list], which = which_name(list, v);

	memset(room, 0, MMKIT_NAME_LEN + 1);
	if (which < nr)
		strcpy(room, names[list][which]);
	else if (which - nr < ARRAY_SIZE(odd_names))
		strcpy(room, odd_names[which - nr]);
	else	/* one that just fits, and one without its end */
		memset(room, 'n', MMKIT_NAME_LEN - (which & 1));
	return room;
}

u64 index_of_name(enum list list, const char *name)
{
	u32 i;

	for (i = 0; i < nr_names[list]; i++)
		if (!strcmp(names[list][i], name))
			return i;
	/* The first of those that there are not is the empty one. */
	return *name ? 0 : i;
}

/* One of those that there are. */
u64 any_name(struct random *r, enum list list)
{
	return below(r, nr_names[list]);
}

/* A strategy's own number: mostly none, or one that it takes. */
u64 strategy_tune(struct random *r, u64 v)
{
	u32 which = which_name(STRATEGIES, v);

	if (which >= nr_names[STRATEGIES] || chance(r, 2))
		return 0;
	return below(r, strategies[which].tune_max < 64 ?
			strategies[which].tune_max + 1 : 65);
}

/* What a row of the bench area takes; false where there is none. */
bool bench_row(struct random *r, u64 v, u64 *x, bool *allocator)
{
	u32 which = which_name(BENCHES, v);

	if (which >= nr_names[BENCHES])
		return false;
	/* Small ones are the fastest. */
	*x = rows[which].x[below(r, 1 + below(r, rows[which].nr))];
	*allocator = rows[which].flags & MMKIT_BENCH_ALLOCATOR;
	return true;
}

static void find_symbols(void)
{
	static const char *const wanted[] = {
		"memblock", "memblock_memory_init_regions",
		"memblock_reserved_init_regions",
	};
	FILE *file = fopen("/proc/kallsyms", "re");
	char name[128];
	u64 at;
	u32 i;

	while (file && fscanf(file, "%" SCNx64 " %*c %127s%*[^\n]", &at, name) == 2)
		for (i = 0; i < ARRAY_SIZE(wanted); i++)
			if (!strcmp(name, wanted[i]))
				symbols[i] = at;
	if (file)
		fclose(file);
}

static u64 symbol(u64 v)
{
	static const u64 odd[] = {
		0, 8, ~0ull, ~0ull << 12, 1ull << 63, 0xffff888000000000,
		0xffffffff81000000, 0xffffc90000000000, 0x400000,
	};

	return v < ARRAY_SIZE(symbols) ? symbols[v] :
	       odd[(v - ARRAY_SIZE(symbols)) % ARRAY_SIZE(odd)];
}

/*
 * Another than the field's own, and the kernel reads where nothing is: user-mode Linux has
 * no page faults of its own, so copy_from_kernel_nofault() is the end of 6.1, and does not
 * return in 7.x.
 */
bool faults_survived(void)
{
	static int program = -1;
	char text[128] = "";
	FILE *file;

	if (program >= 0)
		return !program;
	file = fopen("/proc/cpuinfo", "re");
	program = 0;
	while (file && fgets(text, sizeof(text), file))
		program |= !!strstr(text, "User Mode Linux");
	if (file)
		fclose(file);
	return !program;
}

u64 symbol_for(const char *field, u64 v)
{
	if (faults_survived())
		return symbol(v);
	return symbol(!strcmp(field, "memblock") ? 0 :
		      !strcmp(field, "memory_regions") ? 1 : 2);
}

/* memmap=BYTES$BASE on the command line: nobody uses it. */
static void find_carveout(void)
{
	FILE *file = fopen("/proc/cmdline", "re");
	char line[2048] = "", *at;

	if (file && fgets(line, sizeof(line), file) &&
	    (at = strstr(line, "memmap=")) && (at = strchr(at, '$')))
		carved = strtoull(at + 1, NULL, 0);
	if (file)
		fclose(file);
}

/*
 * Pages of the carve-out, what the module was loaded with, and what no claim may have.
 * Never another range that the kernel calls Reserved: it may be a device's.
 */
u64 carveout(u64 v)
{
	if (v < CARVEOUT_OFFERED && carved)
		return carved + v * PAGE;
	if (v == CARVEOUT_OFFERED && carved)
		return carved + (512 << 10);
	return v & 1 ? ~0ull << 12 : 0x1000000 + v;
}

void names_find(void)
{
	enum area area;

	find_strategies();
	find_allocators();
	find_benches();
	name_add(FREE_NAMES, "fuzz");
	name_add(FREE_NAMES, "fuzz-1._");
	name_add(CARVEOUTS, "mmkit");
	for (area = 0; area < AREAS; area++)
		find_files(area);
	find_symbols();
	find_carveout();
}
