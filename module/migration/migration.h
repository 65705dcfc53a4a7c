/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The migration of one function: VFIO's state machine, and what the rest of
 * the driver tells it of. How backends take part is in include/vmp/backend.h.
 */
#ifndef VMP_MIGRATION_MIGRATION_H
#define VMP_MIGRATION_MIGRATION_H

#include <linux/types.h>

struct vfio_device;
struct vfio_pci_core_device;
struct vmp_backend;
struct vmp_migration;

/**
 * vmp_migration_create() - an mdev is created: does its function migrate?
 * @core: the function's vfio device, closed
 *
 * Looks for a backend, has modprobe look for one, and gives vfio the ops that
 * go with it.
 *
 * Context: Process context, while nobody can open the device.
 * Return: a migration; NULL if no backend is for this function; -EBUSY if two
 *	are, of which the kernel log says the names; -EINVAL if the function
 *	lacks registers that the backend traps; -ENOMEM; what the backend's
 *	attach returned.
 */
struct vmp_migration *vmp_migration_create(struct vfio_pci_core_device *core);

/**
 * vmp_migration_destroy() - the mdev is going
 * @mig: migration of a closed device that nobody can open any more
 *
 * Drops the caller's reference.
 *
 * Context: Process context.
 */
void vmp_migration_destroy(struct vmp_migration *mig);

/**
 * vmp_migration_open() - a user opens the device
 * @mig: migration of a device that vfio_pci_core_enable() has enabled
 *
 * Context: Under the device set's lock.
 * Return: 0; -errno if the registers cannot be mapped.
 */
int vmp_migration_open(struct vmp_migration *mig);

/**
 * vmp_migration_attach_ioas() - the user gives the device an address space
 * @mig: migration of a device that is bound to an iommufd
 * @pt_id: the IOAS or page table; gets the page table
 *
 * Does what the reset at the opening could not do for want of an IOMMU domain.
 * If it cannot do it now, the device is not attached.
 *
 * Context: Under the device set's lock.
 * Return: 0; what the kernel's attach returned, or the backend's reset.
 */
int vmp_migration_attach_ioas(struct vmp_migration *mig, u32 *pt_id);

/**
 * vmp_migration_close() - the user is gone
 * @mig: migration of a device that is about to be disabled
 *
 * Context: Under the device set's lock.
 */
void vmp_migration_close(struct vmp_migration *mig);

/**
 * vmp_migration_reset_prepare() - PCI is about to reset the device
 * @mig: migration
 *
 * Context: Process context, under whatever locks; does not wait.
 */
void vmp_migration_reset_prepare(struct vmp_migration *mig);

/**
 * vmp_migration_reset_done() - PCI has reset the device
 * @mig: migration
 *
 * Context: Process context, under whatever locks; does not wait.
 */
void vmp_migration_reset_done(struct vmp_migration *mig);

/**
 * vmp_migration_is_reset_by_backend() - is PCI's reset, if any, not enough?
 * @mig: migration of an open device
 *
 * Context: Any.
 * Return: whether.
 */
bool vmp_migration_is_reset_by_backend(const struct vmp_migration *mig);

/**
 * vmp_migration_reset() - the user wants a device reset that PCI cannot reset
 * @mig: migration of an open device, whose backend has a reset
 *
 * Context: Process context, under no lock of vfio's.
 * Return: 0, or what the backend's reset returned.
 */
int vmp_migration_reset(struct vmp_migration *mig);

/**
 * vmp_migration_get_data_size() - how much a user would read who stopped it now
 * @core_vdev: vfio device of an open function that migrates
 * @bytes: gets an estimate
 *
 * Context: Process context.
 * Return: 0; -EIO if the function cannot be woken up.
 */
int vmp_migration_get_data_size(struct vfio_device *core_vdev,
				unsigned long *bytes);

/**
 * vmp_migration_lock() - begin something that excludes the backend
 * @mig: migration
 *
 * Context: Process context, may sleep.
 */
void vmp_migration_lock(struct vmp_migration *mig);

/**
 * vmp_migration_unlock() - undo vmp_migration_lock()
 * @mig: migration
 *
 * The only way to release the state lock: whoever holds it does what a reset
 * left for it, as the reset itself must not wait.
 *
 * Context: Process context, may sleep.
 */
void vmp_migration_unlock(struct vmp_migration *mig);

/**
 * vmp_migration_put() - drop a reference
 * @mig: migration
 *
 * Context: Process context.
 */
void vmp_migration_put(struct vmp_migration *mig);

#endif /* VMP_MIGRATION_MIGRATION_H */
