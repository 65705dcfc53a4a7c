// SPDX-License-Identifier: GPL-2.0-only
/*
 * The migration of one function: VFIO's state machine, who may not disturb it,
 * and what a reset does to it.
 *
 * Locks, outermost first, with what each is for here:
 *
 *	device set's	an arc holds it, so that the IOMMU domain stays
 *	data file's	copies from and to user space
 *	state		one operation of the backend at a time
 *	memory_lock	vfio-pci-core's; each register access, for reading
 *
 * A reset comes from anywhere: from the user's ioctl or config write with
 * memory_lock held for writing, from AER or another function's hot reset with
 * still other locks. It must not wait for the state lock, whose holder may
 * wait for memory_lock. So it leaves a mark, and tries; whoever has the lock
 * looks at the mark when it lets go:
 *
 *	reset_done	1. mark; 2. trylock; if that fails, the holder is not
 *			   past (b) or sees the mark
 *	unlock		a. mark set? clear it, do as told, look again;
 *			b. unlock, under reset_lock with (a)
 */

#include <linux/pci.h>
#include <linux/slab.h>

#include "access.h"
#include "compat/iommu.h"
#include "compat/vfio_ops.h"
#include "data_file.h"
#include "device.h"
#include "fsm.h"
#include "function.h"
#include "migration.h"
#include "registry.h"
#include "saver.h"
#include "scratch.h"
#include "states.h"
#include "trace.h"
#include "traps.h"

/* vfio calls its migration ops only where offer() has set them. */
static struct vmp_migration *from_vfio(struct vfio_device *core_vdev)
{
	return vmp_function_from_vfio(core_vdev)->migration;
}

/* The device is as after power-on, and runs. */
static void forget(struct vmp_migration *mig)
{
	if (mig->is_open) {
		vmp_states_abandon(mig);
		mig->has_stale_dma = true;
		if (mig->backend->was_reset)
			mig->backend->was_reset(&mig->dev);
	}
	vmp_silence_forget(mig);
	mig->is_kick_due = false;
	WRITE_ONCE(mig->state, VFIO_DEVICE_STATE_RUNNING);
}

static void do_as_reset(struct vmp_migration *mig)
{
	trace_vmp_reset(mig->dev.pdev, mig->state);
	vmp_stats_add(&mig->stats, VMP_STAT_RESETS, 1);
	forget(mig);
}

/*
 * Pages are unpinned here, not where a reset ended the DMA to them: unpinning
 * takes type1's lock, whose holders may wait for memory_lock, which a reset
 * may hold.
 */
void vmp_migration_lock(struct vmp_migration *mig)
{
	mutex_lock(&mig->lock);
	if (!mig->has_stale_dma)
		return;

	mig->has_stale_dma = false;
	vmp_dirty_release_all(mig);
}

void vmp_migration_unlock(struct vmp_migration *mig)
{
	spin_lock(&mig->reset_lock);
	while (mig->is_reset_pending) {
		mig->is_reset_pending = false;
		spin_unlock(&mig->reset_lock);
		do_as_reset(mig);
		spin_lock(&mig->reset_lock);
	}
	mutex_unlock(&mig->lock);
	spin_unlock(&mig->reset_lock);
}

/* Ends with the next reset_done; both come under the PCI device's lock. */
void vmp_migration_reset_prepare(struct vmp_migration *mig)
{
	atomic_or(1, &mig->reset_seq);
	/* The device is reset after everybody can see that. */
	smp_mb__after_atomic();
}

/* A migration that was made in the middle of a reset was not prepared. */
void vmp_migration_reset_done(struct vmp_migration *mig)
{
	spin_lock(&mig->reset_lock);
	atomic_add(vmp_migration_is_in_reset(mig) ? 1 : 2, &mig->reset_seq);
	mig->is_reset_pending = true;
	if (!mutex_trylock(&mig->lock)) {
		spin_unlock(&mig->reset_lock);
		return;
	}
	spin_unlock(&mig->reset_lock);
	vmp_migration_unlock(mig);
}

/*
 * With the device set's lock and the state lock held. The file is given to the
 * user only by the arc that made it, which is the last one.
 */
static struct file *go_to(struct vmp_migration *mig,
			  enum vfio_device_mig_state to)
{
	int reset_seq = atomic_read(&mig->reset_seq);
	struct vmp_data_file *former = mig->file;
	enum vfio_device_mig_state next;
	int ret;

	while (mig->state != to) {
		next = vmp_fsm_next(mig->state, to);
		if (next == VFIO_DEVICE_STATE_ERROR)
			return ERR_PTR(-EINVAL);

		former = mig->file;
		ret = vmp_states_take_arc(mig, next, reset_seq);
		if (ret)
			return ERR_PTR(ret);
	}

	if (vmp_migration_was_reset(mig, reset_seq))
		return ERR_PTR(-EAGAIN);
	return mig->file != former && mig->file ? vmp_data_file_get(mig) : NULL;
}

static struct file *set_state(struct vfio_device *core_vdev,
			      enum vfio_device_mig_state to)
{
	struct vmp_migration *mig = from_vfio(core_vdev);
	struct file *file;

	if ((unsigned int)to >= VMP_NR_STATES)
		return ERR_PTR(-EINVAL);

	mutex_lock(&core_vdev->dev_set->lock);
	vmp_migration_lock(mig);
	if (mig->state == VFIO_DEVICE_STATE_ERROR)
		file = ERR_PTR(-EIO);
	else
		file = go_to(mig, to);
	vmp_migration_unlock(mig);
	mutex_unlock(&core_vdev->dev_set->lock);
	return file;
}

static int get_state(struct vfio_device *core_vdev,
		     enum vfio_device_mig_state *state)
{
	struct vmp_migration *mig = from_vfio(core_vdev);

	vmp_migration_lock(mig);
	*state = mig->state;
	vmp_migration_unlock(mig);
	return 0;
}

int vmp_migration_get_data_size(struct vfio_device *core_vdev,
				unsigned long *bytes)
{
	struct vmp_migration *mig = from_vfio(core_vdev);
	struct vmp_sizes sizes = {};
	int cookie;

	vmp_migration_lock(mig);
	cookie = vmp_access_begin(mig);
	if (cookie >= 0) {
		vmp_states_get_sizes(mig, &sizes);
		vmp_access_end(mig, cookie);
	}
	vmp_migration_unlock(mig);
	if (cookie < 0)
		return cookie;

	*bytes = vmp_saver_overhead_bytes() + sizes.stopped_bytes;
	return 0;
}

static const struct vfio_migration_ops migration_ops = {
	.migration_set_state = set_state,
	.migration_get_state = get_state,
	VMP_MIG_OPS_DATA_SIZE(vmp_migration_get_data_size)
};

/* Nobody can have the device open, so nobody looks at these. */
static void offer(struct vmp_migration *mig)
{
	struct vfio_device *core_vdev = &mig->core->vdev;

	core_vdev->migration_flags = VFIO_MIGRATION_STOP_COPY |
				     VFIO_MIGRATION_P2P |
				     VFIO_MIGRATION_PRE_COPY;
	core_vdev->mig_ops = &migration_ops;
	if (mig->backend->tracks_dirty)
		core_vdev->log_ops = vmp_dirty_log_ops();
}

static void withdraw(struct vmp_migration *mig)
{
	struct vfio_device *core_vdev = &mig->core->vdev;

	core_vdev->migration_flags = 0;
	core_vdev->mig_ops = NULL;
	core_vdev->log_ops = NULL;
}

static struct vmp_migration *allocate(struct vfio_pci_core_device *core,
				      const struct vmp_backend *backend)
{
	struct vmp_migration *mig = kzalloc(sizeof(*mig), GFP_KERNEL);

	if (!mig)
		return NULL;

	if (backend->priv_bytes) {
		mig->dev.priv = kvzalloc(backend->priv_bytes, GFP_KERNEL);
		if (!mig->dev.priv) {
			kfree(mig);
			return NULL;
		}
	}

	kref_init(&mig->kref);
	mig->dev.pdev = core->pdev;
	mig->core = core;
	mig->backend = backend;
	strscpy(mig->name, backend->name, sizeof(mig->name));
	mutex_init(&mig->lock);
	spin_lock_init(&mig->reset_lock);
	mig->state = VFIO_DEVICE_STATE_RUNNING;
	vmp_dirty_init(&mig->dirty);
	vmp_irqs_init(&mig->irqs);
	return mig;
}

static void release(struct kref *kref)
{
	struct vmp_migration *mig = container_of(kref, struct vmp_migration,
						 kref);

	vmp_dirty_fini(&mig->dirty);
	mutex_destroy(&mig->lock);
	kvfree(mig->dev.priv);
	kfree(mig);
}

void vmp_migration_put(struct vmp_migration *mig)
{
	kref_put(&mig->kref, release);
}

static int attach(struct vmp_migration *mig)
{
	const char *text = vmp_traps_fit(mig);

	if (text) {
		pci_err(mig->dev.pdev, "the backend \"%s\" %s\n",
			mig->backend->name, text);
		return -EINVAL;
	}
	return mig->backend->attach ? mig->backend->attach(&mig->dev) : 0;
}

struct vmp_migration *vmp_migration_create(struct vfio_pci_core_device *core)
{
	const struct vmp_backend *backend = vmp_registry_get(core->pdev);
	struct vmp_migration *mig;
	int ret;

	if (IS_ERR_OR_NULL(backend))
		return ERR_CAST(backend);

	mig = allocate(core, backend);
	if (!mig) {
		ret = -ENOMEM;
		goto err_put_backend;
	}

	ret = attach(mig);
	if (ret)
		goto err_put_migration;

	offer(mig);
	return mig;

err_put_migration:
	vmp_migration_put(mig);
err_put_backend:
	vmp_registry_put(backend);
	return ERR_PTR(ret);
}

void vmp_migration_destroy(struct vmp_migration *mig)
{
	const struct vmp_backend *backend = mig->backend;

	withdraw(mig);
	if (backend->detach)
		backend->detach(&mig->dev);
	vmp_scratch_fini(mig);
	vmp_migration_put(mig);
	vmp_registry_put(backend);
}

bool vmp_migration_is_reset_by_backend(const struct vmp_migration *mig)
{
	return mig->backend->reset &&
	       (!mig->core->reset_works || mig->backend->ignores_pci_reset);
}

/*
 * A device that PCI cannot reset is reset by its backend, when it is opened
 * and when it is closed, as vfio-pci-core resets others. By an iommufd there is
 * no IOMMU domain yet when it is opened, and none any more if the user detached
 * it before he closed it: a backend that needs DMA for it fails then with
 * -ENODEV, and what it could not reset is due when a user attaches the device.
 *
 * It cannot be done when a user detaches it, who may go on with the device in
 * another address space; nor need it, as without a domain nothing that takes
 * DMA to read can be read.
 */
static void reset_for_user(struct vmp_migration *mig)
{
	int ret;

	mig->is_reset_due = false;
	if (!vmp_migration_is_reset_by_backend(mig))
		return;

	ret = vmp_states_reset(mig);
	mig->is_reset_due = ret && vmp_compat_has_iommufd(&mig->core->vdev);
	if (ret && (ret != -ENODEV || !mig->is_reset_due))
		pci_notice_ratelimited(mig->dev.pdev,
				       "the backend \"%s\" could not reset it: %pe\n",
				       mig->backend->name, ERR_PTR(ret));
}

int vmp_migration_open(struct vmp_migration *mig)
{
	int ret;

	vmp_migration_lock(mig);
	ret = vmp_access_open(mig);
	if (!ret) {
		mig->is_open = true;
		reset_for_user(mig);
		forget(mig);
	}
	vmp_migration_unlock(mig);
	return ret;
}

static int refuse_to_attach(struct vmp_migration *mig, int ret)
{
	pci_notice_ratelimited(mig->dev.pdev,
			       "not attached, as the backend \"%s\" could not reset it: %pe\n",
			       mig->backend->name, ERR_PTR(ret));
	return ret;
}

/*
 * Nothing of the last user's may get out between attach and reset. So both are
 * in one hold of the state lock, which the registers that start DMA wait for
 * (struct vmp_backend demands that they are trapped); and what was started
 * before comes to its end first, by the reset that fails for want of a domain.
 */
static int attach_and_reset(struct vmp_migration *mig, u32 *pt_id)
{
	struct vfio_device *core_vdev = &mig->core->vdev;
	int ret = vmp_states_reset(mig);

	if (ret && ret != -ENODEV)
		return refuse_to_attach(mig, ret);

	ret = vmp_compat_attach(core_vdev, pt_id);
	if (ret)
		return ret;

	atomic_add(2, &mig->reset_seq);
	ret = vmp_states_reset(mig);
	if (ret) {
		vmp_compat_detach(core_vdev);
		return refuse_to_attach(mig, ret);
	}

	mig->is_reset_due = false;
	do_as_reset(mig);
	return 0;
}

int vmp_migration_attach_ioas(struct vmp_migration *mig, u32 *pt_id)
{
	int ret;

	vmp_migration_lock(mig);
	if (mig->is_reset_due)
		ret = attach_and_reset(mig, pt_id);
	else
		ret = vmp_compat_attach(&mig->core->vdev, pt_id);
	vmp_migration_unlock(mig);
	return ret;
}

void vmp_migration_close(struct vmp_migration *mig)
{
	vmp_migration_lock(mig);
	vmp_states_abandon(mig);
	reset_for_user(mig);
	forget(mig);
	vmp_irqs_forget(&mig->irqs);
	vmp_dirty_close(mig);
	mig->is_open = false;
	vmp_migration_unlock(mig);
}

int vmp_migration_reset(struct vmp_migration *mig)
{
	struct mutex *set_lock = &mig->core->vdev.dev_set->lock;
	int ret;

	mutex_lock(set_lock);
	vmp_migration_lock(mig);
	atomic_add(2, &mig->reset_seq);
	ret = vmp_states_reset(mig);
	if (!ret) {
		mig->is_reset_due = false;
		do_as_reset(mig);
	}
	vmp_migration_unlock(mig);
	mutex_unlock(set_lock);
	return ret;
}
