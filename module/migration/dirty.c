// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which pages the device writes, as backends tell. How type1 hears of them is in
 * type1.c, how VFIO's device logging does in device_log.c.
 *
 * Why no write is missed by type1's bitmap (drivers/vfio/vfio_iommu_type1.c):
 *
 *  1. A page is pinned before the device is told to write, and unpinned after
 *     the device has written, or when the user unmaps it.
 *  2. Pinning it sets its bit if tracking is on (vfio_iommu_type1_pin_pages()).
 *     If it is turned on later, the bits of pinned pages are set then
 *     (vfio_dma_bitmap_alloc_all()).
 *  3. A report clears the bits, and sets those of pinned pages anew
 *     (vfio_iova_dirty_bitmap()). So in all the time that the page is pinned its
 *     bit is set, and unpinning leaves it set: the first report after the device
 *     has written has it, and so has the bitmap that comes with an unmap.
 *  4. Only pinned pages are reported as soon as one was pinned for each group
 *     of the container, see vmp_dirty_narrow().
 *
 * And by device logging: a report has what is held, and what was held since the
 * last one. That is moved under the lock under which a report looks.
 */

#include <linux/bitmap.h>
#include <linux/hashtable.h>
#include <linux/minmax.h>
#include <linux/overflow.h>
#include <linux/slab.h>

#include "device.h"
#include "dirty.h"
#include "include/vmp/backend.h"
#include "stats.h"
#include "type1.h"

/* An entry of @held: whether the page is pinned, and how many hold it. */
#define IS_PINNED BIT(0)
#define ONE_HOLDER BIT(1)

/* Pages that are unpinned between two looks at @held. */
#define UNPIN_BATCH 32

/**
 * struct dma_range - calls of vmp_dma_begin() that have the same arguments
 * @node: in the hash, by @iova
 * @iova: first byte
 * @bytes: how many
 * @nr_calls: how many calls
 *
 * What makes a vmp_dma_end() harmless to which no vmp_dma_begin() belongs.
 */
struct dma_range {
	struct hlist_node node;
	dma_addr_t iova;
	u64 bytes;
	unsigned int nr_calls;
};

static unsigned long get_entry(struct vmp_dirty *dirty, unsigned long page)
{
	void *entry = xa_load(&dirty->held, page);

	return entry ? xa_to_value(entry) : 0;
}

/* Replacing an entry, or erasing it, does not fail. */
static int set_entry(struct vmp_dirty *dirty, unsigned long page,
		     unsigned long entry)
{
	if (entry)
		return xa_err(xa_store(&dirty->held, page, xa_mk_value(entry),
				       GFP_KERNEL));
	xa_erase(&dirty->held, page);
	return 0;
}

/* Notes pages in a range as unpinned, which the caller must do to them now. */
static unsigned int take_pinned_locked(struct vmp_dirty *dirty,
				       unsigned long first, unsigned long last,
				       bool is_held_too,
				       unsigned long pages[UNPIN_BATCH])
{
	unsigned int nr_pages = 0;
	unsigned long page;
	void *entry;

	lockdep_assert_held(&dirty->lock);

	xa_for_each_range(&dirty->held, page, entry, first, last) {
		unsigned long value = xa_to_value(entry);

		if (!(value & IS_PINNED))
			continue;
		if (value >= ONE_HOLDER && !is_held_too)
			continue;

		set_entry(dirty, page, value & ~IS_PINNED);
		pages[nr_pages++] = page;
		if (nr_pages == UNPIN_BATCH)
			break;
	}
	return nr_pages;
}

static void unpin_pages(struct vmp_migration *mig, unsigned long first,
			unsigned long last, bool is_held_too)
{
	struct vmp_dirty *dirty = &mig->dirty;
	unsigned long pages[UNPIN_BATCH];
	unsigned int nr_pages;
	unsigned int i;

	do {
		mutex_lock(&dirty->lock);
		nr_pages = take_pinned_locked(dirty, first, last, is_held_too,
					      pages);
		mutex_unlock(&dirty->lock);

		for (i = 0; i < nr_pages; i++)
			vmp_type1_unpin(mig, pages[i]);
	} while (nr_pages == UNPIN_BATCH);
}

static void unpin_unheld(struct work_struct *work)
{
	struct vmp_dirty *dirty = container_of(work, struct vmp_dirty, unpin);

	mutex_lock(&dirty->type1.lock);
	unpin_pages(container_of(dirty, struct vmp_migration, dirty), 0,
		    ULONG_MAX, false);
	mutex_unlock(&dirty->type1.lock);
}

static int hold_page_locked(struct vmp_dirty *dirty, unsigned long page,
			    bool is_pinned)
{
	unsigned long old = get_entry(dirty, page);
	unsigned long new = old + ONE_HOLDER;
	int ret;

	lockdep_assert_held(&dirty->lock);

	if (old < ONE_HOLDER && dirty->nr_held >= VMP_DIRTY_MAX_HELD_PAGES)
		return -E2BIG;

	ret = set_entry(dirty, page, is_pinned ? new | IS_PINNED : new);
	if (!ret && old < ONE_HOLDER)
		dirty->nr_held++;
	return ret;
}

static int hold_page(struct vmp_migration *mig, unsigned long page)
{
	struct vmp_dirty *dirty = &mig->dirty;
	bool was_pinned;
	int pinned;
	int ret;

	mutex_lock(&dirty->lock);
	was_pinned = get_entry(dirty, page) & IS_PINNED;
	mutex_unlock(&dirty->lock);

	pinned = was_pinned ? 1 : vmp_type1_pin(mig, page);
	if (pinned < 0)
		return pinned;

	mutex_lock(&dirty->lock);
	ret = hold_page_locked(dirty, page, pinned);
	mutex_unlock(&dirty->lock);

	if (ret && pinned && !was_pinned)
		vmp_type1_unpin(mig, page);
	return ret;
}

static void release_page_locked(struct vmp_dirty *dirty, unsigned long page,
				unsigned long nr_holders)
{
	unsigned long entry = get_entry(dirty, page);

	lockdep_assert_held(&dirty->lock);

	if (WARN_ON_ONCE(entry < nr_holders * ONE_HOLDER))
		return;

	entry -= nr_holders * ONE_HOLDER;
	set_entry(dirty, page, entry);
	if (entry >= ONE_HOLDER)
		return;

	dirty->nr_held--;
	vmp_dirty_log_add(&dirty->log, page);
	if (entry & IS_PINNED)
		schedule_work(&dirty->unpin);
}

static struct dma_range *find_range_locked(struct vmp_dirty *dirty, dma_addr_t iova,
				       u64 bytes)
{
	struct dma_range *range;

	lockdep_assert_held(&dirty->lock);

	hash_for_each_possible(dirty->ranges, range, node, iova)
		if (range->iova == iova && range->bytes == bytes)
			return range;
	return NULL;
}

static int add_range_locked(struct vmp_dirty *dirty, dma_addr_t iova, u64 bytes)
{
	struct dma_range *range = find_range_locked(dirty, iova, bytes);

	if (range) {
		range->nr_calls++;
		return 0;
	}

	if (dirty->nr_ranges >= VMP_DIRTY_MAX_RANGES)
		return -E2BIG;

	range = kzalloc(sizeof(*range), GFP_KERNEL_ACCOUNT);
	if (!range)
		return -ENOMEM;

	range->iova = iova;
	range->bytes = bytes;
	range->nr_calls = 1;
	hash_add(dirty->ranges, &range->node, iova);
	dirty->nr_ranges++;
	return 0;
}

static void drop_range_locked(struct vmp_dirty *dirty, struct dma_range *range)
{
	lockdep_assert_held(&dirty->lock);

	if (--range->nr_calls)
		return;

	hash_del(&range->node);
	dirty->nr_ranges--;
	kfree(range);
}

static void release_pages_locked(struct vmp_dirty *dirty, unsigned long first,
				 unsigned long nr_pages)
{
	unsigned long i;

	for (i = 0; i < nr_pages; i++)
		release_page_locked(dirty, first + i, 1);
}

static int hold_range(struct vmp_migration *mig, dma_addr_t iova, u64 bytes,
		      unsigned long nr_pages)
{
	struct vmp_dirty *dirty = &mig->dirty;
	unsigned long first = iova >> PAGE_SHIFT;
	unsigned long nr_held;
	int ret = 0;

	for (nr_held = 0; nr_held < nr_pages; nr_held++) {
		ret = hold_page(mig, first + nr_held);
		if (ret)
			break;
	}

	mutex_lock(&dirty->lock);
	if (!ret)
		ret = add_range_locked(dirty, iova, bytes);
	if (ret)
		release_pages_locked(dirty, first, nr_held);
	mutex_unlock(&dirty->lock);
	return ret;
}

int vmp_dma_begin(struct vmp_device *dev, dma_addr_t iova, u64 bytes)
{
	struct vmp_migration *mig = vmp_migration_from_dev(dev);
	u64 nr_pages;
	u64 last;
	int ret;

	if (!bytes)
		return 0;

	if (check_add_overflow((u64)iova, bytes - 1, &last))
		return -EFAULT;

	nr_pages = (last >> PAGE_SHIFT) - (iova >> PAGE_SHIFT) + 1;
	if (nr_pages > VMP_DIRTY_MAX_HELD_PAGES)
		return -E2BIG;

	vmp_type1_lock_to_pin(&mig->dirty.type1);
	ret = hold_range(mig, iova, bytes, nr_pages);
	mutex_unlock(&mig->dirty.type1.lock);
	if (!ret)
		vmp_stats_add(&mig->stats, VMP_STAT_DIRTY_PAGES, nr_pages);
	return ret;
}
EXPORT_SYMBOL_GPL(vmp_dma_begin);

void vmp_dma_end(struct vmp_device *dev, dma_addr_t iova, u64 bytes)
{
	struct vmp_dirty *dirty = &vmp_migration_from_dev(dev)->dirty;
	struct dma_range *range;

	mutex_lock(&dirty->lock);
	range = find_range_locked(dirty, iova, bytes);
	if (range) {
		unsigned long first = iova >> PAGE_SHIFT;
		unsigned long last = (iova + bytes - 1) >> PAGE_SHIFT;

		release_pages_locked(dirty, first, last - first + 1);
		drop_range_locked(dirty, range);
	}
	mutex_unlock(&dirty->lock);
}
EXPORT_SYMBOL_GPL(vmp_dma_end);

void vmp_dirty_release_all(struct vmp_migration *mig)
{
	struct vmp_dirty *dirty = &mig->dirty;
	struct hlist_node *next;
	struct dma_range *range;
	unsigned long page;
	unsigned int i;
	void *entry;

	mutex_lock(&dirty->lock);
	xa_for_each(&dirty->held, page, entry)
		if (xa_to_value(entry) >= ONE_HOLDER)
			release_page_locked(dirty, page,
					    xa_to_value(entry) / ONE_HOLDER);
	hash_for_each_safe(dirty->ranges, i, next, range, node) {
		range->nr_calls = 1;
		drop_range_locked(dirty, range);
	}
	mutex_unlock(&dirty->lock);
}

void vmp_dirty_unmapped(struct vmp_migration *mig, u64 iova, u64 bytes)
{
	struct vmp_dirty *dirty = &mig->dirty;

	/* A page that is held stays so, for device logging. */
	mutex_lock(&dirty->type1.lock);
	unpin_pages(mig, iova >> PAGE_SHIFT, (iova + bytes - 1) >> PAGE_SHIFT,
		    true);
	vmp_type1_hold_off(&dirty->type1);
	mutex_unlock(&dirty->type1.lock);
}

/* The lowest chunk with a page that is held or logged; ULONG_MAX if none is. */
static unsigned long next_chunk_locked(struct vmp_dirty *dirty,
				       unsigned long first, unsigned long last)
{
	unsigned long logged = vmp_dirty_log_next(&dirty->log, first, last);
	unsigned long page = first;

	lockdep_assert_held(&dirty->lock);

	if (!xa_find(&dirty->held, &page, last, XA_PRESENT))
		return logged;
	return min(logged, page / VMP_DIRTY_CHUNK_PAGES);
}

unsigned long vmp_dirty_take(struct vmp_dirty *dirty, unsigned long first,
			     unsigned long last, unsigned long *pages)
{
	unsigned long chunk;
	unsigned long base;
	unsigned long page;
	void *entry;

	mutex_lock(&dirty->lock);
	chunk = next_chunk_locked(dirty, first, last);
	if (chunk == ULONG_MAX)
		goto out_unlock;

	base = chunk * VMP_DIRTY_CHUNK_PAGES;
	first = max(first, base);
	last = min(last, base + VMP_DIRTY_CHUNK_PAGES - 1);
	bitmap_zero(pages, VMP_DIRTY_CHUNK_PAGES);
	vmp_dirty_log_take(&dirty->log, chunk, first - base, last - base,
			   pages);

	/* A page that is pinned but not held any more is in the log. */
	xa_for_each_range(&dirty->held, page, entry, first, last)
		if (xa_to_value(entry) >= ONE_HOLDER)
			__set_bit(page - base, pages);

out_unlock:
	mutex_unlock(&dirty->lock);
	return chunk;
}

void vmp_dirty_wrote(struct vmp_migration *mig, dma_addr_t iova, u64 bytes)
{
	struct vmp_dirty *dirty = &mig->dirty;
	unsigned long last = (iova + bytes - 1) >> PAGE_SHIFT;
	unsigned long page;

	mutex_lock(&dirty->lock);
	for (page = iova >> PAGE_SHIFT; page <= last; page++)
		vmp_dirty_log_add(&dirty->log, page);
	mutex_unlock(&dirty->lock);
}

void vmp_dirty_close(struct vmp_migration *mig)
{
	struct vmp_dirty *dirty = &mig->dirty;

	vmp_dirty_release_all(mig);
	flush_work(&dirty->unpin);

	mutex_lock(&dirty->lock);
	vmp_dirty_log_stop(&dirty->log);
	mutex_unlock(&dirty->lock);
}

void vmp_dirty_init(struct vmp_dirty *dirty)
{
	vmp_type1_init(&dirty->type1);
	mutex_init(&dirty->lock);
	xa_init_flags(&dirty->held, XA_FLAGS_ACCOUNT);
	dirty->nr_held = 0;
	hash_init(dirty->ranges);
	dirty->nr_ranges = 0;
	vmp_dirty_log_init(&dirty->log);
	INIT_WORK(&dirty->unpin, unpin_unheld);
}

void vmp_dirty_fini(struct vmp_dirty *dirty)
{
	WARN_ON_ONCE(!xa_empty(&dirty->held));
	cancel_work_sync(&dirty->unpin);
	xa_destroy(&dirty->held);
	mutex_destroy(&dirty->lock);
	mutex_destroy(&dirty->type1.lock);
}
