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

void vmp_settings_init(struct vmp_settings *settings,
		       struct vfio_pci_core_device *core)
{
	enum vmp_setting setting;

	settings->core = core;
	for (setting = 0; setting < VMP_NR_SETTINGS; setting++) {
		if (!READ_ONCE(vmp_default_settings[setting]))
			continue;
		if (vmp_settings_refusal(setting)) {
			pci_warn(core->pdev, "a module parameter %s\n",
				 vmp_settings_refusal(setting));
			continue;
		}
		set_bit(setting, &settings->asked);
	}

	settings->effective = settings->asked;
	vmp_compat_set_disable_idle_d3(core,
				       vmp_settings_is_asked(settings,
							     VMP_DISABLE_IDLE_D3));
}

static int set_idle_d3_while_closed(struct vmp_settings *settings,
				    bool is_disabled)
{
	struct device *dev = &settings->core->pdev->dev;
	int ret;

	if (is_disabled) {
		ret = pm_runtime_resume_and_get(dev);
		if (ret < 0)
			return ret;
		vmp_compat_set_disable_idle_d3(settings->core, true);
	} else {
		vmp_compat_set_disable_idle_d3(settings->core, false);
		pm_runtime_put(dev);
	}
	return 0;
}

int vmp_settings_ask(struct vmp_settings *settings, enum vmp_setting setting,
		     bool value)
{
	struct vfio_device *core_vdev = &settings->core->vdev;
	bool is_closed = !core_vdev->open_count;
	int ret = 0;

	lockdep_assert_held(&core_vdev->dev_set->lock);

	if (vmp_settings_is_asked(settings, setting) == value)
		return 0;

	if (is_closed && setting == VMP_DISABLE_IDLE_D3)
		ret = set_idle_d3_while_closed(settings, value);
	if (ret)
		return ret;

	assign_bit(setting, &settings->asked, value);
	if (is_closed)
		assign_bit(setting, &settings->effective, value);
	return 0;
}

void vmp_settings_before_enable(struct vmp_settings *settings)
{
	vmp_compat_before_enable(settings->core,
				 vmp_settings_is_effective(settings, VMP_NOINTXMASK),
				 vmp_settings_is_effective(settings, VMP_DISABLE_VGA));
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
	vmp_compat_set_disable_idle_d3(settings->core,
				       vmp_settings_is_effective(settings,
								 VMP_DISABLE_IDLE_D3));
	return changed;
}
