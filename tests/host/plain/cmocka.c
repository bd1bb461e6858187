// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include "cmocka.h"

static jmp_buf failed;

void fail_msg(const char *format, ...)
{
	va_list args;

	printf("# ");
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	longjmp(failed, 1);
}

static int run(const struct CMUnitTest *test)
{
	void *state = test->initial_state;

	if (setjmp(failed))
		return 1;
	test->test_func(&state);
	return 0;
}

int _cmocka_run_group_tests(const char *group, const struct CMUnitTest *tests,
			    size_t nr, void *setup, void *teardown)
{
	int bad, sum = 0;
	size_t i;

	(void)setup;
	(void)teardown;
	printf("1..%zu\n# %s\n", nr, group);
	for (i = 0; i < nr; i++) {
		bad = run(&tests[i]);
		sum += bad;
		printf("%s %zu - %s\n", bad ? "not ok" : "ok", i + 1,
		       tests[i].name);
	}
	return sum;
}
