/* SPDX-License-Identifier: GPL-2.0-only */
/* mmkit's modules: where their files are, and which are loaded. */
#ifndef MMKIT_CLI_MODULES_H
#define MMKIT_CLI_MODULES_H

#include <libkmod.h>

#include "out.h"

#define NO_MODULES		"built without CONFIG_MODULES (no /proc/modules)"
#define NO_MODULES_REMEDY	"use the VM: make shell"

#define MAX_MODULES	64

/* Bugs on purpose: loaded by name only, built for kernels with KASAN. */
#define MODULE_BUGS	"mmkit_bugs"

struct module {
	struct kmod_module *mod;
	char vermagic[128];
	char depends[256];
	char params[1024];	/* names, each between commas */
	bool is_signed;
	bool wanted;
	bool visited;
};

struct module_set {
	struct kmod_ctx *ctx;
	char dir[4096];		/* where they were found, "" when nowhere */
	struct module modules[MAX_MODULES];
	unsigned int nr;
};

bool kernel_has_modules(void);
int no_modules(struct cli *cli);
struct kmod_ctx *modules_context(void);
int modules_find(struct module_set *set, const char *dir);
void modules_free(struct module_set *set);
struct module *modules_get(struct module_set *set, const char *name);
const char *module_name(const struct module *module);
bool module_by_name_only(const struct module *module);
bool module_loaded(const struct module *module);
bool module_fits(const struct module *module);
bool module_same(const char *a, const char *b);
bool module_called(const char *module, const char *word);
struct json_object *device_users(const char *name);

#endif
