/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All functions of a machine that has hundreds, and how one knows that a device
 * is the one it should be. What they are used for is a test's affair.
 */
#ifndef LIB_CROWD_H
#define LIB_CROWD_H

#include "fixture.h"
#include "nvme.h"

#define CROWD_MAX 320

/**
 * struct crowd_member - A function
 * @function: It; a virtual function goes with its physical one, so the fixture
 *            does not put it back
 * @group: Its IOMMU group
 * @serial: The serial number of a virtual function's controller; empty for cards
 * @number: The CNTLID of a virtual function; the last byte of a card's address
 */
struct crowd_member {
	struct function function;
	int group;
	char serial[32];
	uint16_t number;
};

/**
 * struct crowd - Functions, those of a group one after the other
 * @members: The functions
 * @nr_members: How many
 */
struct crowd {
	struct crowd_member members[CROWD_MAX];
	unsigned int nr_members;
};

/**
 * crowd_add_vfs() - Add all virtual functions of the machine's nvme0, nvme1, ...
 * @fixture: The fixture, which has none of them in the end
 * @crowd: Where they are added
 *
 * They have no driver, and can be started. Skips the test if the machine has
 * none.
 */
void crowd_add_vfs(struct fixture *fixture, struct crowd *crowd);

/**
 * crowd_add_nics() - Add the machine's nic0, nic1, ..., which are e1000
 * @fixture: The fixture, which owns them
 * @crowd: Where they are added
 *
 * Skips the test if the machine has none.
 */
void crowd_add_nics(struct fixture *fixture, struct crowd *crowd);

/**
 * struct crowd_device - An opened device of the crowd, at work
 * @member: The function
 * @client: The device, opened
 * @nvme: A virtual function's controller
 */
struct crowd_device {
	const struct crowd_member *member;
	struct client *client;
	struct nvme nvme;
};

/**
 * crowd_start() - Let a device do something that it alone does
 * @device: The device
 * @member: The function that it should be
 * @client: The device, opened
 *
 * A controller is started, with queues in its user's memory; a card
 * is given a mark to keep.
 *
 * Return: 0 or a -errno; in both cases crowd_stop() is due.
 */
int crowd_start(struct crowd_device *device, const struct crowd_member *member,
		struct client *client);

/**
 * crowd_check() - Check that a device is what it should be
 * @device: From crowd_start()
 *
 * A controller is to tell its serial number and its own CNTLID, by DMA, as its
 * primary controller knows it; a card is to tell its address, and to have its mark.
 *
 * Return: 0 or a -errno.
 */
int crowd_check(struct crowd_device *device);

/**
 * crowd_stop() - Stop a device, before it is closed
 * @device: From crowd_start()
 */
void crowd_stop(struct crowd_device *device);

#endif
