// SPDX-License-Identifier: GPL-2.0-only
/*
 * Legacy VGA: what a wrapped VGA adapter tells the kernel's VGA arbiter.
 *
 * Legacy VGA cycles (0xa0000, 0x3b0, 0x3c0) go to whichever adapter the bridges
 * route them to. One that decodes them must take part in arbitration; each
 * additional one costs the host direct rendering on the others. A wrapped
 * adapter whose user cannot reach its legacy ranges (disable_vga) can stay out,
 * but only if a bridge can keep the cycles from it, and from it alone.
 */

#include <linux/pci.h>
#include <linux/vfio_pci_core.h>
#include <linux/vgaarb.h>

#include "function.h"
#include "vga.h"

#define VMP_VGA_NORMAL (VGA_RSRC_NORMAL_IO | VGA_RSRC_NORMAL_MEM)
#define VMP_VGA_LEGACY (VGA_RSRC_LEGACY_IO | VGA_RSRC_LEGACY_MEM)

static bool is_vga(const struct pci_dev *pdev)
{
	return pdev->class >> 8 == PCI_CLASS_DISPLAY_VGA;
}

/* Is another VGA adapter on the same bus, or on one behind it? */
static bool shares_its_bus(struct pci_dev *pdev)
{
	unsigned char last_bus = pci_bus_max_busnr(pdev->bus);
	struct pci_dev *other = NULL;

	while ((other = pci_get_class(PCI_CLASS_DISPLAY_VGA << 8, other))) {
		if (other == pdev ||
		    pci_domain_nr(other->bus) != pci_domain_nr(pdev->bus))
			continue;

		if (other->bus->number >= pdev->bus->number &&
		    other->bus->number <= last_bus) {
			pci_dev_put(other);
			return true;
		}
	}
	return false;
}

static bool can_be_routed_around(struct pci_dev *pdev)
{
	return !pci_is_root_bus(pdev->bus) && !shares_its_bus(pdev);
}

/*
 * The arbiter's question, also by its lock: what does this adapter decode? As
 * vfio_pci_set_decode() in drivers/vfio/pci/vfio_pci_core.c.
 */
static unsigned int set_decode(struct pci_dev *pdev, bool is_only_vga)
{
	struct vmp_function *fn = vmp_function_from_pdev(pdev);
	bool is_disabled = !IS_ENABLED(CONFIG_VFIO_PCI_VGA) ||
			   vmp_settings_is_effective(&fn->settings,
						     VMP_DISABLE_VGA);

	if (!is_only_vga && is_disabled && can_be_routed_around(pdev))
		return VMP_VGA_NORMAL;

	return VMP_VGA_NORMAL | VMP_VGA_LEGACY;
}

void vmp_vga_refresh(struct vmp_function *fn)
{
	struct pci_dev *pdev = fn->core.pdev;

	if (is_vga(pdev))
		vga_set_legacy_decoding(pdev, set_decode(pdev, false));
}

void vmp_vga_register(struct vmp_function *fn)
{
	struct pci_dev *pdev = fn->core.pdev;

	/* vfio-pci-core has registered it, so the arbiter knows it. */
	if (is_vga(pdev) && !vga_client_register(pdev, set_decode))
		vmp_vga_refresh(fn);
}
