/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How many instructions something takes, in a machine whose clock counts them
 * (lab/vm --icount shift=0: each takes a nanosecond). What is measured is not
 * known here.
 */
#ifndef COSTS_METER_H
#define COSTS_METER_H

#include <stdint.h>

/* What counts as the cost of something. */
enum meter {
	METER_CLOCK,	/* all that goes by; of what does not sleep */
	METER_BUSY,	/* all that tasks do, until what was begun has settled */
};

/**
 * meter_open() - Begin to measure. Fails the test if the clock counts no
 * instructions, as in a machine without --icount
 */
void meter_open(void);

/**
 * meter_close() - Measure no more
 */
void meter_close(void);

/**
 * meter_cost() - Measure one call
 * @meter: What counts
 * @call: What is called
 * @arg: What it is given
 *
 * Return: Instructions, those of the measuring included.
 */
uint64_t meter_cost(enum meter meter, void (*call)(void *arg), void *arg);

#endif
