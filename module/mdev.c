// SPDX-License-Identifier: GPL-2.0-only
/*
 * The mdev side of a function: its one type, and the mdev that opens and
 * closes the gate. How the function is used is not known here.
 *
 * Life of an mdev, with the mdev core holding the parent's unreg_sem for
 * reading (create, remove) or for writing (unbind):
 *
 *	create:	1. links, so that they precede the mdev_type link that libvirt
 *		   waits for; 2. tell the listener; 3. open the gate
 *	remove:	1. close the gate, which waits for the user; 2. tell the
 *		   listener; 3. remove the links
 *
 * Nothing here may take the PCI device's lock: unbinding holds that lock while
 * it waits for unreg_sem.
 */

#include <linux/delay.h>
#include <linux/iommu.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/sysfs.h>
#include <linux/vfio.h>
#include <linux/vfio_pci_core.h>

#include "links.h"
#include "mdev.h"
#include "names.h"

/* Such references are dropped at once; one that is not is somebody's bug. */
#define VMP_PUT_WARNING_MS 10000

/* By index in pci_dev.reset_methods; pci_reset_fn_methods in drivers/pci/pci.c. */
static const char * const reset_method_names[] = {
	[1] = "device_specific",
	[2] = "acpi",
	[3] = "flr",
	[4] = "af_flr",
	[5] = "pm",
	[6] = "bus",
	[7] = "cxl_bus",
};

static_assert(ARRAY_SIZE(reset_method_names) >= PCI_NUM_RESET_METHODS);

static struct vmp_mdev_parent *to_vmp_mdev_parent(struct mdev_type *type)
{
	return container_of(type, struct vmp_mdev_parent, type);
}

static struct pci_dev *mdev_parent_pdev(const struct vmp_mdev_parent *mp)
{
	return mp->gate->core->pdev;
}

static int mdev_probe(struct mdev_device *mdev)
{
	struct vmp_mdev_parent *mp = to_vmp_mdev_parent(mdev->type);
	struct pci_dev *pdev = mdev_parent_pdev(mp);
	int ret;

	/*
	 * mdev_type_add() shows the type's "create" before it makes "devices",
	 * where the mdev core will link the mdev. Without that directory it
	 * would do so at the root of sysfs, for good.
	 */
	if (!READ_ONCE(mdev->type->devices_kobj))
		return -EAGAIN;

	ret = vmp_links_create(mdev, pdev);
	if (ret) {
		pci_err(pdev, "cannot link mdev %s to its function: %pe\n",
			dev_name(&mdev->dev), ERR_PTR(ret));
		return ret;
	}

	ret = mp->listener->created(mp->gate->core);
	if (ret)
		goto err_remove_links;

	ret = vmp_gate_open(mp->gate, mdev);
	if (ret)
		goto err_tell_listener;

	return 0;

err_tell_listener:
	mp->listener->going(mp->gate->core);
err_remove_links:
	vmp_links_remove(mdev);
	return ret;
}

static void mdev_remove(struct mdev_device *mdev)
{
	struct vmp_mdev_parent *mp = to_vmp_mdev_parent(mdev->type);

	vmp_gate_close(mp->gate);
	mp->listener->going(mp->gate->core);
	vmp_links_remove(mdev);
}

static int emit_iommu_group(struct pci_dev *pdev, char *buf, int at)
{
	struct iommu_group *group = iommu_group_get(&pdev->dev);
	int len;

	if (!group)
		return sysfs_emit_at(buf, at, "iommu group: none\n");

	len = sysfs_emit_at(buf, at, "iommu group: %d\n", iommu_group_id(group));
	iommu_group_put(group);
	return len;
}

/* In the kernel's order of preference, as in the PCI device's reset_method. */
static int emit_reset_methods(struct pci_dev *pdev, char *buf, int at)
{
	int len = sysfs_emit_at(buf, at, "reset:");
	int i;

	for (i = 0; i < PCI_NUM_RESET_METHODS && pdev->reset_methods[i]; i++)
		len += sysfs_emit_at(buf, at + len, " %s",
				     reset_method_names[pdev->reset_methods[i]]);

	return len + sysfs_emit_at(buf, at + len, i ? "\n" : " none\n");
}

static ssize_t mdev_show_description(struct mdev_type *type, char *buf)
{
	struct vmp_mdev_parent *mp = to_vmp_mdev_parent(type);
	struct pci_dev *pdev = mdev_parent_pdev(mp);
	int len;

	len = sysfs_emit(buf, "address: %s\n", pci_name(pdev));
	len += emit_iommu_group(pdev, buf, len);
	len += emit_reset_methods(pdev, buf, len);
	return len + mp->listener->describe(mp->gate->core, buf, len);
}

static struct mdev_driver vmp_mdev_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 1,
	.probe = mdev_probe,
	.remove = mdev_remove,
	.show_description = mdev_show_description,
	.driver = {
		.name = VMP_DRIVER_NAME,
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
		/* An mdev without its driver would have no way back. */
		.suppress_bind_attrs = true,
	},
};

int vmp_mdev_driver_register(void)
{
	return mdev_register_driver(&vmp_mdev_driver);
}

void vmp_mdev_driver_unregister(void)
{
	mdev_unregister_driver(&vmp_mdev_driver);
}

/* The series' last version named its types so; the core puts our name before. */
static void name_type(struct vmp_mdev_parent *mp)
{
	struct pci_dev *pdev = mdev_parent_pdev(mp);

	snprintf(mp->type_id, sizeof(mp->type_id),
		 "%04x:%04x:%04x:%04x:%06x:%02x",
		 pdev->vendor, pdev->device,
		 pdev->subsystem_vendor, pdev->subsystem_device,
		 pdev->class, pdev->revision);
	snprintf(mp->type_name, sizeof(mp->type_name),
		 "PCI function %04x:%04x", pdev->vendor, pdev->device);
	mp->type.sysfs_name = mp->type_id;
	mp->type.pretty_name = mp->type_name;
}

int vmp_mdev_parent_register(struct vmp_mdev_parent *mp, struct vmp_gate *gate,
			     const struct vmp_mdev_listener *listener)
{
	int ret;

	mp->gate = gate;
	mp->listener = listener;
	mp->types[0] = &mp->type;
	name_type(mp);

	ret = mdev_register_parent(&mp->parent, &mdev_parent_pdev(mp)->dev,
				   &vmp_mdev_driver, mp->types,
				   ARRAY_SIZE(mp->types));
	if (ret)
		return ret;

	/* For wait_for_last_put(). */
	kobject_get(&mp->type.kobj);
	return 0;
}

/*
 * Somebody who walks a list of devices may hold an mdev a moment longer than
 * mdev_unregister_parent() does, and its release looks at the type, the parent
 * and the driver. Each mdev holds the type, so the type's count says when all
 * are gone; nobody would call us, so we look. The final put is ordered behind
 * the puts it waited for because all change the same counter.
 */
static void wait_for_last_put(struct vmp_mdev_parent *mp)
{
	struct kref *kref = &mp->type.kobj.kref;
	unsigned long warn_at = jiffies + msecs_to_jiffies(VMP_PUT_WARNING_MS);
	bool has_warned = false;

	while (kref_read(kref) > 1) {
		msleep(20);
		if (has_warned || time_before(jiffies, warn_at))
			continue;

		pci_warn(mdev_parent_pdev(mp),
			 "unbinding waits for %u mdev references to be dropped\n",
			 kref_read(kref) - 1);
		has_warned = true;
	}

	kobject_put(&mp->type.kobj);
}

void vmp_mdev_parent_unregister(struct vmp_mdev_parent *mp)
{
	mdev_unregister_parent(&mp->parent);
	wait_for_last_put(mp);
}
