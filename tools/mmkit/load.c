// SPDX-License-Identifier: GPL-2.0-only
/* mmkit load: insert the modules, those that others need first. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "modules.h"

struct load_opts {
	const char *dir;
};

static const struct opt load_opts[] = {
	{ 'd', "dir", OPT_DIR, offsetof(struct load_opts, dir), "DIR",
	  "where the .ko files are", NULL },
	{ 0 },
};

static const struct reason load_reasons[] = {
	{ EPERM, "the kernel refuses to load modules from you: not root, lockdown, or module signatures are enforced",
	  "run it as root; mmkit doctor tells which", EXIT_FAILED },
	{ ENOEXEC, "the module was not built for this kernel",
	  "build it for this kernel: make KDIR=/lib/modules/$(uname -r)/build",
	  EXIT_FAILED },
	{ EKEYREJECTED, "the module is not signed by a key the kernel trusts",
	  "sign it, or boot with Secure Boot off", EXIT_FAILED },
	{ ENOENT, "a symbol it needs is not in this kernel (dmesg names it)",
	  "build it for this kernel: make KDIR=/lib/modules/$(uname -r)/build",
	  EXIT_FAILED },
	{ EINVAL, "the module refused its parameters, or its versions of symbols differ (dmesg tells)",
	  "modinfo lists its parameters", EXIT_FAILED },
	{ 0 },
};

static bool has_param(const struct module *module, const char *param,
		      size_t len)
{
	char key[64];

	snprintf(key, sizeof(key), ",%.*s,", (int)len, param);
	return strstr(module->params, key);
}

/* "name=value" goes to who declares it, "module.name=value" to that module. */
static bool param_is_for(const struct module *module, const char *arg,
			 const char **param)
{
	const char *equals = strchr(arg, '='), *dot = strchr(arg, '.');
	char name[64];

	*param = arg;
	if (dot && dot < equals) {
		snprintf(name, sizeof(name), "%.*s", (int)(dot - arg), arg);
		if (!module_same(name, module_name(module)))
			return false;
		*param = dot + 1;
	}
	return has_param(module, *param, equals - *param);
}

/* "session_bytes=1M": the kernel itself takes plain numbers only. */
static bool in_bytes(const char *param, uint64_t *bytes, int *err)
{
	size_t len = strcspn(param, "="), suffix = strlen("_bytes");

	if (len < suffix || strncmp(param + len - suffix, "_bytes", suffix))
		return false;
	*err = parse_size(param + len + 1, bytes);
	return true;
}

/* A parameter is set when its module is loaded, and only then. */
static int check_param(struct cli *cli, struct module_set *set, const char *arg)
{
	const char *param, *dot = strchr(arg, '.');
	const struct module *module;
	bool known = false;
	uint64_t bytes;
	unsigned int i;
	int err = 0;

	for (i = 0; i < set->nr; i++) {
		module = &set->modules[i];
		if (!param_is_for(module, arg, &param))
			continue;
		known = true;
		if (in_bytes(param, &bytes, &err) && err)
			return usage(cli, "%s: a plain number of bytes, such as 1048576, or with K, M or G",
				     arg);
		if (module_loaded(module))
			return fail(cli, EXIT_FAILED, EEXIST,
				    "mmkit unload, then load again",
				    "%s is loaded already; %s was not applied",
				    module_name(module),
				    dot && dot < strchr(arg, '=') ? dot + 1 : arg);
	}
	return known ? EXIT_OK :
	       usage(cli, "%s: no module has this parameter (modinfo lists them)",
		     arg);
}

/* Why a module that there could be may not be there. */
static const char *absent(const char *name)
{
	return module_called(MODULE_BUGS, name) ?
	       " (it is built for kernels with KASAN alone: make shell KERNEL=debug-6.1)" :
	       "";
}

static int check_args(struct cli *cli, struct module_set *set, int argc,
		      char **argv)
{
	struct module *module;
	int arg, status;

	for (arg = 0; arg < argc; arg++) {
		if (!strchr(argv[arg], '=')) {
			module = modules_get(set, argv[arg]);
			if (!module)
				return usage(cli, "%s: no such module in %s%s",
					     argv[arg], set->dir, absent(argv[arg]));
			module->wanted = true;
			continue;
		}
		status = check_param(cli, set, argv[arg]);
		if (status)
			return status;
	}
	return EXIT_OK;
}

static void want(struct module_set *set, int argc, char **argv)
{
	bool named = false;
	unsigned int i;
	int arg;

	for (arg = 0; arg < argc; arg++)
		named |= !strchr(argv[arg], '=');
	for (i = 0; !named && i < set->nr; i++)
		set->modules[i].wanted = !module_by_name_only(&set->modules[i]);
}

static void collect_params(const struct module *module, int argc, char **argv,
			   char *text, size_t len)
{
	const char *param;
	uint64_t bytes;
	size_t at = 0;
	int arg, err;

	text[0] = '\0';
	for (arg = 0; arg < argc && at < len; arg++) {
		if (!strchr(argv[arg], '=') ||
		    !param_is_for(module, argv[arg], &param))
			continue;
		if (in_bytes(param, &bytes, &err))
			at += snprintf(text + at, len - at, "%s%.*s=%llu",
				       at ? " " : "", (int)strcspn(param, "="),
				       param, (unsigned long long)bytes);
		else
			at += snprintf(text + at, len - at, "%s%s",
				       at ? " " : "", param);
	}
}

static void add_row(struct json_object *rows, const struct module *module,
		    bool was_loaded, const char *params)
{
	struct json_object *row = j_obj();

	j_str(row, "module", module_name(module));
	j_bool(row, "was_loaded", was_loaded);
	j_str(row, "params", params);
	j_str(row, "path", kmod_module_get_path(module->mod));
	json_object_array_add(rows, row);
}

struct load {
	struct cli *cli;
	struct module_set *set;
	struct json_object *rows;
	int argc;
	char **argv;
};

/* What modprobe.d and the kernel's command line say comes first, as for modprobe. */
static int insert_with(const struct module *module, const char *params)
{
	const char *configured = kmod_module_get_options(module->mod);
	char all[2048];

	snprintf(all, sizeof(all), "%s%s%s", configured ? configured : "",
		 configured && *params ? " " : "", params);
	return kmod_module_insert_module(module->mod, 0, all);
}

static int insert(struct load *load, struct module *module)
{
	char params[1024], doing[96];
	int err;

	collect_params(module, load->argc, load->argv, params, sizeof(params));
	if (module_loaded(module)) {
		add_row(load->rows, module, true, "");
		return EXIT_OK;
	}
	err = insert_with(module, params);
	if (err < 0 && err != -EEXIST) {
		snprintf(doing, sizeof(doing), "loading %s", module_name(module));
		if (!module_fits(module))
			err = -ENOEXEC;
		return explain(load->cli, load_reasons, err, doing);
	}
	add_row(load->rows, module, err == -EEXIST, params);
	return EXIT_OK;
}

/* A module of the kernel's own that ours depends on. */
static int load_other(struct load *load, const char *name)
{
	struct kmod_module *mod;
	int err;

	err = kmod_module_new_from_name(load->set->ctx, name, &mod);
	if (err < 0)
		return explain(load->cli, load_reasons, err, name);
	err = kmod_module_probe_insert_module(mod, 0, NULL, NULL, NULL, NULL);
	kmod_module_unref(mod);
	return err < 0 ? explain(load->cli, load_reasons, err, name) : EXIT_OK;
}

static int load_one(struct load *load, struct module *module)
{
	char depends[sizeof(module->depends)], *name, *save = NULL;
	struct module *other;
	int status = EXIT_OK;

	if (module->visited)
		return EXIT_OK;
	module->visited = true;
	strcpy(depends, module->depends);
	for (name = strtok_r(depends, ",", &save); name && !status;
	     name = strtok_r(NULL, ",", &save)) {
		other = modules_get(load->set, name);
		status = other ? load_one(load, other) : load_other(load, name);
	}
	return status ? status : insert(load, module);
}

static void show_load(struct cli *cli, struct json_object *obj)
{
	static const struct column cols[] = {
		{ "MODULE", "module", F_TEXT, 0, 0 },
		{ "WAS-LOADED", "was_loaded", F_TEXT, 0, 0 },
		{ "PARAMETERS", "params", F_TEXT, C_WRAP, 50 },
	};

	out_table(cli, j_get(obj, "modules"), cols, ARRAY_SIZE(cols));
}

static int load_all(struct cli *cli, struct module_set *set, int argc,
		    char **argv)
{
	struct load load = { cli, set, j_arr(), argc, argv };
	struct json_object *obj;
	int status = EXIT_OK;
	unsigned int i;

	for (i = 0; i < set->nr && !status; i++)
		if (set->modules[i].wanted)
			status = load_one(&load, &set->modules[i]);
	if (status) {
		json_object_put(load.rows);
		return status;
	}
	obj = j_obj();
	j_str(obj, "dir", set->dir);
	j_add(obj, "modules", load.rows);
	return result(cli, obj, show_load);
}

static int load_run(struct cli *cli, void *data, int argc, char **argv)
{
	const struct load_opts *opts = data;
	struct module_set *set;
	int status, found;

	if (!kernel_has_modules())
		return no_modules(cli);
	set = calloc(1, sizeof(*set));
	if (!set)
		return explain(cli, NULL, ENOMEM, "loading");
	found = modules_find(set, opts->dir);
	if (found < 0) {
		status = explain(cli, NULL, found, "loading");
	} else if (!found) {
		status = fail(cli, EXIT_ABSENT, ENOENT,
			      "build them (make), then mmkit load --dir DIR or set MMKIT_MODULES",
			      "no mmkit modules in %s",
			      opts->dir ? opts->dir :
			      "$MMKIT_MODULES, beside this program, or /lib/modules/$(uname -r)");
	} else {
		status = check_args(cli, set, argc, argv);
		if (!status) {
			want(set, argc, argv);
			status = load_all(cli, set, argc, argv);
		}
	}
	modules_free(set);
	free(set);
	return status;
}

static const struct verb load_verb = {
	.args = "[MODULE]... [NAME=VALUE]...",
	.max_args = -1,
	.help = "load mmkit's modules, or those named, in the order they need",
	.more = "NAME=VALUE goes to the modules that have the parameter. Without --dir they are\n"
		"looked for in $MMKIT_MODULES; beside this program, in modules, ../modules and ../..\n"
		"from there; and in updates/dkms, updates, extra and kernel/drivers/misc/mmkit\n"
		"of /lib/modules/$(uname -r). The first place that has any is taken.",
	.example = "mmkit load session_bytes=64M",
	.opts = load_opts,
	.size = sizeof(struct load_opts),
	.run = load_run,
	.no_verify = true,
};

const struct command load_command = {
	.name = "load",
	.help = "load mmkit's modules",
	.verbs = &load_verb,
	.nr_verbs = 1,
};
