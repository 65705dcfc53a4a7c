// SPDX-License-Identifier: GPL-2.0-only
/*
 * What users can do with a wrapped function. What no room of ours must see is
 * vfio-pci-core's own function, not a copy of it.
 */

#include <linux/err.h>
#include <linux/slab.h>

#include "compat/vfio_ops.h"
#include "function.h"
#include "names.h"
#include "vfio_ops.h"

/*
 * vfio_pci_core_enable() sets these when it finds the feature, and nobody
 * clears them, so the last open's findings would outlive it.
 */
static void forget_last_open(struct vfio_pci_core_device *core)
{
	core->pci_2_3 = false;
	core->nointx = false;
	core->has_vga = false;
}

static int open_device(struct vfio_device *core_vdev)
{
	struct vmp_function *fn = vmp_function_from_vfio(core_vdev);
	int ret;

	ret = vmp_gate_enter(&fn->gate);
	if (ret)
		return ret;

	forget_last_open(&fn->core);
	ret = vfio_pci_core_enable(&fn->core);
	if (ret)
		goto err_leave_gate;

	vfio_pci_core_finish_enable(&fn->core);
	return 0;

err_leave_gate:
	vmp_gate_leave(&fn->gate);
	return ret;
}

static void close_device(struct vfio_device *core_vdev)
{
	struct vmp_function *fn = vmp_function_from_vfio(core_vdev);

	vfio_pci_core_close_device(core_vdev);
	vmp_gate_leave(&fn->gate);
}

static int match(struct vfio_device *core_vdev, char *buf)
{
	struct vmp_function *fn = vmp_function_from_vfio(core_vdev);
	char *name;
	int ret;

	name = vmp_gate_translate_name(&fn->gate, buf);
	if (IS_ERR_OR_NULL(name))
		return PTR_ERR_OR_ZERO(name);

	ret = vfio_pci_core_match(core_vdev, name);
	kfree(name);
	return ret;
}

const struct vfio_device_ops vmp_vfio_ops = {
	/* vfio-pci-core gives VFs to the driver of this name. */
	.name			= VMP_DRIVER_NAME,
	.init			= vfio_pci_core_init_dev,
	.release		= vfio_pci_core_release_dev,
	.open_device		= open_device,
	.close_device		= close_device,
	.read			= vfio_pci_core_read,
	.write			= vfio_pci_core_write,
	.ioctl			= vfio_pci_core_ioctl,
	.mmap			= vfio_pci_core_mmap,
	.device_feature		= vfio_pci_core_ioctl_feature,
	.request		= vfio_pci_core_request,
	.match			= match,
	VMP_OPS_REGION_INFO
	VMP_OPS_MATCH_TOKEN_UUID
	VMP_OPS_IOMMUFD
	VMP_OPS_DETACH_IOAS
	VMP_OPS_PASID
};
