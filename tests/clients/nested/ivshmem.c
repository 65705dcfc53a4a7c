// SPDX-License-Identifier: GPL-2.0-only
/*
 * QEMU's "ivshmem-plain", see docs/specs/ivshmem-spec.rst there. A round fills
 * one page of its memory with numbers that follow from a seed, and compares
 * another page with the seed that it was filled from.
 */

#include <linux/delay.h>
#include <linux/prandom.h>
#include <linux/random.h>

#include "load.h"

#define MEMORY_BAR 2
/* Enough to make every page another within a minute. */
#define ROUND_MS 20

/**
 * struct ivshmem - one device
 * @load: its thread and counts
 * @memory: BAR 2
 * @nr_pages: of it
 * @seeds: what each page was filled from
 */
struct ivshmem {
	struct load load;
	void __iomem *memory;
	u32 nr_pages;
	u64 *seeds;
};

static void fill(struct ivshmem *ivshmem, u32 page)
{
	void __iomem *at = ivshmem->memory + page * PAGE_SIZE;
	struct rnd_state state;
	u32 i;

	ivshmem->seeds[page] = get_random_u64();
	prandom_seed_state(&state, ivshmem->seeds[page]);
	for (i = 0; i < PAGE_SIZE; i += sizeof(u32))
		writel(prandom_u32_state(&state), at + i);
}

static bool is_as_filled(struct ivshmem *ivshmem, u32 page)
{
	void __iomem *at = ivshmem->memory + page * PAGE_SIZE;
	struct rnd_state state;
	u32 i;

	prandom_seed_state(&state, ivshmem->seeds[page]);
	for (i = 0; i < PAGE_SIZE; i += sizeof(u32)) {
		if (readl(at + i) != prandom_u32_state(&state))
			return false;
	}
	return true;
}

static void ivshmem_round(struct load *load)
{
	struct ivshmem *ivshmem = container_of(load, struct ivshmem, load);

	load_begin(load);
	fill(ivshmem, get_random_u32() % ivshmem->nr_pages);
	load_end(load, is_as_filled(ivshmem,
				    get_random_u32() % ivshmem->nr_pages));
	msleep(ROUND_MS);
}

static int ivshmem_load_probe(struct pci_dev *pdev,
			      const struct pci_device_id *id)
{
	struct ivshmem *ivshmem;
	u32 page;
	int ret;

	ivshmem = devm_kzalloc(&pdev->dev, sizeof(*ivshmem), GFP_KERNEL);
	if (!ivshmem)
		return -ENOMEM;

	ivshmem->load.round = ivshmem_round;
	ret = pcim_enable_device(pdev) ?:
	      pcim_iomap_regions(pdev, BIT(MEMORY_BAR), "ivshmem_load");
	if (ret)
		return ret;

	ivshmem->memory = pcim_iomap_table(pdev)[MEMORY_BAR];
	ivshmem->nr_pages = pci_resource_len(pdev, MEMORY_BAR) / PAGE_SIZE;
	ivshmem->seeds = devm_kcalloc(&pdev->dev, ivshmem->nr_pages,
				      sizeof(*ivshmem->seeds), GFP_KERNEL);
	if (!ivshmem->seeds)
		return -ENOMEM;

	for (page = 0; page < ivshmem->nr_pages; page++)
		fill(ivshmem, page);
	return load_start(&ivshmem->load, pdev);
}

static void ivshmem_load_remove(struct pci_dev *pdev)
{
	load_stop(pci_get_drvdata(pdev));
}

static const struct pci_device_id ivshmem_load_ids[] = {
	{ PCI_DEVICE(0x1af4, 0x1110) },
	{}
};

struct pci_driver ivshmem_load_driver = {
	.name = "ivshmem_load",
	.id_table = ivshmem_load_ids,
	.probe = ivshmem_load_probe,
	.remove = ivshmem_load_remove,
	.dev_groups = load_groups,
};
