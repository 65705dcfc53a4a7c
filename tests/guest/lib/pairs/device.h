/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Calls of an open device that are made at once, see pairs.h.
 */
#ifndef PAIRS_DEVICE_H
#define PAIRS_DEVICE_H

#include "mig_stream.h"
#include "pairs.h"

/* Where its client has so much memory mapped, and where nothing is */
#define PAIRS_IOVA 0x100000ULL
#define PAIRS_BYTES 0x4000ULL
#define PAIRS_FREE_IOVA 0x200000ULL

#define PAIRS_MAX_SETTINGS 4

/**
 * struct pairs_subject - The device that they are calls of
 * @client: The device
 * @address: Its function's PCI address
 * @uuid: Its mdev
 * @stream: What it can be loaded with; empty if it does not migrate
 * @settings: Names of those that this kernel has, NULL for the rest
 * @reg: A register in its BAR 0 that can be written without an effect
 * @event: An eventfd for its interrupts
 * @pipe: Where bytes of its BAR are put that nobody looks at
 * @has_test_backend: test_backend_call() can be made
 */
struct pairs_subject {
	struct client *client;
	const char *address;
	const char *uuid;
	struct mig_stream stream;
	const char *settings[PAIRS_MAX_SETTINGS];
	unsigned int reg;
	int event;
	int pipe[2];
	bool has_test_backend;
};

/* Defined by the test that opens the device. */
extern struct pairs_subject pairs_subject;

extern const struct pair_table pairs_device_calls;
extern const struct pair_table pairs_migration_calls;

/**
 * pairs_forget_loads() - Begin anew to look for streams that are loaded
 *
 * From here on a device that is found in ERROR is a failure, until one of the
 * calls begins to load.
 *
 * Return: Whether one did, so that the device may be in ERROR now.
 */
bool pairs_forget_loads(void);

#endif
