// SPDX-License-Identifier: GPL-2.0-only
/*
 * What may take long, or for ever, done by a child.
 */
#include "patient.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "interrupt.h"
#include "sysroot.h"

/* A driver that shuts its device down takes seconds, of a slow device more. */
#define PATIENCE_MS 60000

static bool has_child;

bool patient_has_child(void)
{
	return has_child;
}

const char *patient_error(int ret)
{
	return ret == -ETIMEDOUT ?
	       "the kernel has not answered yet, a child waits on" :
	       strerror(-ret);
}

/* Tests have less of it. */
long patient_ms(void)
{
	const char *said = getenv("VMPCTL_PATIENCE");
	long ms = said ? strtol(said, NULL, 10) : 0;

	return ms > 0 && ms < PATIENCE_MS ? ms : PATIENCE_MS;
}

static long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void say_that_it_waits(long left_ms)
{
	fprintf(stderr,
		"vmpctl: interrupted; what was begun is waited for, %ld s at most\n",
		(left_ms + 999) / 1000);
}

/* Return: has the child ended by now? */
static bool wait_a_while(pid_t pid)
{
	struct pollfd child = { .fd = pidfd_open(pid, 0), .events = POLLIN };
	long left = patient_ms();
	long end = now_ms() + left;
	bool is_said = interrupt_came();
	int nr = 0;

	if (child.fd < 0)
		return true;
	/* A signal to us is noted, and the step is finished. */
	for (; left > 0; left = end - now_ms()) {
		nr = poll(&child, 1, left);
		if (nr > 0 || (nr < 0 && errno != EINTR))
			break;
		if (!is_said && interrupt_came()) {
			is_said = true;
			say_that_it_waits(end - now_ms());
		}
	}
	close(child.fd);
	return nr > 0;
}

/* Return: the exit status of the child, or -errno. */
static int end_of(pid_t pid)
{
	int status;

	if (pid < 0)
		return -errno;
	if (!wait_a_while(pid)) {
		has_child = true;
		return -ETIMEDOUT;
	}
	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			return -errno;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : -EINTR;
}

/* A child with a group of its own, to which the terminal sends no Ctrl-C. */
static pid_t begin(void)
{
	pid_t pid;

	fflush(stdout);
	/* Whoever started us may ignore it, and then no child leaves a status. */
	signal(SIGCHLD, SIG_DFL);
	pid = fork();
	if (!pid)
		setpgid(0, 0);
	return pid;
}

int patient_call(int (*what)(const char *), const char *arg)
{
	pid_t pid = begin();
	int ret;

	if (!pid)
		_exit(-what(arg));
	ret = end_of(pid);
	return ret > 0 ? -ret : ret;
}

/* Whoever reads what we print is not to wait for a child that waits. */
static void be_silent(void)
{
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	dup2(fd, STDOUT_FILENO);
	dup2(fd, STDERR_FILENO);
}

int patient_write(const char *text, const char *format, ...)
{
	char path[PATH_MAX];
	va_list args;
	pid_t pid;
	int ret;

	va_start(args, format);
	ret = vsnprintf(path, sizeof(path), format, args);
	va_end(args);
	if (ret >= (int)sizeof(path))
		return -ENAMETOOLONG;
	pid = begin();
	if (!pid) {
		be_silent();
		_exit(-sysroot_write(text, "%s", path));
	}
	ret = end_of(pid);
	return ret > 0 ? -ret : ret;
}

int patient_run(const char *const argv[])
{
	static char *const environment[] = {
		"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", NULL,
	};
	pid_t pid = begin();

	if (!pid) {
		dup2(STDERR_FILENO, STDOUT_FILENO);
		execve(argv[0], (char *const *)argv, environment);
		_exit(127);
	}
	return end_of(pid);
}
