// SPDX-License-Identifier: GPL-2.0-only
/*
 * What can be set for one function: what was asked for, and what is in force.
 * How users read and write it is in attributes.c.
 *
 * Nothing changes under a user's feet, so a setting comes into force only while
 * the device is closed, and the device set's lock, under which vfio opens and
 * closes devices, is what says whether it is:
 *
 *	asked while closed	in force at once
 *	asked while open	in force at the last close
 *
 * vfio-pci-core keeps a function out of D3hot by a runtime PM usage count: with
 * disable_idle_d3 it holds one from bind to unbind, without it only from open
 * to close. Each look at the flag must find what the count says:
 *
 *	while closed		take the count before the flag is set, drop it
 *				after the flag is cleared
 *	in the last close	the count of the open is held; the flag says
 *				whether vfio_pci_core_disable() drops it
 */

#include <linux/pci.h>
#include <linux/pm_runtime.h>
#include <linux/vfio_pci_core.h>

#include "compat/params.h"
#include "settings.h"

bool vmp_default_settings[VMP_NR_SETTINGS];

static const char * const setting_names[VMP_NR_SETTINGS] = {
	[VMP_NOINTXMASK] = "nointxmask",
	[VMP_DISABLE_VGA] = "disable_vga",
	[VMP_DISABLE_IDLE_D3] = "disable_idle_d3",
	[VMP_HOT_RESET_SIBLINGS] = "hot_reset_siblings",
};

bool vmp_settings_is_asked(const struct vmp_settings *settings,
			   enum vmp_setting setting)
{
	return test_bit(setting, &settings->asked);
}

bool vmp_settings_is_effective(const struct vmp_settings *settings,
			       enum vmp_setting setting)
{
	return test_bit(setting, &settings->effective);
}

const char *vmp_settings_refusal(enum vmp_setting setting)
{
	if (setting == VMP_DISABLE_IDLE_D3 && !VMP_COMPAT_HAS_DISABLE_IDLE_D3)
		return "cannot be set for one function, as this kernel has one value for all";

	return NULL;
}

static void tell_core(struct vmp_settings *settings)
{
	vmp_compat_set_params(settings->core,
			      vmp_settings_is_effective(settings, VMP_NOINTXMASK),
			      vmp_settings_is_effective(settings, VMP_DISABLE_VGA),
			      vmp_settings_is_effective(settings,
							VMP_DISABLE_IDLE_D3));
}

void vmp_settings_init(struct vmp_settings *settings,
		       struct vfio_pci_core_device *core)
{
	enum vmp_setting setting;

	settings->core = core;
	for (setting = 0; setting < VMP_NR_SETTINGS; setting++) {
		if (!READ_ONCE(vmp_default_settings[setting]))
			continue;
		if (vmp_settings_refusal(setting)) {
			pci_warn(core->pdev, "the parameter %s %s\n",
				 setting_names[setting],
				 vmp_settings_refusal(setting));
			continue;
		}
		set_bit(setting, &settings->asked);
	}

	settings->effective = settings->asked;
	tell_core(settings);
}

/* Nobody has the device open, so what is asked for comes into force. */
static int ask_while_closed(struct vmp_settings *settings,
			    enum vmp_setting setting, bool value)
{
	struct device *dev = &settings->core->pdev->dev;
	int ret;

	if (setting == VMP_DISABLE_IDLE_D3 && value) {
		ret = pm_runtime_resume_and_get(dev);
		if (ret < 0)
			return ret;
	}

	assign_bit(setting, &settings->asked, value);
	assign_bit(setting, &settings->effective, value);
	tell_core(settings);

	if (setting == VMP_DISABLE_IDLE_D3 && !value)
		pm_runtime_put(dev);
	return 0;
}

int vmp_settings_ask(struct vmp_settings *settings, enum vmp_setting setting,
		     bool value)
{
	struct vfio_device *core_vdev = &settings->core->vdev;

	lockdep_assert_held(&core_vdev->dev_set->lock);

	if (vmp_settings_is_asked(settings, setting) == value)
		return 0;

	if (!core_vdev->open_count)
		return ask_while_closed(settings, setting, value);

	assign_bit(setting, &settings->asked, value);
	return 0;
}

void vmp_settings_before_enable(struct vmp_settings *settings)
{
	vmp_compat_before_enable(settings->core);
}

void vmp_settings_after_enable(struct vmp_settings *settings)
{
	vmp_compat_after_enable(settings->core,
				vmp_settings_is_effective(settings, VMP_NOINTXMASK),
				vmp_settings_is_effective(settings, VMP_DISABLE_VGA));
}

unsigned long vmp_settings_before_close(struct vmp_settings *settings)
{
	unsigned long changed = settings->effective ^ settings->asked;

	WRITE_ONCE(settings->effective, settings->asked);
	tell_core(settings);
	return changed;
}
