// SPDX-License-Identifier: GPL-2.0-only
/*
 * The gate: may this function be opened now, by what name, and has the last
 * user let go. Who opens and closes it is not decided here, see mdev.c.
 *
 * How "nobody can slip in" comes about, with the gate's lock as the only judge:
 *
 *	closing					opening
 *	1. mdev = NULL under the lock		a. look at mdev under the lock
 *	2. wait until not is_in_use		b. set is_in_use under the same hold
 *
 * Either (b) comes before (1), then (2) sees it and waits; or (a) comes after
 * (1) and fails. vfio calls enter and leave only for the first and the last
 * file of a device. A further file of a device that is open already passes
 * vmp_gate_translate_name() alone; it prolongs a use that (2) waits for.
 */

#include <linux/mdev.h>
#include <linux/pci.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/vfio_pci_core.h>

#include "gate.h"

/* As vfio_unregister_group_dev() in drivers/vfio/vfio_main.c. */
#define VMP_REQUEST_PERIOD_MS 10000

void vmp_gate_init(struct vmp_gate *gate, struct vfio_pci_core_device *core)
{
	gate->core = core;
	mutex_init(&gate->lock);
	init_waitqueue_head(&gate->left);
}

void vmp_gate_fini(struct vmp_gate *gate)
{
	mutex_destroy(&gate->lock);
}

int vmp_gate_open(struct vmp_gate *gate, struct mdev_device *mdev)
{
	int ret = 0;

	mutex_lock(&gate->lock);
	/* The mdev core counts instances, so only a bug of ours gets here. */
	if (WARN_ON_ONCE(gate->mdev))
		ret = -EBUSY;
	else
		gate->mdev = mdev;
	mutex_unlock(&gate->lock);
	return ret;
}

/*
 * Without the lock, because the conditions of wait_event() must not sleep. The
 * closer has held the lock after it closed, so it sees every enter that won.
 */
static bool gate_is_in_use(const struct vmp_gate *gate)
{
	return READ_ONCE(gate->is_in_use);
}

/*
 * Waits one period. Sleeping tasks should be killable; but a removal cannot
 * be taken back, so after the first signal the wait is without signals.
 */
static void wait_for_leave(struct vmp_gate *gate, bool *is_interrupted)
{
	unsigned long period = msecs_to_jiffies(VMP_REQUEST_PERIOD_MS);

	if (*is_interrupted) {
		wait_event_timeout(gate->left, !gate_is_in_use(gate), period);
		return;
	}

	if (wait_event_interruptible_timeout(gate->left, !gate_is_in_use(gate),
					     period) >= 0)
		return;

	*is_interrupted = true;
	pci_warn(gate->core->pdev,
		 "mdev is in use: task \"%s\" (%d) is blocked until its user closes it\n",
		 current->comm, task_pid_nr(current));
}

void vmp_gate_close(struct vmp_gate *gate)
{
	bool is_interrupted = false;
	unsigned int nr_requests = 0;

	mutex_lock(&gate->lock);
	gate->mdev = NULL;
	mutex_unlock(&gate->lock);

	while (gate_is_in_use(gate)) {
		vfio_pci_core_request(&gate->core->vdev, nr_requests++);
		wait_for_leave(gate, &is_interrupted);
	}
}

int vmp_gate_enter(struct vmp_gate *gate)
{
	int ret = -ENODEV;

	mutex_lock(&gate->lock);
	if (gate->mdev) {
		WRITE_ONCE(gate->is_in_use, true);
		ret = 0;
	}
	mutex_unlock(&gate->lock);
	return ret;
}

void vmp_gate_leave(struct vmp_gate *gate)
{
	mutex_lock(&gate->lock);
	WRITE_ONCE(gate->is_in_use, false);
	mutex_unlock(&gate->lock);

	/*
	 * The function cannot be gone by now: the file that is being closed
	 * holds the vfio device's registration until after this.
	 */
	wake_up_all(&gate->left);
}

/* What stands behind the mdev's UUID in @name, NULL if @name is another's. */
static const char *skip_uuid(const struct mdev_device *mdev, const char *name)
{
	const char *uuid = dev_name(&mdev->dev);
	size_t len = strlen(uuid);

	if (strncmp(name, uuid, len))
		return NULL;

	name += len;
	return *name == '\0' || *name == ' ' ? name : NULL;
}

char *vmp_gate_translate_name(struct vmp_gate *gate, const char *name)
{
	const char *options = NULL;
	bool is_open;

	mutex_lock(&gate->lock);
	is_open = gate->mdev;
	if (is_open)
		options = skip_uuid(gate->mdev, name);
	mutex_unlock(&gate->lock);

	if (!is_open)
		return NULL;

	if (options)
		name = kasprintf(GFP_KERNEL, "%s%s",
				 pci_name(gate->core->pdev), options);
	else
		name = kstrdup(name, GFP_KERNEL);

	return name ? (char *)name : ERR_PTR(-ENOMEM);
}
