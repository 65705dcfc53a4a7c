/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The members of struct vfio_device_ops and struct vfio_pci_core_device that
 * not every supported kernel has. The tables that use them live elsewhere.
 *
 * A member that a kernel lacks cannot be made to appear, so each group of
 * members is a macro: a run of designated initialisers, or nothing.
 */
#ifndef VMP_COMPAT_VFIO_OPS_H
#define VMP_COMPAT_VFIO_OPS_H

#include <linux/vfio.h>
#include <linux/vfio_pci_core.h>

/* First in 6.2; drop with the last kernel before it. */
#ifdef VMP_HAVE_BIND_IOMMUFD
#define VMP_OPS_IOMMUFD						\
	.bind_iommufd		= vfio_iommufd_physical_bind,		\
	.unbind_iommufd		= vfio_iommufd_physical_unbind,
#define VMP_OPS_ATTACH_IOAS(_function)					\
	.attach_ioas		= (_function),
#else
#define VMP_OPS_IOMMUFD
#define VMP_OPS_ATTACH_IOAS(...)
#endif

/* First in 6.6; drop with the last kernel before it. */
#ifdef VMP_HAVE_DETACH_IOAS
#define VMP_OPS_DETACH_IOAS						\
	.detach_ioas		= vfio_iommufd_physical_detach_ioas,
#else
#define VMP_OPS_DETACH_IOAS
#endif

/**
 * vmp_compat_attach() - vfio_iommufd_physical_attach_ioas(), if there is one
 * @core_vdev: device that is bound to an iommufd
 * @pt_id: the IOAS or page table; gets the page table
 *
 * Context: Under the device set's lock.
 * Return: 0 or -errno.
 */
static inline int vmp_compat_attach(struct vfio_device *core_vdev, u32 *pt_id)
{
#if defined(VMP_HAVE_BIND_IOMMUFD) && IS_ENABLED(CONFIG_IOMMUFD)
	return vfio_iommufd_physical_attach_ioas(core_vdev, pt_id);
#else
	return -EOPNOTSUPP;
#endif
}

/**
 * vmp_compat_detach() - vfio_iommufd_physical_detach_ioas(), if there is one
 * @core_vdev: device that is attached
 *
 * Before 6.6 only the opening of a device attaches it, which undoes that itself
 * if it fails.
 *
 * Context: Under the device set's lock.
 */
static inline void vmp_compat_detach(struct vfio_device *core_vdev)
{
#if defined(VMP_HAVE_DETACH_IOAS) && IS_ENABLED(CONFIG_IOMMUFD)
	vfio_iommufd_physical_detach_ioas(core_vdev);
#endif
}

/* First in 6.15; drop with the last kernel before it. */
#ifdef VMP_HAVE_PASID_ATTACH_IOAS
#define VMP_OPS_PASID							\
	.pasid_attach_ioas	= vfio_iommufd_physical_pasid_attach_ioas, \
	.pasid_detach_ioas	= vfio_iommufd_physical_pasid_detach_ioas,
#else
#define VMP_OPS_PASID
#endif

/*
 * First in 6.17; drop with the last kernel before it. vfio_pci_core_match()
 * calls it without looking where it exists, so it is not optional there.
 */
#ifdef VMP_HAVE_MATCH_TOKEN_UUID
#define VMP_OPS_MATCH_TOKEN_UUID					\
	.match_token_uuid	= vfio_pci_core_match_token_uuid,
#else
#define VMP_OPS_MATCH_TOKEN_UUID
#endif

/*
 * First in 6.19; drop with the last kernel before it. Older kernels answer
 * VFIO_DEVICE_GET_REGION_INFO inside vfio_pci_core_ioctl().
 */
#ifdef VMP_HAVE_GET_REGION_INFO_CAPS
#define VMP_OPS_REGION_INFO(_function)					\
	.get_region_info_caps	= (_function),
#define vmp_compat_region_info vfio_pci_ioctl_get_region_info
#else
#define VMP_OPS_REGION_INFO(...)

static inline int vmp_compat_region_info(struct vfio_device *core_vdev,
					 struct vfio_region_info *info,
					 struct vfio_info_cap *caps)
{
	return -ENOTTY;
}
#endif

/**
 * vmp_compat_offer_dmabuf() - let users export BARs as DMA buffers
 * @core: function that is about to be registered
 *
 * Does nothing where vfio-pci-core has no DMA buffers (first in 6.19).
 *
 * Context: Before vfio_pci_core_register_device().
 */
static inline void vmp_compat_offer_dmabuf(struct vfio_pci_core_device *core)
{
#ifdef VMP_HAVE_PCI_DEVICE_OPS
	static const struct vfio_pci_device_ops pci_ops = {
		.get_dmabuf_phys = vfio_pci_core_get_dmabuf_phys,
	};

	core->pci_ops = &pci_ops;
#endif
}

/**
 * vmp_compat_is_opened_by_cdev() - how did its user open the device?
 * @core_vdev: a device that is open
 *
 * Context: From one of the device's own ops.
 * Return: true if by its own node, false if through its group, the only way
 *	before 6.6.
 */
static inline bool vmp_compat_is_opened_by_cdev(struct vfio_device *core_vdev)
{
#ifdef VMP_HAVE_CDEV_OPENED
	return vfio_device_cdev_opened(core_vdev);
#else
	return false;
#endif
}

#endif /* VMP_COMPAT_VFIO_OPS_H */
