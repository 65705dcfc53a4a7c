// SPDX-License-Identifier: GPL-2.0-only
/*
 * How type1 (drivers/vfio/vfio_iommu_type1.c) is told of pages that the device
 * writes: they are pinned. It then reports pinned pages only. Nothing is to be
 * told where an iommufd maps the device's memory, or nothing does.
 */

#include <linux/bits.h>
#include <linux/iommu.h>
#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/pci.h>
#include <linux/sched.h>
#include <linux/vfio.h>

#include "compat/iommu.h"
#include "device.h"
#include "dirty.h"
#include "type1.h"

/* So long type1 may take to unmap, when all pages there are unpinned. */
#define UNMAP_JIFFIES (HZ / 50 + 1)

void vmp_type1_lock_to_pin(struct vmp_migration *mig)
{
	struct vmp_dirty *dirty = &mig->dirty;
	long left;

	for (;;) {
		mutex_lock(&dirty->lock);
		left = (long)(dirty->pin_after - jiffies);
		if (left <= 0)
			return;
		mutex_unlock(&dirty->lock);
		schedule_timeout_uninterruptible(left);
	}
}

void vmp_type1_hold_off(struct vmp_migration *mig)
{
	lockdep_assert_held(&mig->dirty.lock);

	mig->dirty.pin_after = jiffies + UNMAP_JIFFIES;
}

/*
 * Is there something else than memory, such as a BAR of another device? It
 * cannot be pinned, and need not be reported. Who maps by a container cannot
 * change the domain while the device is open.
 */
static bool is_mapped_mmio(struct vmp_migration *mig, dma_addr_t iova)
{
	struct iommu_domain *domain =
		iommu_get_domain_for_dev(&mig->core->pdev->dev);
	phys_addr_t phys = domain ? iommu_iova_to_phys(domain, iova) : 0;

	return phys && !pfn_valid(PHYS_PFN(phys));
}

int vmp_type1_pin(struct vmp_migration *mig, unsigned long page)
{
	struct vfio_device *core_vdev = &mig->core->vdev;
	dma_addr_t iova = (dma_addr_t)page << PAGE_SHIFT;
	struct page *unused;
	int ret;

	lockdep_assert_held(&mig->dirty.lock);

	if (vmp_compat_has_iommufd(core_vdev))
		return 0;

	/* One by one, as type1 does: nothing is gained by telling it of more. */
	ret = vfio_pin_pages(core_vdev, iova, 1, IOMMU_WRITE, &unused);
	switch (ret) {
	case 1:
	case -ENOMEM:
		return ret;
	case -ENOTTY: /* no IOMMU at all */
	case -EACCES: /* type1 in its first version, which has no bitmap */
		return 0;
	default:
		return is_mapped_mmio(mig, iova) ? 0 : -EFAULT;
	}
}

void vmp_type1_unpin(struct vmp_migration *mig, unsigned long page)
{
	lockdep_assert_held(&mig->dirty.lock);

	vfio_unpin_pages(&mig->core->vdev, (dma_addr_t)page << PAGE_SHIFT, 1);
}

static bool try_narrow(struct vmp_migration *mig, unsigned long page)
{
	struct page *unused;

	/* For reading, as any mapping will do. */
	if (vfio_pin_pages(&mig->core->vdev, (dma_addr_t)page << PAGE_SHIFT, 1,
			   IOMMU_READ, &unused) != 1)
		return false;

	vmp_type1_unpin(mig, page);
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
	if (vmp_compat_has_iommufd(&mig->core->vdev))
		return;

	vmp_type1_lock_to_pin(mig);
	if (!narrow_somewhere(mig))
		pci_dbg(mig->core->pdev,
			"found no page to pin, all memory counts as dirty\n");
	mutex_unlock(&mig->dirty.lock);
}
