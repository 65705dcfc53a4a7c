// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ctrl-C and its like: noticed, so that what was begun can be put back.
 */
#include "interrupt.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t has_come;

static void on_signal(int signal)
{
	(void)signal;
	has_come = 1;
}

void interrupt_catch(void)
{
	/* Without SA_RESTART: what blocks shall return. */
	struct sigaction action = { .sa_handler = on_signal };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	action.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &action, NULL);
}

bool interrupt_came(void)
{
	return has_come;
}
