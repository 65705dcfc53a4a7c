// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keeps devices busy and checks what they do: for a guest that is migrated with
 * them. Each device's file "counts" says how far it got.
 */

#include <linux/module.h>

#include "load.h"

static int __init guest_load_init(void)
{
	int ret;

	ret = pci_register_driver(&edu_load_driver);
	if (ret)
		return ret;

	ret = pci_register_driver(&ivshmem_load_driver);
	if (ret)
		pci_unregister_driver(&edu_load_driver);
	return ret;
}
module_init(guest_load_init);

static void __exit guest_load_exit(void)
{
	pci_unregister_driver(&ivshmem_load_driver);
	pci_unregister_driver(&edu_load_driver);
}
module_exit(guest_load_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Keeps QEMU's edu and ivshmem devices busy and checks what they do");
