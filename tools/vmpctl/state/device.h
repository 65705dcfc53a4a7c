/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A device in our hands: opened, or taken from its owner; stopped, and in the
 * end as it was.
 */
#ifndef VMPCTL_DEVICE_H
#define VMPCTL_DEVICE_H

#include "holder.h"
#include "options.h"
#include "target.h"

/**
 * struct device - the device
 * @target: which
 * @owner: who has it open; its fd is ours to use
 * @is_ours: nobody has, so we opened it
 * @was_running: we stopped it, for --stop
 * @group_fd: if we opened it
 * @container_fd: if we opened it
 */
struct device {
	struct target target;
	struct holder owner;
	bool is_ours;
	bool was_running;
	int group_fd;
	int container_fd;
};

/**
 * device_take() - find the device, get hold of it, see that it is stopped
 * @device: gets it
 * @options: what the user said
 *
 * Return: STATUS_DONE; or what fail() has said, and nothing is to be undone.
 */
enum status device_take(struct device *device, const struct options *options);

/**
 * device_put_back() - undo device_take()
 * @device: a device in state STOP
 * @status: of what was done with it
 *
 * Return: @status; or, if that is STATUS_DONE and the device cannot be set
 * going again, what fail() has said.
 */
enum status device_put_back(struct device *device, enum status status);

/**
 * device_reset() - get it out of a state that is no good; what it held is lost
 * @device: a device
 *
 * Return: 0 with the device in state STOP, or -errno.
 */
int device_reset(struct device *device);

#endif /* VMPCTL_DEVICE_H */
