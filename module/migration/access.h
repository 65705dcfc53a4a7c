/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How backends reach registers, guest memory and a page of their own; what
 * they call is in include/vmp/backend.h.
 */
#ifndef VMP_MIGRATION_ACCESS_H
#define VMP_MIGRATION_ACCESS_H

#include <linux/types.h>

struct vmp_migration;

/**
 * vmp_access_open() - map the BARs that the backend uses
 * @mig: migration of a device that vfio_pci_core_enable() has enabled
 *
 * They are vfio-pci-core's own mappings, which it makes at the first access
 * and takes down when it disables the device.
 *
 * Context: While the device is being opened, before anybody can use it.
 * Return: 0; -ENODEV if there is no such BAR; -EBUSY; -ENOMEM.
 */
int vmp_access_open(struct vmp_migration *mig);

/**
 * vmp_access_begin() - an operation of the backend's is about to run
 * @mig: migration of an open device
 *
 * Wakes the function up, and lets it answer to memory accesses even if the
 * guest did not enable that. Users cannot see it: they see vfio-pci-core's
 * virtual config space, and cannot write it now, see vmp_migration_write().
 *
 * Context: Under the state lock.
 * Return: what to give vmp_access_end(), not negative; or -EIO if the
 *	function cannot be woken up.
 */
int vmp_access_begin(struct vmp_migration *mig);

/**
 * vmp_access_end() - undo vmp_access_begin()
 * @mig: migration
 * @cookie: what it returned
 *
 * Context: Under the state lock.
 */
void vmp_access_end(struct vmp_migration *mig, int cookie);

#endif /* VMP_MIGRATION_ACCESS_H */
