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

static void find_entries(enum list list, u32 kind)
{
	static struct mmkit_entry_info entry[NAMES_MAX];
	struct mmkit_info_list ask = {
		.size = sizeof(ask), .kind = kind, .nr = NAMES_MAX,
		.entries = (uintptr_t)entry,
	};
	int fd = open("/dev/mmkit/info", O_RDWR | O_CLOEXEC);
	u32 i;

	if (fd >= 0 && !ioctl(fd, MMKIT_INFO_LIST, &ask))
		for (i = 0; i < ask.nr && i < NAMES_MAX; i++)
			name_add(list, entry[i].name);
	close(fd);
}

static void find_benches(void)
{
	static struct mmkit_bench_row row[NAMES_MAX];
	struct mmkit_bench_list ask = {
		.size = sizeof(ask), .nr = NAMES_MAX, .rows = (uintptr_t)row,
	};
	int fd = open("/dev/mmkit/bench", O_RDWR | O_CLOEXEC);
	u32 i;

	if (fd >= 0 && !ioctl(fd, MMKIT_BENCH_ROWS, &ask))
		for (i = 0; i < ask.nr && i < NAMES_MAX; i++)
			name_add(BENCHES, row[i].name);
	close(fd);
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

/* --- a line for a control file, out of what "help" says */

static const char *const operands[] = {
	"0", "1", "2", "3", "7", "-1", "64", "4096", "4K", "1M", "16M", "1G",
	"0x1000", "0x100000", "18446744073709551615", "4294967296", "x", "",
	"kernel", "atomic", "zero", "dma32", "none", "all", "page", "huge",
	"pager", "kmalloc", "vmalloc", "bulk", "sandbox", "memory", "reserved",
};

/* Each bit of @v decides a little, so that one number is one line. */
void verb_line(u64 v, char *line, size_t room, enum area *area)
{
	struct random r = { v };
	const char *usage;
	char *save, *word, copy[sizeof(verbs[0].usage)];
	u32 which = below(&r, nr_verbs);
	size_t at;

	*area = verbs[which].area;
	usage = verbs[which].usage;
	strcpy(copy, usage);
	at = snprintf(line, room, "%s", strtok_r(copy, " ", &save));
	while ((word = strtok_r(NULL, " ", &save)) && at < room) {
		const char *operand = operands[below(&r, ARRAY_SIZE(operands))];

		/* "[-o ORDER]", or "HANDLE" */
		if (word[0] != '[') {
			if (!chance(&r, 6))
				at += snprintf(line + at, room - at, " %s",
					       chance(&r, 3) ? operand :
					       operands[below(&r, 4)]);
			continue;
		}
		if (chance(&r, 2))
			at += snprintf(line + at, room - at, " %.2s %s",
				       word + 1, operand);
	}
}

/* --- names, symbols, carve-outs */

/* Those that there are, and some that no kernel has. */
const char *name_of(enum list list, u64 v, char *room)
{
	static const char *const odd[] = {
		"", "nosuch", "%s%n%p", "../x", "a b", "\xff\xfe\x01",
	};
	u32 nr = nr_names[list], which = v % (nr + ARRAY_SIZE(odd) + 2);

	memset(room, 0, MMKIT_NAME_LEN + 1);
	if (which < nr)
		strcpy(room, names[list][which]);
	else if (which - nr < ARRAY_SIZE(odd))
		strcpy(room, odd[which - nr]);
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
	return 0;
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

u64 symbol(u64 v)
{
	static const u64 odd[] = {
		0, 8, ~0ull, ~0ull << 12, 1ull << 63, 0xffff888000000000,
		0xffffffff81000000, 0xffffc90000000000, 0x400000,
	};

	return v < ARRAY_SIZE(symbols) ? symbols[v] :
	       odd[(v - ARRAY_SIZE(symbols)) % ARRAY_SIZE(odd)];
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
 * Pages of the carve-out and what no claim may have. Never another range that the
 * kernel calls Reserved: it may be a device's.
 */
u64 carveout(u64 v)
{
	if (v < 8 && carved)
		return carved + v * PAGE;
	return v & 1 ? ~0ull << 12 : 0x1000000 + v;
}

void names_find(void)
{
	enum area area;

	find_entries(STRATEGIES, MMKIT_KIND_STRATEGY);
	find_entries(ALLOCATORS, MMKIT_KIND_ALLOCATOR);
	find_benches();
	name_add(FREE_NAMES, "fuzz");
	name_add(FREE_NAMES, "fuzz-1._");
	name_add(CARVEOUTS, "mmkit");
	for (area = 0; area < AREAS; area++)
		find_files(area);
	find_symbols();
	find_carveout();
}
