/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Two devices of a kind, and what goes from one to the other, by the clock.
 * What is measured with them is in measures.h.
 */
#ifndef BENCH_PAIR_H
#define BENCH_PAIR_H

#include "migration.h"
#include "pipe.h"

/* QEMU reads and writes data files in pieces of this size at most. */
#define PIECE_BYTES (1024 * 1024)

#define BENCH_PAGE_BYTES 4096

/**
 * struct kind - A kind of device, as a line of the program's table has it
 * @name: As the results name it
 * @source: Id of the device that is saved
 * @target: Id of the one that is loaded
 * @memory_bytes: State that is memory in BAR 2; 0 if there is none
 * @nr_tours: How often all arcs are taken
 * @nr_copies: How often the state is sent for its throughput
 */
struct kind {
	const char *name;
	const char *source;
	const char *target;
	uint64_t memory_bytes;
	unsigned int nr_tours;
	unsigned int nr_copies;
};

/**
 * struct pair - Two open devices of a kind
 * @kind: The kind
 * @source: The device that is saved
 * @target: The one that is loaded
 */
struct pair {
	const struct kind *kind;
	struct client *source;
	struct client *target;
};

/**
 * struct cost - What it took to send something
 * @bytes: Bytes of the stream
 * @save_ns: Nanoseconds in read() of the source's data file
 * @load_ns: Nanoseconds in write() to the target's
 * @pipe_ns: Nanoseconds that the same bytes took through a pipe
 */
struct cost {
	uint64_t bytes;
	uint64_t save_ns;
	uint64_t load_ns;
	uint64_t pipe_ns;
};

/**
 * now_ns() - Read the monotonic clock
 *
 * Return: Nanoseconds since some moment in the past.
 */
uint64_t now_ns(void);

/**
 * pair_open() - Open two devices of the kind that fixture->data is
 * @fixture: The fixture; puts everything back. The test is skipped if the
 *	     machine has no such devices
 *
 * Return: The pair, both RUNNING.
 */
struct pair pair_open(struct fixture *fixture);

/**
 * pair_fill() - Fill the source's memory with random content
 * @pair: The pair
 */
void pair_fill(struct pair *pair);

/**
 * pair_rewrite() - Change pages of the source's memory, evenly spread
 * @pair: The pair
 * @percent: How many of a hundred
 *
 * Return: How many pages that were.
 */
uint64_t pair_rewrite(struct pair *pair, unsigned int percent);

/**
 * pair_assert_same() - Fail the test unless both have the same memory
 * @pair: The pair
 */
void pair_assert_same(const struct pair *pair);

/**
 * pair_send_all() - Read the source's data file and write the target's, to the
 * end of the stream. Fails the test
 * @pair: The pair, stopped
 * @cost: What it took is added to it
 * @pipe: What each piece goes through, too, so that whatever else this computer
 *	  does slows down all three alike; or NULL
 */
void pair_send_all(struct pair *pair, struct cost *cost, struct pipe *pipe);

/**
 * pair_send_before_stop() - The same, while the source runs, until nothing is
 * left or, as a VMM does, nothing is said to be left. Fails the test
 * @pair: The pair, the source in PRE_COPY
 * @cost: What it took is added to it
 */
void pair_send_before_stop(struct pair *pair, struct cost *cost);

/**
 * timed_go() - Bring a device to a state
 * @client: The device. Fails the test
 * @state: The state
 *
 * Return: Nanoseconds that it took.
 */
uint64_t timed_go(struct client *client, enum mig_state state);

#endif
