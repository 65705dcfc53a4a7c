/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How many instructions something takes, in a machine whose clock counts them
 * (lab/vm --icount shift=0: each takes a nanosecond). What is measured is not
 * known here.
 */
#ifndef BENCH_METER_H
#define BENCH_METER_H

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

/**
 * struct meter_reading - What a call took that begins much and sleeps
 * @instructions: All that tasks did, until what was begun had settled
 * @elapsed_ns: Time until the call returned, in which an instruction takes a
 *	nanosecond, and sleep as long as ever
 */
struct meter_reading {
	uint64_t instructions;
	uint64_t elapsed_ns;
};

/**
 * meter_read() - Measure one call in both ways
 * @reading: Where it goes
 * @call: What is called
 * @arg: What it is given
 */
void meter_read(struct meter_reading *reading, void (*call)(void *arg),
		void *arg);

#endif
