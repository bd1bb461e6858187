// SPDX-License-Identifier: GPL-2.0-only
/*
 * libkmod, loaded by the first call of it.
 *
 * It brings four more libraries along, a cryptographic one among them, and the
 * loader's work on them is more than half of what a command costs that never
 * loads a module. So nothing is linked with it: these are its functions, each
 * looked up when it is called.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <libkmod.h>

static void *library(void)
{
	static void *handle;

	if (!handle)
		handle = dlopen("libkmod.so.2", RTLD_NOW | RTLD_LOCAL);
	return handle;
}

/* Whoever has a context has the library, and all of these are as old as it is. */
static void *find(const char *name)
{
	void *function = library() ? dlsym(library(), name) : NULL;

	if (!function) {
		fprintf(stderr, "mmkit: no %s() in libkmod\n", name);
		exit(1);
	}
	return function;
}

#define FIND(name)		((typeof(&name))find(#name))
#define CALL(type, name, params, args) \
	type name params { return FIND(name) args; }

struct kmod_ctx *kmod_new(const char *dirname, const char * const *config_paths)
{
	if (library())
		return FIND(kmod_new)(dirname, config_paths);
	errno = ENOPKG;
	return NULL;
}

CALL(struct kmod_ctx *, kmod_unref, (struct kmod_ctx *ctx), (ctx))

void kmod_set_log_fn(struct kmod_ctx *ctx,
		     void (*log_fn)(void *log_data, int priority, const char *file,
				    int line, const char *fn, const char *format,
				    va_list args),
		     const void *data)
{
	FIND(kmod_set_log_fn)(ctx, log_fn, data);
}

CALL(struct kmod_list *, kmod_list_next,
     (const struct kmod_list *list, const struct kmod_list *curr), (list, curr))

CALL(int, kmod_module_new_from_loaded,
     (struct kmod_ctx *ctx, struct kmod_list **list), (ctx, list))
CALL(int, kmod_module_new_from_name,
     (struct kmod_ctx *ctx, const char *name, struct kmod_module **mod), (ctx, name, mod))
CALL(int, kmod_module_new_from_path,
     (struct kmod_ctx *ctx, const char *path, struct kmod_module **mod), (ctx, path, mod))
CALL(struct kmod_module *, kmod_module_ref, (struct kmod_module *mod), (mod))
CALL(struct kmod_module *, kmod_module_unref, (struct kmod_module *mod), (mod))
CALL(int, kmod_module_unref_list, (struct kmod_list *list), (list))
CALL(struct kmod_module *, kmod_module_get_module, (const struct kmod_list *entry), (entry))

CALL(const char *, kmod_module_get_name, (const struct kmod_module *mod), (mod))
CALL(const char *, kmod_module_get_path, (const struct kmod_module *mod), (mod))
CALL(const char *, kmod_module_get_options, (const struct kmod_module *mod), (mod))
CALL(int, kmod_module_get_initstate, (const struct kmod_module *mod), (mod))
CALL(int, kmod_module_get_refcnt, (const struct kmod_module *mod), (mod))
CALL(struct kmod_list *, kmod_module_get_holders, (const struct kmod_module *mod), (mod))
CALL(struct kmod_list *, kmod_module_get_dependencies,
     (const struct kmod_module *mod), (mod))

CALL(int, kmod_module_get_info,
     (const struct kmod_module *mod, struct kmod_list **list), (mod, list))
CALL(const char *, kmod_module_info_get_key, (const struct kmod_list *entry), (entry))
CALL(const char *, kmod_module_info_get_value, (const struct kmod_list *entry), (entry))
void kmod_module_info_free_list(struct kmod_list *list)
{
	FIND(kmod_module_info_free_list)(list);
}

CALL(int, kmod_module_insert_module,
     (struct kmod_module *mod, unsigned int flags, const char *options),
     (mod, flags, options))
CALL(int, kmod_module_probe_insert_module,
     (struct kmod_module *mod, unsigned int flags, const char *extra_options,
      int (*run_install)(struct kmod_module *m, const char *cmdline, void *data),
      const void *data,
      void (*print_action)(struct kmod_module *m, bool install, const char *options)),
     (mod, flags, extra_options, run_install, data, print_action))
CALL(int, kmod_module_remove_module,
     (struct kmod_module *mod, unsigned int flags), (mod, flags))
