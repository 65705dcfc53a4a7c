/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The name under which users meet this driver.
 */
#ifndef VMP_NAMES_H
#define VMP_NAMES_H

/*
 * Of the PCI driver, the mdev driver, the vfio device's ops and, by way of the
 * mdev core, the prefix of every mdev type. All four must be the same.
 */
#define VMP_DRIVER_NAME "vfio-mdev-pci"

#endif /* VMP_NAMES_H */
