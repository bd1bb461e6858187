// SPDX-License-Identifier: GPL-2.0-only
/* mmkit doctor: what keeps mmkit from working here, each with one remedy. */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statfs.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "modules.h"

struct doctor_opts {
	const char *dir;
};

static const struct opt doctor_opts[] = {
	{ 'd', "dir", OPT_DIR, offsetof(struct doctor_opts, dir), "DIR",
	  "where the .ko files are", NULL },
	{ 0 },
};

struct doctor {
	struct cli *cli;
	struct module_set *set;
	struct json_object *rows;
	int bad;
};

static void row(struct doctor *d, const char *check, const char *status,
		const char *detail, const char *remedy)
{
	struct json_object *obj = j_obj();

	j_str(obj, "check", check);
	j_str(obj, "status", status);
	j_str(obj, "detail", detail);
	j_str(obj, "remedy", remedy);
	json_object_array_add(d->rows, obj);
}

static void ok(struct doctor *d, const char *check, const char *detail)
{
	row(d, check, "ok", detail, NULL);
}

static void skipped(struct doctor *d, const char *check, const char *detail)
{
	row(d, check, "skipped", detail, NULL);
}

static void bad(struct doctor *d, const char *check, const char *detail,
		const char *remedy)
{
	d->bad++;
	row(d, check, "bad", detail, remedy);
}

static bool core_loaded(void)
{
	return !access("/sys/module/mmkit_core", F_OK);
}

static void check_kernel(struct doctor *d)
{
	if (kernel_has_modules())
		ok(d, "kernel", "it can load modules");
	else
		bad(d, "kernel", NO_MODULES, NO_MODULES_REMEDY);
}

static void check_built(struct doctor *d)
{
	char text[64];

	snprintf(text, sizeof(text), "%u module files found", d->set->nr);
	if (d->set->nr)
		ok(d, "modules", text);
	else if (core_loaded())
		skipped(d, "modules", "no module files found, but mmkit_core is loaded");
	else
		bad(d, "modules", "no module files of mmkit were found",
		    "build them (make), then point MMKIT_MODULES at them");
}

static void check_vermagic(struct doctor *d)
{
	const struct module *wrong = NULL;
	struct utsname name;
	char text[256];
	unsigned int i;

	for (i = 0; i < d->set->nr && !wrong; i++)
		if (!module_fits(&d->set->modules[i]))
			wrong = &d->set->modules[i];
	if (!d->set->nr) {
		skipped(d, "vermagic", "no module files to look at");
		return;
	}
	uname(&name);
	if (!wrong) {
		snprintf(text, sizeof(text), "all built for %.65s", name.release);
		ok(d, "vermagic", text);
		return;
	}
	snprintf(text, sizeof(text), "%.64s was built for %.*s, this is %.65s",
		 module_name(wrong), (int)strcspn(wrong->vermagic, " "),
		 wrong->vermagic, name.release);
	bad(d, "vermagic", text,
	    "make KDIR=/lib/modules/$(uname -r)/build");
}

static bool file_says(const char *path, const char *word)
{
	char line[128] = "";
	FILE *file = fopen(path, "re");

	if (!file)
		return false;
	if (!fgets(line, sizeof(line), file))
		line[0] = '\0';
	fclose(file);
	return strstr(line, word);
}

static void check_signature(struct doctor *d)
{
	bool enforced = file_says("/sys/module/module/parameters/sig_enforce",
				  "Y");
	unsigned int i, unsigned_nr = 0;

	for (i = 0; i < d->set->nr; i++)
		unsigned_nr += !d->set->modules[i].is_signed;
	if (!enforced)
		ok(d, "signatures", "the kernel does not enforce module signatures");
	else if (!unsigned_nr)
		ok(d, "signatures", "enforced, and every module is signed");
	else
		bad(d, "signatures",
		    "the kernel enforces module signatures and these have none",
		    "sign them with a key the kernel trusts (kmodsign or sign-file)");
}

static void check_lockdown(struct doctor *d)
{
	const char *path = "/sys/kernel/security/lockdown";

	if (access(path, R_OK))
		ok(d, "lockdown", "no lockdown (or securityfs is not mounted)");
	else if (file_says(path, "[none]"))
		ok(d, "lockdown", "none");
	else if (file_says(path, "[integrity]"))
		bad(d, "lockdown",
		    "integrity: unsigned modules are refused, debugfs control files cannot be written",
		    "boot without lockdown= and Secure Boot; loaded modules still work through this tool");
	else
		bad(d, "lockdown",
		    "confidentiality: unsigned modules and all of debugfs are refused",
		    "boot without lockdown= and Secure Boot");
}

static void check_loaded(struct doctor *d)
{
	const char *missing = NULL;
	unsigned int i;
	char text[128];

	for (i = 0; i < d->set->nr && !missing; i++)
		if (!module_loaded(&d->set->modules[i]) &&
		    !module_by_name_only(&d->set->modules[i]))
			missing = module_name(&d->set->modules[i]);
	if (!core_loaded())
		missing = "mmkit_core";
	if (!missing) {
		ok(d, "loaded", "the modules are loaded");
		return;
	}
	snprintf(text, sizeof(text), "%s is not loaded", missing);
	bad(d, "loaded", text, "mmkit load");
}

static void check_debugfs(struct doctor *d)
{
	struct statfs fs;

	if (geteuid() && access("/sys/kernel/debug", X_OK) && errno == EACCES)
		skipped(d, "debugfs", "/sys/kernel/debug is root's");
	else if (statfs("/sys/kernel/debug", &fs))
		bad(d, "debugfs", "/sys/kernel/debug cannot be looked at, or the kernel has no debugfs",
		    "a kernel with CONFIG_DEBUG_FS");
	else if (fs.f_type != DEBUGFS_MAGIC)
		bad(d, "debugfs", "debugfs is not mounted",
		    "mount -t debugfs none /sys/kernel/debug");
	else if (!core_loaded())
		ok(d, "debugfs", "mounted");
	else if (access("/sys/kernel/debug/mmkit", F_OK))
		bad(d, "debugfs", "mounted, but there is no mmkit in it for you",
		    "boot without debugfs=off");
	else
		ok(d, "debugfs", "mounted, with mmkit in it");
}

static bool has_sys_admin(void)
{
	unsigned long long caps = 0;
	char line[128];
	FILE *file = fopen("/proc/self/status", "re");

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "CapEff: %llx", &caps) == 1)
			break;
	if (file)
		fclose(file);
	return caps >> CAP_SYS_ADMIN & 1;
}

static void check_permission(struct doctor *d)
{
	if (!core_loaded())
		skipped(d, "permission", "no devices yet: the modules are not loaded");
	else if (access("/dev/mmkit/info", F_OK))
		bad(d, "permission", "the modules are loaded but /dev/mmkit/info is not there",
		    "mount -t devtmpfs none /dev, or have udev run");
	else if (access("/dev/mmkit/info", R_OK | W_OK))
		bad(d, "permission", "/dev/mmkit/info is not yours to open",
		    "run it as root");
	else if (!has_sys_admin())
		bad(d, "permission", "no CAP_SYS_ADMIN: page frame numbers are hidden",
		    "run it as root");
	else
		ok(d, "permission", "devices can be opened, page frame numbers read");
}

static void compare_abi(struct doctor *d, int fd)
{
	struct mmkit_info info;
	char text[96];
	int err = mmkit_info_get(fd, &info);

	if (err) {
		snprintf(text, sizeof(text), "the module does not answer (%s)",
			 errno_name(err));
		bad(d, "abi", text, "unload and load the modules built with this tool");
		return;
	}
	snprintf(text, sizeof(text), "module %u, tool %d", info.abi, MMKIT_ABI);
	if (info.abi == MMKIT_ABI)
		ok(d, "abi", text);
	else
		bad(d, "abi", text,
		    "unload and load the modules built with this tool");
}

static void check_abi(struct doctor *d)
{
	int fd = mmkit_open("info", O_RDWR);

	if (fd < 0) {
		skipped(d, "abi", "/dev/mmkit/info cannot be opened");
		return;
	}
	compare_abi(d, fd);
	mmkit_close(fd);
}

static void show_doctor(struct cli *cli, struct json_object *obj)
{
	static const struct column cols[] = {
		{ "CHECK", "check", F_TEXT, 0, 0 },
		{ "STATUS", "status", F_STATUS, 0, 0 },
		{ "WHAT WAS FOUND", "detail", F_TEXT, C_WRAP, 32 },
		{ "REMEDY", "remedy", F_TEXT, C_WRAP, 27 },
	};

	out_table(cli, j_get(obj, "checks"), cols, ARRAY_SIZE(cols));
}

static int doctor_run(struct cli *cli, void *data, int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*fn)(struct doctor *);
		bool needs_modules;
	} checks[] = {
		{ "kernel", check_kernel, false },
		{ "modules", check_built, true },
		{ "vermagic", check_vermagic, true },
		{ "signatures", check_signature, true },
		{ "lockdown", check_lockdown, false },
		{ "loaded", check_loaded, true },
		{ "debugfs", check_debugfs, false },
		{ "permission", check_permission, false },
		{ "abi", check_abi, false },
	};
	const struct doctor_opts *opts = data;
	struct doctor d = { .cli = cli, .rows = j_arr() };
	struct json_object *obj = j_obj();
	size_t i;
	int status;

	(void)argc;
	(void)argv;
	d.set = calloc(1, sizeof(*d.set));
	if (!d.set || modules_find(d.set, opts->dir) < 0)
		return explain(cli, NULL, errno, "looking for modules");
	for (i = 0; i < ARRAY_SIZE(checks); i++)
		if (checks[i].needs_modules && !kernel_has_modules())
			skipped(&d, checks[i].name, "the kernel takes no modules");
		else
			checks[i].fn(&d);
	modules_free(d.set);
	free(d.set);
	j_bool(obj, "healthy", !d.bad);
	j_add(obj, "checks", d.rows);
	status = result(cli, obj, show_doctor);
	return status ? status : d.bad ? EXIT_FAILED : EXIT_OK;
}

static const struct verb doctor_verb = {
	.help = "find what keeps mmkit from working here; exit 1 when something does",
	.example = "mmkit doctor",
	.opts = doctor_opts,
	.size = sizeof(struct doctor_opts),
	.run = doctor_run,
	.no_verify = true,
};

const struct command doctor_command = {
	.name = "doctor",
	.help = "find what keeps mmkit from working here",
	.verbs = &doctor_verb,
	.nr_verbs = 1,
};
