/* SPDX-License-Identifier: GPL-2.0-only */
/* Bugs on purpose: which there are, and what the lines of a report mean. */
#ifndef MMKIT_CLI_BUG_H
#define MMKIT_CLI_BUG_H

#include <stdbool.h>

/**
 * struct bug - one that mmkit_bugs can do
 * @name: as the module knows it
 * @title: what is wrong
 * @detector: who sees it
 * @config: what the kernel must be built with for that
 * @file: of modules/bugs
 * @function: in there, as it stands in reports
 * @headline: what the detector's report has in it, a regular expression
 * @silence: why it may say nothing though the kernel has it
 */
struct bug {
	const char *name;
	const char *title;
	const char *detector;
	const char *config;
	const char *file;
	const char *function;
	const char *headline;
	const char *silence;
};

/**
 * struct bug_note - what a line of a report means
 * @pattern: of the line, without time stamp; a regular expression
 * @detector: whose report begins with it, NULL for a line further down
 * @meaning: what it says
 * @look: where to look next, or NULL
 */
struct bug_note {
	const char *pattern;
	const char *detector;
	const char *meaning;
	const char *look;
};

extern const struct bug bugs[];	/* the last one has no name */
extern const struct bug_note bug_notes[];	/* the last one has no pattern */

const struct bug *bug_find(const char *name);
const struct bug_note *bug_note_find(const char *line);
bool bug_matches(const char *pattern, const char *line);
const char *bug_line_text(const char *line);

#endif
