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
 * vmp_compat_before_enable() - make a function ready to be enabled
 * @core: function that nobody has open
 * @nointxmask: do not mask INTx in the function
 * @disable_vga: do not show the legacy VGA region
 *
 * Also forgets what the last vfio_pci_core_enable() found, which nobody else
 * does: pci_2_3, nointx and has_vga.
 *
 * Context: Process context, under the device set's lock.
 */
void vmp_compat_before_enable(struct vfio_pci_core_device *core,
			      bool nointxmask, bool disable_vga);

/**
 * vmp_compat_after_enable() - put right what vfio_pci_core_enable() did
 * @core: function that was enabled, but not yet vfio_pci_core_finish_enable()
 * @nointxmask: as for vmp_compat_before_enable()
 * @disable_vga: as for vmp_compat_before_enable()
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

/**
 * vmp_compat_set_disable_idle_d3() - keep a function awake while it is idle?
 * @core: the function; vfio-pci-core must be between two looks at the value
 * @value: do not let it sleep
 *
 * Does nothing without VMP_COMPAT_HAS_DISABLE_IDLE_D3.
 *
 * Context: Any; the caller keeps the runtime PM usage count right.
 */
static inline void
vmp_compat_set_disable_idle_d3(struct vfio_pci_core_device *core, bool value)
{
#ifdef VMP_HAVE_DISABLE_IDLE_D3
	core->disable_idle_d3 = value;
#endif
}

#endif /* VMP_COMPAT_PARAMS_H */
