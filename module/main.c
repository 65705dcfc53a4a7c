// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module: its parameters, and its rooms up in order and down in reverse.
 */

#include <linux/module.h>
#include <linux/pci.h>

#include "ids.h"
#include "mdev.h"
#include "pci_driver.h"

static char ids[1024] __initdata;
module_param_string(ids, ids, sizeof(ids), 0);
MODULE_PARM_DESC(ids, "PCI ids to bind from the start: vendor:device[:subvendor[:subdevice[:class[:class_mask]]]] in hexadecimal, separated by commas");

static int __init vmp_init(void)
{
	int ret;

	ret = vmp_mdev_driver_register();
	if (ret)
		return ret;

	ret = pci_register_driver(&vmp_pci_driver);
	if (ret)
		goto err_unregister_mdev_driver;

	vmp_ids_add(&vmp_pci_driver, ids);
	return 0;

err_unregister_mdev_driver:
	vmp_mdev_driver_unregister();
	return ret;
}
module_init(vmp_init);

static void __exit vmp_exit(void)
{
	pci_unregister_driver(&vmp_pci_driver);
	vmp_mdev_driver_unregister();
}
module_exit(vmp_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Wraps a whole PCI function as a VFIO mediated device");
MODULE_AUTHOR("The vfio-mdev-pci developers");
