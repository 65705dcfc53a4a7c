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
 * Why an unmap goes on, though who unmaps must not wait for type1's lock:
 *
 *  1. What is to be pinned is in @held as pinned before it is.
 *  2. dma_unmap marks what is there as pinned, queues the work, and waits until
 *     no mark is left, for a limited time.
 *  3. Whoever has the lock unpins what is marked: the work; who pins many
 *     pages, between two of them; who closes the device.
 *  4. If the time was too short type1 calls again (type1.c says how often).
 *     Meanwhile each holder of type1's lock has let go of it once, and the work
 *     has had its turn: a mutex passes by who waits for it only once. It
 *     unpins pages that follow each other in one go.
 *
 * And by device logging: a report has what is held, and what was held since the
 * last one. A page goes from one to the other under the lock under which a
 * report looks.
 */

#include <linux/bitmap.h>
#include <linux/hashtable.h>
#include <linux/minmax.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "device.h"
#include "dirty.h"
#include "include/vmp/backend.h"
#include "stats.h"
#include "type1.h"

/* An entry of @held: whether the page is pinned, and how many hold it. */
#define IS_PINNED BIT(0)
#define ONE_HOLDER BIT(1)

/* The user unmaps the page: it is to be unpinned. */
#define TO_UNPIN XA_MARK_0

/**
 * struct dma_range - calls of vmp_dma_begin() with the same arguments
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

/* Does not fail where there is an entry already. */
static int set_entry(struct vmp_dirty *dirty, unsigned long page,
		     unsigned long entry)
{
	return xa_err(xa_store(&dirty->held, page, xa_mk_value(entry),
			       GFP_KERNEL));
}

static void unpin_run(struct vmp_migration *mig, unsigned long first,
		      unsigned int nr_pages)
{
	struct xarray *held = &mig->dirty.held;
	unsigned long page;

	vmp_type1_unpin(mig, first, nr_pages);
	for (page = first; page < first + nr_pages; page++) {
		/* It stays held, for device logging. */
		set_entry(&mig->dirty, page,
			  get_entry(&mig->dirty, page) & ~IS_PINNED);
		xa_clear_mark(held, page, TO_UNPIN);
	}
}

/* A page can be marked that is not pinned, if it was when that began. */
static void unpin_marked(struct vmp_migration *mig)
{
	struct vmp_dirty *dirty = &mig->dirty;
	unsigned int nr_pages = 0;
	unsigned long first = 0;
	unsigned long page;
	void *entry;

	lockdep_assert_held(&dirty->lock);

	xa_for_each_marked(&dirty->held, page, entry, TO_UNPIN) {
		bool is_pinned = xa_to_value(entry) & IS_PINNED;

		if (nr_pages && (!is_pinned || page != first + nr_pages)) {
			unpin_run(mig, first, nr_pages);
			nr_pages = 0;
		}
		if (!is_pinned)
			xa_clear_mark(&dirty->held, page, TO_UNPIN);
		else if (!nr_pages++)
			first = page;
	}
	if (nr_pages)
		unpin_run(mig, first, nr_pages);
	wake_up_all(&dirty->unpinned);
}

static void unpin_work(struct work_struct *work)
{
	struct vmp_dirty *dirty = container_of(work, struct vmp_dirty,
					       unpin_work);

	mutex_lock(&dirty->lock);
	unpin_marked(container_of(dirty, struct vmp_migration, dirty));
	mutex_unlock(&dirty->lock);
}

static int hold_page(struct vmp_migration *mig, unsigned long page)
{
	struct vmp_dirty *dirty = &mig->dirty;
	unsigned long entry = get_entry(dirty, page);
	int pinned = 1;
	int ret;

	if (!entry && dirty->nr_held >= VMP_DIRTY_MAX_HELD_PAGES)
		return -E2BIG;

	ret = set_entry(dirty, page, (entry | IS_PINNED) + ONE_HOLDER);
	if (ret)
		return ret;

	if (!(entry & IS_PINNED))
		pinned = vmp_type1_pin(mig, page);
	if (!pinned)
		set_entry(dirty, page, entry + ONE_HOLDER);
	if (pinned >= 0) {
		dirty->nr_held += !entry;
		return 0;
	}

	if (entry)
		set_entry(dirty, page, entry);
	else
		xa_erase(&dirty->held, page);
	return pinned;
}

static void release_page(struct vmp_migration *mig, unsigned long page)
{
	struct vmp_dirty *dirty = &mig->dirty;
	unsigned long entry = get_entry(dirty, page) - ONE_HOLDER;

	if (entry >= ONE_HOLDER) {
		set_entry(dirty, page, entry);
		return;
	}

	/* First, as nobody waits for a page that is not there. */
	if (entry & IS_PINNED)
		vmp_type1_unpin(mig, page, 1);
	xa_erase(&dirty->held, page);
	dirty->nr_held--;
	vmp_dirty_log_add(&dirty->log, page);
}

static void release_run(struct vmp_migration *mig, dma_addr_t iova,
			unsigned long nr_pages)
{
	unsigned long page = iova >> PAGE_SHIFT;

	unpin_marked(mig);
	while (nr_pages--)
		release_page(mig, page++);
}

/* All or nothing. */
static int hold_run(struct vmp_migration *mig, dma_addr_t iova,
		    unsigned long nr_pages)
{
	unsigned long page = iova >> PAGE_SHIFT;
	unsigned long i;
	int ret;

	for (i = 0; i < nr_pages; i++) {
		unpin_marked(mig);
		ret = hold_page(mig, page + i);
		if (ret) {
			release_run(mig, iova, i);
			return ret;
		}
	}
	return 0;
}

static struct dma_range *find_dma_range(struct vmp_dirty *dirty,
					dma_addr_t iova, u64 bytes)
{
	struct dma_range *range;

	hash_for_each_possible(dirty->ranges, range, node, iova)
		if (range->iova == iova && range->bytes == bytes)
			return range;
	return NULL;
}

static int add_dma_range(struct vmp_dirty *dirty, dma_addr_t iova, u64 bytes)
{
	struct dma_range *range = find_dma_range(dirty, iova, bytes);

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

static void remove_dma_range(struct vmp_dirty *dirty, struct dma_range *range)
{
	hash_del(&range->node);
	dirty->nr_ranges--;
	kfree(range);
}

static u64 count_pages(dma_addr_t iova, u64 bytes)
{
	return ((iova + bytes - 1) >> PAGE_SHIFT) - (iova >> PAGE_SHIFT) + 1;
}

int vmp_dma_begin(struct vmp_device *dev, dma_addr_t iova, u64 bytes)
{
	struct vmp_migration *mig = vmp_migration_from_dev(dev);
	struct vmp_dirty *dirty = &mig->dirty;
	u64 nr_pages;
	u64 last;
	int ret;

	/* Without it all memory counts as dirty, and nothing need be told. */
	if (!bytes || WARN_ON_ONCE(!mig->backend->tracks_dirty))
		return 0;

	if (check_add_overflow((u64)iova, bytes - 1, &last))
		return -EFAULT;

	nr_pages = count_pages(iova, bytes);
	if (nr_pages > VMP_DIRTY_MAX_HELD_PAGES)
		return -E2BIG;

	vmp_type1_lock_to_pin(mig);
	ret = hold_run(mig, iova, nr_pages);
	if (!ret) {
		ret = add_dma_range(dirty, iova, bytes);
		if (ret)
			release_run(mig, iova, nr_pages);
	}
	mutex_unlock(&dirty->lock);
	if (!ret)
		vmp_stats_add(&mig->stats, VMP_STAT_DIRTY_PAGES, nr_pages);
	return ret;
}
EXPORT_SYMBOL_GPL(vmp_dma_begin);

void vmp_dma_end(struct vmp_device *dev, dma_addr_t iova, u64 bytes)
{
	struct vmp_migration *mig = vmp_migration_from_dev(dev);
	struct vmp_dirty *dirty = &mig->dirty;
	struct dma_range *range;

	mutex_lock(&dirty->lock);
	range = find_dma_range(dirty, iova, bytes);
	if (range) {
		release_run(mig, iova, count_pages(iova, bytes));
		if (!--range->nr_calls)
			remove_dma_range(dirty, range);
	}
	mutex_unlock(&dirty->lock);
}
EXPORT_SYMBOL_GPL(vmp_dma_end);

static void release_all_locked(struct vmp_migration *mig)
{
	struct vmp_dirty *dirty = &mig->dirty;
	struct hlist_node *next;
	struct dma_range *range;
	unsigned long page;
	unsigned int i;
	void *entry;

	lockdep_assert_held(&dirty->lock);

	hash_for_each_safe(dirty->ranges, i, next, range, node)
		remove_dma_range(dirty, range);

	xa_for_each(&dirty->held, page, entry) {
		vmp_dirty_log_add(&dirty->log, page);
		xa_set_mark(&dirty->held, page, TO_UNPIN);
	}
	unpin_marked(mig);
	xa_destroy(&dirty->held);
	dirty->nr_held = 0;
}

void vmp_dirty_release_all(struct vmp_migration *mig)
{
	mutex_lock(&mig->dirty.lock);
	release_all_locked(mig);
	mutex_unlock(&mig->dirty.lock);
}

void vmp_dirty_close(struct vmp_migration *mig)
{
	vmp_type1_close(mig);
	flush_work(&mig->dirty.unpin_work);

	mutex_lock(&mig->dirty.lock);
	release_all_locked(mig);
	vmp_dirty_log_stop(&mig->dirty.log);
	mutex_unlock(&mig->dirty.lock);
}

/* Under no lock: what is pinned from now on is a matter of the next call. */
static bool mark_pinned(struct vmp_dirty *dirty, unsigned long first,
			unsigned long last)
{
	bool is_any = false;
	unsigned long page;
	void *entry;

	xa_for_each_range(&dirty->held, page, entry, first, last) {
		if (!(xa_to_value(entry) & IS_PINNED))
			continue;

		xa_set_mark(&dirty->held, page, TO_UNPIN);
		is_any = true;
	}
	return is_any;
}

/* Who closes the device unpins all. */
static void queue_unpin_work(struct vmp_dirty *dirty)
{
	spin_lock(&dirty->type1.lock);
	if (dirty->type1.is_in_use)
		queue_work(system_long_wq, &dirty->unpin_work);
	spin_unlock(&dirty->type1.lock);
}

void vmp_dirty_unmapped(struct vmp_migration *mig, u64 iova, u64 bytes)
{
	unsigned long last = (iova + bytes - 1) >> PAGE_SHIFT;
	unsigned int nr_calls = vmp_type1_begin_unmap(mig, iova, bytes);
	struct vmp_dirty *dirty = &mig->dirty;

	if (mark_pinned(dirty, iova >> PAGE_SHIFT, last)) {
		queue_unpin_work(dirty);
		wait_event_timeout(dirty->unpinned,
				   !xa_marked(&dirty->held, TO_UNPIN),
				   vmp_type1_patience(nr_calls));
	}
	vmp_type1_end_unmap(mig, nr_calls);
}

/* The lowest chunk with a page that is held or logged; ULONG_MAX if none is. */
static unsigned long next_chunk(struct vmp_dirty *dirty, unsigned long first,
				unsigned long last)
{
	unsigned long logged = vmp_dirty_log_next(&dirty->log, first, last);
	unsigned long page = first;

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
	chunk = next_chunk(dirty, first, last);
	if (chunk == ULONG_MAX)
		goto out_unlock;

	base = chunk * VMP_DIRTY_CHUNK_PAGES;
	first = max(first, base);
	last = min(last, base + VMP_DIRTY_CHUNK_PAGES - 1);
	bitmap_zero(pages, VMP_DIRTY_CHUNK_PAGES);
	vmp_dirty_log_take(&dirty->log, chunk, first - base, last - base,
			   pages);
	xa_for_each_range(&dirty->held, page, entry, first, last)
		__set_bit(page - base, pages);

out_unlock:
	mutex_unlock(&dirty->lock);
	return chunk;
}

void vmp_dirty_wrote(struct vmp_migration *mig, dma_addr_t iova, u64 bytes)
{
	struct vmp_dirty *dirty = &mig->dirty;
	unsigned long page;
	u64 last;

	/* Nothing is beyond the last address, though somebody may ask for it. */
	if (check_add_overflow((u64)iova, bytes - 1, &last))
		last = U64_MAX;

	mutex_lock(&dirty->lock);
	for (page = iova >> PAGE_SHIFT; page <= last >> PAGE_SHIFT; page++)
		vmp_dirty_log_add(&dirty->log, page);
	mutex_unlock(&dirty->lock);
}

void vmp_dirty_init(struct vmp_dirty *dirty)
{
	mutex_init(&dirty->lock);
	vmp_type1_init(&dirty->type1);
	INIT_WORK(&dirty->unpin_work, unpin_work);
	init_waitqueue_head(&dirty->unpinned);
	xa_init_flags(&dirty->held, XA_FLAGS_ACCOUNT);
	dirty->nr_held = 0;
	hash_init(dirty->ranges);
	dirty->nr_ranges = 0;
	vmp_dirty_log_init(&dirty->log);
}

void vmp_dirty_fini(struct vmp_dirty *dirty)
{
	WARN_ON_ONCE(!xa_empty(&dirty->held));
	mutex_destroy(&dirty->lock);
}
