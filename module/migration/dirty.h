/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which pages the device writes, and the two ways in which a VMM hears of it:
 * type1's bitmap, through pages that are pinned for a while, and VFIO's device
 * logging, where the kernel can report (see compat/migration.h).
 */
#ifndef VMP_MIGRATION_DIRTY_H
#define VMP_MIGRATION_DIRTY_H

#include <linux/hashtable.h>
#include <linux/mutex.h>
#include <linux/types.h>
#include <linux/vfio.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

#include "dirty_log.h"
#include "type1.h"

struct vmp_migration;

/* Pages that the device may be writing at one time. */
#define VMP_DIRTY_MAX_HELD_PAGES 1024
/* Calls of vmp_dma_begin() that may be under way, as several share a page. */
#define VMP_DIRTY_MAX_RANGES (4 * VMP_DIRTY_MAX_HELD_PAGES)

/**
 * struct vmp_dirty - what is known of the pages that a device writes
 * @lock: protects the rest but @type1, and the marks in @held. Held while pages
 *	are pinned and unpinned, so that type1 has no page of ours unless @held
 *	says so: outside of what type1 takes, its own iommu->lock and mmap_lock.
 *	So not to be taken under memory_lock, which a page fault takes, that is
 *	in no reset; nor in dma_unmap, see vmp_dirty_unmapped()
 * @type1: what is known of type1; has a lock of its own
 * @unpin_work: unpins the pages that are marked in @held; queued under @type1's
 *	lock, and only while that is in use
 * @unpinned: who waits until no page is marked
 * @held: pages by number, of their IOVA: how many calls hold each, and whether
 *	it is pinned, see dirty.c. Those to be unpinned are marked
 * @nr_held: pages that somebody holds
 * @ranges: calls of vmp_dma_begin() that are under way
 * @nr_ranges: how many different ones
 * @log: pages written since the last report of device logging, without those
 *	that are still held
 */
struct vmp_dirty {
	struct mutex lock; /* protects the rest */
	struct vmp_type1 type1;
	struct work_struct unpin_work;
	wait_queue_head_t unpinned;
	struct xarray held;
	unsigned int nr_held;
	DECLARE_HASHTABLE(ranges, 8);
	unsigned int nr_ranges;
	struct vmp_dirty_log log;
};

/**
 * vmp_dirty_init() - nothing is dirty
 * @dirty: the one of a struct vmp_migration
 *
 * Context: Any.
 */
void vmp_dirty_init(struct vmp_dirty *dirty);

/**
 * vmp_dirty_fini() - undo vmp_dirty_init()
 * @dirty: of a device that is closed for good
 *
 * Context: Process context, may sleep.
 */
void vmp_dirty_fini(struct vmp_dirty *dirty);

/**
 * vmp_dirty_narrow() - have type1 report pinned pages only, not all
 * @mig: migration of an open device, with a backend that tracks_dirty
 *
 * type1 takes all memory for dirty until a page was pinned for the device's
 * IOMMU group once (vfio_iommu_type1_pin_pages()). Pins any page that the user
 * has mapped, for a moment; does nothing where it finds none, or no type1, or
 * where the group has another device, whose writes nobody tells of. Not from
 * open_device: 6.1's type1 does not know of the device until that has returned.
 *
 * Context: Under the state lock.
 */
void vmp_dirty_narrow(struct vmp_migration *mig);

/**
 * vmp_dirty_release_all() - nothing is under way any more
 * @mig: migration of a device that was reset, and is open
 *
 * What was held may have been written, and goes into the log.
 *
 * Context: Process context, may sleep; not within the reset, see struct
 *	vmp_dirty.
 */
void vmp_dirty_release_all(struct vmp_migration *mig);

/**
 * vmp_dirty_close() - nobody looks any more
 * @mig: migration of a device that is being closed, but still is open
 *
 * Releases all, and stops device logging, which vfio leaves to the driver. The
 * work is over when it returns, and is queued no more.
 *
 * Context: From vfio_device_ops.close_device.
 */
void vmp_dirty_close(struct vmp_migration *mig);

/**
 * vmp_dirty_wrote() - guest memory was written, but not by the device
 * @mig: migration of an open device
 * @iova: first byte
 * @bytes: how many that may have been, at least 1
 *
 * For device logging only: after vfio_dma_rw(), which tells type1 by itself.
 *
 * Context: Process context, may sleep.
 */
void vmp_dirty_wrote(struct vmp_migration *mig, dma_addr_t iova, u64 bytes);

/**
 * vmp_dirty_take() - report pages, for device logging
 * @dirty: what is known
 * @first: first page to report
 * @last: last page to report
 * @pages: room for VMP_DIRTY_CHUNK_PAGES bits
 *
 * Reports the pages of one chunk. Those that are held stay, those that are
 * logged are taken out of the log.
 *
 * Context: Process context, may sleep.
 * Return: number of the first chunk in the range that has a page to report, to
 *	which the bits belong; ULONG_MAX if there is none.
 */
unsigned long vmp_dirty_take(struct vmp_dirty *dirty, unsigned long first,
			     unsigned long last, unsigned long *pages);

/**
 * vmp_dirty_unmapped() - the user unmaps memory
 * @mig: migration of a device that is or was open
 * @iova: first byte
 * @bytes: how many
 *
 * Has unpinned what is pinned there, as type1 demands, and waits for it; but no
 * longer than vmp_type1_patience(). Who calls holds type1's device_list_lock,
 * and another thread may be waiting for that with iommu->lock held
 * (vfio_notify_dma_unmap()), without which nothing can be unpinned, and without
 * which the holder of @mig's dirty lock may not go on. So it takes neither.
 *
 * Context: From vfio_device_ops.dma_unmap, where the user of another device in
 *	the container may be who unmaps; the device may be closing, or closed,
 *	but @mig does not go while type1 knows the device, see vfio_ops.c.
 */
void vmp_dirty_unmapped(struct vmp_migration *mig, u64 iova, u64 bytes);

/**
 * vmp_dirty_log_ops() - device logging, if this kernel can report
 *
 * Context: Any.
 * Return: what to set vfio_device.log_ops to, for a backend that tracks_dirty;
 *	NULL where a report would fail.
 */
const struct vfio_log_ops *vmp_dirty_log_ops(void);

#endif /* VMP_MIGRATION_DIRTY_H */
