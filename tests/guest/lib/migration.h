/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A client's side of VFIO's migration protocol, version 2 (<linux/vfio.h>):
 * features, states, and what a data file tells. What goes through a data file
 * is in mig_stream.h.
 */
#ifndef LIB_MIGRATION_H
#define LIB_MIGRATION_H

#include "fixture.h"
#include "mig_model.h"

/* A test of any device that migrates: fixture->data is the device's id. */
#define MIG_TEST(function, device) \
	{ .name = #function "_on_" device, .run = (function), \
	  .limit_s = TEST_LIMIT_S, .data = device "0" }

/**
 * mig_flags() - Read what a device's migration can do
 * @client: The device
 * @flags: Gets VFIO_MIGRATION_*
 *
 * Return: 0 or a -errno: -ENOTTY if it has no migration.
 */
int mig_flags(struct client *client, uint64_t *flags);

/**
 * mig_state() - Read a device's state
 * @client: The device
 *
 * Return: The state, or a -errno.
 */
int mig_state(struct client *client);

/**
 * mig_go() - Bring a device to a state
 * @client: The device; if a data file comes, it becomes @data_fd, and the one
 *	    that was there is closed
 * @state: The state
 *
 * Return: 0 or a -errno.
 */
int mig_go(struct client *client, uint32_t state);

/**
 * mig_go_by() - Bring a device to a state, by any of its file descriptors
 * @device_fd: The device
 * @state: The state
 * @data_fd: Gets the data file, the caller's to close, or -1
 *
 * Return: 0 or a -errno.
 */
int mig_go_by(int device_fd, uint32_t state, int *data_fd);

/**
 * mig_take_fd() - Take a device's data file from it
 * @client: The device; has none afterwards, and will not close it
 *
 * Return: The data file, the caller's to close.
 */
int mig_take_fd(struct client *client);

/**
 * mig_data_size() - Ask how long a stream will be
 * @client: The device
 *
 * Return: Bytes, or a -errno.
 */
long long mig_data_size(struct client *client);

/**
 * mig_precopy_info() - Ask how much there is to read before a device stops
 * @data_fd: Its data file
 * @info: The answer; its argsz and flags are given to the kernel as they are
 *
 * Return: 0 or a -errno.
 */
int mig_precopy_info(int data_fd, struct vfio_precopy_info *info);

/**
 * mig_assert_state() - Fail the test unless a device has a state
 * @client: The device
 * @state: The state
 * @where: Where the test is, for the complaint
 */
void mig_assert_state(struct client *client, enum mig_state state,
		      const char *where);

/**
 * mig_turn_on() - Let mdevs that are created later have a backend
 * @fixture: The fixture; puts back what is changed for it
 */
void mig_turn_on(struct fixture *fixture);

/**
 * mig_create() - fixture_create() for a function that shall migrate
 * @fixture: The fixture; puts back what is changed for it
 * @id: As for fixture_take(); an edu or an ivshmem
 *
 * Return: The function, owned by the fixture.
 */
struct function *mig_create(struct fixture *fixture, const char *id);

/**
 * mig_new() - fixture_new() for a function that shall migrate
 * @fixture: The fixture; puts back what is changed for it
 * @id: As for mig_create()
 *
 * Fails the test if its migration is not what this driver offers everywhere.
 * The device's memory space and bus mastering are enabled.
 *
 * Return: The client, owned by the fixture.
 */
struct client *mig_new(struct fixture *fixture, const char *id);

#endif
