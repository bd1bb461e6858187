// SPDX-License-Identifier: GPL-2.0-only
/*
 * How long the sections of a module are. The kernel tells where they begin, and code of
 * another module may lie behind the last.
 */
#include <fcntl.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "fuzz.h"

static u64 bytes_in(Elf *elf, const char *name)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	size_t names;
	const char *its;

	if (elf_getshdrstrndx(elf, &names))
		return 0;
	while ((section = elf_nextscn(elf, section))) {
		if (!gelf_getshdr(section, &header))
			return 0;
		its = elf_strptr(elf, names, header.sh_name);
		if (its && !strcmp(its, name))
			return header.sh_size;
	}
	return 0;
}

/* 0: it has none of that name. */
u64 section_bytes(const char *module, const char *name)
{
	char path[160];
	u64 bytes;
	Elf *elf;
	int fd;

	module_path(module, path, sizeof(path));
	fd = open(path, O_RDONLY | O_CLOEXEC);
	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	if (fd < 0 || !elf) {
		fprintf(stderr, "fuzz: %s cannot be read\n", path);
		exit(1);
	}
	bytes = bytes_in(elf, name);
	elf_end(elf);
	close(fd);
	return bytes;
}
