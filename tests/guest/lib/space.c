// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is the same for both kinds of address space.
 * What differs is in space_group.c and space_cdev.c.
 */
#include "space.h"

#include <string.h>
#include <unistd.h>

#include "sysfs.h"

bool space_is_offered(enum access_mode access)
{
	char devices[8192];

	if (access == ACCESS_GROUP)
		return sysfs_exists("/dev/vfio/vfio");
	/* /dev/vfio/devices comes with the first device, this with vfio. */
	return sysfs_exists("/dev/iommu") &&
	       !sysfs_read(devices, sizeof(devices), "/proc/devices") &&
	       strstr(devices, " vfio-dev");
}

int space_open(struct space *space, enum access_mode access,
	       const char *address)
{
	int ret;

	*space = (struct space) {
		.access = access,
		.ops = access == ACCESS_GROUP ? &space_group_ops :
						&space_cdev_ops,
		.fd = -1,
		.group_fd = -1,
	};
	ret = space->ops->open(space, address);
	if (ret)
		space_close(space);
	return ret;
}

int space_open_device(struct space *space, const char *name)
{
	return space->ops->open_device(space, name);
}

int space_map(struct space *space, void *memory, size_t bytes, uint64_t iova)
{
	return space->ops->map(space, memory, bytes, iova);
}

int space_unmap(struct space *space, size_t bytes, uint64_t iova)
{
	return space->ops->unmap(space, bytes, iova);
}

void space_close(struct space *space)
{
	if (space->group_fd >= 0)
		close(space->group_fd);
	if (space->fd >= 0)
		close(space->fd);
	space->group_fd = -1;
	space->fd = -1;
}
