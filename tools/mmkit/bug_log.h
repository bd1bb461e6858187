/* SPDX-License-Identifier: GPL-2.0-only */
/* What the kernel says of a bug, line by line. */
#ifndef MMKIT_CLI_BUG_LOG_H
#define MMKIT_CLI_BUG_LOG_H

#include "bug.h"
#include "out.h"

bool bug_module_is_there(void);
int bug_do(const struct bug *bug, struct json_object *lines);
void bug_add_line(struct json_object *lines, const char *text);
int bug_add_file(struct json_object *lines, const char *path);
void bug_show_lines(struct json_object *lines);

#endif
