// SPDX-License-Identifier: GPL-2.0-only
/*
 * The address space of a group: a VFIO container with a type1 IOMMU, or an
 * iommufd, which answers a container's calls.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "failure.h"
#include "pci.h"
#include "space.h"
#include "uapi.h"

static int open_group(struct space *space, const char *address)
{
	struct vfio_group_status status = { .argsz = sizeof(status) };
	int group = pci_group(address);
	char path[64];

	if (group < 0)
		return group;
	snprintf(path, sizeof(path), "/dev/vfio/%d", group);
	space->group_fd = open(path, O_RDWR | O_CLOEXEC);
	if (space->group_fd < 0)
		return failure_set(errno, "cannot open %s", path);
	if (ioctl(space->group_fd, VFIO_GROUP_GET_STATUS, &status))
		return failure_set(errno, "cannot read the status of %s",
				   path);
	if (!(status.flags & VFIO_GROUP_FLAGS_VIABLE))
		return failure_set(EPERM, "%s is not viable", path);
	return 0;
}

static int group_open(struct space *space, const char *address)
{
	const struct space_path *path = space->path;
	int ret;

	ret = open_group(space, address);
	if (ret)
		return ret;
	space->fd = open(path->container, O_RDWR | O_CLOEXEC);
	if (space->fd < 0)
		return failure_set(errno, "cannot open %s", path->container);
	if (ioctl(space->group_fd, VFIO_GROUP_SET_CONTAINER, &space->fd))
		return failure_set(errno, "cannot give the group a container");
	if (ioctl(space->fd, VFIO_SET_IOMMU, path->iommu_type))
		return failure_set(errno, "cannot set the IOMMU of %s",
				   path->name);
	return 0;
}

static int group_open_device(struct space *space, const char *name)
{
	int fd = ioctl(space->group_fd, VFIO_GROUP_GET_DEVICE_FD, name);

	if (fd < 0)
		return failure_set(errno, "the group gives no device '%s'",
				   name);
	return fd;
}

static int group_map(struct space *space, void *memory, size_t bytes,
		     uint64_t iova)
{
	struct vfio_iommu_type1_dma_map map = {
		.argsz = sizeof(map),
		.flags = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE,
		.vaddr = (uintptr_t)memory,
		.iova = iova,
		.size = bytes,
	};

	if (ioctl(space->fd, VFIO_IOMMU_MAP_DMA, &map))
		return failure_set(errno, "cannot map %zu bytes at %#llx",
				   bytes, (unsigned long long)iova);
	return 0;
}

static int group_unmap(struct space *space, size_t bytes, uint64_t iova)
{
	struct vfio_iommu_type1_dma_unmap unmap = {
		.argsz = sizeof(unmap),
		.iova = iova,
		.size = bytes,
	};

	if (ioctl(space->fd, VFIO_IOMMU_UNMAP_DMA, &unmap))
		return failure_set(errno, "cannot unmap %zu bytes at %#llx",
				   bytes, (unsigned long long)iova);
	if (unmap.size != bytes)
		return failure_set(ENOENT, "only %llu bytes were mapped",
				   (unsigned long long)unmap.size);
	return 0;
}

const struct space_ops space_group_ops = {
	.open = group_open,
	.open_device = group_open_device,
	.map = group_map,
	.unmap = group_unmap,
};
