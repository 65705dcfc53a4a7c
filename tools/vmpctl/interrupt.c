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

/* What whoever started us wants to be ignored (nohup) stays so. */
static void catch(int signal, const struct sigaction *action)
{
	struct sigaction old;

	if (!sigaction(signal, NULL, &old) && old.sa_handler != SIG_IGN)
		sigaction(signal, action, NULL);
}

void interrupt_catch(void)
{
	/* Without SA_RESTART: what blocks shall return. */
	struct sigaction action = { .sa_handler = on_signal };

	catch(SIGINT, &action);
	catch(SIGTERM, &action);
	catch(SIGHUP, &action);
	action.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &action, NULL);
}

bool interrupt_came(void)
{
	return has_come;
}
