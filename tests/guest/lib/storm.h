/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Loops that run all at once until time is up, each drawing one operation
 * after the other at random. They count what succeeds and tell what hangs.
 * What the operations do, and what must be true afterwards, is a test's affair.
 */
#ifndef LIB_STORM_H
#define LIB_STORM_H

#include <stdbool.h>

#include "fixture.h"

struct storm_loop;

/**
 * struct storm_operation - Something a loop does
 * @name: What it is, in words
 * @run: Do it; 0 or a -errno, which is no failure of the test. Runs in a
 *       thread of its own, where assertions must not be made.
 * @weight: How much more often than others it is drawn; 0 is as good as 1
 */
struct storm_operation {
	const char *name;
	int (*run)(struct storm_loop *loop);
	unsigned int weight;
};

/**
 * struct storm_kind - Loops that draw from the same operations
 * @name: What they do, in a word
 * @operations: The operations, ended by one without a name
 * @nr_loops: How many such loops run at once
 * @pause_ms: The longest pause between two operations; each is drawn
 */
struct storm_kind {
	const char *name;
	const struct storm_operation *operations;
	unsigned int nr_loops;
	unsigned int pause_ms;
};

/**
 * storm_number() - Which loop of its kind this is
 * @loop: The loop
 *
 * Return: A number from 0.
 */
unsigned int storm_number(const struct storm_loop *loop);

/**
 * storm_draw() - Draw a number from the loop's own seeded sequence
 * @loop: The loop
 * @below: How many numbers there are
 *
 * Return: A number from 0 to @below - 1.
 */
unsigned int storm_draw(struct storm_loop *loop, unsigned int below);

/**
 * storm_complain() - Have the test fail, from an operation
 * @format: What is wrong, whatever goes on around it: a printf format
 *
 * Return: -EIO, for the operation to return.
 */
int storm_complain(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

/**
 * storm_run() - Run the loops, then wait until each has ended
 * @fixture: The test; it fails if an operation hangs or never succeeded, or if
 *           one complained
 * @kinds: The loops, ended by a kind without a name
 * @seconds: How long at least; longer until every operation succeeded once,
 *           for some machines are slow, but not more than five minutes
 *
 * The seed is taken from the environment's STORM_SEED, or made up, and printed.
 * It decides what each loop draws; how the loops interleave is the kernel's
 * choice.
 */
void storm_run(struct fixture *fixture, const struct storm_kind *kinds,
	       unsigned int seconds);

#endif
