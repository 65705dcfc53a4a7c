// SPDX-License-Identifier: GPL-2.0-only
/*
 * The links below an mdev by which clients find the function's IOMMU group,
 * vfio device and settings. When they come and go is mdev.c's business.
 *
 *	/sys/bus/mdev/devices/<UUID>/
 *	├── iommu_group   -> /sys/kernel/iommu_groups/<N>
 *	├── vfio-dev      -> /sys/bus/pci/devices/<BDF>/vfio-dev
 *	└── vfio_mdev_pci -> /sys/bus/pci/devices/<BDF>/vfio_mdev_pci
 */

#include <linux/iommu.h>
#include <linux/kernfs.h>
#include <linux/mdev.h>
#include <linux/pci.h>
#include <linux/sysfs.h>

#include "links.h"
#include "names.h"

#define IOMMU_GROUP_LINK "iommu_group"

/*
 * Directories of the PCI device that are linked by name, for nobody has their
 * kobjects: the vfio-dev class's, and that of the settings.
 */
static const char * const directory_links[] = {
	"vfio-dev",
	VMP_SETTINGS_DIRECTORY,
};

/* Is @kobj the directory of @group, /sys/kernel/iommu_groups/<id>? */
static bool is_group_directory(struct kobject *kobj, struct iommu_group *group)
{
	char id[12];

	snprintf(id, sizeof(id), "%d", iommu_group_id(group));
	return kobj && !strcmp(kobject_name(kobj), id);
}

/*
 * QEMU, vfio-ioctls and KubeVirt read the link once and take its last
 * component for the group's number, so it must point at the group itself; a
 * link to the PCI device's link would end in "iommu_group". The group's
 * kobject is private to the IOMMU core, but the PCI device's link, a kernfs
 * node, knows it (sysfs_create_link() in drivers/iommu/iommu.c made it from
 * the kobject, and fs/sysfs/dir.c keeps the kobject in the directory's priv).
 */
static int create_group_link(struct mdev_device *mdev, struct pci_dev *pdev)
{
	struct iommu_group *group;
	struct kernfs_node *link;
	struct kobject *kobj;
	int ret = -ENODEV;

	/* Keeps the group's kobject alive while we link to it. */
	group = iommu_group_get(&pdev->dev);
	if (!group)
		return -ENODEV;

	link = kernfs_find_and_get(pdev->dev.kobj.sd, IOMMU_GROUP_LINK);
	if (!link)
		goto out_put_group;

	if (kernfs_type(link) != KERNFS_LINK)
		goto out_put_link;

	kobj = link->symlink.target_kn->priv;
	if (!is_group_directory(kobj, group))
		goto out_put_link;

	ret = sysfs_create_link(&mdev->dev.kobj, kobj, IOMMU_GROUP_LINK);

out_put_link:
	kernfs_put(link);
out_put_group:
	iommu_group_put(group);
	return ret;
}

static void remove_directory_links(struct mdev_device *mdev, int nr_links)
{
	while (nr_links--)
		sysfs_remove_link(&mdev->dev.kobj, directory_links[nr_links]);
}

static int create_directory_links(struct mdev_device *mdev,
				  struct pci_dev *pdev)
{
	int ret;
	int i;

	for (i = 0; i < ARRAY_SIZE(directory_links); i++) {
		ret = compat_only_sysfs_link_entry_to_kobj(&mdev->dev.kobj,
							   &pdev->dev.kobj,
							   directory_links[i],
							   NULL);
		if (ret) {
			remove_directory_links(mdev, i);
			return ret;
		}
	}
	return 0;
}

int vmp_links_create(struct mdev_device *mdev, struct pci_dev *pdev)
{
	int ret;

	ret = create_group_link(mdev, pdev);
	if (ret)
		goto err_translate;

	ret = create_directory_links(mdev, pdev);
	if (ret)
		goto err_remove_group_link;

	return 0;

err_remove_group_link:
	sysfs_remove_link(&mdev->dev.kobj, IOMMU_GROUP_LINK);
err_translate:
	/* sysfs says so if what we link to is not there, or not any more. */
	return ret == -ENOENT ? -ENODEV : ret;
}

void vmp_links_remove(struct mdev_device *mdev)
{
	remove_directory_links(mdev, ARRAY_SIZE(directory_links));
	sysfs_remove_link(&mdev->dev.kobj, IOMMU_GROUP_LINK);
}
