/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An opened VFIO device: its information, reset, features and eventfd writes.
 * Its regions are in region.h, its interrupts in irq.h, its DMA in space.h.
 */
#ifndef LIB_CLIENT_H
#define LIB_CLIENT_H

#include "space.h"
#include "uapi.h"

/**
 * struct client - One opened device
 * @fd: The device; -1 when closed
 * @space: The address space it is in, owned by the caller
 * @data_fd: The data file of its migration that came last; -1 if there is none
 * @info: The device's VFIO_DEVICE_GET_INFO
 */
struct client {
	int fd;
	int data_fd;
	struct space *space;
	struct vfio_device_info info;
};

/**
 * client_open() - Open a device and read its information
 * @client: The client
 * @space: Where it shall be
 * @name: As in space_open_device()
 *
 * Return: 0, or the -errno of the step that failed; then nothing is open.
 */
int client_open(struct client *client, struct space *space, const char *name);

/**
 * client_close() - Close the device, and its data file
 * @client: The client; may be closed already
 */
void client_close(struct client *client);

/**
 * client_reset() - Reset the device (VFIO_DEVICE_RESET)
 * @client: The client
 *
 * Return: 0 or a -errno; -EINVAL if the device has no reset.
 */
int client_reset(struct client *client);

/**
 * client_probe_feature() - Ask whether the device has a feature
 * @client: The client
 * @feature: VFIO_DEVICE_FEATURE_*, with the GET and SET bits to ask about
 *
 * Return: 0 if it has, or a -errno: -ENOTTY if it has not.
 */
int client_probe_feature(struct client *client, uint32_t feature);

/**
 * client_set_feature() - Set a feature
 * @client: The client
 * @feature: VFIO_DEVICE_FEATURE_*, without the SET bit
 * @data: The feature's data, NULL if it has none
 * @size: Bytes at @data
 *
 * Return: 0 or a -errno.
 */
int client_set_feature(struct client *client, uint32_t feature,
		       const void *data, size_t size);

/**
 * client_write_on_event() - Have the kernel write a value on an eventfd
 * @client: The client
 * @index: The region
 * @offset: Where in it
 * @value: What to write there, four bytes
 * @event_fd: When this is signalled
 *
 * Return: 0 or a -errno.
 */
int client_write_on_event(struct client *client, unsigned int index,
			  uint64_t offset, uint32_t value, int event_fd);

/* What client_hot_reset_info() reads at most. */
#define HOT_RESET_MAX 64

/**
 * struct hot_reset - What a hot reset would reset
 * @header: argsz, flags and count, as the kernel reads and writes them
 * @devices: The functions
 */
struct hot_reset {
	struct vfio_pci_hot_reset_info header;
	struct vfio_pci_dependent_device devices[HOT_RESET_MAX];
};

/**
 * client_hot_reset_info() - Ask which functions a hot reset would reset
 * @client: The client
 * @reset: The answer
 * @room: For how many functions the kernel is told there is room
 *
 * Return: 0 or a -errno: -ENOSPC if there is not room enough (then the count
 * in @reset is right), -ENODEV if there is no hot reset.
 */
int client_hot_reset_info(struct client *client, struct hot_reset *reset,
			  unsigned int room);

/**
 * client_hot_reset() - Reset the device by its bus or slot
 * @client: The client
 *
 * Shows its group as proof of ownership, or with ACCESS_CDEV relies on the
 * iommufd for it.
 *
 * Return: 0 or a -errno.
 */
int client_hot_reset(struct client *client);

#endif
