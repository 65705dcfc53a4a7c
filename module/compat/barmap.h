/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vfio-pci-core's own mappings of BARs: a second driver inside the function
 * could not request the same regions.
 */
#ifndef VMP_COMPAT_BARMAP_H
#define VMP_COMPAT_BARMAP_H

#include <linux/err.h>
#include <linux/pci.h>
#include <linux/vfio_pci_core.h>

/**
 * vmp_compat_setup_barmap() - have a BAR in vfio-pci-core's barmap
 * @core: function that is enabled
 * @bar: a BAR that it has
 *
 * Since 7.2 vfio_pci_core_enable() maps all BARs and keeps the errors. Before,
 * each is mapped when it is first used, by a function that modules can call
 * since 6.8 and that 6.1 keeps to itself: what is done here for it ends up in
 * the same place, and vfio_pci_core_disable() takes it down. Drop all but the
 * first with the last kernel before 7.2.
 *
 * Context: Process context; while nobody else can use the function.
 * Return: 0; -EBUSY if the region is somebody else's; -ENOMEM; -ENODEV.
 */
static inline int vmp_compat_setup_barmap(struct vfio_pci_core_device *core,
					  int bar)
{
#if defined(VMP_HAVE_GET_IOMAP)
	return PTR_ERR_OR_ZERO((__force void *)vfio_pci_core_get_iomap(core,
								       bar));
#elif defined(VMP_HAVE_SETUP_BARMAP)
	return vfio_pci_core_setup_barmap(core, bar);
#else
	int ret;

	if (core->barmap[bar])
		return 0;

	ret = pci_request_selected_regions(core->pdev, BIT(bar), "vfio");
	if (ret)
		return ret;

	core->barmap[bar] = pci_iomap(core->pdev, bar, 0);
	if (!core->barmap[bar]) {
		pci_release_selected_regions(core->pdev, BIT(bar));
		return -ENOMEM;
	}

	return 0;
#endif
}

#endif /* VMP_COMPAT_BARMAP_H */
