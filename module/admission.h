/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which PCI functions may be wrapped, and in what words the others are
 * refused.
 */
#ifndef VMP_ADMISSION_H
#define VMP_ADMISSION_H

struct pci_dev;

/**
 * vmp_admission_check() - may this function be wrapped?
 * @pdev: function that is to be bound
 *
 * Says in the kernel log why not.
 *
 * Context: Process context, under the PCI device's lock.
 * Return: 0; -EINVAL if the header type is not normal, the function has no
 *	IOMMU group, or vfio-pci denies it; -EBUSY if it has VFs enabled.
 */
int vmp_admission_check(struct pci_dev *pdev);

#endif /* VMP_ADMISSION_H */
