// SPDX-License-Identifier: GPL-2.0-only
/* Which benchmarks there are, here and in the kernel, and which are meant. */
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

const struct bench_row *const bench_user_suites[] = {
	bench_ioctl_rows, bench_map_rows, bench_gib_rows, bench_describe_rows,
	bench_aspace_rows, bench_memblock_rows, NULL,
};

int bench_session_open(struct cli *cli, const struct bench_opts *opts,
		       struct bench_session *session)
{
	int err;

	*session = (struct bench_session){ .cli = cli, .opts = opts };
	session->fd = area_open(cli, "bench");
	if (session->fd < 0)
		return -session->fd;
	err = mmkit_bench_info(session->fd, &session->info);
	return err ? explain(cli, NULL, err, "asking for the unit") : EXIT_OK;
}

/* "pages", "pages/order", and any glob over the whole name. */
static bool is_meant(const char *id, int argc, char **argv)
{
	size_t len;
	int i;

	for (i = 0; i < argc; i++) {
		len = strlen(argv[i]);
		if (!fnmatch(argv[i], id, 0))
			return true;
		if (!strncmp(argv[i], id, len) && id[len] == '/')
			return true;
	}
	return !argc;
}

/* What an option leaves out is left out only when it was not asked for by name. */
static bool is_wanted(const struct bench_session *session,
		      const struct bench_item *item, int argc, char **argv)
{
	if (session->opts->brief && item->slow)
		return false;
	return is_meant(item->id, argc, argv);
}

static void name_item(struct bench_item *item)
{
	snprintf(item->id, sizeof(item->id), "%s", item->name);
	if (item->subject[0]) {
		strcat(item->id, "/");
		strcat(item->id, item->subject);
	}
	if (item->has_x)
		snprintf(item->id + strlen(item->id), 24, "/%llu",
			 (unsigned long long)item->x);
}

static int add_item(struct bench_items *items, const struct bench_item *item)
{
	struct bench_item *more;

	more = reallocarray(items->item, items->nr + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	items->item = more;
	more[items->nr++] = *item;
	return 0;
}

/* With 1, 2, 4, ... threads, and with @most. */
static int add_scaled(struct bench_items *items, const struct bench_item *item,
		      uint32_t most)
{
	struct bench_item scaled;
	uint32_t threads = 1;
	int err;

	do {
		scaled = *item;
		scaled.threads = threads;
		scaled.scaled = true;
		snprintf(scaled.id + strlen(scaled.id), 8, "@%u", threads);
		err = add_item(items, &scaled);
		threads = threads < most && threads * 2 > most ? most :
			  threads * 2;
	} while (!err && threads <= most);
	return err;
}

struct finder {
	struct bench_session *session;
	struct bench_items *items;
	int argc;
	char **argv;
};

static int offer(struct finder *f, struct bench_item *item)
{
	const struct bench_opts *opts = f->session->opts;

	name_item(item);
	if (!is_wanted(f->session, item, f->argc, f->argv))
		return 0;
	if (opts->scale)
		return item->user ? 0 : add_scaled(f->items, item, opts->threads);
	item->threads = opts->threads;
	return add_item(f->items, item);
}

/* --- in the kernel --- */

/* Large ones take a round of some milliseconds, and say little to a check. */
static bool is_slow(const struct mmkit_bench_row *row, uint64_t x)
{
	if (!strcmp(row->axis, "bytes"))
		return x > 1 << 20;
	if (!strcmp(row->axis, "order"))
		return x > 9;
	return x > 1024;
}

static int offer_kernel_row(struct finder *f, const struct mmkit_bench_row *row,
			    const char *allocator)
{
	struct bench_item item = { 0 };
	unsigned int i;
	int err = 0;

	snprintf(item.name, sizeof(item.name), "%s", row->name);
	snprintf(item.subject, sizeof(item.subject), "%s", allocator);
	snprintf(item.axis, sizeof(item.axis), "%s", row->axis);
	snprintf(item.help, sizeof(item.help), "%s", row->help);
	item.irqs_off = row->flags & MMKIT_BENCH_IRQS_OFF;
	item.has_x = strcmp(row->axis, "none");
	for (i = 0; i < row->nr && i < MMKIT_BENCH_X_MAX && !err; i++) {
		item.x = row->x[i];
		item.slow = is_slow(row, item.x);
		err = offer(f, &item);
	}
	return err;
}

static int offer_allocators(struct finder *f, const struct mmkit_bench_row *row)
{
	struct mmkit_entry_info *entries;
	int nr, i, err = 0;
	int fd = area_open(f->session->cli, "info");

	if (fd < 0)
		return -EIO;
	nr = mmkit_info_list(fd, MMKIT_KIND_ALLOCATOR, &entries);
	if (nr < 0)
		return nr;
	for (i = 0; i < nr && !err; i++)
		err = offer_kernel_row(f, row, entries[i].name);
	free(entries);
	return err;
}

static int offer_kernel(struct finder *f)
{
	struct mmkit_bench_row *rows;
	int nr, i, err = 0;

	nr = mmkit_bench_rows(f->session->fd, &rows);
	if (nr < 0)
		return nr;
	for (i = 0; i < nr && !err; i++) {
		if (rows[i].flags & MMKIT_BENCH_ALLOCATOR)
			err = offer_allocators(f, &rows[i]);
		else
			err = offer_kernel_row(f, &rows[i], "");
	}
	free(rows);
	return err;
}

/* --- in user space --- */

static int offer_user_row(struct finder *f, const struct bench_row *row,
			  const char *subject)
{
	struct bench_item item = { .user = row };
	unsigned int i = 0;
	int err;

	snprintf(item.name, sizeof(item.name), "%s", row->name);
	snprintf(item.subject, sizeof(item.subject), "%s", subject);
	snprintf(item.axis, sizeof(item.axis), "%s", row->axis);
	snprintf(item.help, sizeof(item.help), "%s", row->help);
	snprintf(item.base, sizeof(item.base), "%s", row->base ? row->base : "");
	item.ours = row->is_ours ? row->is_ours(subject) : row->ours;
	if (!item.ours)
		item.base[0] = '\0';
	item.has_x = row->x[0];
	do {
		item.x = row->x[i];
		item.slow = row->slow ||
			    (row->slow_from && item.x >= row->slow_from);
		err = offer(f, &item);
		i++;
	} while (!err && i < ARRAY_SIZE(row->x) && row->x[i]);
	return err;
}

static int offer_user(struct finder *f, const struct bench_row *row)
{
	char names[BENCH_SUBJECTS][MMKIT_NAME_LEN];
	unsigned int nr, i;
	int err = 0;

	if (!row->subjects)
		return offer_user_row(f, row, "");
	nr = row->subjects(f->session->cli, names, BENCH_SUBJECTS);
	for (i = 0; i < nr && !err; i++)
		err = offer_user_row(f, row, names[i]);
	return err;
}

/* All that the globs mean, none for all. Returns 0 or -errno. */
int bench_items_find(struct bench_session *session, int argc, char **argv,
		     struct bench_items *items)
{
	struct finder f = { session, items, argc, argv };
	const struct bench_row *const *suite, *row;
	int err;

	*items = (struct bench_items){ 0 };
	err = offer_kernel(&f);
	for (suite = bench_user_suites; *suite && !err; suite++)
		for (row = *suite; row->name && !err; row++)
			err = offer_user(&f, row);
	return err;
}

void bench_items_free(struct bench_items *items)
{
	unsigned int i;

	for (i = 0; i < items->nr; i++)
		free(items->item[i].rounds);
	free(items->item);
}
