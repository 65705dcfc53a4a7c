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
 *	are, of which the kernel log says the names; -ENOMEM; what the
 *	backend's attach returned.
 */
struct vmp_migration *vmp_migration_create(struct vfio_pci_core_device *core);

/**
 * vmp_migration_destroy() - the mdev is going
 * @mig: migration of a closed device that nobody can open any more, or NULL
 *
 * Context: Process context.
 */
void vmp_migration_destroy(struct vmp_migration *mig);

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
