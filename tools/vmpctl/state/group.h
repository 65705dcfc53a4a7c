/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Opening a device that nobody has open: by its group, with a type1 IOMMU.
 */
#ifndef VMPCTL_GROUP_H
#define VMPCTL_GROUP_H

#include "target.h"

/*
 * Open the device. Return: STATUS_DONE with three descriptors; or what fail()
 * has said.
 */
enum status group_open_device(const struct target *target, int *group_fd,
			      int *container_fd, int *device_fd);

/* The rest, when the device is closed. */
void group_close(int group_fd, int container_fd);

#endif /* VMPCTL_GROUP_H */
