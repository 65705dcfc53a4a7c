// SPDX-License-Identifier: GPL-2.0-only
/*
 * vfio-pci's module parameters nointxmask and disable_vga, for one function.
 */

#include <linux/pci.h>
#include <linux/vfio_pci_core.h>

#include "params.h"

void vmp_compat_set_params(struct vfio_pci_core_device *core, bool nointxmask,
			   bool disable_vga, bool disable_idle_d3)
{
#ifdef VMP_HAVE_DISABLE_IDLE_D3
	core->disable_idle_d3 = disable_idle_d3;
#endif
#ifdef VMP_HAVE_NOINTXMASK
	core->nointxmask = nointxmask;
	core->disable_vga = disable_vga;
#endif
}

void vmp_compat_before_enable(struct vfio_pci_core_device *core)
{
	core->pci_2_3 = false;
	core->nointx = false;
	core->has_vga = false;
}

/* Both first in 7.2; drop the rest with the last kernel before it. */
#ifdef VMP_HAVE_NOINTXMASK

void vmp_compat_after_enable(struct vfio_pci_core_device *core,
			     bool nointxmask, bool disable_vga)
{
}

#else

/*
 * Functions whose INTx must not be used at all because its mask bit does not
 * work: vfio_pci_nointx() in drivers/vfio/pci/vfio_pci_core.c, the same in 6.1
 * and 6.12.
 */
static const struct pci_device_id broken_intx[] = {
	{ PCI_VDEVICE(INTEL, 0x1563) },	/* X550 */
	{ PCI_VDEVICE(INTEL, 0x1572) },	/* i40e: XL710, X710, XXV710 */
	{ PCI_VDEVICE(INTEL, 0x1574) },
	{ PCI_VDEVICE(INTEL, 0x1580) },
	{ PCI_VDEVICE(INTEL, 0x1581) },
	{ PCI_VDEVICE(INTEL, 0x1583) },
	{ PCI_VDEVICE(INTEL, 0x1584) },
	{ PCI_VDEVICE(INTEL, 0x1585) },
	{ PCI_VDEVICE(INTEL, 0x1586) },
	{ PCI_VDEVICE(INTEL, 0x1587) },
	{ PCI_VDEVICE(INTEL, 0x1588) },
	{ PCI_VDEVICE(INTEL, 0x1589) },
	{ PCI_VDEVICE(INTEL, 0x158a) },
	{ PCI_VDEVICE(INTEL, 0x158b) },
	{ PCI_VDEVICE(INTEL, 0x37d0) },
	{ PCI_VDEVICE(INTEL, 0x37d1) },
	{ PCI_VDEVICE(INTEL, 0x37d2) },
	{ }
};

/* The Interrupt Pin register as vfio_config_init() shows it, if not nointx. */
static u8 usable_pin(struct pci_dev *pdev)
{
	u8 pin;

	if (!IS_ENABLED(CONFIG_VFIO_PCI_INTX) || pdev->is_virtfn ||
	    pdev->irq == IRQ_NOTCONNECTED)
		return 0;

	pci_read_config_byte(pdev, PCI_INTERRUPT_PIN, &pin);
	return pin;
}

/*
 * vfio_pci_core_enable() sets the Interrupt Disable bit of what it finds
 * unusable and clears that of what it can mask, and leaves all others as they
 * were when it saved the function's state.
 */
static bool is_intx_disabled(const struct vfio_pci_core_device *core)
{
	u32 saved = core->pdev->saved_config_space[PCI_COMMAND / sizeof(u32)];

	if (core->nointx)
		return true;

	return !core->pci_2_3 && (saved & PCI_COMMAND_INTX_DISABLE);
}

static void put_intx_right(struct vfio_pci_core_device *core, bool nointxmask)
{
	__le16 *command = (__le16 *)&core->vconfig[PCI_COMMAND];
	struct pci_dev *pdev = core->pdev;
	bool was_nointx = core->nointx;
	bool is_disabled;

	core->nointx = !nointxmask && pci_match_id(broken_intx, pdev);
	core->pci_2_3 = !nointxmask && !core->nointx &&
			pci_intx_mask_supported(pdev);

	is_disabled = is_intx_disabled(core);
	pci_intx(pdev, !is_disabled);

	/* The user sees a copy of both registers. */
	if (is_disabled)
		*command |= cpu_to_le16(PCI_COMMAND_INTX_DISABLE);
	else
		*command &= ~cpu_to_le16(PCI_COMMAND_INTX_DISABLE);
	if (core->nointx != was_nointx)
		core->vconfig[PCI_INTERRUPT_PIN] =
			core->nointx ? 0 : usable_pin(pdev);
}

static void put_vga_right(struct vfio_pci_core_device *core, bool disable_vga)
{
	core->has_vga = IS_ENABLED(CONFIG_VFIO_PCI_VGA) && !disable_vga &&
			(core->pdev->class >> 8) == PCI_CLASS_DISPLAY_VGA;
}

void vmp_compat_after_enable(struct vfio_pci_core_device *core,
			     bool nointxmask, bool disable_vga)
{
	put_intx_right(core, nointxmask);
	put_vga_right(core, disable_vga);
}

#endif
