// SPDX-License-Identifier: GPL-2.0-only
/* --verify: what was printed against what the kernel's own files say. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "out.h"

#define MAX_CHECKS	24
#define MAX_DIFFS	16

struct check {
	char what[32];
	char source[48];
	uint64_t compared;
	uint64_t differing;
	int err;	/* why it could not be read, else 0 */
};

struct diff {
	char what[32];
	char where[64];
	int64_t ours;
	int64_t kernels;
};

struct verify {
	struct check checks[MAX_CHECKS];
	unsigned int nr_checks;
	struct diff diffs[MAX_DIFFS];	/* the first ones */
	unsigned int nr_diffs;
	uint64_t differing;
};

void verify_reset(struct cli *cli)
{
	free(cli->checks);
	cli->checks = NULL;
}

static struct check *find_check(struct cli *cli, const char *what,
				const char *source)
{
	struct verify *v = cli->checks;
	struct check *check;
	unsigned int i;

	if (!v)
		v = cli->checks = calloc(1, sizeof(*v));
	if (!v)
		return NULL;
	for (i = 0; i < v->nr_checks; i++)
		if (!strcmp(v->checks[i].what, what) &&
		    !strcmp(v->checks[i].source, source))
			return &v->checks[i];
	if (v->nr_checks == MAX_CHECKS)
		return NULL;
	check = &v->checks[v->nr_checks++];
	snprintf(check->what, sizeof(check->what), "%s", what);
	snprintf(check->source, sizeof(check->source), "%s", source);
	return check;
}

static void add_diff(struct verify *v, const char *what, const char *where,
		     int64_t ours, int64_t kernels)
{
	struct diff *diff;

	v->differing++;
	if (v->nr_diffs == MAX_DIFFS)
		return;
	diff = &v->diffs[v->nr_diffs++];
	snprintf(diff->what, sizeof(diff->what), "%s", what);
	snprintf(diff->where, sizeof(diff->where), "%s", where);
	diff->ours = ours;
	diff->kernels = kernels;
}

/* Records one comparison of field @what, found in file @source, at @where. */
void verify_field(struct cli *cli, const char *what, const char *source,
		  const char *where, int64_t ours, int64_t kernels)
{
	struct check *check = find_check(cli, what, source);

	if (!check)
		return;
	check->compared++;
	if (ours == kernels)
		return;
	check->differing++;
	add_diff(cli->checks, what, where, ours, kernels);
}

/* Records that @source could not be read, so nothing was compared. */
void verify_skip(struct cli *cli, const char *what, const char *source,
		 int err)
{
	struct check *check = find_check(cli, what, source);

	if (check)
		check->err = err < 0 ? -err : err;
}

static uint64_t compared(const struct verify *v)
{
	uint64_t sum = 0;
	unsigned int i;

	for (i = 0; v && i < v->nr_checks; i++)
		sum += v->checks[i].compared;
	return sum;
}

/* Nothing compared is no proof either. */
bool verify_failed(const struct cli *cli)
{
	return !compared(cli->checks) || cli->checks->differing;
}

static struct json_object *check_json(const struct check *check)
{
	struct json_object *obj = j_obj();

	j_str(obj, "what", check->what);
	j_str(obj, "source", check->source);
	j_u64(obj, "compared", check->compared);
	j_u64(obj, "differing", check->differing);
	j_str(obj, "errno", check->err ? errno_name(check->err) : NULL);
	return obj;
}

static struct json_object *diff_json(const struct diff *diff)
{
	struct json_object *obj = j_obj();

	j_str(obj, "what", diff->what);
	j_str(obj, "where", diff->where);
	j_num(obj, "mmkit", diff->ours);
	j_num(obj, "kernel", diff->kernels);
	return obj;
}

struct json_object *verify_json(const struct cli *cli)
{
	struct json_object *obj = j_obj(), *checks = j_arr(), *diffs = j_arr();
	const struct verify *v = cli->checks;
	unsigned int i;

	j_bool(obj, "ok", !verify_failed(cli));
	for (i = 0; v && i < v->nr_checks; i++)
		json_object_array_add(checks, check_json(&v->checks[i]));
	for (i = 0; v && i < v->nr_diffs; i++)
		json_object_array_add(diffs, diff_json(&v->diffs[i]));
	j_add(obj, "checks", checks);
	j_add(obj, "differences", diffs);
	return obj;
}

static void show_sources(const struct verify *v)
{
	unsigned int i;

	for (i = 0; i < v->nr_checks; i++)
		if (v->checks[i].err)
			out_line("  %s: %s could not be read (%s)",
				 v->checks[i].what, v->checks[i].source,
				 errno_name(v->checks[i].err));
		else
			out_line("  %s: %llu equal, %llu not (%s)",
				 v->checks[i].what,
				 (unsigned long long)(v->checks[i].compared -
						      v->checks[i].differing),
				 (unsigned long long)v->checks[i].differing,
				 v->checks[i].source);
}

/* Why nothing was compared, which is no difference either; NULL else. */
const char *verify_impossible(const struct cli *cli, const char **remedy)
{
	const struct verify *v = cli->checks;
	unsigned int i;

	*remedy = NULL;
	if (compared(v))
		return NULL;
	for (i = 0; v && i < v->nr_checks; i++)
		if (v->checks[i].err == EPERM || v->checks[i].err == EACCES) {
			*remedy = "run it as root";
			return "page frame numbers are shown to CAP_SYS_ADMIN only";
		}
	return v && v->nr_checks ? "the kernel's files could not be read" :
				   "nothing here can be cross-checked";
}

static void format_value(char *text, size_t len, const char *what, int64_t n)
{
	if (strstr(what, "pfn") || !strcmp(what, "flags"))
		snprintf(text, len, "0x%llx", (unsigned long long)n);
	else
		snprintf(text, len, "%lld", (long long)n);
}

static void show_diff(const struct diff *diff)
{
	char ours[32], kernels[32];

	format_value(ours, sizeof(ours), diff->what, diff->ours);
	format_value(kernels, sizeof(kernels), diff->what, diff->kernels);
	out_line("  %s of %s: mmkit says %s, the kernel %s", diff->what,
		 diff->where, ours, kernels);
}

void verify_show(const struct cli *cli)
{
	const struct verify *v = cli->checks;
	const char *remedy, *why = verify_impossible(cli, &remedy);
	unsigned int i;

	if (why) {
		out_line("verified: not possible (%s)", why);
		if (remedy)
			out_line("  try: %s", remedy);
	} else {
		out_line("verified: %s", verify_failed(cli) ? "NO" : "yes");
	}
	if (v)
		show_sources(v);
	for (i = 0; v && i < v->nr_diffs; i++)
		show_diff(&v->diffs[i]);
}
