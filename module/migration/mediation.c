// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where the rest of the driver meets migration: what is done to a function
 * whose device migrates goes through here. What is done to others does not come
 * by here, see vfio_ops.c.
 */

#include <linux/err.h>
#include <linux/pci.h>
#include <linux/pm_runtime.h>
#include <linux/sysfs.h>
#include <linux/uaccess.h>
#include <linux/vfio_pci_core.h>

#include "compat/vfio_ops.h"
#include "device.h"
#include "fsm.h"
#include "function.h"
#include "mediation.h"
#include "migration.h"
#include "traps.h"

bool vmp_migration_is_enabled = true;

/*
 * Of a device whose vfio_device_ops lead here, which they do only while it has
 * a migration.
 */
static struct vmp_migration *migration_of(struct vfio_device *core_vdev)
{
	return vmp_function_from_vfio(core_vdev)->migration;
}

struct vmp_migration *vmp_mediation_get_migration(struct vmp_function *fn)
{
	struct vmp_migration *mig;

	spin_lock(&fn->migration_lock);
	mig = fn->migration;
	if (mig)
		kref_get(&mig->kref);
	spin_unlock(&fn->migration_lock);
	return mig;
}

static void set_migration(struct vmp_function *fn, struct vmp_migration *mig)
{
	spin_lock(&fn->migration_lock);
	fn->migration = mig;
	spin_unlock(&fn->migration_lock);
}

int vmp_mediation_created(struct vfio_pci_core_device *core)
{
	struct vmp_migration *mig;

	if (!READ_ONCE(vmp_migration_is_enabled))
		return 0;

	mig = vmp_migration_create(core);
	if (IS_ERR(mig))
		return PTR_ERR(mig);

	set_migration(vmp_function_from_vfio(&core->vdev), mig);
	return 0;
}

void vmp_mediation_going(struct vfio_pci_core_device *core)
{
	struct vmp_function *fn = vmp_function_from_vfio(&core->vdev);
	struct vmp_migration *mig = fn->migration;

	set_migration(fn, NULL);
	if (mig)
		vmp_migration_destroy(mig);
}

int vmp_mediation_describe(struct vfio_pci_core_device *core, char *buf, int at)
{
	struct vmp_function *fn = vmp_function_from_vfio(&core->vdev);
	struct vmp_migration *mig = vmp_mediation_get_migration(fn);
	int len;

	if (!mig)
		return sysfs_emit_at(buf, at, "migration: none\n");

	len = sysfs_emit_at(buf, at, "migration: %s\n", mig->name);
	vmp_migration_put(mig);
	return len;
}

void vmp_mediation_init(struct vmp_function *fn)
{
	spin_lock_init(&fn->migration_lock);
}

int vmp_mediation_open(struct vmp_function *fn)
{
	return fn->migration ? vmp_migration_open(fn->migration) : 0;
}

void vmp_mediation_close(struct vmp_function *fn)
{
	if (fn->migration)
		vmp_migration_close(fn->migration);
}

static void tell_of_reset(struct pci_dev *pdev,
			  void (*tell)(struct vmp_migration *mig))
{
	struct vmp_function *fn = vmp_function_from_pdev(pdev);
	struct vmp_migration *mig = vmp_mediation_get_migration(fn);

	if (!mig)
		return;

	tell(mig);
	vmp_migration_put(mig);
}

void vmp_mediation_reset_prepare(struct pci_dev *pdev)
{
	tell_of_reset(pdev, vmp_migration_reset_prepare);
}

void vmp_mediation_reset_done(struct pci_dev *pdev)
{
	tell_of_reset(pdev, vmp_migration_reset_done);
}

/*
 * The backend may have switched on memory and DMA behind the user's back, see
 * vmp_access_begin(), and a stopped device has no DMA: he sees what he has set,
 * and changes nothing meanwhile. As vfio-pci-core does, this wakes a function
 * that was lent to runtime PM; else its registers would read as all ones.
 */
static int lock_config(struct vmp_migration *mig)
{
	if (pm_runtime_resume_and_get(&mig->core->pdev->dev))
		return -EIO;

	vmp_migration_lock(mig);
	vmp_silence_suspend(mig);
	return 0;
}

static void unlock_config(struct vmp_migration *mig)
{
	vmp_silence_continue(mig);
	vmp_migration_unlock(mig);
	pm_runtime_put(&mig->core->pdev->dev);
}

static ssize_t read_config(struct vmp_migration *mig, char __user *buf,
			   size_t count, loff_t *ppos)
{
	ssize_t ret = lock_config(mig);

	if (ret)
		return ret;

	ret = vfio_pci_core_read(&mig->core->vdev, buf, count, ppos);
	unlock_config(mig);
	return ret;
}

ssize_t vmp_mediation_read(struct vfio_device *core_vdev, char __user *buf,
			   size_t count, loff_t *ppos)
{
	struct vmp_migration *mig = migration_of(core_vdev);
	unsigned int index = VFIO_PCI_OFFSET_TO_INDEX(*ppos);

	if (index == VFIO_PCI_CONFIG_REGION_INDEX)
		return read_config(mig, buf, count, ppos);
	if (vmp_traps_has_bar(mig, index))
		return vmp_traps_read(mig, buf, count, ppos);

	return vfio_pci_core_read(core_vdev, buf, count, ppos);
}

static ssize_t write_config(struct vmp_migration *mig, const char __user *buf,
			    size_t count, loff_t *ppos)
{
	ssize_t ret = lock_config(mig);

	if (ret)
		return ret;

	ret = vfio_pci_core_write(&mig->core->vdev, buf, count, ppos);
	unlock_config(mig);
	return ret;
}

ssize_t vmp_mediation_write(struct vfio_device *core_vdev,
			    const char __user *buf, size_t count, loff_t *ppos)
{
	struct vmp_migration *mig = migration_of(core_vdev);
	unsigned int index = VFIO_PCI_OFFSET_TO_INDEX(*ppos);

	if (index == VFIO_PCI_CONFIG_REGION_INDEX)
		return write_config(mig, buf, count, ppos);
	if (vmp_traps_has_bar(mig, index))
		return vmp_traps_write(mig, buf, count, ppos);

	return vfio_pci_core_write(core_vdev, buf, count, ppos);
}

int vmp_mediation_mmap(struct vfio_device *core_vdev, struct vm_area_struct *vma)
{
	int ret = vmp_traps_check_mmap(migration_of(core_vdev), vma);

	return ret ? ret : vfio_pci_core_mmap(core_vdev, vma);
}

int vmp_mediation_region_info(struct vfio_device *core_vdev,
			      struct vfio_region_info *info,
			      struct vfio_info_cap *caps)
{
	struct vmp_migration *mig = migration_of(core_vdev);

	if (vmp_traps_has_bar(mig, info->index))
		return vmp_traps_region_info(mig, info, caps);

	return vmp_compat_region_info(core_vdev, info, caps);
}

static int put_region_info(struct vfio_region_info __user *arg,
			   struct vfio_region_info *info,
			   struct vfio_info_cap *caps)
{
	if (caps->size) {
		info->flags |= VFIO_REGION_INFO_FLAG_CAPS;
		if (info->argsz < sizeof(*info) + caps->size) {
			info->argsz = sizeof(*info) + caps->size;
			info->cap_offset = 0;
		} else {
			vfio_info_cap_shift(caps, sizeof(*info));
			if (copy_to_user(arg + 1, caps->buf, caps->size))
				return -EFAULT;
			info->cap_offset = sizeof(*info);
		}
	}
	return copy_to_user(arg, info, sizeof(*info)) ? -EFAULT : 0;
}

/* Where the kernel has no op for it. */
static long ioctl_region_info(struct vmp_migration *mig, unsigned long arg)
{
	struct vfio_region_info __user *user = (void __user *)arg;
	struct vfio_info_cap caps = {};
	struct vfio_region_info info;
	int ret;

	if (copy_from_user(&info, user, sizeof(info)))
		return -EFAULT;
	if (info.argsz < sizeof(info))
		return -EINVAL;
	if (!vmp_traps_has_bar(mig, info.index))
		return vfio_pci_core_ioctl(&mig->core->vdev,
					   VFIO_DEVICE_GET_REGION_INFO, arg);

	ret = vmp_traps_region_info(mig, &info, &caps);
	if (!ret)
		ret = put_region_info(user, &info, &caps);
	kfree(caps.buf);
	return ret;
}

/* QEMU aborts if it cannot reset a device whose migration failed. */
static long ioctl_info(struct vmp_migration *mig, unsigned long arg)
{
	struct vfio_device_info __user *user = (void __user *)arg;
	long ret;
	u32 flags;

	ret = vfio_pci_core_ioctl(&mig->core->vdev, VFIO_DEVICE_GET_INFO, arg);
	if (ret || !vmp_migration_is_reset_by_backend(mig))
		return ret;

	if (get_user(flags, &user->flags) ||
	    put_user(flags | VFIO_DEVICE_FLAGS_RESET, &user->flags))
		return -EFAULT;
	return 0;
}

static long ioctl_reset(struct vmp_migration *mig, unsigned long arg)
{
	bool is_by_backend = vmp_migration_is_reset_by_backend(mig);
	long ret = 0;

	if (!is_by_backend || mig->core->reset_works)
		ret = vfio_pci_core_ioctl(&mig->core->vdev, VFIO_DEVICE_RESET,
					  arg);
	if (!ret && is_by_backend)
		ret = vmp_migration_reset(mig);
	return ret;
}

static long ioctl_set_irqs(struct vmp_migration *mig, unsigned long arg)
{
	long ret = vfio_pci_core_ioctl(&mig->core->vdev, VFIO_DEVICE_SET_IRQS,
				       arg);

	if (!ret)
		vmp_irqs_follow(&mig->irqs, mig->core, arg);
	return ret;
}

/* What it writes would reach the device without us. */
static long ioctl_ioeventfd(struct vmp_migration *mig, unsigned long arg)
{
	if (mig->backend->nr_traps)
		return -EINVAL;

	return vfio_pci_core_ioctl(&mig->core->vdev, VFIO_DEVICE_IOEVENTFD, arg);
}

static const struct {
	unsigned int cmd;
	long (*handle)(struct vmp_migration *mig, unsigned long arg);
} ioctls[] = {
	{ VFIO_DEVICE_GET_INFO, ioctl_info },
	{ VFIO_DEVICE_GET_REGION_INFO, ioctl_region_info },
	{ VFIO_DEVICE_RESET, ioctl_reset },
	{ VFIO_DEVICE_SET_IRQS, ioctl_set_irqs },
	{ VFIO_DEVICE_IOEVENTFD, ioctl_ioeventfd },
};

long vmp_mediation_ioctl(struct vfio_device *core_vdev, unsigned int cmd,
			 unsigned long arg)
{
	struct vmp_migration *mig = migration_of(core_vdev);
	int i;

	for (i = 0; i < ARRAY_SIZE(ioctls); i++) {
		if (ioctls[i].cmd == cmd)
			return ioctls[i].handle(mig, arg);
	}
	return vfio_pci_core_ioctl(core_vdev, cmd, arg);
}

static int feature_data_size(struct vfio_device *core_vdev, u32 flags,
			     void __user *arg, size_t argsz)
{
	struct vfio_device_feature_mig_data_size size = {};
	unsigned long bytes;
	int ret;

	ret = vfio_check_feature(flags, argsz, VFIO_DEVICE_FEATURE_GET,
				 sizeof(size));
	if (ret != 1)
		return ret;

	ret = vmp_migration_get_data_size(core_vdev, &bytes);
	if (ret)
		return ret;

	size.stop_copy_length = bytes;
	return copy_to_user(arg, &size, sizeof(size)) ? -EFAULT : 0;
}

/* Who asks for it wants flags that say nothing wrong: ours never say anything. */
static int feature_precopy_info_v2(struct vfio_device *core_vdev, u32 flags,
				   void __user *arg, size_t argsz)
{
	return min(vfio_check_feature(flags, argsz, VFIO_DEVICE_FEATURE_SET, 0), 0);
}

/* Another device could reach trapped registers by it. */
static int feature_dma_buf(struct vfio_device *core_vdev, u32 flags,
			   void __user *arg, size_t argsz)
{
	if (migration_of(core_vdev)->backend->nr_traps)
		return -ENOTTY;

	return vfio_pci_core_ioctl_feature(core_vdev, flags, arg, argsz);
}

static const struct {
	u32 feature;
	int (*handle)(struct vfio_device *core_vdev, u32 flags,
		      void __user *arg, size_t argsz);
} features[] = {
	{ VFIO_DEVICE_FEATURE_MIG_DATA_SIZE, feature_data_size },
	{ VMP_FEATURE_PRECOPY_INFO_V2, feature_precopy_info_v2 },
	{ VFIO_DEVICE_FEATURE_DMA_BUF, feature_dma_buf },
};

int vmp_mediation_feature(struct vfio_device *core_vdev, u32 flags,
			  void __user *arg, size_t argsz)
{
	u32 feature = flags & VFIO_DEVICE_FEATURE_MASK;
	int i;

	for (i = 0; i < ARRAY_SIZE(features); i++) {
		if (features[i].feature == feature)
			return features[i].handle(core_vdev, flags, arg, argsz);
	}
	return vfio_pci_core_ioctl_feature(core_vdev, flags, arg, argsz);
}

void vmp_mediation_dma_unmap(struct vfio_device *core_vdev, u64 iova, u64 bytes)
{
	vmp_dirty_unmapped(migration_of(core_vdev), iova, bytes);
}

int vmp_mediation_attach_ioas(struct vfio_device *core_vdev, u32 *pt_id)
{
	return vmp_migration_attach_ioas(migration_of(core_vdev), pt_id);
}
