/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which resets a user may ask for.
 */
#ifndef VMP_RESET_H
#define VMP_RESET_H

#include <linux/types.h>
#include <linux/vfio.h>

struct vmp_function;

/**
 * vmp_reset_is_hot() - is this ioctl about a hot reset?
 * @cmd: the ioctl
 *
 * Context: Any.
 * Return: whether; then vmp_reset_check_ioctl() is to be asked.
 */
static inline bool vmp_reset_is_hot(unsigned int cmd)
{
	return cmd == VFIO_DEVICE_GET_PCI_HOT_RESET_INFO ||
	       cmd == VFIO_DEVICE_PCI_HOT_RESET;
}

/**
 * vmp_reset_check_ioctl() - may this ioctl go to vfio-pci-core?
 * @fn: the function whose device file it came by
 * @cmd: an ioctl about a hot reset
 *
 * A hot reset may not, while it would reach a wrapped sibling that is open,
 * unless the function's setting hot_reset_siblings is in force.
 *
 * Context: Process context, may sleep.
 * Return: 0; -ENODEV for VFIO_DEVICE_GET_PCI_HOT_RESET_INFO, which clients know
 *	to mean that there is no such reset; -EBUSY for
 *	VFIO_DEVICE_PCI_HOT_RESET.
 */
int vmp_reset_check_ioctl(struct vmp_function *fn, unsigned int cmd);

#endif /* VMP_RESET_H */
