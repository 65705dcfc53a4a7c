/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One PCI function bound to this driver: what it consists of. How it is bound
 * is in pci_driver.c, what its users can do with it in vfio_ops.c.
 */
#ifndef VMP_FUNCTION_H
#define VMP_FUNCTION_H

#include <linux/spinlock.h>
#include <linux/vfio_pci_core.h>

#include "gate.h"
#include "mdev.h"
#include "settings.h"

struct vmp_migration;

/**
 * struct vmp_function - one wrapped PCI function
 * @core: the vfio device; first, as vfio_alloc_device() demands, and what the
 *	PCI device's drvdata points at, as vfio-pci-core demands
 * @gate: lets users reach @core only while an mdev exists
 * @settings: what its users get of it
 * @mdev_parent: offers the mdev type; registered last, unregistered first
 * @migration_lock: protects @migration against who comes by way of the PCI
 *	device (a reset); users of the open device need it not, as @migration
 *	stays while the device is open
 * @migration: what migrates the device; NULL if no backend does, or without
 *	an mdev
 */
struct vmp_function {
	struct vfio_pci_core_device core;
	struct vmp_gate gate;
	struct vmp_settings settings;
	struct vmp_mdev_parent mdev_parent;
	spinlock_t migration_lock; /* protects migration */
	struct vmp_migration *migration;
};

/**
 * vmp_function_from_vfio() - the function that a vfio device belongs to
 * @core_vdev: vfio device of a function of ours
 *
 * Context: Any.
 * Return: the function, never NULL.
 */
static inline struct vmp_function *
vmp_function_from_vfio(struct vfio_device *core_vdev)
{
	return container_of(core_vdev, struct vmp_function, core.vdev);
}

/**
 * vmp_function_from_pdev() - the function that a PCI device is bound as
 * @pdev: PCI device bound to this driver
 *
 * Context: While @pdev is bound, for instance under its device lock.
 * Return: the function, never NULL.
 */
static inline struct vmp_function *vmp_function_from_pdev(struct pci_dev *pdev)
{
	return container_of(dev_get_drvdata(&pdev->dev), struct vmp_function,
			    core);
}

#endif /* VMP_FUNCTION_H */
