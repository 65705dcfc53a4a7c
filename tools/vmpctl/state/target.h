/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The device that the user names: what sysfs says of it.
 */
#ifndef VMPCTL_TARGET_H
#define VMPCTL_TARGET_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "command.h"
#include "migration/stream.h"

/**
 * struct target - a wrapped function and its mdev
 * @uuid: the mdev
 * @bdf: the function's PCI address
 * @group: number of its IOMMU group
 * @cdev: its character device, or "" if there is none
 * @backend: name of the backend that migrates it
 * @vendor: PCI ids, as everywhere
 * @device: likewise
 * @subsystem_vendor: likewise
 * @subsystem_device: likewise
 * @class_revision: class in the upper three bytes, revision in the lowest
 */
struct target {
	char uuid[40];
	char bdf[16];
	unsigned int group;
	char cdev[64];
	char backend[VMP_BACKEND_NAME_BYTES + 1];
	uint16_t vendor;
	uint16_t device;
	uint16_t subsystem_vendor;
	uint16_t subsystem_device;
	uint32_t class_revision;
};

/**
 * target_find() - look for what the user names
 * @target: gets it
 * @name: UUID of an mdev, or PCI address of a function, with or without domain
 *
 * Return: STATUS_DONE; or what fail() has said of a name that is none, a
 * device that is not there, not wrapped, has no mdev or no backend.
 */
enum status target_find(struct target *target, const char *name);

/**
 * target_state() - what state the driver says that the device is in
 * @target: the device
 * @name: gets the state's name, of @size bytes with its NUL
 * @size: of it
 *
 * Return: whether it says so.
 */
bool target_state(const struct target *target, char *name, size_t size);

/**
 * target_mismatch() - can a stream be this device's, as far as sysfs knows?
 * @target: the device
 * @identity: identity in the stream
 *
 * The driver knows more, and has the last word.
 *
 * Return: NULL if it can; else what differs, a noun.
 */
const char *target_mismatch(const struct target *target,
			    const struct vmp_identity *identity);

#endif /* VMPCTL_TARGET_H */
