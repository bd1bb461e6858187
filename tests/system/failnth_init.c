// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every allocation and every copy of a module's loading fails once, its init with it.
 * Then it is not there, and nothing of it is; and the next try has it there. Run this
 * last.
 */
#include "faults.h"
#include "leaks.h"
#include "modules.h"

#define POINTS_MAX	20000

static bool is_loaded(const char *name)
{
	char path[96];

	snprintf(path, sizeof(path), "/sys/module/%s/initstate", name);
	return !access(path, F_OK);
}

/* What a module makes for its users. */
static bool has_files(const char *name)
{
	const char *area = name + strlen("mmkit_");
	char path[96];

	if (!strcmp(area, "core"))
		area = "info";
	snprintf(path, sizeof(path), "/dev/mmkit/%s", area);
	if (!access(path, F_OK))
		return true;
	snprintf(path, sizeof(path), DEBUG "%s", area);
	return !access(path, F_OK);
}

/* Was there an @nth point? */
static bool load_failing(const char *name, u32 nth, int *err)
{
	int fd = module_open(name);
	bool hit;

	if (fd < 0)
		bail("%s.ko: %s", name, strerror(-fd));
	fault_arm(nth);
	*err = syscall(SYS_finit_module, fd, "", 0) ? -errno : 0;
	hit = fault_hit();
	close(fd);
	return hit;
}

static void one_module(const char *name)
{
	u32 nth, errors = 0;
	int err;

	test("%s: each point of its loading fails once, and nothing is left", name);
	for (nth = 1; nth < POINTS_MAX; nth++) {
		if (!load_failing(name, nth, &err))
			break;
		errors += err < 0;
		if (err) {
			if (!CHECK(!is_loaded(name) && !has_files(name)))
				diag("point %u: %s", nth, strerror(-err));
		} else if (!EQUAL(unload(name), 0)) {
			break;
		}
	}
	EQUAL(err, 0);
	CHECK(nth < POINTS_MAX && is_loaded(name) && has_files(name));
	printf("# %-24s %-20s points %4u errors %4u\n", "module", name, nth - 1,
	       errors);
}

int main(int argc, char **argv)
{
	int i;

	if (!faults_there()) {
		test("each point of a module's loading fails once");
		skip("the kernel has no fault injection");
		return tap_end();
	}
	faults_init();
	list_modules();
	for (i = 0; i < nr_modules; i++)
		EQUAL(unload(modules[i]), 0);
	for (i = nr_modules; i--;)
		if (argc < 2 || !strcmp(modules[i], argv[1]))
			one_module(modules[i]);
		else
			EQUAL(load(modules[i]), 0);
	no_leaks();
	return tap_end();
}
