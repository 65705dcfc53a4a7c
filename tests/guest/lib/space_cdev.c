// SPDX-License-Identifier: GPL-2.0-only
/*
 * The address space of an iommufd, and devices by their own nodes.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "failure.h"
#include "mdev.h"
#include "pci.h"
#include "space.h"
#include "uapi.h"

static int cdev_open(struct space *space, const char *address)
{
	struct iommu_ioas_alloc alloc = { .size = sizeof(alloc) };

	(void)address;
	space->fd = open(space->path->container, O_RDWR | O_CLOEXEC);
	if (space->fd < 0)
		return failure_set(errno, "cannot open %s",
				   space->path->container);
	if (ioctl(space->fd, IOMMU_IOAS_ALLOC, &alloc))
		return failure_set(errno, "cannot allocate an address space");
	space->ioas_id = alloc.out_ioas_id;
	return 0;
}

/* As QEMU finds it: the entry of <sysfs directory>/vfio-dev/. */
static int find_node(char *node, size_t size, const char *name)
{
	const char *bus = strchr(name, ':') ? PCI_DEVICES : MDEV_DEVICES;
	char path[PATH_MAX];
	struct dirent *entry;
	int error;
	DIR *dir;

	snprintf(path, sizeof(path), "%s/%s/vfio-dev", bus, name);
	dir = opendir(path);
	if (!dir)
		return failure_set(errno == ENOENT ? ENODEV : errno,
				   "cannot open %s", path);
	do {
		errno = 0;
		entry = readdir(dir);
	} while (entry && strncmp(entry->d_name, "vfio", 4));
	error = entry ? 0 : errno ? errno : ENODEV;
	if (entry)
		snprintf(node, size, "/dev/vfio/devices/%s", entry->d_name);
	closedir(dir);
	if (error)
		return failure_set(error, "cannot find a device in %s", path);
	return 0;
}

int space_attach(struct space *space, int fd)
{
	struct vfio_device_attach_iommufd_pt attach = {
		.argsz = sizeof(attach),
		.pt_id = space->ioas_id,
	};

	if (ioctl(fd, VFIO_DEVICE_ATTACH_IOMMUFD_PT, &attach))
		return failure_set(errno, "cannot attach the device");
	return 0;
}

int space_detach(int fd)
{
	struct vfio_device_detach_iommufd_pt detach = {
		.argsz = sizeof(detach),
	};

	if (ioctl(fd, VFIO_DEVICE_DETACH_IOMMUFD_PT, &detach))
		return failure_set(errno, "cannot detach the device");
	return 0;
}

static int bind_and_attach(struct space *space, int fd, const char *name)
{
	struct vfio_device_bind_iommufd bind = {
		.argsz = sizeof(bind),
		.iommufd = space->fd,
	};

	if (ioctl(fd, VFIO_DEVICE_BIND_IOMMUFD, &bind))
		return failure_set(errno, "cannot bind '%s' to the iommufd",
				   name);
	return space->binds_only ? 0 : space_attach(space, fd);
}

static int cdev_open_device(struct space *space, const char *name)
{
	char node[PATH_MAX];
	int ret;
	int fd;

	ret = find_node(node, sizeof(node), name);
	if (ret)
		return ret;
	fd = open(node, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return failure_set(errno, "cannot open %s", node);
	ret = bind_and_attach(space, fd, name);
	if (ret) {
		close(fd);
		return ret;
	}
	return fd;
}

static int cdev_map(struct space *space, void *memory, size_t bytes,
		    uint64_t iova)
{
	struct iommu_ioas_map map = {
		.size = sizeof(map),
		.flags = IOMMU_IOAS_MAP_FIXED_IOVA |
			 IOMMU_IOAS_MAP_WRITEABLE | IOMMU_IOAS_MAP_READABLE,
		.ioas_id = space->ioas_id,
		.user_va = (uintptr_t)memory,
		.length = bytes,
		.iova = iova,
	};

	if (ioctl(space->fd, IOMMU_IOAS_MAP, &map))
		return failure_set(errno, "cannot map %zu bytes at %#llx",
				   bytes, (unsigned long long)iova);
	return 0;
}

static int cdev_unmap(struct space *space, size_t bytes, uint64_t iova)
{
	struct iommu_ioas_unmap unmap = {
		.size = sizeof(unmap),
		.ioas_id = space->ioas_id,
		.iova = iova,
		.length = bytes,
	};

	if (ioctl(space->fd, IOMMU_IOAS_UNMAP, &unmap))
		return failure_set(errno, "cannot unmap %zu bytes at %#llx",
				   bytes, (unsigned long long)iova);
	return 0;
}

const struct space_ops space_cdev_ops = {
	.open = cdev_open,
	.open_device = cdev_open_device,
	.map = cdev_map,
	.unmap = cdev_unmap,
};
