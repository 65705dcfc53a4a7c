// SPDX-License-Identifier: GPL-2.0-only
/*
 * Operations that may take long, each in a process of its own, and what is
 * remembered of a sequence.
 */
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "faults.h"

/* What the sequence came to so far, for whoever must understand it. */
char faults_trace[4096];

void faults_begin_trace(const char *id, uint64_t seed)
{
	snprintf(faults_trace, sizeof(faults_trace), "%s FAULTS_SEED=%llu\n", id,
		 (unsigned long long)seed);
	/* It stays if what follows ends the machine. */
	printf("# %s", faults_trace);
	fflush(stdout);
}

void faults_note(const char *format, ...)
{
	size_t used = strlen(faults_trace);
	va_list args;

	va_start(args, format);
	vsnprintf(faults_trace + used, sizeof(faults_trace) - used, format, args);
	va_end(args);
	if (draw_number("FAULTS_VERBOSE", 0))
		printf("# %s", faults_trace + used);
}

void faults_assert_clear(const struct faults_operation *operation, int ret,
			 const char *text)
{
	if (ret >= 0 || ret == FAULTS_NOT_NOW ||
	    failure_is_among(-ret, operation->errors, FAULTS_MAX_ERRORS))
		return;
	fail_msg("%s: %s (%d), after:\n%s", operation->name, text, ret, faults_trace);
}

unsigned int faults_what_goes_on(const struct faults *faults)
{
	unsigned int clashes = 0;
	unsigned int i;

	for (i = 0; i < FAULTS_MAX_STEPS; i++) {
		if (faults->steps[i].pid)
			clashes |= faults->steps[i].operation->clashes;
	}
	return clashes;
}

bool faults_goes_on(const struct faults *faults)
{
	unsigned int i;

	for (i = 0; i < FAULTS_MAX_STEPS; i++) {
		if (faults->steps[i].pid)
			return true;
	}
	return false;
}

static void take_outcome(struct faults_step *step)
{
	step->pid = 0;
	faults_note("  %s ended: %d\n", step->operation->name, step->outcome->ret);
	faults_assert_clear(step->operation, step->outcome->ret, step->outcome->text);
}

void faults_take_outcomes(struct faults *faults)
{
	unsigned int i;

	for (i = 0; i < FAULTS_MAX_STEPS; i++) {
		struct faults_step *step = &faults->steps[i];

		if (step->pid && waitpid(step->pid, NULL, WNOHANG) == step->pid)
			take_outcome(step);
	}
}

static void be_step(struct faults *faults, struct faults_step *step)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGALRM, SIG_DFL);
	step->outcome->ret = step->operation->run(faults);
	if (step->outcome->ret < 0)
		snprintf(step->outcome->text, sizeof(step->outcome->text),
			 "%s", failure_text());
	_exit(0);
}

int faults_start_step(struct faults *faults,
		      const struct faults_operation *operation)
{
	struct faults_step *step = NULL;
	unsigned int i;

	for (i = 0; i < FAULTS_MAX_STEPS; i++) {
		if (!faults->steps[i].pid)
			step = &faults->steps[i];
	}
	if (!step)
		return FAULTS_NOT_NOW;
	/* Each draws other numbers. */
	draw_bits(&faults->draw);
	step->operation = operation;
	step->outcome->ret = 0;
	fflush(stdout);
	step->pid = fork();
	if (step->pid < 0)
		fail_msg("no process");
	if (!step->pid)
		be_step(faults, step);
	return 0;
}

void faults_print_stacks(const struct faults *faults)
{
	char command[128];
	unsigned int i;

	for (i = 0; i < FAULTS_MAX_STEPS; i++) {
		if (!faults->steps[i].pid)
			continue;
		snprintf(command, sizeof(command),
			 "head -n 30 /proc/%d/stack >&2", faults->steps[i].pid);
		if (system(command))
			fprintf(stderr, "# no stack to be had\n");
	}
}
