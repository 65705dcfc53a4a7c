// SPDX-License-Identifier: GPL-2.0-only
/*
 * How type1 (drivers/vfio/vfio_iommu_type1.c) is told of pages that the device
 * writes: they are pinned. It then reports pinned pages only. Nothing is to be
 * told where an iommufd maps the device's memory, or nothing does.
 *
 * Nothing is told either where the IOMMU group has another device: what type1
 * reports is decided for groups, and the other one's pages would be in no
 * report. So there all memory counts as dirty.
 *
 * type1 does not unmap while a page is pinned. It calls dma_unmap again and
 * again, and has a BUG_ON() for the time that it looks after the eleventh call
 * for one range (vfio_dma_do_unmap()). No user may bring it there:
 *
 *  1. From the beginning of a call until a while after its end nobody begins to
 *     pin. As a rule type1 has unmapped by then. The while doubles with each
 *     call for the same range.
 *  2. Who is slow on purpose can still have a page pinned before type1 looks.
 *     So after REFUSE_FROM calls nothing is pinned in that range any more, which
 *     leaves the other calls to unpin what is.
 *  3. Later unmaps of the same range must not be taken for the same unmap. It
 *     is over if nothing is mapped there, or if its thread is elsewhere, or if
 *     VMP_TYPE1_MAX_UNMAPS others came since.
 *
 * Calls that find nothing of this device pinned count too, as other devices of
 * ours may be why type1 calls; they all come to the same number.
 */

#include <linux/bits.h>
#include <linux/iommu.h>
#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/pci.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/vfio.h>

#include "compat/iommu.h"
#include "device.h"
#include "dirty.h"
#include "type1.h"

/* So long type1 may take to unmap, when all pages there are unpinned. */
#define UNMAP_JIFFIES (HZ / 50 + 1)
/* Calls after which nothing is pinned. */
#define REFUSE_FROM 6U

void vmp_type1_init(struct vmp_type1 *type1)
{
	spin_lock_init(&type1->lock);
	type1->is_in_use = false;
	type1->may_pin = false;
	memset(type1->unmaps, 0, sizeof(type1->unmaps));
}

/* Bridges in a group write nothing of their own. */
static int count_writer(struct device *dev, void *data)
{
	unsigned int *nr_writers = data;

	if (!dev_is_pci(dev) || !pci_is_bridge(to_pci_dev(dev)))
		(*nr_writers)++;
	return 0;
}

static bool is_alone_in_group(struct vmp_migration *mig)
{
	struct iommu_group *group = iommu_group_get(&mig->core->pdev->dev);
	unsigned int nr_writers = 0;

	if (!group)
		return false;

	iommu_group_for_each_dev(group, &nr_writers, count_writer);
	iommu_group_put(group);
	return nr_writers == 1;
}

static void use(struct vmp_migration *mig)
{
	struct vmp_type1 *type1 = &mig->dirty.type1;
	bool may_pin = mig->backend->tracks_dirty &&
		       !vmp_compat_has_iommufd(&mig->core->vdev) &&
		       is_alone_in_group(mig);

	lockdep_assert_held(&mig->dirty.lock);

	spin_lock(&type1->lock);
	type1->is_in_use = true;
	type1->may_pin = may_pin;
	type1->pin_after = jiffies;
	memset(type1->unmaps, 0, sizeof(type1->unmaps));
	spin_unlock(&type1->lock);
}

void vmp_type1_close(struct vmp_migration *mig)
{
	struct vmp_type1 *type1 = &mig->dirty.type1;

	mutex_lock(&mig->dirty.lock);
	spin_lock(&type1->lock);
	type1->is_in_use = false;
	spin_unlock(&type1->lock);
	mutex_unlock(&mig->dirty.lock);
}

/* Unmaps that the caller has done are over, as it is here. */
static long get_hold_off(struct vmp_type1 *type1)
{
	long left;
	int i;

	spin_lock(&type1->lock);
	for (i = 0; i < ARRAY_SIZE(type1->unmaps); i++) {
		if (type1->unmaps[i].task == current)
			type1->unmaps[i].nr_calls = 0;
	}
	left = (long)(type1->pin_after - jiffies);
	spin_unlock(&type1->lock);
	return left;
}

void vmp_type1_lock_to_pin(struct vmp_migration *mig)
{
	struct vmp_dirty *dirty = &mig->dirty;
	long left;

	for (;;) {
		mutex_lock(&dirty->lock);
		if (!dirty->type1.is_in_use)
			use(mig);

		left = get_hold_off(&dirty->type1);
		if (left <= 0)
			return;
		mutex_unlock(&dirty->lock);
		schedule_timeout_uninterruptible(left);
	}
}

/* Moves it to the front; who was the last there is forgotten. */
static struct vmp_type1_unmap *get_unmap(struct vmp_type1 *type1, u64 iova,
					 u64 bytes)
{
	struct vmp_type1_unmap *unmaps = type1->unmaps;
	struct vmp_type1_unmap found = { .iova = iova, .bytes = bytes };
	int i;

	for (i = 0; i < ARRAY_SIZE(type1->unmaps) - 1; i++) {
		if (unmaps[i].iova == iova && unmaps[i].bytes == bytes)
			break;
	}
	if (unmaps[i].iova == iova && unmaps[i].bytes == bytes)
		found = unmaps[i];

	memmove(unmaps + 1, unmaps, i * sizeof(*unmaps));
	unmaps[0] = found;
	return unmaps;
}

unsigned long vmp_type1_patience(unsigned int nr_calls)
{
	return UNMAP_JIFFIES << (min(nr_calls, REFUSE_FROM) - 1);
}

unsigned int vmp_type1_begin_unmap(struct vmp_migration *mig, u64 iova,
				   u64 bytes)
{
	struct vmp_type1 *type1 = &mig->dirty.type1;
	struct vmp_type1_unmap *unmap;
	unsigned int nr_calls;

	spin_lock(&type1->lock);
	unmap = get_unmap(type1, iova, bytes);
	unmap->task = current;
	nr_calls = ++unmap->nr_calls;
	type1->pin_after = jiffies + 2 * vmp_type1_patience(nr_calls);
	spin_unlock(&type1->lock);
	return nr_calls;
}

void vmp_type1_end_unmap(struct vmp_migration *mig, unsigned int nr_calls)
{
	struct vmp_type1 *type1 = &mig->dirty.type1;

	spin_lock(&type1->lock);
	type1->pin_after = jiffies + vmp_type1_patience(nr_calls);
	spin_unlock(&type1->lock);
}

static bool has_page(const struct vmp_type1_unmap *unmap, unsigned long page)
{
	u64 iova = (u64)page << PAGE_SHIFT;

	return iova >= unmap->iova && iova - unmap->iova < unmap->bytes;
}

static bool is_refused(struct vmp_type1 *type1, unsigned long page)
{
	bool ret = false;
	int i;

	spin_lock(&type1->lock);
	for (i = 0; i < ARRAY_SIZE(type1->unmaps); i++) {
		if (type1->unmaps[i].nr_calls >= REFUSE_FROM)
			ret = ret || has_page(&type1->unmaps[i], page);
	}
	spin_unlock(&type1->lock);
	return ret;
}

static void forget_unmaps_of(struct vmp_type1 *type1, unsigned long page)
{
	int i;

	spin_lock(&type1->lock);
	for (i = 0; i < ARRAY_SIZE(type1->unmaps); i++) {
		if (has_page(&type1->unmaps[i], page))
			type1->unmaps[i].nr_calls = 0;
	}
	spin_unlock(&type1->lock);
}

/*
 * type1 knows of no memory there, or may not write it. Is there something else,
 * such as a BAR of another device? It cannot be pinned, and need not be
 * reported. Who maps by a container cannot change the domain while the device
 * is open.
 */
static int judge_failure(struct vmp_migration *mig, unsigned long page)
{
	struct iommu_domain *domain =
		iommu_get_domain_for_dev(&mig->core->pdev->dev);
	phys_addr_t phys = 0;

	if (domain)
		phys = iommu_iova_to_phys(domain, (dma_addr_t)page << PAGE_SHIFT);
	if (!phys)
		forget_unmaps_of(&mig->dirty.type1, page);
	return phys && !pfn_valid(PHYS_PFN(phys)) ? 0 : -EFAULT;
}

/*
 * One by one, as type1 does: nothing is gained by telling it of more.
 *
 * While the user has no addresses for what he has mapped (between an unmap
 * with VFIO_DMA_UNMAP_FLAG_VADDR and the map that gives new ones) type1 says
 * -EBUSY, and the kernel log once that this is not allowed. type1 cannot be
 * asked before. The device can still write.
 */
static int try_pin(struct vmp_migration *mig, unsigned long page, int prot)
{
	struct page *unused;

	lockdep_assert_held(&mig->dirty.lock);

	if (is_refused(&mig->dirty.type1, page))
		return -EBUSY;

	return vfio_pin_pages(&mig->core->vdev, (dma_addr_t)page << PAGE_SHIFT,
			      1, prot, &unused);
}

int vmp_type1_pin(struct vmp_migration *mig, unsigned long page)
{
	int ret;

	if (!mig->dirty.type1.may_pin)
		return 0;

	ret = try_pin(mig, page, IOMMU_WRITE);
	switch (ret) {
	case 1:
	case -EBUSY:
	case -ENOMEM:
		return ret;
	case -ENOTTY: /* no IOMMU at all */
	case -EACCES: /* type1 in its first version, which has no bitmap */
		return 0;
	default:
		return judge_failure(mig, page);
	}
}

void vmp_type1_unpin(struct vmp_migration *mig, unsigned long page,
		     unsigned int nr_pages)
{
	unsigned int nr_now;

	lockdep_assert_held(&mig->dirty.lock);

	for (; nr_pages; nr_pages -= nr_now, page += nr_now) {
		nr_now = min_t(unsigned int, nr_pages,
			       VFIO_PIN_PAGES_MAX_ENTRIES);
		vfio_unpin_pages(&mig->core->vdev,
				 (dma_addr_t)page << PAGE_SHIFT, nr_now);
	}
}

/* For reading, as any mapping will do. */
static bool try_narrow(struct vmp_migration *mig, unsigned long page)
{
	if (try_pin(mig, page, IOMMU_READ) != 1)
		return false;

	vmp_type1_unpin(mig, page, 1);
	return true;
}

/*
 * Memory of VMMs begins at 0, at 1 MiB, or at another round place, and is
 * large. Looks at up to 64 places in each range from a power of two to the
 * next; one where nothing is mapped costs type1 a walk down a tree.
 */
static bool narrow_somewhere(struct vmp_migration *mig)
{
	unsigned int shift;
	unsigned long page;

	if (try_narrow(mig, 0))
		return true;

	for (shift = 0; shift < BITS_PER_LONG - PAGE_SHIFT; shift++) {
		unsigned long step = max(BIT(shift) / 64, 1UL);

		for (page = BIT(shift); page < BIT(shift + 1); page += step)
			if (try_narrow(mig, page))
				return true;
		cond_resched();
	}
	return false;
}

void vmp_dirty_narrow(struct vmp_migration *mig)
{
	vmp_type1_lock_to_pin(mig);
	if (mig->dirty.type1.may_pin && !narrow_somewhere(mig))
		pci_dbg(mig->core->pdev,
			"found no page to pin, all memory counts as dirty\n");
	mutex_unlock(&mig->dirty.lock);
}
