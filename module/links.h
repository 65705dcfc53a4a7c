/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The links below an mdev by which clients find the function's IOMMU group,
 * vfio device and settings. When they come and go is mdev.c's business.
 */
#ifndef VMP_LINKS_H
#define VMP_LINKS_H

struct mdev_device;
struct pci_dev;

/**
 * vmp_links_create() - let clients find their function from an mdev
 * @mdev: mdev to make the links below
 * @pdev: wrapped function; its vfio device must be registered and its
 *	settings have their files
 *
 * Makes "iommu_group", which points at the group's own directory, and
 * "vfio-dev" and "vfio_mdev_pci", which point at the function's.
 *
 * Context: Process context, may sleep. From mdev probe, so that both are
 *	there before the mdev_type link, which libvirt waits for when it hears
 *	of an mdev.
 * Return: 0; -ENODEV if the function has no IOMMU group, vfio device or settings
 *	in sysfs, or one of them is going away; -EEXIST if a link of that name exists;
 *	-ENOMEM.
 */
int vmp_links_create(struct mdev_device *mdev, struct pci_dev *pdev);

/**
 * vmp_links_remove() - take back what vmp_links_create() made
 * @mdev: mdev to remove the links from
 *
 * Context: Process context, may sleep. Before the vfio device is unregistered.
 */
void vmp_links_remove(struct mdev_device *mdev);

#endif /* VMP_LINKS_H */
