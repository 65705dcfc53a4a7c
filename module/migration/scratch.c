// SPDX-License-Identifier: GPL-2.0-only
/*
 * A page of the kernel's in the device's address space, for backends that can
 * reach some of the device's state only by having it do DMA.
 *
 * The IOMMU domain is the one of the user's container or IOAS. Why that is
 * safe:
 *
 * 1. Under the device set's lock, which @may_scratch stands for, nobody can
 *    attach the device to another domain, or close it.
 * 2. The page holds nothing but what the backend puts there, so devices in the
 *    same domain can read and spoil only what is this user's anyway.
 * 3. The address is one where nothing is mapped. No lock keeps the user from
 *    mapping it meanwhile; VMMs do not do that while they change the state. As
 *    page tables differ in what they make of it, his own mapping may fail, or
 *    miss a page, and Intel's driver warns in the kernel log.
 * 4. If he also unmaps it meanwhile, type1 and iommufd take what they find
 *    there for a page that they have pinned, and unpin it. See PIN_BIAS.
 */

#include <linux/align.h>
#include <linux/bug.h>
#include <linux/export.h>
#include <linux/gfp.h>
#include <linux/iommu.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/page_ref.h>
#include <linux/pci.h>
#include <linux/sched.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "access.h"
#include "compat/iommu.h"
#include "device.h"
#include "scratch.h"

/*
 * Addresses to try in steps of 64 KiB, and then of a page: all of the 4 GiB
 * below the device's highest address, then 256 MiB.
 */
#define NR_TRIES (64 * 1024)

/*
 * References that the page has in excess, so that unpinning what was never
 * pinned does not free it. It takes a user much trouble to have it unpinned
 * once; a page that lost half of them is given up.
 */
#define PIN_BIAS (1024 * GUP_PIN_COUNTING_BIAS)

/* Where a page may be: from @first to @last, both multiples of PAGE_SIZE. */
struct window {
	struct iommu_domain *domain;
	struct list_head reserved;
	u64 first;
	u64 last;
};

/* NULL if a page cannot be mapped for the device. */
static struct iommu_domain *get_domain(const struct vmp_migration *mig)
{
	struct iommu_domain *domain;

	domain = iommu_get_domain_for_dev(&mig->core->pdev->dev);
	if (!domain || !(domain->type & __IOMMU_DOMAIN_PAGING))
		return NULL;

	/* One of at most PAGE_SIZE, of which a page consists. */
	return domain->pgsize_bitmap & (PAGE_SIZE | (PAGE_SIZE - 1)) ? domain :
								       NULL;
}

static bool is_reserved(const struct window *window, u64 iova)
{
	struct iommu_resv_region *region;

	list_for_each_entry(region, &window->reserved, list)
		if (iova < (u64)region->start + region->length &&
		    region->start < iova + PAGE_SIZE)
			return true;

	return false;
}

static bool is_free(const struct window *window, u64 iova)
{
	size_t step = 1UL << __ffs(window->domain->pgsize_bitmap);
	size_t at;

	if (is_reserved(window, iova))
		return false;

	for (at = 0; at < PAGE_SIZE; at += step)
		if (iommu_iova_to_phys(window->domain, iova + at))
			return false;

	return true;
}

/* From high to low, as guests have their memory low. 0 if there is none. */
static u64 find_free(const struct window *window, u64 step)
{
	u64 iova = ALIGN_DOWN(window->last, step);
	unsigned int tries;

	for (tries = 0; tries < NR_TRIES && iova >= window->first; tries++) {
		if (is_free(window, iova))
			return iova;

		iova -= step;
		cond_resched();
	}

	return 0;
}

/* Never address 0, which a device may take for none. */
static void limit_window(struct window *window, u64 dma_mask)
{
	const struct iommu_domain_geometry *geometry =
		&window->domain->geometry;
	u64 start = PAGE_SIZE;
	u64 end = min_t(u64, dma_mask, ULONG_MAX);

	if (geometry->force_aperture) {
		start = max_t(u64, start, geometry->aperture_start);
		end = min_t(u64, end, geometry->aperture_end);
	}

	window->first = ALIGN(start, PAGE_SIZE);
	window->last = end < PAGE_SIZE ? 0 :
					 ALIGN_DOWN(end - (PAGE_SIZE - 1),
						    PAGE_SIZE);
}

static int get_reserved(struct vmp_migration *mig, struct list_head *reserved)
{
	struct iommu_group *group = iommu_group_get(&mig->core->pdev->dev);
	int ret;

	if (!group)
		return -ENODEV;

	ret = iommu_get_group_resv_regions(group, reserved);
	iommu_group_put(group);
	return ret;
}

static void put_reserved(struct list_head *reserved)
{
	struct iommu_resv_region *region;
	struct iommu_resv_region *next;

	list_for_each_entry_safe(region, next, reserved, list)
		kfree(region);
}

static int find_iova(struct vmp_migration *mig, struct iommu_domain *domain,
		     u64 dma_mask, dma_addr_t *iova)
{
	struct window window = {
		.domain = domain,
		.reserved = LIST_HEAD_INIT(window.reserved),
	};
	int ret;

	limit_window(&window, dma_mask);
	ret = get_reserved(mig, &window.reserved);
	if (ret)
		goto out;

	*iova = find_free(&window, max_t(u64, SZ_64K, PAGE_SIZE));
	if (!*iova)
		*iova = find_free(&window, PAGE_SIZE);
	if (!*iova)
		ret = -ENOSPC;

out:
	put_reserved(&window.reserved);
	return ret;
}

static bool is_intact(struct page *page)
{
	return page_ref_count(page) > PIN_BIAS / 2;
}

static struct page *get_page_to_lend(struct vmp_migration *mig)
{
	struct page *page = mig->scratch_page;

	if (page && is_intact(page)) {
		clear_page(page_address(page));
		return page;
	}

	/* If there is one, it is still the user's business: never free it. */
	page = alloc_page(GFP_KERNEL_ACCOUNT | __GFP_ZERO);
	if (page)
		page_ref_add(page, PIN_BIAS);

	mig->scratch_page = page;
	return page;
}

int vmp_scratch_get(struct vmp_device *dev, u64 dma_mask,
		    struct vmp_scratch *scratch)
{
	struct vmp_migration *mig = vmp_migration_from_dev(dev);
	struct iommu_domain *domain;
	struct page *page;
	int ret;

	lockdep_assert_held(&mig->lock);
	lockdep_assert_held(&mig->core->vdev.dev_set->lock);
	if (WARN_ON_ONCE(!mig->may_scratch))
		return -EINVAL;

	domain = get_domain(mig);
	if (!domain)
		return -ENODEV;

	page = get_page_to_lend(mig);
	if (!page)
		return -ENOMEM;

	ret = find_iova(mig, domain, dma_mask, &scratch->iova);
	if (ret)
		return ret;

	ret = vmp_compat_iommu_map(domain, scratch->iova, page_to_phys(page),
				   PAGE_SIZE,
				   IOMMU_READ | IOMMU_WRITE | IOMMU_CACHE);
	if (ret)
		return ret;

	scratch->cpu = page_address(page);
	scratch->set_master = vmp_access_set_command(mig, PCI_COMMAND_MASTER);
	return 0;
}
EXPORT_SYMBOL_GPL(vmp_scratch_get);

void vmp_scratch_put(struct vmp_device *dev, struct vmp_scratch *scratch)
{
	struct vmp_migration *mig = vmp_migration_from_dev(dev);
	struct iommu_domain *domain = get_domain(mig);

	lockdep_assert_held(&mig->lock);
	if (scratch->set_master)
		vmp_access_clear_command(mig, PCI_COMMAND_MASTER);

	if (WARN_ON_ONCE(!domain))
		return;

	/* Not what the user has mapped there meanwhile. */
	if (iommu_iova_to_phys(domain, scratch->iova) ==
	    page_to_phys(mig->scratch_page))
		iommu_unmap(domain, scratch->iova, PAGE_SIZE);
}
EXPORT_SYMBOL_GPL(vmp_scratch_put);

void vmp_scratch_fini(struct vmp_migration *mig)
{
	struct page *page = mig->scratch_page;

	if (!page)
		return;

	mig->scratch_page = NULL;
	if (page_ref_count(page) != 1 + PIN_BIAS) {
		pci_warn(mig->core->pdev,
			 "lost a page of memory, its user unmapped it\n");
		return;
	}

	page_ref_sub(page, PIN_BIAS);
	__free_page(page);
}
