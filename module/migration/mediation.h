/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the rest of the driver meets migration: what is done to a function
 * whose device migrates goes through here. What is done to others does not come
 * by here, see vfio_ops.c.
 */
#ifndef VMP_MIGRATION_MEDIATION_H
#define VMP_MIGRATION_MEDIATION_H

#include <linux/types.h>

struct pci_dev;
struct vfio_device;
struct vfio_info_cap;
struct vfio_pci_core_device;
struct vfio_region_info;
struct vm_area_struct;
struct vmp_function;
struct vmp_migration;

/* Module parameter: whether mdevs created later have backends looked for. */
extern bool vmp_migration_is_enabled;

/**
 * vmp_mediation_init() - a function is being bound
 * @fn: the function
 *
 * Context: Any.
 */
void vmp_mediation_init(struct vmp_function *fn);

/**
 * vmp_mediation_created() - an mdev is being created on a function
 * @core: the function's vfio device, behind a closed gate
 *
 * Creates the function's migration, if a backend is for it.
 *
 * Context: Process context, as struct vmp_mdev_listener says.
 * Return: 0; or -errno, as vmp_migration_create().
 */
int vmp_mediation_created(struct vfio_pci_core_device *core);

/**
 * vmp_mediation_going() - undo vmp_mediation_created()
 * @core: the function's vfio device, behind a closed gate; its ops do not lead
 *	here any more
 *
 * Context: Process context, as struct vmp_mdev_listener says.
 */
void vmp_mediation_going(struct vfio_pci_core_device *core);

/**
 * vmp_mediation_describe() - say in the type's description what migrates it
 * @core: the function's vfio device
 * @buf: a page of sysfs
 * @at: where to go on in it
 *
 * Context: Process context.
 * Return: bytes written.
 */
int vmp_mediation_describe(struct vfio_pci_core_device *core, char *buf,
			   int at);

/**
 * vmp_mediation_get_migration() - what migrates a function's device
 * @fn: bound function
 *
 * Context: Any.
 * Return: the migration, for vmp_migration_put(); NULL if there is none.
 */
struct vmp_migration *vmp_mediation_get_migration(struct vmp_function *fn);

/**
 * vmp_mediation_open() - a user opens the device
 * @fn: function that vfio_pci_core_enable() has enabled
 *
 * Context: Under the device set's lock.
 * Return: 0; -errno if the registers cannot be mapped.
 */
int vmp_mediation_open(struct vmp_function *fn);

/**
 * vmp_mediation_close() - the user is gone
 * @fn: function that is about to be disabled
 *
 * Context: Under the device set's lock.
 */
void vmp_mediation_close(struct vmp_function *fn);

/**
 * vmp_mediation_reset_prepare() - PCI is about to reset the function
 * @pdev: the function
 *
 * Context: As pci_error_handlers.reset_prepare: under the PCI device's lock and
 *	whatever else; does not wait.
 */
void vmp_mediation_reset_prepare(struct pci_dev *pdev);

/**
 * vmp_mediation_reset_done() - PCI has reset the function
 * @pdev: the function
 *
 * Context: As pci_error_handlers.reset_done: under the PCI device's lock and
 *	whatever else; does not wait.
 */
void vmp_mediation_reset_done(struct pci_dev *pdev);

/**
 * vmp_mediation_read() - vfio_device_ops.read
 * @core_vdev: open device
 * @buf: the user's
 * @count: bytes
 * @ppos: region and offset, as VFIO_PCI_INDEX_TO_OFFSET() packs them
 *
 * Context: Process context.
 * Return: bytes read, or -errno.
 */
ssize_t vmp_mediation_read(struct vfio_device *core_vdev, char __user *buf,
			   size_t count, loff_t *ppos);

/**
 * vmp_mediation_write() - vfio_device_ops.write
 * @core_vdev: open device
 * @buf: the user's
 * @count: bytes
 * @ppos: region and offset, as VFIO_PCI_INDEX_TO_OFFSET() packs them
 *
 * Context: Process context.
 * Return: bytes written, or -errno.
 */
ssize_t vmp_mediation_write(struct vfio_device *core_vdev,
			    const char __user *buf, size_t count, loff_t *ppos);

/**
 * vmp_mediation_mmap() - vfio_device_ops.mmap
 * @core_vdev: open device
 * @vma: what the user wants mapped
 *
 * Context: Under mmap_lock.
 * Return: 0; -EINVAL if it cannot be mapped, or a trapped page is in it.
 */
int vmp_mediation_mmap(struct vfio_device *core_vdev,
		       struct vm_area_struct *vma);

/**
 * vmp_mediation_ioctl() - vfio_device_ops.ioctl
 * @core_vdev: open device
 * @cmd: what the user wants
 * @arg: the user's
 *
 * Context: Process context.
 * Return: as vfio_pci_core_ioctl(); -EINVAL to VFIO_DEVICE_IOEVENTFD if
 *	registers are trapped, which it would pass by.
 */
long vmp_mediation_ioctl(struct vfio_device *core_vdev, unsigned int cmd,
			 unsigned long arg);

/**
 * vmp_mediation_feature() - vfio_device_ops.device_feature
 * @core_vdev: open device
 * @flags: feature, and what about it
 * @arg: the user's
 * @argsz: bytes there
 *
 * Serves what older kernels leave to drivers.
 *
 * Context: Process context.
 * Return: as vfio_pci_core_ioctl_feature().
 */
int vmp_mediation_feature(struct vfio_device *core_vdev, u32 flags,
			  void __user *arg, size_t argsz);

/**
 * vmp_mediation_region_info() - vfio_device_ops.get_region_info_caps
 * @core_vdev: open device
 * @info: index is set; gets the rest
 * @caps: gets the capabilities
 *
 * Older kernels have no such op, and are answered by vmp_mediation_ioctl().
 *
 * Context: Process context.
 * Return: 0, or -errno.
 */
int vmp_mediation_region_info(struct vfio_device *core_vdev,
			      struct vfio_region_info *info,
			      struct vfio_info_cap *caps);

/**
 * vmp_mediation_attach_ioas() - vfio_device_ops.attach_ioas
 * @core_vdev: device that is bound to an iommufd
 * @pt_id: the IOAS or page table; gets the page table
 *
 * Context: Under the device set's lock.
 * Return: as vmp_migration_attach_ioas().
 */
int vmp_mediation_attach_ioas(struct vfio_device *core_vdev, u32 *pt_id);

/**
 * vmp_mediation_dma_unmap() - vfio_device_ops.dma_unmap
 * @core_vdev: device that type1 knows: open, or being opened or closed
 * @iova: first byte that the user unmaps
 * @bytes: how many
 *
 * Context: Process context, from type1.
 */
void vmp_mediation_dma_unmap(struct vfio_device *core_vdev, u64 iova,
			     u64 bytes);

#endif /* VMP_MIGRATION_MEDIATION_H */
