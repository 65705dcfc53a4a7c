/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Any two of a table's calls made at once, each over and over, by a thread of its
 * own: every pair of them, and each with itself. Nothing here knows what they do.
 */
#ifndef PAIRS_PAIRS_H
#define PAIRS_PAIRS_H

#include <stdbool.h>

#define PAIR_MAX_CALLS 32
#define PAIR_MAX_ERRORS 8

/**
 * struct pair_call - One call that is made over and over
 * @name: As complaints name it
 * @run: Makes it, see pairs_round(); returns 0 or more, or a -errno. Leaves
 *	 things so that it can be made again. It is in a thread: no assertion
 * @errors: With which errnos (positive) it may fail beside another call, which
 *	    changes what it meets; alone it may not
 * @is_offered: Whether the device has it, on this kernel and in this access
 *		mode; NULL if all have
 */
struct pair_call {
	const char *name;
	int (*run)(void);
	int errors[PAIR_MAX_ERRORS];
	bool (*is_offered)(void);
};

/* A call by its function's name: the first words of its line in a table. */
#define PAIR_CALL(function) .name = #function, .run = (function)

/**
 * struct pair_table - Calls of one kind
 * @calls: The calls
 * @nr_calls: How many
 */
struct pair_table {
	const struct pair_call *calls;
	unsigned int nr_calls;
};

/**
 * struct pairs - What is made at once
 * @tables: Tables of calls
 * @nr_tables: How many; of all that is offered, PAIR_MAX_CALLS at most
 * @prepare: Called before each pair and after the last; 0, or the -errno of what
 *	     is not as it should be
 * @ms: How long each pair goes on at least; each call is made once
 *	however long it takes
 */
struct pairs {
	const struct pair_table *tables;
	unsigned int nr_tables;
	int (*prepare)(void);
	unsigned int ms;
};

/**
 * pairs_round() - How often the calling thread has made its call
 *
 * Return: 0 in the first one, then one more each.
 */
unsigned int pairs_round(void);

/**
 * pairs_run() - Make all calls, and all pairs of them
 * @pairs: What to make
 *
 * Each call is made alone first. Fails the test when a call ends as it may not,
 * or does not end.
 */
void pairs_run(const struct pairs *pairs);

#endif
