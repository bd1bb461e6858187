/* SPDX-License-Identifier: GPL-2.0-only */
/* Files that are the kernel's ear and its mouth: for the command and its labs. */
#ifndef MMKIT_CLI_KERNEL_FILE_H
#define MMKIT_CLI_KERNEL_FILE_H

int file_put(const char *path, const char *text);
int kmsg_open(void);
void kmsg_each(int fd, void (*take)(void *data, char *record), void *data);

#endif
