/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pages that are pinned so that type1 takes them for dirty. Which pages that
 * are, and why none is missed, is in dirty.c.
 */
#ifndef VMP_MIGRATION_TYPE1_H
#define VMP_MIGRATION_TYPE1_H

#include <linux/spinlock.h>
#include <linux/types.h>

struct task_struct;
struct vmp_migration;

/* Unmaps that may be under way at one time without being taken for others. */
#define VMP_TYPE1_MAX_UNMAPS 32

/**
 * struct vmp_type1_unmap - a range that the user unmaps, or has unmapped
 * @iova: first byte
 * @bytes: how many; 0 if this is none
 * @nr_calls: how often type1 told of it, as far as is known in one unmap
 * @task: who unmaps; for comparison only, it may be gone
 */
struct vmp_type1_unmap {
	u64 iova;
	u64 bytes;
	unsigned int nr_calls;
	const struct task_struct *task;
};

/**
 * struct vmp_type1 - what is known of type1
 * @lock: protects the rest; no other is taken under it but a workqueue's
 * @is_in_use: somebody may have pages pinned, and nobody else unpins them all:
 *	since the first that was to be pinned after open, until close begins.
 *	Written under the lock of struct vmp_dirty too, so either will do to
 *	read it
 * @may_pin: type1 is to be told of pages; under the lock of struct vmp_dirty
 * @pin_after: time in jiffies until when nothing is pinned, as the user unmaps
 * @unmaps: the latest first
 */
struct vmp_type1 {
	spinlock_t lock; /* protects the rest */
	bool is_in_use;
	bool may_pin;
	unsigned long pin_after;
	struct vmp_type1_unmap unmaps[VMP_TYPE1_MAX_UNMAPS];
};

/**
 * vmp_type1_init() - nothing is pinned
 * @type1: the one of a struct vmp_dirty
 *
 * Context: Any.
 */
void vmp_type1_init(struct vmp_type1 *type1);

/**
 * vmp_type1_lock_to_pin() - take the lock of @mig's dirty, when pages may be
 *	pinned
 * @mig: migration of an open device
 *
 * Context: Process context, sleeps while the user is unmapping, and for 24 ms
 *	after it; for up to 0.8 s if he seems not to get through, see type1.c.
 */
void vmp_type1_lock_to_pin(struct vmp_migration *mig);

/**
 * vmp_type1_close() - nobody will pin any more, and all will be unpinned
 * @mig: migration of a device that is being closed
 *
 * Until vmp_type1_lock_to_pin() is called anew, which forgets all unmaps.
 *
 * Context: Process context, may sleep.
 */
void vmp_type1_close(struct vmp_migration *mig);

/**
 * vmp_type1_begin_unmap() - the user is unmapping: do not pin
 * @mig: migration of a device that is or was open
 * @iova: first byte
 * @bytes: how many
 *
 * Context: From vfio_device_ops.dma_unmap.
 * Return: how often it was told of these bytes, at least 1, to be passed to
 *	vmp_type1_end_unmap().
 */
unsigned int vmp_type1_begin_unmap(struct vmp_migration *mig, u64 iova,
				   u64 bytes);

/**
 * vmp_type1_end_unmap() - type1 will now look again: do not pin for a while
 * @mig: as for vmp_type1_begin_unmap()
 * @nr_calls: what it returned
 *
 * Context: As vmp_type1_begin_unmap().
 */
void vmp_type1_end_unmap(struct vmp_migration *mig, unsigned int nr_calls);

/**
 * vmp_type1_patience() - how long dma_unmap may wait for pages to be unpinned,
 *	and nothing is pinned after it
 * @nr_calls: what vmp_type1_begin_unmap() returned
 *
 * Context: Any.
 * Return: time in jiffies, of 24 ms to 0.8 s.
 */
unsigned long vmp_type1_patience(unsigned int nr_calls);

/**
 * vmp_type1_pin() - have a page count as dirty
 * @mig: migration of an open device
 * @page: number of the page
 *
 * Context: Under the lock, see vmp_type1_lock_to_pin().
 * Return: 1 if it is pinned; 0 if there is nobody to be told, or no memory of
 *	which to tell, or all memory counts as dirty anyway; -EFAULT if nothing
 *	is there that the device can write; -EBUSY if type1 cannot be told now,
 *	though the device may be able to write; -ENOMEM.
 */
int vmp_type1_pin(struct vmp_migration *mig, unsigned long page);

/**
 * vmp_type1_unpin() - undo vmp_type1_pin()
 * @mig: migration of an open device
 * @page: number of the first of pages for each of which it returned 1
 * @nr_pages: how many
 *
 * Context: Under the lock. Takes type1's, so never from dma_unmap.
 */
void vmp_type1_unpin(struct vmp_migration *mig, unsigned long page,
		     unsigned int nr_pages);

#endif /* VMP_MIGRATION_TYPE1_H */
