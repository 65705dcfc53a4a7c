/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Faults: things that go wrong around a wrapped device while clients use it.
 * What a client does is in worker.c, what goes wrong in operations.c; drawing
 * and judging is the test's business.
 */
#ifndef LIB_FAULTS_FAULTS_H
#define LIB_FAULTS_FAULTS_H

#include <errno.h>
#include <stdbool.h>
#include <sys/types.h>

#include "draw.h"
#include "fixture.h"

#define FAULTS_MAX_WORKERS 3
#define FAULTS_MAX_STEPS 12
#define FAULTS_MAX_ERRORS 6

/* An operation makes no sense now; nothing was done. */
#define FAULTS_NOT_NOW (-ECANCELED)

/* What a device can suffer, beyond what all can. */
enum faults_trait {
	FAULTS_CAN_COPY = 1 << 0,	/* an edu: it has a DMA engine */
	FAULTS_CAN_MIGRATE = 1 << 1,
	FAULTS_HAS_POWER = 1 << 2,	/* its slot's power can be cut */
	FAULTS_HAS_ERRORS = 1 << 3,	/* it reports errors (AER) */
};

/* What other operations a step must not meet, for the kernel's sake. */
enum faults_clash {
	FAULTS_REMOVES = 1 << 0,	/* writes an mdev's "remove" */
	FAULTS_UNBINDS = 1 << 1,	/* unbinds its parent */
	FAULTS_LOADS = 1 << 2,		/* runs modprobe */
	FAULTS_BINDS = 1 << 3,		/* has a driver look at the function */
};

/* What a step returned, written by its process. */
struct faults_outcome {
	int ret;
	char text[200];
};

struct faults_operation;

/**
 * struct faults_step - A process that does what may take long
 * @pid: The process; 0 if the place is free
 * @operation: Which it is
 * @outcome: Shared with it
 */
struct faults_step {
	pid_t pid;
	const struct faults_operation *operation;
	struct faults_outcome *outcome;
};

/**
 * struct faults - A device, its clients, and what goes wrong
 * @fixture: The test
 * @function: The device
 * @id: Its id in the machine
 * @port: The id of its slot in the machine, NULL if it has none
 * @traits: enum faults_trait
 * @draw: The sequence's numbers
 * @workers: The clients' processes; 0 for none
 * @have_failures: Allocations of the client fail, if the kernel can do that
 * @steps: What goes on
 * @is_dark: Its slot has no power
 * @is_wiped: Its link was reset while nobody had it open, so it has no addresses
 */
struct faults {
	struct fixture *fixture;
	struct function *function;
	const char *id;
	const char *port;
	unsigned int traits;
	struct draw draw;
	pid_t workers[FAULTS_MAX_WORKERS];
	bool have_failures[FAULTS_MAX_WORKERS];
	struct faults_step steps[FAULTS_MAX_STEPS];
	bool is_dark;
	bool is_wiped;
};

/**
 * struct faults_operation - Something that goes wrong, or is done to have it so
 * @name: What it is, in words
 * @run: Does it: 0, a -errno, or FAULTS_NOT_NOW
 * @errors: With what else than success it may end, positive
 * @needs: Traits that the device must have
 * @clashes: What it is, of enum faults_clash
 * @must_not_meet: What must not go on meanwhile, of enum faults_clash
 * @weight: How much more often than others it is drawn; 0 is as good as 1
 * @is_step: It runs in a process of its own, and nobody waits for it
 */
struct faults_operation {
	const char *name;
	int (*run)(struct faults *faults);
	int errors[FAULTS_MAX_ERRORS];
	unsigned int needs;
	unsigned int clashes;
	unsigned int must_not_meet;
	unsigned int weight;
	bool is_step;
};

/* The operations, ended by one without a name. */
extern const struct faults_operation faults_operations[];

/* What the sequence came to so far, for whoever must understand it. */
extern char faults_trace[4096];

/**
 * faults_begin_trace() - Begin to remember a sequence, and print its seed
 * @id: The device's id in the machine
 * @seed: What the sequence is drawn from
 */
void faults_begin_trace(const char *id, uint64_t seed);

/**
 * faults_note() - Remember what was done
 * @format: A line, a printf format
 */
void faults_note(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

/**
 * faults_start_step() - Begin an operation in a process of its own
 * @faults: The device
 * @operation: The operation
 *
 * Return: 0, or FAULTS_NOT_NOW if enough goes on.
 */
int faults_start_step(struct faults *faults,
		      const struct faults_operation *operation);

/**
 * faults_take_outcomes() - Look which operations ended, and how
 * @faults: The device; the test fails if one ended with no clear error
 */
void faults_take_outcomes(struct faults *faults);

/**
 * faults_assert_clear() - Fail the test unless an operation ended as it may
 * @operation: The operation
 * @ret: What it returned
 * @text: What it said
 */
void faults_assert_clear(const struct faults_operation *operation, int ret,
			 const char *text);

/**
 * faults_what_goes_on() - What the operations are that have not ended
 * @faults: The device
 *
 * Return: enum faults_clash.
 */
unsigned int faults_what_goes_on(const struct faults *faults);

/**
 * faults_goes_on() - Whether an operation has not ended
 * @faults: The device
 *
 * Return: Whether.
 */
bool faults_goes_on(const struct faults *faults);

/**
 * faults_print_stacks() - Say on stderr where operations are in the kernel
 * @faults: The device
 */
void faults_print_stacks(const struct faults *faults);

/**
 * faults_start_worker() - Start a client that does not let go
 * @faults: The device; what the client does is drawn
 *
 * Return: 0 or FAULTS_NOT_NOW.
 */
int faults_start_worker(struct faults *faults);

/**
 * faults_kill_worker() - Kill a client, at a moment that is drawn
 * @faults: The device
 *
 * Return: 0, FAULTS_NOT_NOW if there is none, -ETIMEDOUT if it does not die.
 */
int faults_kill_worker(struct faults *faults);

/**
 * faults_kill_workers() - Kill all clients
 * @faults: The device
 *
 * Return: 0, or -ETIMEDOUT if one does not die.
 */
int faults_kill_workers(struct faults *faults);

/**
 * faults_switch_power() - Switch the power of the device's slot
 * @faults: The device
 * @is_on: On or off
 *
 * Return: 0 or a -errno.
 */
int faults_switch_power(struct faults *faults, bool is_on);

/**
 * faults_reap() - Wait for a process
 * @pid: The process; 0 is one that has ended
 *
 * Return: 0, or -ETIMEDOUT with its stack on stderr.
 */
int faults_reap(pid_t pid);

#endif
