// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ctrl-C in mmkit shell ends the command, not the session. A system call that
 * sleeps returns early; what loops asks interrupted().
 */
#include <signal.h>

#include "cli.h"

/* A signal handler has no argument to carry a context in. */
static volatile sig_atomic_t caught;

static void on_interrupt(int signo)
{
	(void)signo;
	caught = 1;
}

/* From here on SIGINT is remembered and kills nobody. */
void interrupt_catch(void)
{
	struct sigaction action = { .sa_handler = on_interrupt };

	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
}

/* The same for what ends a process otherwise: there is something to be put back. */
void interrupt_catch_ends(void)
{
	struct sigaction action = { .sa_handler = on_interrupt };

	interrupt_catch();
	sigemptyset(&action.sa_mask);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
}

void interrupt_forget(void)
{
	caught = 0;
}

bool interrupted(void)
{
	return caught;
}
