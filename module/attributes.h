/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The settings of a function as files: the directory vfio_mdev_pci/ of its PCI
 * device, which its mdev links to.
 */
#ifndef VMP_ATTRIBUTES_H
#define VMP_ATTRIBUTES_H

struct vmp_function;

/**
 * vmp_attributes_create() - show a function's settings
 * @fn: registered function
 *
 * Context: Process context, may sleep; before an mdev can be created, which
 *	links to the directory.
 * Return: 0; -EEXIST if something of that name exists; -ENOMEM.
 */
int vmp_attributes_create(struct vmp_function *fn);

/**
 * vmp_attributes_remove() - take back what vmp_attributes_create() made
 * @fn: registered function
 *
 * Nobody reads or writes the files any more when this returns.
 *
 * Context: Process context, may sleep. The caller must not hold the device
 *	set's lock.
 */
void vmp_attributes_remove(struct vmp_function *fn);

#endif /* VMP_ATTRIBUTES_H */
