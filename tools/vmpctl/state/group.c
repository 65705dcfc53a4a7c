// SPDX-License-Identifier: GPL-2.0-only
/*
 * Opening a device that nobody has open: by its group, with a type1 IOMMU.
 */
#include "group.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

static enum status fail_to_open(const char *path)
{
	switch (errno) {
	case EBUSY:
		return fail(STATUS_UNREACHABLE,
			    "close its siblings; or if its owner is in a container, run vmpctl there",
			    "%s is in use, by whom cannot be seen here", path);
	case EACCES:
	case EPERM:
		return fail(STATUS_UNREACHABLE, "run vmpctl as root",
			    "cannot open %s: %m", path);
	default:
		return fail(STATUS_UNREACHABLE, "modprobe vfio_iommu_type1 may help",
			    "cannot open %s: %m", path);
	}
}

/* A group that is open already fails here; other errors are rare. */
static enum status open_group(unsigned int group, int *group_fd)
{
	struct vfio_group_status status = { .argsz = sizeof(status) };
	char path[32];

	snprintf(path, sizeof(path), "/dev/vfio/%u", group);
	*group_fd = open(path, O_RDWR | O_CLOEXEC);
	if (*group_fd < 0)
		return fail_to_open(path);
	if (ioctl(*group_fd, VFIO_GROUP_GET_STATUS, &status) ||
	    !(status.flags & VFIO_GROUP_FLAGS_VIABLE))
		return fail(STATUS_UNREACHABLE,
			    "give all functions of the group to VFIO drivers, or to none",
			    "group %u is not viable", group);
	return STATUS_DONE;
}

static enum status open_container(int group_fd, int *container_fd)
{
	static const char path[] = "/dev/vfio/vfio";

	*container_fd = open(path, O_RDWR | O_CLOEXEC);
	if (*container_fd < 0)
		return fail_to_open(path);
	if (ioctl(group_fd, VFIO_GROUP_SET_CONTAINER, container_fd) ||
	    ioctl(*container_fd, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU))
		return fail(STATUS_UNREACHABLE,
			    "modprobe vfio_iommu_type1 may help",
			    "cannot have a type1 IOMMU: %m");
	return STATUS_DONE;
}

enum status group_open_device(const struct target *target, int *group_fd,
			      int *container_fd, int *device_fd)
{
	enum status status;

	*container_fd = -1;
	*device_fd = -1;
	status = open_group(target->group, group_fd);
	if (!status)
		status = open_container(*group_fd, container_fd);
	if (!status) {
		*device_fd = ioctl(*group_fd, VFIO_GROUP_GET_DEVICE_FD,
				   target->uuid);
		if (*device_fd < 0)
			status = fail(STATUS_UNREACHABLE,
				      "was the mdev removed just now?",
				      "cannot open %s: %m", target->uuid);
	}
	if (status)
		group_close(*group_fd, *container_fd);
	return status;
}

void group_close(int group_fd, int container_fd)
{
	if (group_fd >= 0)
		close(group_fd);
	if (container_fd >= 0)
		close(container_fd);
}
