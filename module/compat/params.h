/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vfio-pci's module parameters nointxmask, disable_vga and disable_idle_d3, for
 * one function. Since 7.2 struct vfio_pci_core_device has them; before, they
 * are variables of vfio-pci-core that vfio-pci sets for everybody.
 *
 * Whatever those variables are, what vfio_pci_core_enable() made of them is put
 * right before a user can see it. Nobody reads or writes them here.
 */
#ifndef VMP_COMPAT_PARAMS_H
#define VMP_COMPAT_PARAMS_H

#include <linux/vfio_pci_core.h>

/**
 * vmp_compat_set_params() - tell vfio-pci-core, as far as it asks the function
 * @core: function that nobody has open
 * @nointxmask: do not mask INTx in the function
 * @disable_vga: do not show the legacy VGA region
 * @disable_idle_d3: do not let it sleep while it is idle; the caller keeps the
 *	runtime PM usage count right. Ignored without
 *	VMP_COMPAT_HAS_DISABLE_IDLE_D3
 *
 * Context: Any; vfio-pci-core must not be looking, which it does at bind, open,
 *	close and unbind.
 */
void vmp_compat_set_params(struct vfio_pci_core_device *core, bool nointxmask,
			   bool disable_vga, bool disable_idle_d3);

/**
 * vmp_compat_before_enable() - make a function ready to be enabled
 * @core: function that nobody has open
 *
 * Forgets what the last vfio_pci_core_enable() found, which nobody else does:
 * pci_2_3, nointx and has_vga.
 *
 * Context: Process context, under the device set's lock.
 */
void vmp_compat_before_enable(struct vfio_pci_core_device *core);

/**
 * vmp_compat_after_enable() - put right what vfio_pci_core_enable() did
 * @core: function that was enabled, but not yet vfio_pci_core_finish_enable()
 * @nointxmask: as for vmp_compat_set_params()
 * @disable_vga: as for vmp_compat_set_params()
 *
 * Context: Process context, under the device set's lock.
 */
void vmp_compat_after_enable(struct vfio_pci_core_device *core,
			     bool nointxmask, bool disable_vga);

/*
 * Debian's 6.1.192, 6.12.117 and 7.2 have the member, 6.1.176 has not: there
 * vfio-pci-core asks a variable that nobody else can read, at times that need
 * not fit together. Drop with the last kernel without it.
 */
#ifdef VMP_HAVE_DISABLE_IDLE_D3
#define VMP_COMPAT_HAS_DISABLE_IDLE_D3 true
#else
#define VMP_COMPAT_HAS_DISABLE_IDLE_D3 false
#endif

#endif /* VMP_COMPAT_PARAMS_H */
