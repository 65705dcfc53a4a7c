/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which pages the device writes, and the two ways in which a VMM hears of it:
 * type1's bitmap, through pages that are pinned for a moment, and VFIO's device
 * logging, where the kernel can report (see compat/migration.h).
 */
#ifndef VMP_MIGRATION_DIRTY_H
#define VMP_MIGRATION_DIRTY_H

#include <linux/mutex.h>
#include <linux/types.h>
#include <linux/vfio.h>
#include <linux/xarray.h>

struct vmp_migration;

/* Pages that the device may be writing at one time. */
#define VMP_DIRTY_MAX_HELD_PAGES 1024

/**
 * struct vmp_dirty - what is known of the pages that a device writes
 * @lock: protects the rest; innermost but for what pinning and reporting take
 * @held: pages under way by page number of their IOVA; each entry a count of
 *	vmp_dma_begin() calls, and whether the page is pinned
 * @nr_held: how many
 * @logged: with device logging on: pages written since the last report
 * @is_logging: device logging is on
 */
struct vmp_dirty {
	struct mutex lock; /* protects the rest */
	struct xarray held;
	unsigned int nr_held;
	struct xarray logged;
	bool is_logging;
};

/**
 * vmp_dirty_init() - nothing is dirty
 * @dirty: to initialise
 *
 * Context: Any.
 */
void vmp_dirty_init(struct vmp_dirty *dirty);

/**
 * vmp_dirty_fini() - free what is left
 * @dirty: of a device that is closed
 *
 * Context: Process context.
 */
void vmp_dirty_fini(struct vmp_dirty *dirty);

/**
 * vmp_dirty_narrow() - have type1 report pinned pages only, not all
 * @mig: migration of an open device, with a backend that tracks_dirty
 *
 * type1 takes all memory for dirty until a page was pinned for the device
 * once (vfio_iommu_type1_pin_pages()). Pins any page that the user has mapped,
 * for a moment; does nothing where there is none, or no type1.
 *
 * Context: Under the state lock.
 */
void vmp_dirty_narrow(struct vmp_migration *mig);

/**
 * vmp_dirty_release_all() - nothing is under way any more
 * @mig: migration of a device that was reset, or is being closed but is
 *	still open
 *
 * Context: Process context, may sleep.
 */
void vmp_dirty_release_all(struct vmp_migration *mig);

/**
 * vmp_dirty_unmapped() - the user unmaps memory
 * @mig: migration of an open device
 * @iova: first byte
 * @bytes: how many
 *
 * Unpins what is pinned there, as type1 demands. Takes only @dirty's lock: the
 * user of another device in the container may be who unmaps.
 *
 * Context: From vfio_device_ops.dma_unmap.
 */
void vmp_dirty_unmapped(struct vmp_migration *mig, u64 iova, u64 bytes);

/**
 * vmp_dirty_log_ops() - device logging, if this kernel can report
 *
 * Return: what to set vfio_device.log_ops to; NULL where a report would fail.
 */
const struct vfio_log_ops *vmp_dirty_log_ops(void);

#endif /* VMP_MIGRATION_DIRTY_H */
