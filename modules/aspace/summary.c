// SPDX-License-Identifier: GPL-2.0-only
/* What a walk over a range is made into: counts, or a word for each page. */
#include <linux/mm.h>
#include "count.h"
#include "range.h"
#include "summary.h"

static void count_words(void *data, const u64 *words, unsigned int nr)
{
	struct mmkit_counter *counter = data;
	unsigned int i;

	for (i = 0; i < nr; i++)
		mmkit_counter_add(counter, words[i], 1);
}

static void count_run(void *data, u64 word, unsigned long nr)
{
	mmkit_counter_add(data, word, nr);
}

/**
 * mmkit_summary() - Count the pages of a range by what they are.
 * @mm: whose; the caller holds it by mm_users
 * @start: first address, of a page
 * @end: the address after the last
 * @clear: clear accessed bits once they are read
 * @counts: zeroed
 *
 * Context: Process; takes mmap_lock.
 * Return: 0, -ENOMEM, -EINTR killed.
 */
int mmkit_summary(struct mm_struct *mm, u64 start, u64 end, bool clear,
		  struct mmkit_aspace_counts *counts)
{
	struct mmkit_counter counter = { .counts = counts };
	struct mmkit_range_walk walk = {
		.mm = mm,
		.clear = clear,
		.words = count_words,
		.run = count_run,
		.data = &counter,
	};
	int err = mmkit_range_walk(&walk, start, end);

	mmkit_counter_flush(&counter);
	return err;
}

/* Where the words go. */
struct writer {
	u64 *to;
	bool hide;
};

/* Page frames and swap offsets are the administrator's to know, as in pagemap. */
static u64 shown(const struct writer *writer, u64 word)
{
	return writer->hide ? word & ~MMKIT_WORD_PFN : word;
}

static void write_words(void *data, const u64 *words, unsigned int nr)
{
	struct writer *writer = data;
	unsigned int i;

	if (writer->hide) {
		for (i = 0; i < nr; i++)
			writer->to[i] = shown(writer, words[i]);
	} else {
		memcpy(writer->to, words, nr * sizeof(*words));
	}
	writer->to += nr;
}

static void write_run(void *data, u64 word, unsigned long nr)
{
	struct writer *writer = data;
	bool frames = word & MMKIT_WORD_PFN;

	for (; nr; nr--, word += frames)
		*writer->to++ = shown(writer, word);
}

/**
 * mmkit_summary_words() - A word for each page of a range.
 * @mm: whose; the caller holds it by mm_users
 * @start: first address, of a page
 * @nr: pages, none beyond the user half
 * @clear: clear accessed bits once they are read
 * @hide: leave page frames out
 * @words: room for @nr
 *
 * Context: Process; takes mmap_lock.
 * Return: 0, -ENOMEM, -EINTR killed.
 */
int mmkit_summary_words(struct mm_struct *mm, u64 start, u32 nr, bool clear,
			bool hide, u64 *words)
{
	struct writer writer = { .to = words, .hide = hide };
	struct mmkit_range_walk walk = {
		.mm = mm,
		.clear = clear,
		.words = write_words,
		.run = write_run,
		.data = &writer,
	};

	return mmkit_range_walk(&walk, start, start + ((u64)nr << PAGE_SHIFT));
}
