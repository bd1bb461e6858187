// SPDX-License-Identifier: GPL-2.0-only
/* The kernel's symbols, from /proc/kallsyms. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run.h"

/* "ffffffff81000000 T _text" or "... t name	[module]"; cuts the line. */
static bool parse(char *line, uint64_t *address, const char **name,
		  const char **module)
{
	char *at, *end;

	*address = strtoull(line, &at, 16);
	if (at == line || strlen(at) < 4)
		return false;
	*name = at + 3;
	*module = "";
	end = at + 3 + strcspn(at + 3, "\t\n");
	if (*end == '\t')
		*module = end + 1;
	*end = '\0';
	at = strchr(end + 1, '\n');
	if (**module && at)
		*at = '\0';
	return true;
}

/* Calls @fn for each; @module is empty for the kernel's own. */
void each_symbol(struct lab_run *run, symbol_fn fn, void *data)
{
	FILE *file = fopen("/proc/kallsyms", "re");
	const char *name, *module;
	uint64_t address;
	char line[640];

	if (!file)
		stop(run, "/proc/kallsyms cannot be read (%s)",
		     errno_name(errno));
	while (fgets(line, sizeof(line), file))
		if (parse(line, &address, &name, &module))
			fn(data, address, name, module);
	fclose(file);
}

static void take_wanted(void *data, uint64_t address, const char *name,
			const char *module)
{
	struct symbol *symbol;

	if (*module)
		return;
	for (symbol = data; symbol->name; symbol++)
		if (!strcmp(name, symbol->name))
			symbol->address = address;
}

/* Their names are x86's, where each must be. */
static void not_there(struct lab_run *run, const char *name)
{
#ifdef __x86_64__
	stop(run, "/proc/kallsyms has no %s", name);
#else
	skip(run, "/proc/kallsyms has no %s on this kind of machine", name);
#endif
}

/* Fills in the addresses of some of the kernel's own; a NULL name ends the list. */
void find_symbols(struct lab_run *run, struct symbol *symbols)
{
	struct symbol *symbol;

	each_symbol(run, take_wanted, symbols);
	for (symbol = symbols; symbol->name; symbol++)
		if (!symbol->address)
			not_there(run, symbol->name);
}
