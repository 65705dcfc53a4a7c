/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The mdev side of a function: its one type, and the mdev that opens and
 * closes the gate. How the function is used is not known here.
 */
#ifndef VMP_MDEV_H
#define VMP_MDEV_H

#include <linux/mdev.h>

#include "gate.h"

/* "VVVV:DDDD:SSSS:ssss:CCCCCC:RR" with its NUL. */
#define VMP_TYPE_ID_BYTES 30
/* "PCI function VVVV:DDDD" with its NUL. */
#define VMP_TYPE_NAME_BYTES 23

/**
 * struct vmp_mdev_listener - who wants to know of a function's mdev
 * @created: an mdev is created, and the gate still closed; returns 0 or
 *	-errno, with which the creation fails
 * @going: an mdev goes, and the gate is closed
 * @describe: appends to the type's "description" at @at, as sysfs_emit_at()
 *
 * None of them may take the PCI device's lock.
 */
struct vmp_mdev_listener {
	int (*created)(struct vfio_pci_core_device *core);
	void (*going)(struct vfio_pci_core_device *core);
	int (*describe)(struct vfio_pci_core_device *core, char *buf, int at);
};

/**
 * struct vmp_mdev_parent - a function in its role as parent of an mdev
 * @gate: the function's gate
 * @listener: who is told of the mdev
 * @parent: what the mdev core keeps about the function; zeroed by
 *	mdev_register_parent()
 * @type: the function's only type
 * @types: @type as the array that the mdev core wants
 * @type_id: name of the type's directory, less the driver's prefix
 * @type_name: text of the type's "name" file
 */
struct vmp_mdev_parent {
	struct vmp_gate *gate;
	const struct vmp_mdev_listener *listener;
	struct mdev_parent parent;
	struct mdev_type type;
	struct mdev_type *types[1];
	char type_id[VMP_TYPE_ID_BYTES];
	char type_name[VMP_TYPE_NAME_BYTES];
};

/**
 * vmp_mdev_driver_register() - make mdevs of our types possible
 *
 * Context: Process context, before the first function is bound.
 * Return: 0; -EBUSY if a driver of this name is registered; -EINVAL if the
 *	mdev bus is not; -ENOMEM.
 */
int vmp_mdev_driver_register(void);

/**
 * vmp_mdev_driver_unregister() - undo vmp_mdev_driver_register()
 *
 * Context: Process context, after the last function is unbound.
 */
void vmp_mdev_driver_unregister(void);

/**
 * vmp_mdev_parent_register() - offer a function's mdev type
 * @mp: role to fill; zeroed memory that outlives the registration
 * @gate: the function's gate, initialised and closed
 * @listener: who is told of the mdev
 *
 * From here on anybody may create an mdev and open the device, even before
 * this returns (udev hears of it from inside). So it comes last when a
 * function is bound.
 *
 * Context: Process context, under the PCI device's lock.
 * Return: 0; -EEXIST if the function has mdev types already; -ENOMEM.
 */
int vmp_mdev_parent_register(struct vmp_mdev_parent *mp, struct vmp_gate *gate,
			     const struct vmp_mdev_listener *listener);

/**
 * vmp_mdev_parent_unregister() - remove the mdev, if any, and the type
 * @mp: role that vmp_mdev_parent_register() filled
 *
 * Returns when the mdev's user has let go and no mdev refers to @mp any more.
 *
 * Context: Process context, under the PCI device's lock; sleeps for as long as
 *	the user wants, see vmp_gate_close().
 */
void vmp_mdev_parent_unregister(struct vmp_mdev_parent *mp);

#endif /* VMP_MDEV_H */
