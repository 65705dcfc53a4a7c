// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module: its parameters, and its rooms up in order and down in reverse.
 */

#include <linux/module.h>
#include <linux/pci.h>

#include "ids.h"
#include "mdev.h"
#include "migration/mediation.h"
#include "pci_driver.h"
#include "settings.h"

static char ids[1024] __initdata;
module_param_string(ids, ids, sizeof(ids), 0);
MODULE_PARM_DESC(ids, "PCI ids to bind from the start: vendor:device[:subvendor[:subdevice[:class[:class_mask]]]] in hexadecimal, separated by commas");

module_param_named(nointxmask, vmp_default_settings[VMP_NOINTXMASK], bool, 0644);
MODULE_PARM_DESC(nointxmask, "Functions bound later: do not mask INTx in the function (PCI 2.3), needs an interrupt line of its own");

#ifdef CONFIG_VFIO_PCI_VGA
module_param_named(disable_vga, vmp_default_settings[VMP_DISABLE_VGA], bool, 0644);
MODULE_PARM_DESC(disable_vga, "Functions bound later: no access to legacy VGA ranges");
#endif

module_param_named(disable_idle_d3, vmp_default_settings[VMP_DISABLE_IDLE_D3], bool, 0644);
MODULE_PARM_DESC(disable_idle_d3, "Functions bound later: stay in D0 while idle");

module_param_named(hot_reset_siblings, vmp_default_settings[VMP_HOT_RESET_SIBLINGS], bool, 0644);
MODULE_PARM_DESC(hot_reset_siblings, "Functions bound later: a hot reset may reset siblings that are open, as under vfio-pci");

module_param_named(migration, vmp_migration_is_enabled, bool, 0644);
MODULE_PARM_DESC(migration, "Mdevs created later: look for a backend that can migrate the device");

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
