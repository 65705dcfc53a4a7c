// SPDX-License-Identifier: GPL-2.0-only
/*
 * VFIO's device logging: the VMM asks the device which pages it has written.
 * What is known of that is in dirty.c.
 */

#include <linux/bitmap.h>
#include <linux/iova_bitmap.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/vfio.h>

#include "compat/migration.h"
#include "device.h"
#include "dirty.h"
#include "function.h"

VMP_COMPAT_IMPORT_IOVA_BITMAP;

static struct vmp_dirty *dirty_from_vfio(struct vfio_device *core_vdev)
{
	return &vmp_function_from_vfio(core_vdev)->migration->dirty;
}

/* Not under a lock of ours: it touches memory of the user's. */
static void report_chunk(struct iova_bitmap *bitmap, unsigned long chunk,
			 const unsigned long *pages, unsigned long iova,
			 unsigned long last_iova)
{
	unsigned long base = chunk * VMP_DIRTY_CHUNK_PAGES;
	unsigned int first;
	unsigned int end;

	for_each_set_bitrange(first, end, pages, VMP_DIRTY_CHUNK_PAGES) {
		unsigned long from = (base + first) << PAGE_SHIFT;
		unsigned long to = ((base + end) << PAGE_SHIFT) - 1;

		from = max(from, iova);
		to = min(to, last_iova);
		iova_bitmap_set(bitmap, from, to - from + 1);
	}
}

static bool is_on(struct vmp_dirty *dirty)
{
	bool ret;

	mutex_lock(&dirty->lock);
	ret = dirty->log.is_on;
	mutex_unlock(&dirty->lock);
	return ret;
}

static bool is_full(struct vmp_dirty *dirty)
{
	bool ret;

	mutex_lock(&dirty->lock);
	ret = dirty->log.is_full;
	mutex_unlock(&dirty->lock);
	return ret;
}

static int log_read_and_clear(struct vfio_device *core_vdev, unsigned long iova,
			      unsigned long length, struct iova_bitmap *bitmap)
{
	struct vmp_dirty *dirty = dirty_from_vfio(core_vdev);
	DECLARE_BITMAP(pages, VMP_DIRTY_CHUNK_PAGES);
	unsigned long last_iova = iova + length - 1;
	unsigned long last = last_iova >> PAGE_SHIFT;
	unsigned long page = iova >> PAGE_SHIFT;

	if (!length || !is_on(dirty))
		return -EINVAL;

	while (page <= last) {
		unsigned long chunk = vmp_dirty_take(dirty, page, last, pages);

		if (chunk == ULONG_MAX)
			break;

		report_chunk(bitmap, chunk, pages, iova, last_iova);
		page = (chunk + 1) * VMP_DIRTY_CHUNK_PAGES;
	}

	/* Last, as it may have become so while we were not looking. */
	if (is_full(dirty))
		iova_bitmap_set(bitmap, iova, length);
	return 0;
}

static int log_start(struct vfio_device *core_vdev,
		     struct rb_root_cached *ranges, u32 nr_ranges,
		     u64 *page_size)
{
	struct vmp_dirty *dirty = dirty_from_vfio(core_vdev);
	int ret = 0;

	/* vfio reports in pages of any size, and asks for no more than @ranges. */
	if (*page_size < PAGE_SIZE || !is_power_of_2(*page_size))
		*page_size = PAGE_SIZE;

	mutex_lock(&dirty->lock);
	if (dirty->log.is_on)
		ret = -EBUSY;
	else
		dirty->log.is_on = true;
	mutex_unlock(&dirty->lock);
	return ret;
}

static int log_stop(struct vfio_device *core_vdev)
{
	struct vmp_dirty *dirty = dirty_from_vfio(core_vdev);
	int ret;

	mutex_lock(&dirty->lock);
	ret = dirty->log.is_on ? 0 : -EINVAL;
	vmp_dirty_log_stop(&dirty->log);
	mutex_unlock(&dirty->lock);
	return ret;
}

static const struct vfio_log_ops log_ops = {
	.log_start		= log_start,
	.log_stop		= log_stop,
	.log_read_and_clear	= log_read_and_clear,
};

const struct vfio_log_ops *vmp_dirty_log_ops(void)
{
	return VMP_COMPAT_CAN_LOG_DIRTY ? &log_ops : NULL;
}
