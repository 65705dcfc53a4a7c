/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The names under which users meet this driver.
 */
#ifndef VMP_NAMES_H
#define VMP_NAMES_H

/*
 * Of the PCI driver, the mdev driver, the vfio device's ops and, by way of the
 * mdev core, the prefix of every mdev type. All four must be the same.
 */
#define VMP_DRIVER_NAME "vfio-mdev-pci"

/* Of a function's settings, below its PCI device and, as a link, its mdev. */
#define VMP_SETTINGS_DIRECTORY "vfio_mdev_pci"

#endif /* VMP_NAMES_H */
