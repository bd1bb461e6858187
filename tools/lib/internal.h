/* SPDX-License-Identifier: GPL-2.0-only */
/* What libmmkit's files share and nobody else sees. */
#ifndef LIBMMKIT_INTERNAL_H
#define LIBMMKIT_INTERNAL_H

char *lib_read_file(const char *path);
int lib_ioctl(int fd, unsigned long cmd, void *arg);

#endif
