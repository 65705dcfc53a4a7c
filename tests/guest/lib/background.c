// SPDX-License-Identifier: GPL-2.0-only
/*
 * A step that may sleep long, made in a thread of its own.
 * What the step is for is the caller's business.
 */
#include "background.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "failure.h"
#include "sysfs.h"
#include "wait.h"

struct background {
	pthread_t thread;
	int (*call)(void *arg);
	void *arg;		/* what call is given */
	char text[128];		/* what write_text() writes */
	char path[PATH_MAX];	/* and where */
	char failure[512];	/* the thread's failure_text() */
	int ret;		/* what call returned, once is_done */
	atomic_int tid;		/* the kernel's name of the thread */
	atomic_bool is_done;
};

static int write_text(void *arg)
{
	struct background *step = arg;

	return sysfs_write(step->text, "%s", step->path);
}

static void *run_step(void *arg)
{
	struct background *step = arg;

	atomic_store(&step->tid, gettid());
	step->ret = step->call(step->arg);
	if (step->ret < 0)
		snprintf(step->failure, sizeof(step->failure), "%s",
			 failure_text());
	atomic_store(&step->is_done, true);
	return NULL;
}

/* The thread blocks all signals: the suite's alarm is for the main thread. */
static void start(struct background *step)
{
	sigset_t all;
	sigset_t before;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	if (pthread_create(&step->thread, NULL, run_step, step))
		abort();
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static struct background *allocate(void)
{
	struct background *step = calloc(1, sizeof(*step));

	if (!step)
		abort();
	return step;
}

struct background *background_write(const char *text, const char *format, ...)
{
	struct background *step = allocate();
	va_list args;

	snprintf(step->text, sizeof(step->text), "%s", text);
	va_start(args, format);
	vsnprintf(step->path, sizeof(step->path), format, args);
	va_end(args);
	step->call = write_text;
	step->arg = step;
	start(step);
	return step;
}

struct background *background_call(int (*call)(void *arg), void *arg)
{
	struct background *step = allocate();

	step->call = call;
	step->arg = arg;
	start(step);
	return step;
}

bool background_is_blocked(struct background *step)
{
	char status[256];
	const char *state;

	if (sysfs_read(status, sizeof(status), "/proc/self/task/%d/stat",
		       atomic_load(&step->tid)))
		return false;
	/* The state follows the name, which is in parentheses. */
	state = strrchr(status, ')');
	return state && state[2] == 'D';
}

bool background_is_done(struct background *step)
{
	return atomic_load(&step->is_done);
}

static bool is_done(void *step)
{
	return background_is_done(step);
}

int background_wait(struct background *step, int limit_ms)
{
	if (!wait_for(is_done, step, limit_ms))
		return failure_set(ETIMEDOUT, "the step still sleeps %s",
				   step->path);
	if (step->ret < 0)
		failure_repeat(step->failure);
	return step->ret;
}

void background_finish(struct background *step)
{
	if (!step)
		return;
	pthread_join(step->thread, NULL);
	free(step);
}
