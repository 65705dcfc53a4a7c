// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which resets a user may ask for.
 *
 * A hot reset resets a bus or slot, with every function on it. vfio-pci-core
 * lets a user do that who owns the groups of all of them, and leaves it to the
 * user to know which of his devices that hits. QEMU on type1 does not know it
 * of mdevs: it compares the PCI addresses that it is told with the names of its
 * devices, which are UUIDs (vfio_pci_host_match() in hw/vfio/pci.c), finds no
 * sibling in use, and resets one that its guest is working with.
 *
 * With iommufd QEMU compares device ids, which are right. A sibling that is
 * bound to vfio-pci has its address for a name; a reset that is asked of that
 * sibling does not come by here.
 *
 * This guards against an accident, not against a will: a sibling that the same
 * user opens between the look and the reset is reset all the same.
 */

#include <linux/pci.h>
#include <linux/vfio.h>

#include "compat/vfio_ops.h"
#include "function.h"
#include "reset.h"

/*
 * Under the device set's lock. Only functions of ours are opened by our
 * function, whichever of our two tables is theirs.
 */
static struct vfio_device *find_open_sibling(struct vfio_device *core_vdev)
{
	struct vfio_device *other;

	lockdep_assert_held(&core_vdev->dev_set->lock);

	list_for_each_entry(other, &core_vdev->dev_set->device_list,
			    dev_set_list) {
		if (other != core_vdev && other->open_count &&
		    other->ops->open_device == core_vdev->ops->open_device)
			return other;
	}
	return NULL;
}

static bool reaches_open_sibling(struct vmp_function *fn)
{
	struct vfio_device *core_vdev = &fn->core.vdev;
	struct vfio_device *sibling;

	mutex_lock(&core_vdev->dev_set->lock);
	sibling = find_open_sibling(core_vdev);
	if (sibling)
		pci_info_ratelimited(fn->core.pdev,
				     "no hot reset while %s is open, unless hot_reset_siblings is set\n",
				     dev_name(sibling->dev));
	mutex_unlock(&core_vdev->dev_set->lock);
	return sibling;
}

static bool is_hot_reset_unsafe(struct vmp_function *fn)
{
	return !vmp_settings_is_effective(&fn->settings,
					  VMP_HOT_RESET_SIBLINGS) &&
	       !vmp_compat_is_opened_by_cdev(&fn->core.vdev) &&
	       reaches_open_sibling(fn);
}

int vmp_reset_check_ioctl(struct vmp_function *fn, unsigned int cmd)
{
	switch (cmd) {
	case VFIO_DEVICE_GET_PCI_HOT_RESET_INFO:
		return is_hot_reset_unsafe(fn) ? -ENODEV : 0;
	case VFIO_DEVICE_PCI_HOT_RESET:
		return is_hot_reset_unsafe(fn) ? -EBUSY : 0;
	default:
		return 0;
	}
}
