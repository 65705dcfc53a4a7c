/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A program of tests: its table, its options, its watchdog.
 */
#ifndef LIB_SUITE_H
#define LIB_SUITE_H

#include "check.h"
#include "fixture.h"

/* Seconds that a test may take, where its table line names no other. */
#define TEST_LIMIT_S 60

/**
 * struct test - One line of a program's table of tests
 * @name: The sentence that the test proves
 * @run: The test
 * @limit_s: Seconds it may take
 * @not_by_cdev: Why it does not run with ACCESS_CDEV, or NULL
 * @is_long: It runs only with --full, for it takes minutes
 * @only_by: The access mode it belongs to, as ONLY_BY(), or 0 for all; in the
 *           others it is run only if it is named
 * @data: What fixture->data points to while it runs
 */
struct test {
	const char *name;
	void (*run)(struct fixture *fixture);
	unsigned int limit_s;
	const char *not_by_cdev;
	bool is_long;
	unsigned int only_by;
	const void *data;
};

#define ONLY_BY(access) (1U << (access))

#define TEST(function) \
	{ .name = #function, .run = (function), .limit_s = TEST_LIMIT_S }

#define SLOW_TEST(function, seconds) \
	{ .name = #function, .run = (function), .limit_s = (seconds) }

#define LONG_TEST(function, seconds) \
	{ .name = #function, .run = (function), .limit_s = (seconds), \
	  .is_long = true }

#define GROUP_TEST(function, reason) \
	{ .name = #function, .run = (function), .limit_s = TEST_LIMIT_S, \
	  .not_by_cdev = (reason) }

/**
 * suite_main() - Run a program's tests as its command line says
 * @name: The program's name
 * @tests: The table
 * @nr_tests: Lines in it
 * @argc: As main() got it
 * @argv: As main() got it
 *
 * The tests run in a child, so that one that hangs in the kernel ends the
 * program with "not ok" all the same.
 *
 * Return: The program's exit status.
 */
int suite_main(const char *name, const struct test *tests,
	       unsigned int nr_tests, int argc, char **argv);

#define SUITE(name, tests) \
int main(int argc, char **argv) \
{ \
	return suite_main(name, tests, sizeof(tests) / sizeof((tests)[0]), \
			  argc, argv); \
}

#endif
