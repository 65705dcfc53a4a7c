// SPDX-License-Identifier: GPL-2.0-only
/*
 * A step that a process of its own makes.
 * What the step is for is the caller's business.
 */
#include "process.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "failure.h"

/* What the child tells its parent. */
struct outcome {
	int ret;
	char failure[512];
};

/* The suite's alarm is for the parent: a child's handler would report, too. */
static void run_child(int (*call)(void *arg), void *arg,
		      struct outcome *outcome)
{
	signal(SIGALRM, SIG_DFL);
	outcome->ret = call(arg);
	snprintf(outcome->failure, sizeof(outcome->failure), "%s",
		 failure_text());
	_exit(0);
}

int process_call(int (*call)(void *arg), void *arg)
{
	struct outcome *outcome;
	int status = -1;
	pid_t child;
	int ret;

	outcome = mmap(NULL, sizeof(*outcome), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (outcome == MAP_FAILED)
		return failure_set(errno, "no memory");
	child = fork();
	if (child < 0) {
		ret = failure_set(errno, "no process");
	} else if (child == 0) {
		run_child(call, arg, outcome);
	} else if (waitpid(child, &status, 0) != child || status) {
		ret = failure_set(ECHILD, "the process ended with %#x",
				  status);
	} else {
		ret = outcome->ret;
		if (ret < 0)
			failure_repeat(outcome->failure);
	}
	munmap(outcome, sizeof(*outcome));
	return ret;
}
