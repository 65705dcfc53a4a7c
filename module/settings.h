/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What can be set for one function: what was asked for, and what is in force.
 * How users read and write it is in attributes.h.
 */
#ifndef VMP_SETTINGS_H
#define VMP_SETTINGS_H

#include <linux/types.h>

struct vfio_pci_core_device;

/**
 * enum vmp_setting - what can be set
 * @VMP_NOINTXMASK: do not mask INTx in the function, mask the interrupt line;
 *	needs a line of its own
 * @VMP_DISABLE_VGA: no legacy VGA region, and no claim on legacy VGA cycles
 * @VMP_DISABLE_IDLE_D3: stay in D0 while nobody has the function open
 * @VMP_HOT_RESET_SIBLINGS: let a hot reset reach functions that are open
 * @VMP_NR_SETTINGS: how many there are
 */
enum vmp_setting {
	VMP_NOINTXMASK,
	VMP_DISABLE_VGA,
	VMP_DISABLE_IDLE_D3,
	VMP_HOT_RESET_SIBLINGS,
	VMP_NR_SETTINGS,
};

/* Module parameters: what functions that are bound later begin with. */
extern bool vmp_default_settings[VMP_NR_SETTINGS];

/**
 * struct vmp_settings - the settings of one function, a bit each
 * @core: the function; set once by vmp_settings_init()
 * @asked: what the next user gets; written under the device set's lock
 * @effective: what is in force: @asked, or while somebody has the device open
 *	what @asked was when the device was opened; written under the device
 *	set's lock, read under any or none
 */
struct vmp_settings {
	struct vfio_pci_core_device *core;
	unsigned long asked;
	unsigned long effective;
};

/**
 * vmp_settings_init() - begin with the module's parameters
 * @settings: settings to initialise
 * @core: their function, after vfio_pci_core_init_dev() and before
 *	vfio_pci_core_register_device()
 *
 * Says in the kernel log which parameter cannot be kept on this kernel.
 *
 * Context: Process context.
 */
void vmp_settings_init(struct vmp_settings *settings,
		       struct vfio_pci_core_device *core);

/**
 * vmp_settings_is_asked() - will the next user get this?
 * @settings: settings to look at
 * @setting: the one
 *
 * Context: Any.
 * Return: whether.
 */
bool vmp_settings_is_asked(const struct vmp_settings *settings,
			   enum vmp_setting setting);

/**
 * vmp_settings_is_effective() - is this in force now?
 * @settings: settings to look at
 * @setting: the one
 *
 * Context: Any.
 * Return: whether.
 */
bool vmp_settings_is_effective(const struct vmp_settings *settings,
			       enum vmp_setting setting);

/**
 * vmp_settings_refusal() - why can this not be set?
 * @setting: the one
 *
 * Context: Any.
 * Return: a sentence without its subject, or NULL if it can be set.
 */
const char *vmp_settings_refusal(enum vmp_setting setting);

/**
 * vmp_settings_ask() - set one
 * @settings: settings to change, of a registered function
 * @setting: the one, without a vmp_settings_refusal()
 * @value: what to set
 *
 * Comes into force at once if nobody has the device open, else when the last
 * user closes it. So a user never sees a change, and the next one never misses
 * it.
 *
 * Context: Process context, under the device set's lock.
 * Return: 0; a negative errno if the function cannot be woken up, in which
 *	case nothing has changed.
 */
int vmp_settings_ask(struct vmp_settings *settings, enum vmp_setting setting,
		     bool value);

/**
 * vmp_settings_before_enable() - a user is about to open the device
 * @settings: settings of the function
 *
 * Context: Process context, under the device set's lock, before
 *	vfio_pci_core_enable().
 */
void vmp_settings_before_enable(struct vmp_settings *settings);

/**
 * vmp_settings_after_enable() - the device is enabled
 * @settings: settings of the function
 *
 * Context: Process context, under the device set's lock, between
 *	vfio_pci_core_enable() and vfio_pci_core_finish_enable().
 */
void vmp_settings_after_enable(struct vmp_settings *settings);

/**
 * vmp_settings_before_close() - the last user is gone
 * @settings: settings of the function
 *
 * What was asked for meanwhile comes into force.
 *
 * Context: Process context, under the device set's lock, before
 *	vfio_pci_core_close_device().
 * Return: which ones changed, a bit each.
 */
unsigned long vmp_settings_before_close(struct vmp_settings *settings);

#endif /* VMP_SETTINGS_H */
