// SPDX-License-Identifier: GPL-2.0-only
/*
 * The PCI driver: binding a function and letting it go.
 *
 * The order is what keeps users, mdev and function apart:
 *
 *	bind:	1. allocate; 2. drvdata, which vfio-pci-core's callbacks use;
 *		3. closed gate, settings; 4. register the vfio device, whose
 *		nodes appear but open for nobody; 5. files of the settings, to
 *		which mdevs link; 6. register the mdev parent, last
 *	unbind:	the same backwards: with the parent goes the mdev, which closes
 *		the gate and waits for its user
 */

#include <linux/pci.h>
#include <linux/vfio_pci_core.h>

#include "admission.h"
#include "attributes.h"
#include "compat/vfio_ops.h"
#include "function.h"
#include "migration/mediation.h"
#include "names.h"
#include "pci_driver.h"
#include "vfio_ops.h"
#include "vga.h"

static int pci_driver_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct vmp_function *fn;
	int ret;

	ret = vmp_admission_check(pdev);
	if (ret)
		return ret;

	fn = vfio_alloc_device(vmp_function, core.vdev, &pdev->dev,
			       &vmp_vfio_ops);
	if (IS_ERR(fn))
		return PTR_ERR(fn);

	dev_set_drvdata(&pdev->dev, &fn->core);
	vmp_gate_init(&fn->gate, &fn->core);
	vmp_settings_init(&fn->settings, &fn->core);
	vmp_mediation_init(fn);
	vmp_compat_offer_dmabuf(&fn->core);

	ret = vfio_pci_core_register_device(&fn->core);
	if (ret) {
		pci_err(pdev, "cannot register with vfio: %pe\n", ERR_PTR(ret));
		goto err_put_function;
	}

	vmp_vga_register(fn);
	ret = vmp_attributes_create(fn);
	if (ret) {
		pci_err(pdev, "cannot show its settings: %pe\n", ERR_PTR(ret));
		goto err_unregister_core;
	}

	ret = vmp_mdev_parent_register(&fn->mdev_parent, &fn->gate,
				       &vmp_vfio_listener);
	if (ret) {
		pci_err(pdev, "cannot offer an mdev type: %pe\n", ERR_PTR(ret));
		goto err_remove_attributes;
	}

	return 0;

err_remove_attributes:
	vmp_attributes_remove(fn);
err_unregister_core:
	vfio_pci_core_unregister_device(&fn->core);
err_put_function:
	vmp_gate_fini(&fn->gate);
	vfio_put_device(&fn->core.vdev);
	return ret;
}

static void pci_driver_remove(struct pci_dev *pdev)
{
	struct vmp_function *fn = vmp_function_from_pdev(pdev);

	vmp_mdev_parent_unregister(&fn->mdev_parent);
	vmp_attributes_remove(fn);
	vfio_pci_core_unregister_device(&fn->core);
	vmp_gate_fini(&fn->gate);
	vfio_put_device(&fn->core.vdev);
}

static int pci_driver_sriov_configure(struct pci_dev *pdev, int nr_vfs)
{
	return vfio_pci_core_sriov_configure(&vmp_function_from_pdev(pdev)->core,
					     nr_vfs);
}

static const struct pci_error_handlers error_handlers = {
	.error_detected = vfio_pci_core_aer_err_detected,
	.reset_prepare = vmp_mediation_reset_prepare,
	.reset_done = vmp_mediation_reset_done,
};

struct pci_driver vmp_pci_driver = {
	.name			= VMP_DRIVER_NAME,
	.probe			= pci_driver_probe,
	.remove			= pci_driver_remove,
	.sriov_configure	= pci_driver_sriov_configure,
	.err_handler		= &error_handlers,
	/* The user's mappings replace the DMA API's; see iommu_device_use_default_domain(). */
	.driver_managed_dma	= true,
};
