/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the migration of one function consists of. Each member belongs to one
 * file of this directory; the state machine that ties them is in migration.c.
 */
#ifndef VMP_MIGRATION_DEVICE_H
#define VMP_MIGRATION_DEVICE_H

#include <linux/kref.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/vfio.h>
#include <linux/vfio_pci_core.h>

#include "compat/migration.h"
#include "dirty.h"
#include "include/vmp/backend.h"
#include "irqs.h"
#include "silence.h"
#include "stats.h"
#include "stream.h"

struct vmp_data_file;

/**
 * struct vmp_migration - a function with a backend, from create to remove
 * @kref: counts the mdev, and each data file, which may outlive it; and for a
 *	moment resets and readers of sysfs
 * @dev: what the backend sees
 * @core: the function's vfio device; not to be touched by a data file that is
 *	disabled, as the function may be gone
 * @backend: what knows the device; not to be touched when the mdev is gone
 * @name: the backend's
 * @lock: the state lock: one operation of the backend at a time. Released only
 *	by vmp_migration_unlock(), see there. Below the device set's lock and a
 *	data file's; above memory_lock and mmap_lock. vfio-pci-core resets the
 *	device under memory_lock, so reset_done must not wait for it.
 * @reset_lock: protects @is_reset_pending
 * @is_reset_pending: the device was reset, and who holds @lock will see to it
 * @reset_seq: goes on by two with each reset, and is odd while the PCI core
 *	resets it; see vmp_migration_was_reset()
 * @state: where the state machine is; under @lock
 * @is_open: a user has the device open; under @lock
 * @is_reset_due: the backend could not reset the device when it was opened by
 *	an iommufd, as a rule because there was no IOMMU domain yet; see
 *	vmp_migration_attach_ioas(); under @lock
 * @is_kick_due: the device was stopped, and the interrupts not kicked since;
 *	under @lock
 * @may_access: an operation runs that may touch registers; under @lock
 * @has_stale_dma: a reset ended all DMA, and the pages are still held; under
 *	@lock
 * @may_scratch: the device set's lock is held, so the IOMMU domain stays, and
 *	an operation runs that may use vmp_scratch_get(); under @lock
 * @scratch_page: what vmp_scratch_get() lends, or NULL; under @lock
 * @file: the data file that is in use, or NULL; under @lock
 * @dirty: what the device writes
 * @silence: whether the device is kept from interrupting
 * @irqs: how to signal its interrupts
 * @stats: counters
 */
struct vmp_migration {
	struct kref kref;
	struct vmp_device dev;
	struct vfio_pci_core_device *core;
	const struct vmp_backend *backend;
	char name[VMP_BACKEND_NAME_BYTES];
	struct mutex lock; /* one operation of the backend at a time */
	spinlock_t reset_lock; /* protects is_reset_pending */
	bool is_reset_pending;
	atomic_t reset_seq;
	enum vfio_device_mig_state state;
	bool is_open;
	bool is_reset_due;
	bool is_kick_due;
	bool may_access;
	bool has_stale_dma;
	bool may_scratch;
	struct page *scratch_page;
	struct vmp_data_file *file;
	struct vmp_dirty dirty;
	struct vmp_silence silence;
	struct vmp_irqs irqs;
	struct vmp_stats stats;
};

/**
 * vmp_migration_from_dev() - the migration that a backend's device belongs to
 * @dev: what the backend was given
 *
 * Context: Any.
 * Return: the migration, never NULL.
 */
static inline struct vmp_migration *
vmp_migration_from_dev(const struct vmp_device *dev)
{
	return container_of(dev, struct vmp_migration, dev);
}

/**
 * vmp_migration_is_in_reset() - is the PCI core resetting the device?
 * @mig: the migration
 *
 * Context: Any.
 * Return: whether; then it is no use to touch the device.
 */
static inline bool vmp_migration_is_in_reset(const struct vmp_migration *mig)
{
	return atomic_read(&mig->reset_seq) & 1;
}

/**
 * vmp_migration_was_reset() - has a reset overtaken an operation?
 * @mig: the migration
 * @reset_seq: its reset_seq when the operation began
 *
 * Not every reset holds memory_lock: root's by the PCI device's file "reset"
 * does not. So what begins in the middle of one is overtaken, too.
 *
 * Context: Any, before the operation touches the device, and when it is over.
 * Return: whether; then the operation has no result. Whoever releases the state
 *	lock, or the end of that reset, sees to the rest.
 */
static inline bool vmp_migration_was_reset(const struct vmp_migration *mig,
					   int reset_seq)
{
	return (reset_seq & 1) || atomic_read(&mig->reset_seq) != reset_seq;
}

#endif /* VMP_MIGRATION_DEVICE_H */
