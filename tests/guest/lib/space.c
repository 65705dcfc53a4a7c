// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is the same for both kinds of address space.
 * What differs is in space_group.c and space_cdev.c.
 */
#include "space.h"

#include <string.h>
#include <unistd.h>

#include "sysfs.h"
#include "uapi.h"

const struct space_path space_paths[] = {
	[WAY_TYPE1] = {
		.name = "type1",
		.access = ACCESS_GROUP,
		.ops = &space_group_ops,
		.container = "/dev/vfio/vfio",
		.major = " vfio\n",
		.iommu_type = VFIO_TYPE1_IOMMU,
	},
	[WAY_TYPE1V2] = {
		.name = "type1v2",
		.access = ACCESS_GROUP,
		.ops = &space_group_ops,
		.container = "/dev/vfio/vfio",
		.major = " vfio\n",
		.iommu_type = VFIO_TYPE1v2_IOMMU,
	},
	[WAY_IOMMUFD] = {
		.name = "iommufd",
		.access = ACCESS_GROUP,
		.ops = &space_group_ops,
		.container = "/dev/iommu",
		.major = " vfio\n",
		.iommu_type = VFIO_TYPE1v2_IOMMU,
	},
	[WAY_CDEV] = {
		.name = "cdev",
		.access = ACCESS_CDEV,
		.ops = &space_cdev_ops,
		.container = "/dev/iommu",
		.major = " vfio-dev\n",
	},
};

enum space_way space_way(enum access_mode access)
{
	return access == ACCESS_GROUP ? WAY_TYPE1V2 : WAY_CDEV;
}

bool space_is_offered(enum space_way way)
{
	const struct space_path *path = &space_paths[way];
	char devices[8192];

	/* Nodes come with the first device, their major with vfio. */
	return sysfs_exists("%s", path->container) &&
	       !sysfs_read(devices, sizeof(devices), "/proc/devices") &&
	       strstr(devices, path->major);
}

int space_open(struct space *space, enum space_way way, const char *address)
{
	int ret;

	*space = (struct space) {
		.path = &space_paths[way],
		.access = space_paths[way].access,
		.fd = -1,
		.group_fd = -1,
	};
	ret = space->path->ops->open(space, address);
	if (ret)
		space_close(space);
	return ret;
}

int space_open_device(struct space *space, const char *name)
{
	return space->path->ops->open_device(space, name);
}

int space_map(struct space *space, void *memory, size_t bytes, uint64_t iova)
{
	return space->path->ops->map(space, memory, bytes, iova);
}

int space_unmap(struct space *space, size_t bytes, uint64_t iova)
{
	return space->path->ops->unmap(space, bytes, iova);
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
