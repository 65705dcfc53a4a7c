/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Registers that a backend stands in front of: which pages lose mmap, and who
 * answers an access. Accesses elsewhere are vfio-pci-core's.
 */
#ifndef VMP_MIGRATION_TRAPS_H
#define VMP_MIGRATION_TRAPS_H

#include <linux/types.h>

struct vfio_info_cap;
struct vfio_region_info;
struct vm_area_struct;
struct vmp_backend;
struct vmp_migration;

/**
 * vmp_traps_check() - can these be trapped?
 * @backend: backend that is about to be registered
 *
 * Context: Any.
 * Return: NULL, or what is wrong, a sentence about a trap.
 */
const char *vmp_traps_check(const struct vmp_backend *backend);

/**
 * vmp_traps_fit() - are the traps in BARs that the device has?
 * @mig: migration of a function that is being attached
 *
 * Context: Any.
 * Return: NULL, or what is wrong, a sentence about a trap.
 */
const char *vmp_traps_fit(const struct vmp_migration *mig);

/**
 * vmp_traps_has_bar() - is something trapped in a region?
 * @mig: migration
 * @index: VFIO_PCI_*_REGION_INDEX, of any size
 *
 * Context: Any.
 * Return: whether.
 */
bool vmp_traps_has_bar(const struct vmp_migration *mig, unsigned int index);

/**
 * vmp_traps_region_info() - VFIO_DEVICE_GET_REGION_INFO of a BAR with traps
 * @mig: migration
 * @info: index is set; gets flags, size and offset
 * @caps: gets the capabilities: what can be mapped, and what else
 *	vfio-pci-core says of such a BAR
 *
 * Context: Process context.
 * Return: 0 or -ENOMEM.
 */
int vmp_traps_region_info(struct vmp_migration *mig,
			  struct vfio_region_info *info,
			  struct vfio_info_cap *caps);

/**
 * vmp_traps_check_mmap() - may this be mapped?
 * @mig: migration
 * @vma: what the user wants mapped
 *
 * Context: From vfio_device_ops.mmap.
 * Return: 0, or -EINVAL if a trapped page is in it.
 */
int vmp_traps_check_mmap(const struct vmp_migration *mig,
			 const struct vm_area_struct *vma);

/**
 * vmp_traps_read() - read of a region with traps
 * @mig: migration
 * @buf: the user's
 * @count: bytes
 * @ppos: position, as in vfio_device_ops.read
 *
 * Pieces in traps go to the backend under the state lock, the others to
 * vfio_pci_core_read() without it.
 *
 * Context: Process context.
 * Return: bytes read, advancing @ppos; or -errno if there was none: -EIO if
 *	the guest has disabled or put to sleep what it reads, -EFAULT, what
 *	the backend or vfio_pci_core_read() returned.
 */
ssize_t vmp_traps_read(struct vmp_migration *mig, char __user *buf,
		       size_t count, loff_t *ppos);

/**
 * vmp_traps_write() - write of a region with traps
 * @mig: migration
 * @buf: the user's
 * @count: bytes
 * @ppos: position, as in vfio_device_ops.write
 *
 * Context: Process context.
 * Return: bytes written, advancing @ppos; or -errno if there was none, as
 *	for vmp_traps_read().
 */
ssize_t vmp_traps_write(struct vmp_migration *mig, const char __user *buf,
			size_t count, loff_t *ppos);

#endif /* VMP_MIGRATION_TRAPS_H */
