/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A device that migrates and is made to fail: what it must still be afterwards.
 * How it is made to fail is in fail_nth.h.
 */
#ifndef LIB_MIG_SUBJECT_H
#define LIB_MIG_SUBJECT_H

#include "mig_stream.h"

/* Memory that the device can reach */
#define SUBJECT_IOVA 0x200000
#define SUBJECT_PAGES 16

/**
 * struct mig_subject - A device that migrates, and what is done to it
 * @client: The device
 * @marker: A register of it that shows whether it is still what it was
 * @memory: SUBJECT_PAGES of memory that it can reach, at SUBJECT_IOVA
 * @from: The state that an arc begins in
 * @to: The state that it ends in
 * @stream: What is loaded
 * @taken: What was read; there is room for any stream of these devices
 * @nr_taken: Bytes there
 * @nr_given: Bytes of @stream that were written
 * @event: An eventfd
 * @pages: A bitmap
 */
struct mig_subject {
	struct client *client;
	const struct mig_marker *marker;
	uint8_t *memory;
	enum mig_state from;
	enum mig_state to;
	struct mig_stream stream;
	uint8_t *taken;
	size_t nr_taken;
	size_t nr_given;
	int event;
	uint64_t pages;
};

/**
 * mig_subject_begin() - Take the device whose id is the fixture's data
 * @fixture: The fixture; skips the test if this kernel has no fault injection
 *
 * Return: The device, running, with its mark and with content in its memory.
 */
struct mig_subject mig_subject_begin(struct fixture *fixture);

/**
 * mig_subject_name() - What the device is called in the tests' lines
 * @subject: The device
 *
 * Return: Its name.
 */
const char *mig_subject_name(const struct mig_subject *subject);

/**
 * mig_subject_restart() - Reset the device, whatever it is doing, and mark it
 * @subject: The device; runs afterwards. Fails the test if it does not.
 */
void mig_subject_restart(struct mig_subject *subject);

/**
 * mig_subject_assert_goes_on() - Have the device run, and look at its mark
 * @subject: The device, in any state but ERROR and RESUMING
 */
void mig_subject_assert_goes_on(struct mig_subject *subject);

/**
 * mig_subject_keep_stream() - Save the device, to have something to load
 * @subject: The device; gets its @stream, to be freed, and is restarted before
 */
void mig_subject_keep_stream(struct mig_subject *subject);

/**
 * mig_subject_give() - Write what is left of @stream
 * @subject: The device, in RESUMING
 * @piece: Bytes that each write gives
 *
 * Return: 0 or the -errno of the write that failed.
 */
int mig_subject_give(struct mig_subject *subject, size_t piece);

/**
 * mig_subject_take() - Read what there is to read, behind what was read before
 * @subject: The device, in a state with a file to read
 *
 * Return: 0 at the end or at the end for now, or the -errno of a read.
 */
int mig_subject_take(struct mig_subject *subject);

#endif
