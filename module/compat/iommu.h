/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How kernels differ in what they let a driver do with its device's IOMMU.
 */
#ifndef VMP_COMPAT_IOMMU_H
#define VMP_COMPAT_IOMMU_H

#include <linux/iommu.h>
#include <linux/vfio.h>

/**
 * vmp_compat_iommu_map() - iommu_map() with memory from GFP_KERNEL
 * @domain: paging domain
 * @iova: where to
 * @paddr: what
 * @bytes: how much
 * @prot: IOMMU_READ and its kin
 *
 * Before 6.3 there were two functions instead of a parameter; drop with the
 * last kernel before it.
 *
 * Context: Process context, may sleep.
 * Return: 0 or -errno.
 */
static inline int vmp_compat_iommu_map(struct iommu_domain *domain,
				       unsigned long iova, phys_addr_t paddr,
				       size_t bytes, int prot)
{
#ifdef VMP_HAVE_IOMMU_MAP_ATOMIC
	return iommu_map(domain, iova, paddr, bytes, prot);
#else
	return iommu_map(domain, iova, paddr, bytes, prot, GFP_KERNEL);
#endif
}

/**
 * vmp_compat_has_iommufd() - are the user's mappings in an iommufd?
 * @core_vdev: a device that is open
 *
 * By the device's own node as by a group whose container is an iommufd.
 *
 * Context: From one of the device's own ops.
 * Return: true if so; false if they are in a container, as always before 6.2.
 */
static inline bool vmp_compat_has_iommufd(const struct vfio_device *core_vdev)
{
#if defined(VMP_HAVE_IOMMUFD_DEVICE) && IS_ENABLED(CONFIG_IOMMUFD)
	return core_vdev->iommufd_device;
#else
	return false;
#endif
}

#endif /* VMP_COMPAT_IOMMU_H */
