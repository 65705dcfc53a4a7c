// SPDX-License-Identifier: GPL-2.0-only
/*
 * QEMU's "edu", see docs/specs/edu.rst there. A round lets it compute
 * factorials, copy random bytes into its buffer, and copy them back; each
 * operation must interrupt.
 */

#include <linux/completion.h>
#include <linux/dma-mapping.h>
#include <linux/interrupt.h>
#include <linux/io-64-nonatomic-lo-hi.h>
#include <linux/random.h>

#include "load.h"

#define FACTORIAL 0x08
#define STATUS 0x20
#define STATUS_IRQ_WHEN_DONE 0x80
#define IRQ_STATUS 0x24
#define IRQ_ACK 0x64
#define DMA_SOURCE 0x80
#define DMA_TARGET 0x88
#define DMA_COUNT 0x90
#define DMA_COMMAND 0x98
#define DMA_RUN 0x1
#define DMA_TO_MEMORY 0x2
#define DMA_INTERRUPTS 0x4
#define IRQ_FACTORIAL 0x001
#define IRQ_DMA 0x100
#define BUFFER 0x40000

/* QEMU before 8.0 dies of the last byte of the buffer. */
#define BUFFER_BYTES 4095
/* A copy takes 0.1 s; the rest is patience with a busy computer. */
#define LIMIT_S 30
/* 33! is the last that is not 0 in 32 bits. */
#define NR_FACTORIALS 36

/**
 * struct edu - one device
 * @load: its thread and counts
 * @registers: BAR 0
 * @memory: two pages that it copies from, and to
 * @iova: where the device finds them
 * @done: the operation has interrupted
 * @awaited: the bit of IRQ_STATUS that this sets
 */
struct edu {
	struct load load;
	void __iomem *registers;
	u8 *memory;
	dma_addr_t iova;
	struct completion done;
	u32 awaited;
};

static irqreturn_t handle_irq(int irq, void *data)
{
	struct edu *edu = data;
	u32 status = readl(edu->registers + IRQ_STATUS);

	if (status)
		writel(status, edu->registers + IRQ_ACK);
	/* One that a migration raised for nothing takes no other's place. */
	if (status && status & xchg(&edu->awaited, 0)) {
		atomic_inc(&edu->load.interrupts);
		complete(&edu->done);
	} else {
		atomic_inc(&edu->load.extra);
	}
	return IRQ_HANDLED;
}

static void begin(struct edu *edu, u32 irq)
{
	load_begin(&edu->load);
	reinit_completion(&edu->done);
	xchg(&edu->awaited, irq);
}

static bool has_interrupted(struct edu *edu)
{
	if (wait_for_completion_timeout(&edu->done, LIMIT_S * HZ))
		return true;
	atomic_inc(&edu->load.lost);
	return false;
}

static void compute(struct edu *edu)
{
	u32 n = get_random_u32() % NR_FACTORIALS;
	u32 expected = 1;
	u32 i;

	for (i = 2; i <= n; i++)
		expected *= i;

	begin(edu, IRQ_FACTORIAL);
	writel(STATUS_IRQ_WHEN_DONE, edu->registers + STATUS);
	writel(n, edu->registers + FACTORIAL);
	if (has_interrupted(edu))
		load_end(&edu->load,
			 readl(edu->registers + FACTORIAL) == expected);
}

static bool copy(struct edu *edu, u64 source, u64 target, u64 direction)
{
	begin(edu, IRQ_DMA);
	writeq(source, edu->registers + DMA_SOURCE);
	writeq(target, edu->registers + DMA_TARGET);
	writeq(BUFFER_BYTES, edu->registers + DMA_COUNT);
	writeq(DMA_RUN | DMA_INTERRUPTS | direction,
	       edu->registers + DMA_COMMAND);
	return has_interrupted(edu);
}

/* Into the device, and back to where something else is, up to the last byte. */
static void copy_there_and_back(struct edu *edu)
{
	u8 *back = edu->memory + PAGE_SIZE;
	bool is_right;
	u8 other;

	get_random_bytes(edu->memory, BUFFER_BYTES);
	other = ~edu->memory[BUFFER_BYTES - 1];
	memset(back, other, PAGE_SIZE);
	if (!copy(edu, edu->iova, BUFFER, 0))
		return;

	load_end(&edu->load, true);
	compute(edu);
	if (!copy(edu, BUFFER, edu->iova + PAGE_SIZE, DMA_TO_MEMORY))
		return;

	is_right = !memcmp(edu->memory, back, BUFFER_BYTES) &&
		   back[BUFFER_BYTES] == other;
	load_end(&edu->load, is_right);
}

static void edu_round(struct load *load)
{
	struct edu *edu = container_of(load, struct edu, load);

	compute(edu);
	copy_there_and_back(edu);
}

static int edu_load_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct device *dev = &pdev->dev;
	struct edu *edu;
	int ret;

	edu = devm_kzalloc(dev, sizeof(*edu), GFP_KERNEL);
	if (!edu)
		return -ENOMEM;

	edu->load.round = edu_round;
	init_completion(&edu->done);
	ret = pcim_enable_device(pdev) ?:
	      pcim_iomap_regions(pdev, BIT(0), "edu_load") ?:
	      dma_set_mask_and_coherent(dev, DMA_BIT_MASK(28));
	if (ret)
		return ret;

	edu->registers = pcim_iomap_table(pdev)[0];
	edu->memory = dmam_alloc_coherent(dev, 2 * PAGE_SIZE, &edu->iova,
					  GFP_KERNEL);
	if (!edu->memory)
		return -ENOMEM;

	pci_set_master(pdev);
	ret = pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_MSI);
	if (ret < 0)
		return ret;

	ret = devm_request_irq(dev, pci_irq_vector(pdev, 0), handle_irq, 0,
			       "edu_load", edu);
	return ret ?: load_start(&edu->load, pdev);
}

static void edu_load_remove(struct pci_dev *pdev)
{
	load_stop(pci_get_drvdata(pdev));
}

static const struct pci_device_id edu_load_ids[] = {
	{ PCI_DEVICE(0x1234, 0x11e8) },
	{}
};

struct pci_driver edu_load_driver = {
	.name = "edu_load",
	.id_table = edu_load_ids,
	.probe = edu_load_probe,
	.remove = edu_load_remove,
	.dev_groups = load_groups,
};
