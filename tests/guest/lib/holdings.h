/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What memory the kernel holds, of the kinds that it could leak, and which kind
 * grew each time something was done many times.
 *
 * SLUB knows exactly what is in use in full slabs only, and much is freed
 * after a grace period: numbers go up and down by more than one object that a
 * round would leak. A leak is what goes up in each of several runs, of more than
 * a hundred rounds each.
 */
#ifndef LIB_HOLDINGS_H
#define LIB_HOLDINGS_H

#include <stdbool.h>

/* So many runs convict; the first that clears all ends the matter. */
#define HOLDINGS_RUNS 5

/* How many rounds make a run, where nothing else decides it. */
#define HOLDINGS_ROUNDS 200

#define HOLDINGS_MAX_KINDS 128

/**
 * struct holding - One kind of memory that the kernel can leak
 * @name: Its name
 * @amount: Objects or KiB
 * @allowed: Growth that is not suspicious
 * @is_suspect: It grew by more, in each run
 */
struct holding {
	char name[64];
	long amount;
	long allowed;
	bool is_suspect;
};

/**
 * struct holdings - What the kernel holds at one moment
 * @kinds: What there is
 * @nr_kinds: How many kinds
 */
struct holdings {
	struct holding kinds[HOLDINGS_MAX_KINDS];
	unsigned int nr_kinds;
};

/**
 * holdings_can_be_counted() - Whether counts mean anything on this kernel
 *
 * Return: false with KASAN, which keeps what is freed for a while.
 */
bool holdings_can_be_counted(void);

/**
 * holdings_take() - Take stock; fails the test if the kernel does not tell
 * @holdings: Where it goes
 */
void holdings_take(struct holdings *holdings);

/**
 * holdings_suspect() - Suspect what grew in this run and in all before it
 * @before: Taken before the run
 * @after: Taken after it
 * @is_first_run: There was none before
 *
 * Return: How many suspects are left.
 */
unsigned int holdings_suspect(const struct holdings *before,
			      struct holdings *after, bool is_first_run);

/**
 * holdings_convict() - Fail the test for the first suspect, if there is one
 * @holdings: Taken after the last run
 */
void holdings_convict(const struct holdings *holdings);

#endif
