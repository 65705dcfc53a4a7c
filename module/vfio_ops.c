// SPDX-License-Identifier: GPL-2.0-only
/*
 * What users can do with a wrapped function. What no room of ours must see is
 * vfio-pci-core's own function, not a copy of it; migration/mediation.c sends
 * on there what is done to functions that do not migrate.
 */

#include <linux/bits.h>
#include <linux/err.h>
#include <linux/slab.h>

#include "compat/vfio_ops.h"
#include "function.h"
#include "migration/mediation.h"
#include "names.h"
#include "reset.h"
#include "vfio_ops.h"
#include "vga.h"

static int open_device(struct vfio_device *core_vdev)
{
	struct vmp_function *fn = vmp_function_from_vfio(core_vdev);
	int ret;

	ret = vmp_gate_enter(&fn->gate);
	if (ret)
		return ret;

	vmp_settings_before_enable(&fn->settings);
	ret = vfio_pci_core_enable(&fn->core);
	if (ret)
		goto err_leave_gate;

	vmp_settings_after_enable(&fn->settings);
	ret = vmp_mediation_open(fn);
	if (ret)
		goto err_disable;

	vfio_pci_core_finish_enable(&fn->core);
	return 0;

err_disable:
	vfio_pci_core_disable(&fn->core);
err_leave_gate:
	vmp_gate_leave(&fn->gate);
	return ret;
}

static void close_device(struct vfio_device *core_vdev)
{
	struct vmp_function *fn = vmp_function_from_vfio(core_vdev);
	unsigned long changed;

	vmp_mediation_close(fn);
	changed = vmp_settings_before_close(&fn->settings);
	if (changed & BIT(VMP_DISABLE_VGA))
		vmp_vga_refresh(fn);
	vfio_pci_core_close_device(core_vdev);
	vmp_gate_leave(&fn->gate);
}

static long ioctl(struct vfio_device *core_vdev, unsigned int cmd,
		  unsigned long arg)
{
	int ret = vmp_reset_check_ioctl(vmp_function_from_vfio(core_vdev), cmd);

	return ret ? ret : vmp_mediation_ioctl(core_vdev, cmd, arg);
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
	.read			= vmp_mediation_read,
	.write			= vmp_mediation_write,
	.ioctl			= ioctl,
	.mmap			= vmp_mediation_mmap,
	.device_feature		= vmp_mediation_feature,
	.request		= vfio_pci_core_request,
	.match			= match,
	.dma_unmap		= vmp_mediation_dma_unmap,
	VMP_OPS_REGION_INFO(vmp_mediation_region_info)
	VMP_OPS_MATCH_TOKEN_UUID
	VMP_OPS_IOMMUFD
	VMP_OPS_DETACH_IOAS
	VMP_OPS_PASID
};
