// SPDX-License-Identifier: GPL-2.0-only
/*
 * An opened VFIO device, apart from its regions, interrupts and DMA.
 */
#include "client.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "failure.h"

int client_open(struct client *client, struct space *space, const char *name)
{
	int error;

	*client = (struct client) {
		.space = space,
		.data_fd = -1,
		.info.argsz = sizeof(client->info),
	};
	client->fd = space_open_device(space, name);
	if (client->fd < 0)
		return client->fd;
	if (!ioctl(client->fd, VFIO_DEVICE_GET_INFO, &client->info))
		return 0;
	error = errno;
	client_close(client);
	return failure_set(error, "cannot read the information of '%s'", name);
}

void client_close(struct client *client)
{
	if (client->data_fd >= 0)
		close(client->data_fd);
	if (client->fd >= 0)
		close(client->fd);
	client->data_fd = -1;
	client->fd = -1;
}

int client_reset(struct client *client)
{
	if (ioctl(client->fd, VFIO_DEVICE_RESET))
		return failure_set(errno, "cannot reset the device");
	return 0;
}

int client_probe_feature(struct client *client, uint32_t feature)
{
	struct vfio_device_feature probe = {
		.argsz = sizeof(probe),
		.flags = VFIO_DEVICE_FEATURE_PROBE | feature,
	};

	if (ioctl(client->fd, VFIO_DEVICE_FEATURE, &probe))
		return failure_set(errno, "the device has no feature %#x",
				   feature);
	return 0;
}

int client_set_feature(struct client *client, uint32_t feature,
		       const void *data, size_t size)
{
	struct vfio_device_feature *set;
	int error;

	set = calloc(1, sizeof(*set) + size);
	if (!set)
		abort();
	set->argsz = sizeof(*set) + size;
	set->flags = VFIO_DEVICE_FEATURE_SET | feature;
	if (size)
		memcpy(set->data, data, size);
	error = ioctl(client->fd, VFIO_DEVICE_FEATURE, set) ? errno : 0;
	free(set);
	if (error)
		return failure_set(error, "cannot set the feature %u",
				   feature);
	return 0;
}

int client_write_on_event(struct client *client, unsigned int index,
			  uint64_t offset, uint32_t value, int event_fd)
{
	struct vfio_region_info region = {
		.argsz = sizeof(region),
		.index = index,
	};
	struct vfio_device_ioeventfd ioeventfd = {
		.argsz = sizeof(ioeventfd),
		.flags = VFIO_DEVICE_IOEVENTFD_32,
		.data = value,
		.fd = event_fd,
	};

	if (ioctl(client->fd, VFIO_DEVICE_GET_REGION_INFO, &region))
		return failure_set(errno, "the device has no region %u",
				   index);
	ioeventfd.offset = region.offset + offset;
	if (ioctl(client->fd, VFIO_DEVICE_IOEVENTFD, &ioeventfd))
		return failure_set(errno, "cannot add an ioeventfd");
	return 0;
}

int client_hot_reset_info(struct client *client, struct hot_reset *reset,
			  unsigned int room)
{
	memset(reset, 0, sizeof(*reset));
	reset->header.argsz = sizeof(reset->header) +
			      room * sizeof(reset->devices[0]);
	if (ioctl(client->fd, VFIO_DEVICE_GET_PCI_HOT_RESET_INFO, reset))
		return failure_set(errno, "no hot reset information");
	return 0;
}

int client_hot_reset(struct client *client)
{
	struct {
		struct vfio_pci_hot_reset header;
		int32_t group_fd;
	} reset = {
		.header.argsz = sizeof(reset),
		.header.count = client->space->access == ACCESS_GROUP ? 1 : 0,
		.group_fd = client->space->group_fd,
	};

	if (ioctl(client->fd, VFIO_DEVICE_PCI_HOT_RESET, &reset))
		return failure_set(errno, "cannot hot-reset the device");
	return 0;
}
