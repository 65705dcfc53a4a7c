// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's fault injection for one thread, and a sweep over all points of
 * an operation. What must hold afterwards is the tests' business.
 */
#include "fail_nth.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "fixture.h"
#include "sysfs.h"

#define NTH "/proc/thread-self/fail-nth"
#define KNOBS "/sys/kernel/debug"

/* No operation has more; one that has no end must not go on for ever. */
#define MAX_POINTS 5000

/* How an operation went */
struct outcome {
	unsigned int nth;
	int ret;
	bool is_hit;
};

/* The log has what goes wrong, not what was made to fail. */
static const struct {
	const char *file;
	const char *value;
} knobs[] = {
	{ "failslab/verbose", "0" },
	{ "failslab/ignore-gfp-wait", "N" },
	{ "fail_page_alloc/verbose", "0" },
	{ "fail_page_alloc/ignore-gfp-wait", "N" },
	{ "fail_page_alloc/ignore-gfp-highmem", "N" },
	{ "fail_page_alloc/min-order", "0" },
	{ "fail_usercopy/verbose", "0" },
};

void fail_nth_require(void)
{
	size_t i;

	if (!sysfs_exists(NTH))
		skip_because("this kernel has no fault injection");
	for (i = 0; i < ARRAY_SIZE(knobs); i++) {
		if (sysfs_write(knobs[i].value, KNOBS "/%s", knobs[i].file))
			skip_because("this kernel cannot fail all that is to fail: %s",
				     failure_text());
	}
}

static void arm(int fd, unsigned int nth)
{
	char text[16];
	int length = snprintf(text, sizeof(text), "%u", nth);

	assert_int_equal(pwrite(fd, text, length, 0), length);
}

/*
 * Whether the nth point was reached. If not, it may be these calls that reach
 * it, as they copy too: then they fail once.
 */
static bool disarm(int fd)
{
	char text[16] = "";
	bool is_hit = pread(fd, text, sizeof(text) - 1, 0) > 0 && !atoi(text);

	if (pwrite(fd, "0", 1, 0) != 1)
		assert_int_equal(pwrite(fd, "0", 1, 0), 1);
	return is_hit;
}

static struct outcome fail_at(const struct fail_nth_sweep *sweep, void *arg,
			      int fd, unsigned int nth)
{
	struct outcome outcome = { .nth = nth };

	arm(fd, nth);
	outcome.ret = sweep->run(arg);
	outcome.is_hit = disarm(fd);
	if (sysfs_is_verbose)
		fprintf(stderr, "# %s: point %u: %d%s\n", sweep->name, nth,
			outcome.ret, outcome.is_hit ? "" : ", not reached");
	return outcome;
}

static bool is_expected(const struct fail_nth_sweep *sweep, int error)
{
	return error == ENOMEM || error == EFAULT ||
	       failure_is_among(error, sweep->errors,
				ARRAY_SIZE(sweep->errors));
}

static void prepare(const struct fail_nth_sweep *sweep, void *arg)
{
	if (sweep->prepare)
		sweep->prepare(arg);
}

static void try_again(const struct fail_nth_sweep *sweep, void *arg,
		      const struct outcome *failed)
{
	int ret;

	assert_that(is_expected(sweep, -failed->ret),
		    "%s: point %u: failed with \"%s\"", sweep->name,
		    failed->nth, strerror(-failed->ret));
	if (sweep->check_failed)
		sweep->check_failed(arg, -failed->ret);
	prepare(sweep, arg);
	ret = sweep->run(arg);
	assert_that(ret >= 0, "%s: point %u: fails again with \"%s\"",
		    sweep->name, failed->nth, strerror(-ret));
}

/* Returns whether there was an nth point. */
static bool sweep_one(const struct fail_nth_sweep *sweep, void *arg, int fd,
		      unsigned int nth, unsigned int *nr_failed)
{
	struct outcome outcome;

	prepare(sweep, arg);
	outcome = fail_at(sweep, arg, fd, nth);
	assert_that(outcome.is_hit || outcome.ret >= 0,
		    "%s: failed with \"%s\", and no point was reached",
		    sweep->name, strerror(-outcome.ret));
	if (outcome.ret < 0) {
		try_again(sweep, arg, &outcome);
		(*nr_failed)++;
	}
	if (sweep->check_done)
		sweep->check_done(arg);
	return outcome.is_hit;
}

void fail_nth_run(const struct fail_nth_sweep *sweep, void *arg)
{
	int fd = open(NTH, O_RDWR | O_CLOEXEC);
	unsigned int nr_failed = 0;
	unsigned int nth = 1;

	assert_true(fd >= 0);
	while (sweep_one(sweep, arg, fd, nth, &nr_failed))
		assert_that(nth++ < MAX_POINTS, "%s has no end", sweep->name);
	close(fd);
	printf("# fail-nth: %s: %u points, at %u of them it failed\n",
	       sweep->name, nth - 1, nr_failed);
	assert_that(nth > 1, "%s has no point at which it can fail",
		    sweep->name);
}
