// SPDX-License-Identifier: GPL-2.0-only
/*
 * A program of tests: its options, the run of its table, its watchdog.
 * What a test may take from the machine is in fixture.c.
 */
#include "suite.h"

#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "module.h"
#include "sysfs.h"
#include "wait.h"

/* How long past its limit a test may take before its process is given up. */
#define GRACE_S 20
#define KILL_LIMIT_MS 5000

#define EXIT_USAGE 2

/* A test's begin, told to the supervisor. */
struct progress {
	unsigned int test;
	unsigned int limit_s;
};

static struct {
	const char *name;
	const struct test *tests;
	enum access_mode access;
	bool is_full;		/* long tests too */
	bool is_offered;	/* whether the kernel has this access mode */
	int progress_fd;	/* where struct progress goes */
	struct fixture fixture;
} suite;

static void on_alarm(int signal)
{
	(void)signal;
	fail_msg("the test did not end in time; it last tried: %s",
		 failure_text());
}

static void report_progress(const struct test *test)
{
	struct progress progress = { test - suite.tests, test->limit_s };

	if (write(suite.progress_fd, &progress, sizeof(progress)) !=
	    sizeof(progress))
		abort();
}

static void run_one(void **state)
{
	const struct test *test = *state;

	report_progress(test);
	if (suite.access == ACCESS_CDEV && test->not_by_cdev)
		skip_because("not with --access cdev: %s", test->not_by_cdev);
	if (!suite.is_offered)
		skip_because("this kernel has no /dev/%s",
			     suite.access == ACCESS_CDEV ?
			     "iommu with /dev/vfio/devices" : "vfio");
	assert_done(fixture_begin(&suite.fixture, suite.access));
	suite.fixture.data = test->data;
	if (sysfs_is_verbose)
		fprintf(stderr, "# test: %s\n", test->name);
	alarm(test->limit_s * patience());
	test->run(&suite.fixture);
	alarm(0);
}

static int end_test(void **state)
{
	int ret;

	(void)state;
	alarm(TEST_LIMIT_S * patience());
	ret = fixture_end(&suite.fixture);
	alarm(0);
	if (ret)
		printf("# cannot put things back: %s\n", failure_text());
	return ret;
}

static bool is_chosen(const struct test *test, char **chosen)
{
	if (!chosen[0])
		return (suite.is_full || !test->is_long) &&
		       (!test->only_by ||
			test->only_by & ONLY_BY(suite.access));
	for (; *chosen; chosen++) {
		if (!strcmp(*chosen, test->name))
			return true;
	}
	return false;
}

/* In the child: run the chosen tests under cmocka; its count of failures. */
static int run_chosen(unsigned int nr_tests, char **chosen)
{
	struct CMUnitTest *units = calloc(nr_tests, sizeof(*units));
	unsigned int nr_units = 0;
	unsigned int i;

	if (!units)
		abort();
	for (i = 0; i < nr_tests; i++) {
		if (!is_chosen(&suite.tests[i], chosen))
			continue;
		units[nr_units++] = (struct CMUnitTest) {
			.name = suite.tests[i].name,
			.test_func = run_one,
			.teardown_func = end_test,
			.initial_state = (void *)&suite.tests[i],
		};
	}
	if (!nr_units) {
		fprintf(stderr, "%s has no test of this name; see --list\n",
			suite.name);
		return EXIT_USAGE;
	}
	if (!module_is_loaded(DRIVER_NAME) &&
	    module_load(DRIVER_NAME, NULL)) {
		printf("Bail out! %s\n", failure_text());
		return EXIT_FAILURE;
	}
	/* Whoever has loaded it did not do so for these tests. */
	if (sysfs_write("0", "/sys/module/vfio_mdev_pci/parameters/migration")) {
		printf("Bail out! %s\n", failure_text());
		return EXIT_FAILURE;
	}
	suite.is_offered = space_is_offered(space_way(suite.access));
	signal(SIGALRM, on_alarm);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return _cmocka_run_group_tests(suite.name, units, nr_units, NULL,
				       NULL) ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* Say where a process sleeps in the kernel, then try to end it. */
static void give_up(pid_t child, unsigned int test)
{
	char command[128];

	printf("not ok - %s\n", suite.tests[test].name);
	printf("# it hangs in the kernel; its threads' stacks are on stderr\n");
	printf("Bail out! %s hangs\n", suite.tests[test].name);
	fflush(stdout);
	snprintf(command, sizeof(command),
		 "head -n 30 /proc/%d/task/*/stack >&2", child);
	if (system(command))
		fprintf(stderr, "# no stack to be had\n");
	kill(child, SIGKILL);
}

static bool has_ended(void *child)
{
	return waitpid(*(pid_t *)child, NULL, WNOHANG) != 0;
}

/* In the parent: follow the child's progress; the program's exit status. */
static int supervise(pid_t child, int progress_fd)
{
	struct pollfd pipe = { .fd = progress_fd, .events = POLLIN };
	struct progress progress = { 0, TEST_LIMIT_S };
	int status;

	for (;;) {
		int limit_s = progress.limit_s + TEST_LIMIT_S + GRACE_S;

		if (poll(&pipe, 1, limit_s * patience() * 1000) == 0) {
			give_up(child, progress.test);
			wait_for(has_ended, &child, KILL_LIMIT_MS);
			return EXIT_FAILURE;
		}
		if (read(progress_fd, &progress, sizeof(progress)) <= 0)
			break;
	}
	if (waitpid(child, &status, 0) != child)
		return EXIT_FAILURE;
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	printf("not ok - %s\n", suite.tests[progress.test].name);
	printf("Bail out! %s ended by signal %d\n", suite.name,
	       WTERMSIG(status));
	return EXIT_FAILURE;
}

static void print_usage(FILE *file)
{
	fprintf(file,
		"Usage: %s [--access group|cdev] [--full] [--verbose] [--list] [TEST...]\n"
		"Runs all its tests, or those named, and reports in TAP.\n"
		"  --access group  open devices through /dev/vfio/<group> (default)\n"
		"  --access cdev   open them through /dev/vfio/devices and /dev/iommu\n"
		"  --full          run the tests that take minutes, too\n"
		"  --verbose       say each write to sysfs on stderr\n"
		"  --list          name the tests and end\n", suite.name);
}

static int list_tests(unsigned int nr_tests)
{
	unsigned int i;

	for (i = 0; i < nr_tests; i++)
		printf("%s\n", suite.tests[i].name);
	return EXIT_SUCCESS;
}

static bool read_access(const char *text)
{
	if (!strcmp(text, "cdev"))
		suite.access = ACCESS_CDEV;
	else if (!strcmp(text, "group"))
		suite.access = ACCESS_GROUP;
	else
		return false;
	return true;
}

/* Returns -1 to go on, or the exit status to end with. */
static int read_options(unsigned int nr_tests, int argc, char **argv)
{
	static const struct option options[] = {
		{ "access", required_argument, NULL, 'a' },
		{ "full", no_argument, NULL, 'f' },
		{ "verbose", no_argument, NULL, 'v' },
		{ "list", no_argument, NULL, 'l' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) >= 0) {
		switch (option) {
		case 'a':
			if (read_access(optarg))
				break;
			print_usage(stderr);
			return EXIT_USAGE;
		case 'f':
			suite.is_full = true;
			break;
		case 'v':
			sysfs_is_verbose = true;
			break;
		case 'l':
			return list_tests(nr_tests);
		case 'h':
			print_usage(stdout);
			return EXIT_SUCCESS;
		default:
			print_usage(stderr);
			return EXIT_USAGE;
		}
	}
	return -1;
}

int suite_main(const char *name, const struct test *tests,
	       unsigned int nr_tests, int argc, char **argv)
{
	int pipe_fds[2];
	pid_t child;
	int status;

	suite.name = name;
	suite.tests = tests;
	status = read_options(nr_tests, argc, argv);
	if (status >= 0)
		return status;
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (pipe(pipe_fds))
		return EXIT_FAILURE;
	child = fork();
	if (child < 0)
		return EXIT_FAILURE;
	if (child == 0) {
		close(pipe_fds[0]);
		suite.progress_fd = pipe_fds[1];
		exit(run_chosen(nr_tests, argv + optind));
	}
	close(pipe_fds[1]);
	return supervise(child, pipe_fds[0]);
}
