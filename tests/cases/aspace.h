/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rows of the pure files of modules/aspace. As every file here: the runner that
 * includes it brings CASE_EQ() and CASE_STREQ(), and the first member is the name.
 */
#ifndef _MMKIT_CASES_ASPACE_H
#define _MMKIT_CASES_ASPACE_H

struct aspace_index_row {
	const char *name;
	u64 address;
	u32 shift;
	u32 index;
	u64 next;
	u64 table;
};

static const struct aspace_index_row aspace_index_rows[] = {
	{ "address 0", 0, 12, 0, 0x1000, 0 },
	{ "the last byte of a page", 0xfff, 12, 0, 0x1000, 0 },
	{ "the last page of a table", 0x1ff123, 12, 511, 0x200000, 0 },
	{ "the first of the next", 0x200000, 12, 0, 0x201000, 0x200000 },
	{ "its PMD", 0x200000, 21, 1, 0x400000, 0 },
	{ "its PUD", 0x200000, 30, 0, 0x40000000, 0 },
	{ "a stack at the PGD of four levels", 0x7ffd12345678, 39, 255,
	  0x800000000000, 0 },
	{ "at the PUD", 0x7ffd12345678, 30, 500, 0x7ffd40000000,
	  0x7f8000000000 },
	{ "at the PMD", 0x7ffd12345678, 21, 145, 0x7ffd12400000,
	  0x7ffd00000000 },
	{ "at the PTE", 0x7ffd12345678, 12, 325, 0x7ffd12346000,
	  0x7ffd12200000 },
	{ "the PGD of five levels", 0x7ffd12345678, 48, 0, 1ULL << 48, 0 },
	{ "the kernel's last page", ~0ULL, 12, 511, 0, 0xffffffffffe00000 },
	{ "its PGD of five levels", ~0ULL, 48, 511, 0, 0xfe00000000000000 },
	{ "its PGD of four", ~0ULL, 39, 511, 0, 0xffff000000000000 },
};

static void aspace_index_case(struct kunit *test,
			      const struct aspace_index_row *row)
{
	CASE_EQ(test, mmkit_index(row->address, row->shift), row->index);
	CASE_EQ(test, mmkit_next_entry(row->address, row->shift), row->next);
	CASE_EQ(test, mmkit_table_start(row->address, row->shift), row->table);
}

struct aspace_half_row {
	const char *name;
	u64 address;
	u32 bits;
	u32 half;
};

static const struct aspace_half_row aspace_half_rows[] = {
	{ "0 with 48 bits", 0, 48, MMKIT_HALF_USER },
	{ "0 with 57 bits", 0, 57, MMKIT_HALF_USER },
	{ "the last of 48", 0x7fffffffffff, 48, MMKIT_HALF_USER },
	{ "one more", 0x800000000000, 48, MMKIT_HALF_NEITHER },
	{ "one more with 57", 0x800000000000, 57, MMKIT_HALF_USER },
	{ "the last of 57", 0xffffffffffffff, 57, MMKIT_HALF_USER },
	{ "one more than that", 0x100000000000000, 57, MMKIT_HALF_NEITHER },
	{ "before the kernel's of 48", 0xffff7fffffffffff, 48,
	  MMKIT_HALF_NEITHER },
	{ "the kernel's first of 48", 0xffff800000000000, 48,
	  MMKIT_HALF_KERNEL },
	{ "the kernel's first of 57", 0xff00000000000000, 57,
	  MMKIT_HALF_KERNEL },
	{ "before that", 0xfeffffffffffffff, 57, MMKIT_HALF_NEITHER },
	{ "bit 63 alone", 1ULL << 63, 48, MMKIT_HALF_NEITHER },
	{ "all bits", ~0ULL, 48, MMKIT_HALF_KERNEL },
	{ "where all are translated", 1ULL << 62, 64, MMKIT_HALF_USER },
};

static void aspace_half_case(struct kunit *test,
			     const struct aspace_half_row *row)
{
	CASE_EQ(test, mmkit_half_of(row->address, row->bits), row->half);
}

struct aspace_range_row {
	const char *name;
	u64 start;
	u64 end;
	int err;
	u32 nr;
	u32 part;
	u64 from;
	u64 to;
};

#define ASPACE_CASE_END	(1ULL << 47)

static const struct aspace_range_row aspace_range_rows[] = {
	{ "a page", 0, 4096, 0, 1, 0, 0, 4096 },
	{ "nothing", 4096, 4096, -EINVAL },
	{ "backwards", 8192, 4096, -EINVAL },
	{ "not at a page", 1, 4096, -EINVAL },
	{ "not to a page", 0, 4097, -EINVAL },
	{ "all of the half", 0, ASPACE_CASE_END, 0, 1, 0, 0, ASPACE_CASE_END },
	{ "a page more", 0, ASPACE_CASE_END + 4096, -EINVAL },
	{ "up to the end of it all", 0, ~0ULL - 4095, -EINVAL },
	{ "the first of three parts", 0x10000, 0x1a000, 0, 3, 0, 0x10000,
	  0x13000 },
	{ "the second", 0x10000, 0x1a000, 0, 3, 1, 0x13000, 0x16000 },
	{ "the third has the page more", 0x10000, 0x1a000, 0, 3, 2, 0x16000,
	  0x1a000 },
	{ "the last of many parts of all", 0, ASPACE_CASE_END, 0, 4096, 4095,
	  0x7ff800000000, ASPACE_CASE_END },
};

static void aspace_range_case(struct kunit *test,
			      const struct aspace_range_row *row)
{
	u64 pages = (row->end - row->start) >> 12;

	CASE_EQ(test, mmkit_range_check(row->start, row->end, ASPACE_CASE_END,
					12), row->err);
	if (row->err)
		return;
	CASE_EQ(test, mmkit_part_start(row->start, pages, row->nr, row->part,
				       12), row->from);
	CASE_EQ(test, mmkit_part_start(row->start, pages, row->nr,
				       row->part + 1, 12), row->to);
}

struct aspace_kind_row {
	const char *name;
	struct mmkit_region_facts facts;
	u32 kind;
	const char *word;
};

/* A program at 4 MiB, its heap and its stack. */
#define ASPACE_MM							\
	.end_data = 0x5e4321, .start_brk = 0x700000, .brk = 0x721000,	\
	.start_stack = 0x7ffd00001230, .page_size = 4096
#define ASPACE_AT(_start, _end)	.start = (_start), .end = (_end), ASPACE_MM
#define ASPACE_RW	(MMKIT_VMA_READ | MMKIT_VMA_WRITE)
#define ASPACE_RX	(MMKIT_VMA_READ | MMKIT_VMA_EXEC)

static const struct aspace_kind_row aspace_kind_rows[] = {
	{ "code", { ASPACE_AT(0x400000, 0x500000), .flags = ASPACE_RX,
		    .file = true, .image = true }, MMKIT_REGION_TEXT, "text" },
	{ "constants", { ASPACE_AT(0x500000, 0x5e0000), .file = true,
			 .flags = MMKIT_VMA_READ, .image = true },
	  MMKIT_REGION_RODATA, "rodata" },
	{ "variables", { ASPACE_AT(0x5e0000, 0x5e5000), .flags = ASPACE_RW,
			 .file = true, .image = true }, MMKIT_REGION_DATA,
	  "data" },
	{ "variables of zeros", { ASPACE_AT(0x5e5000, 0x600000),
				  .flags = ASPACE_RW }, MMKIT_REGION_BSS,
	  "bss" },
	{ "a page further", { ASPACE_AT(0x5e6000, 0x600000),
			      .flags = ASPACE_RW }, MMKIT_REGION_ANON,
	  "anon" },
	{ "the heap", { ASPACE_AT(0x700000, 0x721000), .flags = ASPACE_RW },
	  MMKIT_REGION_HEAP, "heap" },
	{ "its second half", { ASPACE_AT(0x710000, 0x721000),
			       .flags = ASPACE_RW }, MMKIT_REGION_HEAP,
	  "heap" },
	{ "what begins where it ends", { ASPACE_AT(0x721000, 0x730000),
					 .flags = ASPACE_RW },
	  MMKIT_REGION_ANON, "anon" },
	{ "what ends where it begins", { ASPACE_AT(0x6ff000, 0x700000),
					 .flags = ASPACE_RW },
	  MMKIT_REGION_ANON, "anon" },
	{ "the stack", { ASPACE_AT(0x7ffcfffe0000, 0x7ffd00002000),
			 .flags = ASPACE_RW | MMKIT_VMA_GROWSDOWN },
	  MMKIT_REGION_STACK, "stack" },
	{ "a thread's", { ASPACE_AT(0x7f0000000000, 0x7f0000800000),
			  .flags = ASPACE_RW }, MMKIT_REGION_ANON, "anon" },
	{ "a file of data", { ASPACE_AT(0x7f0000000000, 0x7f0000001000),
			      .flags = MMKIT_VMA_READ, .file = true },
	  MMKIT_REGION_FILE, "file" },
	{ "the same in tmpfs, private",
	  { ASPACE_AT(0x7f0000000000, 0x7f0000001000), .file = true,
	    .memory = true, .flags = ASPACE_RW }, MMKIT_REGION_FILE, "file" },
	{ "and shared", { ASPACE_AT(0x7f0000000000, 0x7f0000001000),
			  .file = true, .memory = true,
			  .flags = ASPACE_RW | MMKIT_VMA_MAYSHARE },
	  MMKIT_REGION_SHARED, "shared" },
	{ "a shared file", { ASPACE_AT(0x7f0000000000, 0x7f0000001000),
			     .file = true,
			     .flags = ASPACE_RW | MMKIT_VMA_MAYSHARE },
	  MMKIT_REGION_FILE, "file" },
	{ "a device", { ASPACE_AT(0x7f0000000000, 0x7f0000001000),
			.file = true, .device = true, .memory = true,
			.flags = ASPACE_RW | MMKIT_VMA_MAYSHARE },
	  MMKIT_REGION_DEVICE, "device" },
	{ "frames of no file", { ASPACE_AT(0x7f0000000000, 0x7f0000001000),
				 .flags = ASPACE_RW | MMKIT_VMA_PFNMAP },
	  MMKIT_REGION_DEVICE, "device" },
	{ "hugetlbfs", { ASPACE_AT(0x7f0000000000, 0x7f0000200000),
			 .file = true,
			 .flags = ASPACE_RW | MMKIT_VMA_HUGETLB },
	  MMKIT_REGION_HUGETLB, "hugetlb" },
	{ "vdso", { ASPACE_AT(0x7ffd10000000, 0x7ffd10002000),
		    .flags = ASPACE_RX, .name = "[vdso]" }, MMKIT_REGION_VDSO,
	  "vdso" },
	{ "vvar", { ASPACE_AT(0x7ffd10002000, 0x7ffd10006000),
		    .flags = MMKIT_VMA_READ | MMKIT_VMA_PFNMAP,
		    .name = "[vvar]" }, MMKIT_REGION_VVAR, "vvar" },
	{ "its other name", { ASPACE_AT(0x7ffd10006000, 0x7ffd10008000),
			      .flags = MMKIT_VMA_READ,
			      .name = "[vvar_vclock]" }, MMKIT_REGION_VVAR,
	  "vvar" },
	{ "uprobes", { ASPACE_AT(0x7fffffffe000, 0x7ffffffff000),
		       .flags = ASPACE_RX, .name = "[uprobes]" },
	  MMKIT_REGION_SPECIAL, "special" },
};

static void aspace_kind_case(struct kunit *test,
			     const struct aspace_kind_row *row)
{
	u32 kind = mmkit_region_kind(&row->facts);

	CASE_EQ(test, kind, row->kind);
	CASE_STREQ(test, mmkit_region_kind_word(kind), row->word);
}

struct aspace_flag_row {
	const char *name;
	u64 entry;
	u32 level;
	const char *words;
};

/* Entries as seen on machines. */
static const struct aspace_flag_row aspace_flag_rows[] = {
	{ "nothing", 0, MMKIT_LEVEL_PTE, "" },
	{ "a table", 0x32f7f067, MMKIT_LEVEL_PMD,
	  "present write user accessed dirty" },
	{ "a table whose bit 8 is not the global one", 0x32f7f167,
	  MMKIT_LEVEL_PMD, "present write user accessed dirty" },
	{ "a page of a stack", 0x8000000003d08867, MMKIT_LEVEL_PTE,
	  "present write user accessed dirty soft-dirty nx" },
	{ "a page of code", 0x4512025, MMKIT_LEVEL_PTE,
	  "present user accessed" },
	{ "a page of the direct map", 0x8000000000100163, MMKIT_LEVEL_PTE,
	  "present write accessed dirty global nx" },
	{ "a huge one", 0x80000000010001e3, MMKIT_LEVEL_PMD,
	  "present write accessed dirty huge global nx" },
	{ "a gigantic one", 0x80000000400001e3, MMKIT_LEVEL_PUD,
	  "present write accessed dirty huge global nx" },
	{ "a page with PAT", 0xfd0000ffULL | 1ULL << 63, MMKIT_LEVEL_PTE,
	  "present write user writethrough uncached accessed dirty pat nx" },
	{ "a huge page with PAT", 0xfd0010e7, MMKIT_LEVEL_PMD,
	  "present write user accessed dirty huge pat" },
	{ "the page of zeros", 0x8000000002a56225, MMKIT_LEVEL_PTE,
	  "present user accessed special nx" },
	{ "write-protected by userfaultfd", 0x80000000012c8425,
	  MMKIT_LEVEL_PTE, "present user accessed uffd-wp nx" },
	{ "PROT_NONE", 0x800ffffffc2f7160, MMKIT_LEVEL_PTE,
	  "accessed dirty protnone nx" },
	{ "a huge page of PROT_NONE", 0x80000000010001e0, MMKIT_LEVEL_PMD,
	  "accessed dirty huge protnone nx" },
	{ "protection key 5", 0x2800000001234067, MMKIT_LEVEL_PTE,
	  "present write user accessed dirty pkey" },
};

/* The words of @flags, parted by blanks; "pkey" for any key. */
static void aspace_flag_words(u32 flags, char *text)
{
	const char *word;
	u32 bit;

	for (bit = 0; bit < MMKIT_ENTRY_FLAGS; bit++) {
		word = mmkit_entry_flag_word(bit);
		if (!(flags >> bit & 1) || !word)
			continue;
		strcpy(text, word);
		text += strlen(word);
		*text++ = ' ';
	}
	if (flags >> MMKIT_ENTRY_PKEY_SHIFT) {
		strcpy(text, "pkey ");
		text += 5;
	}
	text[-1] = '\0';
}

static void aspace_flag_case(struct kunit *test,
			     const struct aspace_flag_row *row)
{
	char text[161] = " ";

	aspace_flag_words(mmkit_x86_entry_flags(row->entry, row->level),
			  text + 1);
	CASE_STREQ(test, text[0] ? text + 1 : text, row->words);
}

struct aspace_count_row {
	const char *name;
	u64 word;
	struct mmkit_aspace_counts want;	/* of three of them */
};

#define ASPACE_KIND(kind)	((u64)(kind) << MMKIT_WORD_KIND_SHIFT)
#define ASPACE_THREE(_kind)	.pages = 3, .kind[_kind] = 3

static const struct aspace_count_row aspace_count_rows[] = {
	{ "holes", 0, { ASPACE_THREE(MMKIT_ASPACE_HOLE) } },
	{ "nothing", ASPACE_KIND(MMKIT_ASPACE_NONE),
	  { ASPACE_THREE(MMKIT_ASPACE_NONE) } },
	{ "pages written to", ASPACE_KIND(MMKIT_ASPACE_ANON) |
	  MMKIT_WORD_YOUNG | MMKIT_WORD_REFERENCED | MMKIT_WORD_DIRTY |
	  MMKIT_WORD_WRITE | 0x1234,
	  { ASPACE_THREE(MMKIT_ASPACE_ANON), .young = 3, .referenced = 3,
	    .dirty = 3, .write = 3 } },
	{ "shared ones, dirty by their flags", ASPACE_KIND(MMKIT_ASPACE_SHMEM) |
	  MMKIT_WORD_SHARED | MMKIT_WORD_PAGE_DIRTY,
	  { ASPACE_THREE(MMKIT_ASPACE_SHMEM), .shared = 3, .dirty = 3,
	    .shared_dirty = 3 } },
	{ "huge ones", ASPACE_KIND(MMKIT_ASPACE_ANON) |
	  1ULL << MMKIT_WORD_LEVEL_SHIFT | 0x200,
	  { ASPACE_THREE(MMKIT_ASPACE_ANON), .huge = 3 } },
	{ "zeros that were read", ASPACE_KIND(MMKIT_ASPACE_ZERO) |
	  MMKIT_WORD_YOUNG | 1,
	  { ASPACE_THREE(MMKIT_ASPACE_ZERO), .young = 3 } },
	{ "frames of a device, written to", ASPACE_KIND(MMKIT_ASPACE_SPECIAL) |
	  MMKIT_WORD_DIRTY | MMKIT_WORD_YOUNG | 0xfd000,
	  { ASPACE_THREE(MMKIT_ASPACE_SPECIAL), .young = 3 } },
	{ "swap entries", ASPACE_KIND(MMKIT_ASPACE_SWAP) | 0x123,
	  { ASPACE_THREE(MMKIT_ASPACE_SWAP) } },
	{ "given up", ASPACE_KIND(MMKIT_ASPACE_ANON) | MMKIT_WORD_LAZYFREE,
	  { ASPACE_THREE(MMKIT_ASPACE_ANON), .lazyfree = 3 } },
	{ "protected", ASPACE_KIND(MMKIT_ASPACE_ANON) | MMKIT_WORD_PROTNONE |
	  MMKIT_WORD_SOFT_DIRTY | MMKIT_WORD_UFFD_WP,
	  { ASPACE_THREE(MMKIT_ASPACE_ANON), .protnone = 3, .soft_dirty = 3,
	    .uffd_wp = 3 } },
};

/* Counted one by one and with others between, they are as many. */
static void aspace_count_case(struct kunit *test,
			      const struct aspace_count_row *row)
{
	struct mmkit_aspace_counts got = { };
	struct mmkit_counter counter = { .counts = &got };
	u64 other = ASPACE_KIND(MMKIT_ASPACE_MARKER);

	mmkit_counter_add(&counter, row->word, 1);
	mmkit_counter_add(&counter, other, 5);
	mmkit_counter_add(&counter, row->word, 1);
	mmkit_counter_add(&counter, row->word + !!(row->word & 0xff), 1);
	mmkit_counter_flush(&counter);
	CASE_EQ(test, got.pages, 8ULL);
	CASE_EQ(test, got.kind[MMKIT_ASPACE_MARKER], 5ULL);
	got.pages -= 5;
	got.kind[MMKIT_ASPACE_MARKER] = 0;
	CASE_EQ(test, memcmp(&got, &row->want, sizeof(got)), 0);
}

#endif
