/* SPDX-License-Identifier: GPL-2.0-only */
/* Loading and unloading of mmkit's modules, for the programs that test it. */
#ifndef _MMKIT_TEST_MODULES_H
#define _MMKIT_TEST_MODULES_H

#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>
#include "lib.h"

/* As /proc/modules has them: users before what they use. */
static char modules[16][64];
static int nr_modules;

static inline void list_modules(void)
{
	char text[8192], *line, *save = NULL;

	if (!file_read("/proc/modules", text, sizeof(text)))
		bail("/proc/modules");
	for (line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		if (!strncmp(line, "mmkit_", 6) && nr_modules < 16)
			sscanf(line, "%63s", modules[nr_modules++]);
	if (nr_modules < 3)
		bail("%d modules are loaded", nr_modules);
}

static inline int unload(const char *name)
{
	return syscall(SYS_delete_module, name, O_NONBLOCK) ? -errno : 0;
}

/* The file of a module, where our VM or where DKMS has it, or -errno. */
static inline int module_open(const char *name)
{
	static const char *const dirs[] = { "extra", "updates/dkms" };
	struct utsname uts;
	char path[256];
	int fd = -1;
	size_t i;

	uname(&uts);
	for (i = 0; i < ARRAY_SIZE(dirs) && fd < 0; i++) {
		snprintf(path, sizeof(path), "/lib/modules/%s/%s/%s.ko",
			 uts.release, dirs[i], name);
		fd = open(path, O_RDONLY | O_CLOEXEC);
	}
	return fd < 0 ? -errno : fd;
}

static inline int load(const char *name)
{
	int fd = module_open(name), err = 0;

	if (fd < 0)
		return fd;
	if (syscall(SYS_finit_module, fd, "", 0))
		err = -errno;
	close(fd);
	return err;
}

#endif
