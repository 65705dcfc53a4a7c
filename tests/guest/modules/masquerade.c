// SPDX-License-Identifier: GPL-2.0-only
/*
 * Gives a PCI function another vendor and device id for as long as this module
 * is loaded. For tests of how a driver treats devices that QEMU cannot emulate
 * and that nothing but their ids tells apart.
 */

#include <linux/module.h>
#include <linux/pci.h>

static char *address = "";
module_param(address, charp, 0444);
MODULE_PARM_DESC(address, "PCI function to disguise, as DDDD:BB:DD.F");

static ushort vendor = PCI_VENDOR_ID_INTEL;
module_param(vendor, ushort, 0444);
MODULE_PARM_DESC(vendor, "vendor id that it shows");

static ushort device;
module_param(device, ushort, 0444);
MODULE_PARM_DESC(device, "device id that it shows");

static struct pci_dev *pdev;
static unsigned short real_vendor;
static unsigned short real_device;

static int __init masquerade_init(void)
{
	unsigned int domain, bus, slot, function;

	if (sscanf(address, "%x:%x:%x.%x", &domain, &bus, &slot, &function) != 4)
		return -EINVAL;

	pdev = pci_get_domain_bus_and_slot(domain, bus, PCI_DEVFN(slot, function));
	if (!pdev)
		return -ENODEV;

	real_vendor = pdev->vendor;
	real_device = pdev->device;
	pdev->vendor = vendor;
	pdev->device = device;
	return 0;
}
module_init(masquerade_init);

static void __exit masquerade_exit(void)
{
	pdev->vendor = real_vendor;
	pdev->device = real_device;
	pci_dev_put(pdev);
}
module_exit(masquerade_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Shows a PCI function under other ids, for tests");
