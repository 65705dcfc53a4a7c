/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A function in one of the ways in which its costs are compared, and operations
 * on it. The operations themselves are in operations.h.
 */
#ifndef COSTS_SUBJECT_H
#define COSTS_SUBJECT_H

#include <limits.h>

#include "fixture.h"
#include "meter.h"

/* How a function is lent to its user. */
enum way {
	WAY_STOCK,	/* bound to vfio-pci */
	WAY_WRAPPED,	/* by an mdev of ours */
	WAY_BACKEND,	/* the same, with a backend that can migrate it */
	WAY_EMPTY,	/* bound to vfio-pci, with an mdev that does nothing */
};

/* A set of ways */
#define BY(way) (1U << (way))
#define BY_OURS (BY(WAY_WRAPPED) | BY(WAY_BACKEND))
#define BY_MDEV (BY(WAY_EMPTY) | BY_OURS)

struct subject;

/**
 * struct operation - What is measured
 * @name: As the results name it; the same in each way
 * @run: The operation; what it returns is looked at after all runs
 * @before: Before each run, not measured; or NULL
 * @after: The same, behind it
 * @bytes: A size, for @run
 * @offset: A place, for @run
 * @expected: What each @run shall return
 * @nr_runs: How often, or 0 for what is usual
 * @meter: What counts
 * @ways: The ways in which it is measured, or 0 for all
 */
struct operation {
	const char *name;
	long (*run)(struct subject *subject);
	void (*before)(struct subject *subject);
	void (*after)(struct subject *subject);
	uint64_t bytes;
	uint64_t offset;
	long expected;
	unsigned int nr_runs;
	enum meter meter;
	unsigned int ways;
};

/**
 * struct kind - A device and what is measured on it, a line of a table
 * @id: The device, as the machine's description names it
 * @group: What the operations have in common, as the results name it
 * @start: Called when the device is open; or NULL
 * @stop: Called before it is closed; or NULL
 * @operations: What is measured
 * @nr_operations: How many
 * @is_closed: The operations bind, create or open the device themselves
 */
struct kind {
	const char *id;
	const char *group;
	void (*start)(struct subject *subject);
	void (*stop)(struct subject *subject);
	const struct operation *operations;
	unsigned int nr_operations;
	bool is_closed;
};

/**
 * struct subject - A device that is measured in one way
 * @fixture: Puts it back
 * @kind: What is measured
 * @way: How it is lent
 * @function: The function
 * @space: Where its user opens it
 * @client: Its user; NULL if the operations open it themselves
 * @operation: What is being run
 * @result: What it returned last
 * @region_offset: Where the region that is read and written begins in the device file
 * @map: A region's memory, or NULL
 * @map_bytes: Its size
 * @event: An eventfd
 * @bind_fd: The file "bind" of the driver; -1 if nothing is bound
 * @unbind_fd: Its "unbind"
 * @file_fd: The device, when an operation has opened it
 * @create_path: The file that creates the mdev
 * @remove_path: The file that removes it
 */
struct subject {
	struct fixture *fixture;
	const struct kind *kind;
	enum way way;
	struct function *function;
	struct space *space;
	struct client *client;
	const struct operation *operation;
	long result;
	uint64_t region_offset;
	volatile uint8_t *map;
	size_t map_bytes;
	int event;
	int bind_fd;
	int unbind_fd;
	int file_fd;
	char create_path[PATH_MAX];
	char remove_path[PATH_MAX];
};

/**
 * subject_measure() - Lend the device in a way, and measure its operations
 * @fixture: The fixture; its data is a struct kind
 * @way: The way
 */
void subject_measure(struct fixture *fixture, enum way way);

/**
 * subject_name() - What the kernel is asked for by who opens the device
 * @subject: The subject
 *
 * Return: A PCI address or a UUID.
 */
const char *subject_name(const struct subject *subject);

/**
 * subject_driver() - The driver of a way
 * @subject: The subject
 *
 * Return: Its name.
 */
const char *subject_driver(const struct subject *subject);

#endif
