// SPDX-License-Identifier: GPL-2.0-only
/*
 * What mmkit bug says of recorded reports. Arguments are files; for each line of them
 * that something is known of: number of the row, "|", its detector or "-", "|", line.
 * Without arguments: the rows and whether their patterns are regular expressions.
 */
#include <regex.h>
#include <stdio.h>
#include <string.h>

#include "bug.h"

static int check_rows(void)
{
	const struct bug_note *note;
	int bad = 0;
	regex_t re;

	for (note = bug_notes; note->pattern; note++) {
		if (regcomp(&re, note->pattern, REG_EXTENDED | REG_NOSUB)) {
			printf("no regular expression: %s\n", note->pattern);
			bad = 1;
		} else {
			regfree(&re);
		}
		printf("%td\t%s\n", note - bug_notes, note->pattern);
	}
	return bad;
}

static int explain(const char *path)
{
	FILE *file = fopen(path, "r");
	const struct bug_note *note;
	char line[1024];

	if (!file)
		return 1;
	while (fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		note = bug_note_find(bug_line_text(line));
		if (note)
			printf("%td|%s|%s\n", note - bug_notes,
			       note->detector ? note->detector : "-",
			       bug_line_text(line));
	}
	fclose(file);
	return 0;
}

int main(int argc, char **argv)
{
	int i, bad = 0;

	if (argc < 2)
		return check_rows();
	for (i = 1; i < argc; i++)
		bad |= explain(argv[i]);
	return bad;
}
