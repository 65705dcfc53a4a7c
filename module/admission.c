// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which PCI functions may be wrapped, and in what words the others are
 * refused. vfio-pci-core checks some of this again, but without a word.
 */

#include <linux/iommu.h>
#include <linux/pci.h>

#include "admission.h"

/*
 * Functions with errata that an untrusted user could exploit. The same as
 * vfio_pci_dev_in_denylist() in drivers/vfio/pci/vfio_pci.c, which is private
 * to vfio-pci.
 */
static const struct pci_device_id denylist[] = {
	{ PCI_VDEVICE(INTEL, PCI_DEVICE_ID_INTEL_QAT_C3XXX) },
	{ PCI_VDEVICE(INTEL, PCI_DEVICE_ID_INTEL_QAT_C3XXX_VF) },
	{ PCI_VDEVICE(INTEL, PCI_DEVICE_ID_INTEL_QAT_C62X) },
	{ PCI_VDEVICE(INTEL, PCI_DEVICE_ID_INTEL_QAT_C62X_VF) },
	{ PCI_VDEVICE(INTEL, PCI_DEVICE_ID_INTEL_QAT_DH895XCC) },
	{ PCI_VDEVICE(INTEL, PCI_DEVICE_ID_INTEL_QAT_DH895XCC_VF) },
	{ PCI_VDEVICE(INTEL, PCI_DEVICE_ID_INTEL_DSA_SPR0) },
	{ PCI_VDEVICE(INTEL, PCI_DEVICE_ID_INTEL_IAX_SPR0) },
	{ }
};

static bool is_bridge(struct pci_dev *pdev)
{
	return pdev->hdr_type != PCI_HEADER_TYPE_NORMAL;
}

static bool is_denylisted(struct pci_dev *pdev)
{
	return pci_match_id(denylist, pdev);
}

static bool lacks_iommu_group(struct pci_dev *pdev)
{
	return !device_iommu_mapped(&pdev->dev);
}

static bool has_vfs(struct pci_dev *pdev)
{
	return pci_num_vf(pdev);
}

static const struct {
	bool (*applies)(struct pci_dev *pdev);
	int error;
	const char *reason;
} refusals[] = {
	{ is_bridge, -EINVAL, "it is a bridge, not an endpoint" },
	{ is_denylisted, -EINVAL,
	  "vfio-pci's denylist names it: unsafe with untrusted users" },
	{ has_vfs, -EBUSY,
	  "its SR-IOV VFs are enabled; write 0 to sriov_numvfs first" },
	{ lacks_iommu_group, -EINVAL,
	  "it has no IOMMU group; is the IOMMU enabled (intel_iommu=on)?" },
};

int vmp_admission_check(struct pci_dev *pdev)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(refusals); i++) {
		if (!refusals[i].applies(pdev))
			continue;

		pci_err(pdev, "cannot wrap [%04x:%04x]: %s\n",
			pdev->vendor, pdev->device, refusals[i].reason);
		return refusals[i].error;
	}

	return 0;
}
