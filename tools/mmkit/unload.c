// SPDX-License-Identifier: GPL-2.0-only
/* mmkit unload: remove the modules, users before those they use. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "modules.h"

static const struct reason unload_reasons[] = {
	{ EPERM, "the kernel lets root alone remove modules", "run it as root",
	  EXIT_FAILED },
	{ 0 },
};

static bool is_ours(const char *name)
{
	return !strncmp(name, "mmkit_", 6);
}

/* Is @name to go? All of ours, or those named as module or area. */
static bool chosen(const char *name, int argc, char **argv)
{
	int i;

	for (i = 0; i < argc; i++)
		if (module_called(name, argv[i]))
			return true;
	return !argc;
}

static void join(char *text, size_t len, const char *word)
{
	size_t at = strlen(text);

	snprintf(text + at, len - at, "%s%s", at ? ", " : "", word);
}

static void holders_of(struct kmod_module *mod, char *text, size_t len)
{
	struct kmod_list *list = kmod_module_get_holders(mod), *entry;
	struct kmod_module *holder;

	kmod_list_foreach(entry, list) {
		holder = kmod_module_get_module(entry);
		join(text, len, kmod_module_get_name(holder));
		kmod_module_unref(holder);
	}
	kmod_module_unref_list(list);
}

/* Is this process the only one? */
static bool users_of(const char *name, char *text, size_t len)
{
	/* the core's own device is "info" */
	const char *area = strcmp(name, "mmkit_core") ?
			   name + strlen("mmkit_") : "info";
	struct json_object *users = device_users(area);
	size_t i, nr = json_object_array_length(users);
	bool own = false;
	const char *user;

	for (i = 0; i < nr; i++) {
		user = json_object_get_string(json_object_array_get_idx(users, i));
		if (atoi(user) == getpid()) {
			own = nr == 1;
			user = "this shell's own session";
		}
		join(text, len, user);
	}
	json_object_put(users);
	return own;
}

static int busy(struct cli *cli, struct kmod_module *mod)
{
	const char *name = kmod_module_get_name(mod);
	char holders[256] = "", users[256] = "";
	bool own = users_of(name, users, sizeof(users));

	holders_of(mod, holders, sizeof(holders));
	if (holders[0])
		return fail(cli, EXIT_FAILED, EBUSY,
			    "unload those first (rmmod NAME)",
			    "%s is used by the modules %s (EBUSY)", name,
			    holders);
	if (own)
		return fail(cli, EXIT_FAILED, EBUSY, "close",
			    "%s: %s (EBUSY)", name, users);
	if (users[0])
		return fail(cli, EXIT_FAILED, EBUSY,
			    "end those processes, or in mmkit shell: close",
			    "%s has open sessions or mappings: %s (EBUSY, reference count %d)",
			    name, users, kmod_module_get_refcnt(mod));
	return fail(cli, EXIT_FAILED, EBUSY,
		    "unmap what is still mapped from it, and close what a process passed on",
		    "%s is in use (EBUSY, reference count %d)", name,
		    kmod_module_get_refcnt(mod));
}

/* One round: removes whatever nobody holds. Returns how many went, or -errno. */
static int sweep(struct kmod_ctx *ctx, struct json_object *removed, int argc,
		 char **argv)
{
	struct kmod_list *list = NULL, *entry;
	struct kmod_module *mod;
	int err = 0, nr = 0;

	if (kmod_module_new_from_loaded(ctx, &list) < 0)
		return -EIO;
	kmod_list_foreach(entry, list) {
		mod = kmod_module_get_module(entry);
		if (is_ours(kmod_module_get_name(mod)) &&
		    chosen(kmod_module_get_name(mod), argc, argv) &&
		    kmod_module_get_refcnt(mod) == 0) {
			err = kmod_module_remove_module(mod, 0);
			if (!err) {
				nr++;
				json_object_array_add(removed,
					json_object_new_string(
						kmod_module_get_name(mod)));
			}
		}
		kmod_module_unref(mod);
		if (err && err != -EBUSY && err != -EAGAIN)
			break;
	}
	kmod_module_unref_list(list);
	return err && err != -EBUSY && err != -EAGAIN ? err : nr;
}

/* Says why the first that is left could not go; the least used one is the cause. */
static int report_left(struct cli *cli, struct kmod_ctx *ctx, int argc,
		       char **argv)
{
	struct kmod_list *list = NULL, *entry;
	struct kmod_module *mod, *worst = NULL;
	int status = EXIT_OK;

	if (kmod_module_new_from_loaded(ctx, &list) < 0)
		return EXIT_OK;
	kmod_list_foreach(entry, list) {
		mod = kmod_module_get_module(entry);
		if (is_ours(kmod_module_get_name(mod)) &&
		    chosen(kmod_module_get_name(mod), argc, argv) &&
		    (!worst || !strcmp(kmod_module_get_name(worst),
				       "mmkit_core"))) {
			kmod_module_unref(worst);
			worst = kmod_module_ref(mod);
		}
		kmod_module_unref(mod);
	}
	if (worst)
		status = busy(cli, worst);
	kmod_module_unref(worst);
	kmod_module_unref_list(list);
	return status;
}

static void show_unload(struct cli *cli, struct json_object *obj)
{
	(void)cli;
	if (!json_object_array_length(j_get(obj, "modules")))
		out_line("no module of mmkit was loaded");
}

/* The first of those named that is no module of ours that is loaded, or NULL. */
static const char *not_loaded(struct kmod_ctx *ctx, int argc, char **argv)
{
	struct kmod_list *list = NULL, *entry;
	const char *missing = NULL;
	int i;

	kmod_module_new_from_loaded(ctx, &list);
	for (i = 0; i < argc && !missing; i++) {
		missing = argv[i];
		kmod_list_foreach(entry, list) {
			struct kmod_module *mod = kmod_module_get_module(entry);

			if (is_ours(kmod_module_get_name(mod)) &&
			    module_called(kmod_module_get_name(mod), argv[i]))
				missing = NULL;
			kmod_module_unref(mod);
		}
	}
	kmod_module_unref_list(list);
	return missing;
}

/* These are gone, whatever becomes of the others. */
static void show_removed(struct cli *cli, struct json_object *removed)
{
	size_t i, nr = json_object_array_length(removed);

	for (i = 0; !cli->opt.json && !cli->opt.quiet && i < nr; i++)
		out_line("unloaded %s", json_object_get_string(
				json_object_array_get_idx(removed, i)));
}

static int unload_run(struct cli *cli, void *opts, int argc, char **argv)
{
	struct json_object *obj, *removed;
	const char *missing;
	struct kmod_ctx *ctx;
	int nr, status;

	(void)opts;
	if (!kernel_has_modules())
		return no_modules(cli);
	ctx = modules_context();
	if (!ctx)
		return explain(cli, NULL, errno, "unloading");
	missing = not_loaded(ctx, argc, argv);
	if (missing) {
		kmod_unref(ctx);
		return fail(cli, EXIT_FAILED, ENOENT,
			    "mmkit doctor lists what is",
			    "%s: no module of mmkit that is loaded is called so",
			    missing);
	}
	removed = j_arr();
	do
		nr = sweep(ctx, removed, argc, argv);
	while (nr > 0);
	show_removed(cli, removed);
	status = nr < 0 ? explain(cli, unload_reasons, nr, "unloading") :
			  report_left(cli, ctx, argc, argv);
	kmod_unref(ctx);
	obj = j_obj();
	j_add(obj, "modules", removed);
	if (status == EXIT_OK)
		return result(cli, obj, show_unload);
	json_object_put(obj);
	return status;
}

static const struct verb unload_verb = {
	.args = "[MODULE]...",
	.max_args = -1,
	.help = "unload mmkit's modules, or those named",
	.more = "Refused while a session or a mapping uses them; it says whose.",
	.example = "mmkit unload",
	.run = unload_run,
	.no_verify = true,
};

const struct command unload_command = {
	.name = "unload",
	.help = "unload mmkit's modules",
	.verbs = &unload_verb,
	.nr_verbs = 1,
};
