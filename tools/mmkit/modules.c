// SPDX-License-Identifier: GPL-2.0-only
/* Finding mmkit's module files, and reading what modinfo reads. */
#include <errno.h>
#include <fts.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "modules.h"

bool kernel_has_modules(void)
{
	return !access("/proc/modules", F_OK);
}

int no_modules(struct cli *cli)
{
	return fail(cli, EXIT_ABSENT, ENOENT, NO_MODULES_REMEDY,
		    "this kernel was " NO_MODULES);
}

/* The kernel takes - and _ in a module's name for the same. */
bool module_same(const char *a, const char *b)
{
	for (; *a && *b; a++, b++)
		if (*a != *b && !(strchr("-_", *a) && strchr("-_", *b)))
			return false;
	return !*a && !*b;
}

static bool ends_with(const char *text, const char *end)
{
	size_t a = strlen(text), b = strlen(end);

	return a >= b && !strcmp(text + a - b, end);
}

/* mmkit_*.ko, packed or not; KUnit's modules are none of the toolkit's. */
static bool is_module_file(const char *name)
{
	const char *dot = strstr(name, ".ko");

	if (strncmp(name, "mmkit_", 6) || !dot)
		return false;
	if (dot - name >= 5 && !strncmp(dot - 5, "_test", 5))
		return false;
	return ends_with(name, ".ko") || ends_with(name, ".ko.xz") ||
	       ends_with(name, ".ko.zst") || ends_with(name, ".ko.gz");
}

static void take_info(struct module *module, const char *key, const char *value)
{
	size_t at = strlen(module->params);

	if (!strcmp(key, "vermagic"))
		snprintf(module->vermagic, sizeof(module->vermagic), "%s", value);
	else if (!strcmp(key, "depends"))
		snprintf(module->depends, sizeof(module->depends), "%s", value);
	else if (!strcmp(key, "sig_id"))
		module->is_signed = true;
	else if (!strcmp(key, "parmtype"))
		snprintf(module->params + at, sizeof(module->params) - at,
			 "%s%.*s,", at ? "" : ",", (int)strcspn(value, ":"),
			 value);
}

static void read_info(struct module *module)
{
	struct kmod_list *list = NULL, *entry;

	if (kmod_module_get_info(module->mod, &list) < 0)
		return;
	kmod_list_foreach(entry, list)
		take_info(module, kmod_module_info_get_key(entry),
			  kmod_module_info_get_value(entry));
	kmod_module_info_free_list(list);
}

static void add_file(struct module_set *set, const char *path)
{
	struct module *module = &set->modules[set->nr];

	if (set->nr == MAX_MODULES)
		return;
	memset(module, 0, sizeof(*module));
	if (kmod_module_new_from_path(set->ctx, path, &module->mod) < 0)
		return;
	if (modules_get(set, kmod_module_get_name(module->mod))) {
		kmod_module_unref(module->mod);
		return;
	}
	read_info(module);
	set->nr++;
}

static bool exists(const char *dir, const char *file)
{
	char path[PATH_MAX + 64];

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	return !access(path, F_OK);
}

/* Where modules are not side by side they are in folders below. */
static void scan(struct module_set *set, const char *dir)
{
	char path[PATH_MAX];
	char *const roots[] = { path, NULL };
	int depth = exists(dir, "mmkit_core.ko") ? 1 : 3;
	FTSENT *entry;
	FTS *fts;

	if (!realpath(dir, path))
		return;
	fts = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR | FTS_NOSTAT, NULL);
	if (!fts)
		return;
	while ((entry = fts_read(fts))) {
		if (entry->fts_level > depth || (entry->fts_level > 0 &&
					     entry->fts_name[0] == '.'))
			fts_set(fts, entry, FTS_SKIP);
		else if (is_module_file(entry->fts_name))
			add_file(set, entry->fts_path);
	}
	fts_close(fts);
	if (set->nr)
		snprintf(set->dir, sizeof(set->dir), "%s", path);
}

/* A build tree: the modules beside this program, or in a folder next to it. */
static void scan_beside(struct module_set *set)
{
	static const char *const below[] = {
		"", "/modules", "/../modules", "/../..",
	};
	char exe[PATH_MAX], dir[PATH_MAX + 16];
	ssize_t len = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	char *slash;
	size_t i;

	if (len < 0)
		return;
	exe[len] = '\0';
	slash = strrchr(exe, '/');
	if (!slash || slash == exe)
		return;
	*slash = '\0';
	for (i = 0; i < ARRAY_SIZE(below) && !set->nr; i++) {
		snprintf(dir, sizeof(dir), "%s%s", exe, below[i]);
		if (exists(dir, "mmkit_core.ko"))
			scan(set, dir);
	}
}

static void scan_installed(struct module_set *set)
{
	static const char *const below[] = {
		"updates/dkms", "updates", "extra", "kernel/drivers/misc/mmkit",
	};
	struct utsname name;
	char dir[PATH_MAX];
	size_t i;

	if (uname(&name))
		return;
	for (i = 0; i < ARRAY_SIZE(below) && !set->nr; i++) {
		snprintf(dir, sizeof(dir), "/lib/modules/%s/%s", name.release,
			 below[i]);
		scan(set, dir);
	}
}

static void quiet_log(void *data, int priority, const char *file, int line,
		      const char *fn, const char *format, va_list args)
{
	(void)data;
	(void)priority;
	(void)file;
	(void)line;
	(void)fn;
	(void)format;
	(void)args;
}

/* libkmod prints its own remarks unless told not to; ours say more. */
struct kmod_ctx *modules_context(void)
{
	struct kmod_ctx *ctx = kmod_new(NULL, NULL);

	if (ctx)
		kmod_set_log_fn(ctx, quiet_log, NULL);
	return ctx;
}

/*
 * Looks in @dir when given, else in $MMKIT_MODULES, else beside this program,
 * else where modules are installed. Returns how many were found, or -errno.
 */
int modules_find(struct module_set *set, const char *dir)
{
	const char *env = getenv("MMKIT_MODULES");

	memset(set, 0, sizeof(*set));
	set->ctx = modules_context();
	if (!set->ctx)
		return -errno;
	if (dir && *dir) {
		scan(set, dir);
		return set->nr;
	}
	if (env && *env)
		scan(set, env);
	if (!set->nr)
		scan_beside(set);
	if (!set->nr)
		scan_installed(set);
	return set->nr;
}

void modules_free(struct module_set *set)
{
	unsigned int i;

	for (i = 0; i < set->nr; i++)
		kmod_module_unref(set->modules[i].mod);
	if (set->ctx)
		kmod_unref(set->ctx);
}

const char *module_name(const struct module *module)
{
	return kmod_module_get_name(module->mod);
}

bool module_by_name_only(const struct module *module)
{
	return module_same(module_name(module), MODULE_BUGS);
}

/* By its name, or by that of its area: "mmkit_pages" or "pages". */
bool module_called(const char *module, const char *word)
{
	return module_same(module, word) ||
	       module_same(module + strlen("mmkit_"), word);
}

struct module *modules_get(struct module_set *set, const char *name)
{
	unsigned int i;

	for (i = 0; i < set->nr; i++)
		if (module_called(module_name(&set->modules[i]), name))
			return &set->modules[i];
	return NULL;
}

bool module_loaded(const struct module *module)
{
	int state = kmod_module_get_initstate(module->mod);

	return state == KMOD_MODULE_LIVE || state == KMOD_MODULE_BUILTIN;
}

/* Was it built for the running kernel? */
bool module_fits(const struct module *module)
{
	size_t len = strcspn(module->vermagic, " ");
	struct utsname name;

	return !uname(&name) && strlen(name.release) == len &&
	       !strncmp(name.release, module->vermagic, len);
}
