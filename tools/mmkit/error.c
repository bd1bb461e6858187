// SPDX-License-Identifier: GPL-2.0-only
/* Failures: what happened, why, and what to do about it. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "out.h"

const char *errno_name(int err)
{
	const char *name = strerrorname_np(err < 0 ? -err : err);

	return name ? name : "UNKNOWN";
}

/* Is this the failure that the script wants to see? */
static bool is_expected(const struct cli *cli, int err)
{
	return cli->expect && (!*cli->expect ||
			       !strcasecmp(cli->expect, errno_name(err)));
}

/* "mmkit pages buddy" is typed as "pages buddy" in the shell. */
static void for_prompt(char *text)
{
	char *at = text, word[16];

	while ((at = strstr(at, "mmkit "))) {
		snprintf(word, sizeof(word), "%.*s",
			 (int)strcspn(at + 6, " ;,:()"), at + 6);
		if ((at == text || at[-1] == ' ') && strcmp(word, "shell") &&
		    strcmp(word, "run") &&
		    (command_find(word) || !strcmp(word, "help")))
			memmove(at, at + 6, strlen(at + 6) + 1);
		else
			at += 6;
	}
}

static void error_text(const struct cli *cli, int err, const char *message,
		       const char *remedy)
{
	bool color = out_color(cli, STDERR_FILENO);
	bool expected = is_expected(cli, err);

	fflush(stdout);
	fprintf(stderr, "%smmkit:%s ", color ? "\033[31m" : "",
		color ? "\033[0m" : "");
	if (cli->where)
		fprintf(stderr, "%s: ", cli->where);
	if (cli->name[0])
		fprintf(stderr, "%s: ", cli->name);
	fprintf(stderr, "%s%s\n", message, expected ? " (expected)" : "");
	if (remedy && !expected)
		fprintf(stderr, "  try: %s\n", remedy);
}

static void error_json(struct cli *cli, int err, const char *message,
		       const char *remedy)
{
	struct json_object *doc = out_envelope(cli), *error = j_obj();

	j_str(error, "errno", err ? errno_name(err) : NULL);
	j_str(error, "message", message);
	j_str(error, "remedy", remedy);
	j_add(doc, "error", error);
	out_document(cli, doc);
}

static int vfail(struct cli *cli, int status, int err, const char *remedy,
		 const char *fmt, va_list ap)
{
	char message[512], text[256];

	if (remedy && cli->prompt) {
		snprintf(text, sizeof(text), "%s", remedy);
		for_prompt(text);
		remedy = text;
	}
	vsnprintf(message, sizeof(message), fmt, ap);
	cli->last_errno = err < 0 ? -err : err;
	if (cli->opt.json)
		error_json(cli, err, message, remedy);
	else
		error_text(cli, err, message, remedy);
	return status;
}

/* Reports a failure and returns @status, the exit status that goes with it. */
int fail(struct cli *cli, int status, int err, const char *remedy,
	 const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vfail(cli, status, err, remedy, fmt, ap);
	va_end(ap);
	return status;
}

int usage(struct cli *cli, const char *fmt, ...)
{
	char remedy[96];
	va_list ap;

	snprintf(remedy, sizeof(remedy), "mmkit help%s%s",
		 cli->name[0] ? " " : "", cli->name);
	va_start(ap, fmt);
	vfail(cli, EXIT_USAGE, 0, remedy, fmt, ap);
	va_end(ap);
	return EXIT_USAGE;
}

/* What an errno means whichever command meets it. */
static const struct reason common[] = {
	{ ENOPKG, "the library libkmod, which loads and lists modules, is not installed",
	  "Debian: apt-get install libkmod2", EXIT_FAILED },
	{ EACCES, "permission denied", "run it as root", EXIT_FAILED },
	{ EPERM, "the kernel allows this to root (CAP_SYS_ADMIN) only",
	  "run it as root", EXIT_FAILED },
	{ ENOMEM, "the kernel could not find the memory",
	  "ask for less, or a smaller order; mmkit pages buddy shows what is free",
	  EXIT_FAILED },
	{ EINTR, "interrupted by a signal", "run it again", EXIT_FAILED },
	{ ENOTTY, "the loaded module does not know this request: it is older than the tool",
	  "load the modules that were built with this tool (mmkit doctor)",
	  EXIT_ABSENT },
	{ E2BIG, "the loaded module knows a shorter request: it is older than the tool",
	  "load the modules that were built with this tool (mmkit doctor)",
	  EXIT_FAILED },
	{ EOPNOTSUPP, "this kernel has no function for it",
	  "mmkit info lists what it has", EXIT_ABSENT },
	{ 0 },
};

static const struct reason *find(const struct reason *reasons, int err)
{
	for (; reasons && reasons->err; reasons++)
		if (reasons->err == err)
			return reasons;
	return NULL;
}

/*
 * Reports the errno of a failed call: the verb's own meaning of it when it has
 * one, the common meaning else. Returns the exit status.
 */
int explain(struct cli *cli, const struct reason *reasons, int err,
	    const char *doing)
{
	const struct reason *reason;

	err = err < 0 ? -err : err;
	reason = find(reasons, err);
	if (!reason)
		reason = find(common, err);
	if (!reason)
		return fail(cli, EXIT_FAILED, err, "mmkit doctor",
			    "%s: unexpected error %s (%s)", doing,
			    errno_name(err), strerror(err));
	return fail(cli, reason->exit, err, reason->remedy, "%s: %s (%s)", doing,
		    reason->what, errno_name(err));
}

/* A file that the user named and that cannot be read. */
int unreadable(struct cli *cli, const char *path, int err, const char *remedy)
{
	return fail(cli, EXIT_FAILED, err, remedy, "%s: %s (%s)", path,
		    strerror(err), errno_name(err));
}

/* A file that the user named and that cannot be written. */
int unwritable(struct cli *cli, const char *path, int err)
{
	err = err < 0 ? -err : err;
	return fail(cli, EXIT_FAILED, err, "a path that can be written",
		    "%s: %s (%s)", path, strerror(err), errno_name(err));
}

/* EDQUOT: which quota, how much of it is used, and how to raise it. */
int explain_quota(struct cli *cli, int fd, uint64_t bytes, const char *doing)
{
	struct mmkit_session_info info;

	if (mmkit_session_get(fd, &info))
		return fail(cli, EXIT_FAILED, EDQUOT, "ask for less",
			    "%s: over a quota (EDQUOT)", doing);
	if (info.bytes + bytes <= info.max_bytes &&
	    info.handles < info.max_handles)
		return fail(cli, EXIT_FAILED, EDQUOT,
			    "close other sessions, or mmkit unload, then mmkit load total_bytes=BYTES (or total_handles=N)",
			    "%s: over the quota of all sessions together (EDQUOT; mmkit info shows it)",
			    doing);
	return fail(cli, EXIT_FAILED, EDQUOT,
		    info.handles < info.max_handles ?
		    "ask for less, or mmkit unload, then mmkit load session_bytes=BYTES" :
		    "free some, or mmkit unload, then mmkit load session_handles=N",
		    "%s: over this session's quota: it holds %llu of %llu bytes and %llu of %llu handles (EDQUOT; mmkit info shows it)",
		    doing, (unsigned long long)info.bytes,
		    (unsigned long long)info.max_bytes,
		    (unsigned long long)info.handles,
		    (unsigned long long)info.max_handles);
}
