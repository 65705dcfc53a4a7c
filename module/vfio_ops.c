// SPDX-License-Identifier: GPL-2.0-only
/*
 * What users can do with a wrapped function. What no room of ours must see is
 * vfio-pci-core's own function, not a copy of it. So there are two tables: the
 * data path of a function without a backend is vfio-pci's, that of one with a
 * backend leads through migration/mediation.c.
 *
 * Which table it is changes with the mdev, while the gate is closed and under
 * the device set's lock. Why nobody finds the other table halfway:
 *
 * 1. vfio opens and closes devices, tells type1 of them and has type1 forget
 *    them, all in one hold of the device set's lock. So between two holds type1
 *    knows the device only while it is open, and asks the same table for
 *    .dma_unmap when it is told and when it forgets.
 * 2. Behind a closed gate nobody has the device open, and only an open device
 *    is read, written, mapped, told by ioctl or attached to an IOAS.
 * 3. What vfio looks at without that lock is the same in both tables: .name,
 *    .match, .match_token_uuid, .request.
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

static long hot_reset_ioctl(struct vfio_device *core_vdev, unsigned int cmd,
			    unsigned long arg)
{
	int ret = vmp_reset_check_ioctl(vmp_function_from_vfio(core_vdev), cmd);

	return ret ? ret : vfio_pci_core_ioctl(core_vdev, cmd, arg);
}

static long ioctl(struct vfio_device *core_vdev, unsigned int cmd,
		  unsigned long arg)
{
	if (unlikely(vmp_reset_is_hot(cmd)))
		return hot_reset_ioctl(core_vdev, cmd, arg);

	return vfio_pci_core_ioctl(core_vdev, cmd, arg);
}

static long mediated_ioctl(struct vfio_device *core_vdev, unsigned int cmd,
			   unsigned long arg)
{
	if (vmp_reset_is_hot(cmd))
		return hot_reset_ioctl(core_vdev, cmd, arg);

	return vmp_mediation_ioctl(core_vdev, cmd, arg);
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

/* vfio-pci-core gives VFs to the driver of this name. */
#define OPS_OF_BOTH							\
	.name			= VMP_DRIVER_NAME,			\
	.init			= vfio_pci_core_init_dev,		\
	.release		= vfio_pci_core_release_dev,		\
	.open_device		= open_device,				\
	.close_device		= close_device,				\
	.request		= vfio_pci_core_request,		\
	.match			= match,				\
	VMP_OPS_MATCH_TOKEN_UUID					\
	VMP_OPS_IOMMUFD							\
	VMP_OPS_DETACH_IOAS						\
	VMP_OPS_PASID

/* Without .dma_unmap, for the lack of which type1 spares it each unmap. */
const struct vfio_device_ops vmp_vfio_ops = {
	OPS_OF_BOTH
	.read			= vfio_pci_core_read,
	.write			= vfio_pci_core_write,
	.ioctl			= ioctl,
	.mmap			= vfio_pci_core_mmap,
	.device_feature		= vfio_pci_core_ioctl_feature,
	VMP_OPS_REGION_INFO(vmp_compat_region_info)
	VMP_OPS_ATTACH_IOAS(vfio_iommufd_physical_attach_ioas)
};

static const struct vfio_device_ops mediated_ops = {
	OPS_OF_BOTH
	.read			= vmp_mediation_read,
	.write			= vmp_mediation_write,
	.ioctl			= mediated_ioctl,
	.mmap			= vmp_mediation_mmap,
	.device_feature		= vmp_mediation_feature,
	.dma_unmap		= vmp_mediation_dma_unmap,
	VMP_OPS_REGION_INFO(vmp_mediation_region_info)
	VMP_OPS_ATTACH_IOAS(vmp_mediation_attach_ioas)
};

/* Behind the closed gate; see the head of this file. */
static void use_ops(struct vfio_device *core_vdev,
		    const struct vfio_device_ops *ops)
{
	if (core_vdev->ops == ops)
		return;

	mutex_lock(&core_vdev->dev_set->lock);
	WARN_ON_ONCE(core_vdev->open_count);
	WRITE_ONCE(core_vdev->ops, ops);
	mutex_unlock(&core_vdev->dev_set->lock);
}

static int mdev_created(struct vfio_pci_core_device *core)
{
	int ret = vmp_mediation_created(core);

	if (!ret && vmp_function_from_vfio(&core->vdev)->migration)
		use_ops(&core->vdev, &mediated_ops);
	return ret;
}

static void mdev_going(struct vfio_pci_core_device *core)
{
	use_ops(&core->vdev, &vmp_vfio_ops);
	vmp_mediation_going(core);
}

const struct vmp_mdev_listener vmp_vfio_listener = {
	.created = mdev_created,
	.going = mdev_going,
	.describe = vmp_mediation_describe,
};
