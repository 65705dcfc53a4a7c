// SPDX-License-Identifier: GPL-2.0-only
/*
 * The settings of a function as files: the directory vfio_mdev_pci/ of its PCI
 * device, which its mdev links to. For each setting there is NAME, what was
 * asked for, and NAME_effective, what is in force. Beside them, what is to be
 * known of its migration: migration_NAME.
 */

#include <linux/pci.h>
#include <linux/sysfs.h>
#include <linux/vfio_pci_core.h>

#include "attributes.h"
#include "function.h"
#include "migration/device.h"
#include "migration/fsm.h"
#include "migration/mediation.h"
#include "migration/migration.h"
#include "names.h"
#include "vga.h"

/**
 * struct setting_attribute - a file of a setting
 * @attr: what sysfs knows of it
 * @setting: which setting it is
 */
struct setting_attribute {
	struct device_attribute attr;
	enum vmp_setting setting;
};

static enum vmp_setting to_setting(struct device_attribute *attr)
{
	return container_of(attr, struct setting_attribute, attr)->setting;
}

static struct vmp_settings *to_settings(struct device *dev)
{
	return &vmp_function_from_pdev(to_pci_dev(dev))->settings;
}

static ssize_t show_asked(struct device *dev, struct device_attribute *attr,
			  char *buf)
{
	return sysfs_emit(buf, "%d\n",
			  vmp_settings_is_asked(to_settings(dev),
						to_setting(attr)));
}

static ssize_t show_effective(struct device *dev,
			      struct device_attribute *attr, char *buf)
{
	enum vmp_setting setting = to_setting(attr);

	/* Then somebody else's variable is in force, and nobody can read it. */
	if (vmp_settings_refusal(setting))
		return -EOPNOTSUPP;

	return sysfs_emit(buf, "%d\n",
			  vmp_settings_is_effective(to_settings(dev), setting));
}

static int ask(struct vmp_function *fn, enum vmp_setting setting, bool value)
{
	struct mutex *lock = &fn->core.vdev.dev_set->lock;
	int ret;

	/* A reset of the set may take seconds. */
	if (mutex_lock_interruptible(lock))
		return -ERESTARTSYS;

	ret = vmp_settings_ask(&fn->settings, setting, value);
	if (!ret && setting == VMP_DISABLE_VGA)
		vmp_vga_refresh(fn);
	mutex_unlock(lock);
	return ret;
}

static ssize_t store_asked(struct device *dev, struct device_attribute *attr,
			   const char *buf, size_t count)
{
	struct vmp_function *fn = vmp_function_from_pdev(to_pci_dev(dev));
	enum vmp_setting setting = to_setting(attr);
	const char *refusal = vmp_settings_refusal(setting);
	bool value;
	int ret;

	ret = kstrtobool(buf, &value);
	if (ret)
		return ret;

	if (refusal) {
		dev_err_ratelimited(dev, "%s %s\n", attr->attr.name,
				    refusal);
		return -EOPNOTSUPP;
	}

	ret = ask(fn, setting, value);
	if (ret) {
		if (ret != -ERESTARTSYS)
			dev_err_ratelimited(dev, "cannot set %s: %pe\n",
					    attr->attr.name, ERR_PTR(ret));
		return ret;
	}
	return count;
}

#define VMP_ASKED(_name, _setting)					\
	static struct setting_attribute file_##_name = {		\
		.attr = __ATTR(_name, 0644, show_asked, store_asked),	\
		.setting = (_setting),					\
	}

#define VMP_EFFECTIVE(_name, _setting)					\
	static struct setting_attribute file_##_name = {		\
		.attr = __ATTR(_name, 0444, show_effective, NULL),	\
		.setting = (_setting),					\
	}

VMP_ASKED(nointxmask, VMP_NOINTXMASK);
VMP_EFFECTIVE(nointxmask_effective, VMP_NOINTXMASK);

#ifdef CONFIG_VFIO_PCI_VGA
VMP_ASKED(disable_vga, VMP_DISABLE_VGA);
VMP_EFFECTIVE(disable_vga_effective, VMP_DISABLE_VGA);
#endif

VMP_ASKED(disable_idle_d3, VMP_DISABLE_IDLE_D3);
VMP_EFFECTIVE(disable_idle_d3_effective, VMP_DISABLE_IDLE_D3);

VMP_ASKED(hot_reset_siblings, VMP_HOT_RESET_SIBLINGS);
VMP_EFFECTIVE(hot_reset_siblings_effective, VMP_HOT_RESET_SIBLINGS);

/**
 * struct counter_attribute - a file of a migration counter
 * @attr: what sysfs knows of it
 * @stat: which counter it is
 */
struct counter_attribute {
	struct device_attribute attr;
	enum vmp_stat stat;
};

static struct vmp_migration *get_migration(struct device *dev)
{
	return vmp_mediation_get_migration(vmp_function_from_pdev(to_pci_dev(dev)));
}

/* Since the mdev was created; without mdev or backend nothing was counted. */
static ssize_t show_counter(struct device *dev, struct device_attribute *attr,
			    char *buf)
{
	enum vmp_stat stat =
		container_of(attr, struct counter_attribute, attr)->stat;
	struct vmp_migration *mig = get_migration(dev);
	s64 count = 0;

	if (mig) {
		count = atomic64_read(&mig->stats.count[stat]);
		vmp_migration_put(mig);
	}
	return sysfs_emit(buf, "%lld\n", count);
}

static ssize_t migration_backend_show(struct device *dev,
				      struct device_attribute *attr, char *buf)
{
	struct vmp_migration *mig = get_migration(dev);
	int len;

	len = sysfs_emit(buf, "%s\n", mig ? mig->name : "none");
	if (mig)
		vmp_migration_put(mig);
	return len;
}

static ssize_t migration_state_show(struct device *dev,
				    struct device_attribute *attr, char *buf)
{
	struct vmp_migration *mig = get_migration(dev);
	int len;

	len = sysfs_emit(buf, "%s\n",
			 mig ? vmp_fsm_name(READ_ONCE(mig->state)) : "none");
	if (mig)
		vmp_migration_put(mig);
	return len;
}

static DEVICE_ATTR_RO(migration_backend);
static DEVICE_ATTR_RO(migration_state);

#define VMP_COUNTER(_name, _stat)					\
	static struct counter_attribute file_##_name = {		\
		.attr = __ATTR(_name, 0444, show_counter, NULL),	\
		.stat = (_stat),					\
	}

VMP_COUNTER(migration_arcs, VMP_STAT_ARCS);
VMP_COUNTER(migration_errors, VMP_STAT_ERRORS);
VMP_COUNTER(migration_resets, VMP_STAT_RESETS);
VMP_COUNTER(migration_saved_bytes, VMP_STAT_SAVED_BYTES);
VMP_COUNTER(migration_loaded_bytes, VMP_STAT_LOADED_BYTES);
VMP_COUNTER(migration_dirty_pages, VMP_STAT_DIRTY_PAGES);
VMP_COUNTER(migration_trapped, VMP_STAT_TRAPPED);

static struct attribute *setting_attributes[] = {
	&file_nointxmask.attr.attr,
	&file_nointxmask_effective.attr.attr,
#ifdef CONFIG_VFIO_PCI_VGA
	&file_disable_vga.attr.attr,
	&file_disable_vga_effective.attr.attr,
#endif
	&file_disable_idle_d3.attr.attr,
	&file_disable_idle_d3_effective.attr.attr,
	&file_hot_reset_siblings.attr.attr,
	&file_hot_reset_siblings_effective.attr.attr,
	&dev_attr_migration_backend.attr,
	&dev_attr_migration_state.attr,
	&file_migration_arcs.attr.attr,
	&file_migration_errors.attr.attr,
	&file_migration_resets.attr.attr,
	&file_migration_saved_bytes.attr.attr,
	&file_migration_loaded_bytes.attr.attr,
	&file_migration_dirty_pages.attr.attr,
	&file_migration_trapped.attr.attr,
	NULL
};

static const struct attribute_group setting_group = {
	.name = VMP_SETTINGS_DIRECTORY,
	.attrs = setting_attributes,
};

int vmp_attributes_create(struct vmp_function *fn)
{
	return sysfs_create_group(&fn->core.pdev->dev.kobj, &setting_group);
}

void vmp_attributes_remove(struct vmp_function *fn)
{
	sysfs_remove_group(&fn->core.pdev->dev.kobj, &setting_group);
}
