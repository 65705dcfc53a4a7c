// SPDX-License-Identifier: GPL-2.0-only
/* Backend for QEMU's teaching device "edu"; see docs/writing-a-backend.md. */

#include <linux/dmi.h>
#include <vmp/backend.h>

#include "registers.h"

#define BAR 0
#define DMA_MASK 0x0fffffff /* unless QEMU was told otherwise */
#define DMA_LIMIT_MS 1000 /* takes 100 */
#define FACTORIAL_PATIENCE_MS 500 /* what takes longer can move */
#define FACTORIAL_LIMIT_MS 30000 /* has up to 2^32 - 1 factors */

/* The only record. */
struct edu_state {
	__le32 liveness;
	__le32 factorial; /* the result, or the operand while COMPUTING */
	__le32 status;
	__le32 irq_status;
	__le64 dma[3]; /* source, target, count */
	__le64 command; /* with RUN if it is still to begin */
	__u8 buffer[EDU_BUFFER_BYTES];
};

static_assert(sizeof(struct edu_state) == 48 + EDU_BUFFER_BYTES);

struct edu {
	u64 command; /* the last that began; with RUN until we see it done */
	u64 kept; /* the next, which waits for the device to be resumed, or 0 */
	u32 operand; /* factorial that waits likewise, or 0 */
	struct edu_state state;
};

/*
 * QEMU before 8.0 dies of transfers that are empty or touch the buffer's last
 * byte. No QEMU has machines newer than itself, as in "pc-q35-8.0".
 */
static u64 reachable_bytes(void)
{
	const char *machine = dmi_get_system_info(DMI_PRODUCT_VERSION) ?: "";
	unsigned int major;

	if (sscanf(strrchr(machine, '-') ?: "", "-%u.", &major) == 1 && major >= 8)
		return EDU_BUFFER_BYTES;
	return EDU_BUFFER_BYTES - 1;
}

/* What waited; but no DMA beside the buffer, as that is QEMU's own memory. */
static int resume(struct vmp_device *dev)
{
	struct edu *edu = dev->priv;
	u64 command = edu->kept;
	u64 source = vmp_read64(dev, BAR, EDU_DMA_SOURCE);
	u64 target = vmp_read64(dev, BAR, EDU_DMA_TARGET);
	u64 bytes = vmp_read64(dev, BAR, EDU_DMA_COUNT);
	bool to_memory = command & EDU_DMA_TO_MEMORY;
	u64 first = (to_memory ? source : target) - EDU_BUFFER;
	u64 limit = reachable_bytes();
	int ret = 0;

	if (edu->operand)
		vmp_write32(dev, BAR, EDU_FACTORIAL, edu->operand);
	edu->operand = 0;
	edu->kept = 0;
	if (!command || bytes > limit || first > limit - bytes ||
	    (!bytes && limit < EDU_BUFFER_BYTES))
		return 0;

	if (to_memory)
		ret = vmp_dma_begin(dev, target, bytes);
	if (ret && ret != -EFAULT)
		return ret;
	edu->command = command;
	vmp_write64(dev, BAR, EDU_DMA_COMMAND, command);
	return 0;
}

static void look_if_done(struct vmp_device *dev)
{
	struct edu *edu = dev->priv;

	if (!(edu->command & EDU_DMA_RUN) || vmp_read32(dev, BAR, EDU_DMA_COMMAND) & EDU_DMA_RUN)
		return;
	edu->command &= ~EDU_DMA_RUN;
	vmp_dma_end(dev, vmp_read64(dev, BAR, EDU_DMA_TARGET), vmp_read64(dev, BAR, EDU_DMA_COUNT));
}

static int read_command(struct vmp_device *dev, u32 offset, unsigned int size, u64 *value)
{
	struct edu *edu = dev->priv;

	look_if_done(dev);
	*value = offset % 8 || size < 4 ? ~0ULL : edu->kept ?: edu->command;
	return 0;
}

/* To all four registers, so that none changes between check and command. */
static int write_dma(struct vmp_device *dev, u32 offset, unsigned int size, u64 value)
{
	struct edu *edu = dev->priv;

	look_if_done(dev);
	if (offset % 8 || size < 4 || edu->kept || edu->command & EDU_DMA_RUN)
		return 0;
	if (offset != EDU_DMA_COMMAND)
		vmp_write64(dev, BAR, offset, value);
	else if (value & EDU_DMA_RUN)
		edu->kept = value;
	return vmp_is_running(dev) ? resume(dev) : 0;
}

static int quiesce(struct vmp_device *dev)
{
	int ret = vmp_wait32(dev, BAR, EDU_DMA_COMMAND, EDU_DMA_RUN, 0, DMA_LIMIT_MS);

	look_if_done(dev);
	vmp_wait32(dev, BAR, EDU_STATUS, EDU_STATUS_COMPUTING, 0, FACTORIAL_PATIENCE_MS);
	return ret;
}

/* By DMA, between the device's buffer and @state's; then the engine is as in @state. */
static int copy_buffer(struct vmp_device *dev, struct edu_state *state, bool is_save)
{
	struct vmp_scratch page;
	int ret = vmp_scratch_get(dev, DMA_MASK, &page);
	int i;

	if (!ret) {
		memcpy(page.cpu, state->buffer, EDU_BUFFER_BYTES);
		vmp_write64(dev, BAR, EDU_DMA_SOURCE, is_save ? EDU_BUFFER : page.iova);
		vmp_write64(dev, BAR, EDU_DMA_TARGET, is_save ? page.iova : EDU_BUFFER);
		vmp_write64(dev, BAR, EDU_DMA_COUNT, reachable_bytes());
		vmp_write64(dev, BAR, EDU_DMA_COMMAND,
			    EDU_DMA_RUN | (is_save ? EDU_DMA_TO_MEMORY : 0));
		ret = vmp_wait32(dev, BAR, EDU_DMA_COMMAND, EDU_DMA_RUN, 0, DMA_LIMIT_MS);
		memcpy(state->buffer, page.cpu, EDU_BUFFER_BYTES);
		vmp_scratch_put(dev, &page);
	}
	for (i = 0; i < ARRAY_SIZE(state->dma); i++)
		vmp_write64(dev, BAR, EDU_DMA_SOURCE + 8 * i, le64_to_cpu(state->dma[i]));
	return ret;
}

/*
 * What still COMPUTES has 34 factors at least, so its result is 0. It begins
 * anew at the target. If it ends just now, its interrupt has 100 ms to show.
 */
static int save_begin(struct vmp_device *dev)
{
	struct edu *edu = dev->priv;
	struct edu_state *state = &edu->state;
	u32 status = vmp_read32(dev, BAR, EDU_STATUS);
	u32 factorial = vmp_read32(dev, BAR, EDU_FACTORIAL);
	int ret;
	int i;

	status &= factorial ? ~0 : ~EDU_STATUS_COMPUTING;
	status |= edu->operand ? EDU_STATUS_COMPUTING : 0;
	state->status = cpu_to_le32(status);
	state->factorial = cpu_to_le32(edu->operand ?: factorial);
	state->liveness = cpu_to_le32(vmp_read32(dev, BAR, EDU_LIVENESS));
	state->command = cpu_to_le64(edu->kept ?: edu->command);
	for (i = 0; i < ARRAY_SIZE(state->dma); i++)
		state->dma[i] = cpu_to_le64(vmp_read64(dev, BAR, EDU_DMA_SOURCE + 8 * i));
	ret = copy_buffer(dev, state, true);
	state->irq_status = cpu_to_le32(vmp_read32(dev, BAR, EDU_IRQ_STATUS));
	return ret;
}

static int save(struct vmp_device *dev, struct vmp_record *record)
{
	struct edu *edu = dev->priv;

	record->length = sizeof(edu->state);
	memcpy(record->data, &edu->state, sizeof(edu->state));
	return 1;
}

/* The number whose factorial is @result modulo 2^32; from 34 on, that is 0. */
static u32 find_operand(u32 result)
{
	u32 factorial = 1;
	u32 n = 0;

	while (n <= 34 && factorial != result)
		factorial *= ++n;
	return n;
}

/* Nothing may interrupt on the way. What needs no DMA works without an IOMMU. */
static int load(struct vmp_device *dev, const struct vmp_record *record)
{
	struct edu *edu = dev->priv;
	struct edu_state *state = record->data;
	u64 command = le64_to_cpu(state->command);
	u32 status = le32_to_cpu(state->status);
	u32 factorial = le32_to_cpu(state->factorial);
	u32 operand = find_operand(status & EDU_STATUS_COMPUTING ? 0 : factorial);
	int ret;

	if (operand > 34 ||
	    status & ~(EDU_STATUS_IRQ_WHEN_DONE | (factorial ? EDU_STATUS_COMPUTING : 0)) ||
	    memchr_inv(state->buffer + reachable_bytes(), 0, EDU_BUFFER_BYTES - reachable_bytes()))
		return -EINVAL;

	edu->command = command & ~EDU_DMA_RUN;
	edu->kept = command & EDU_DMA_RUN ? command : 0;
	edu->operand = status & EDU_STATUS_COMPUTING ? factorial : 0;
	vmp_write32(dev, BAR, EDU_STATUS, 0);
	ret = vmp_wait32(dev, BAR, EDU_STATUS, EDU_STATUS_COMPUTING, 0, FACTORIAL_LIMIT_MS);
	vmp_write32(dev, BAR, EDU_FACTORIAL, operand);
	ret = copy_buffer(dev, state, false) ?: ret;
	vmp_write32(dev, BAR, EDU_LIVENESS, ~le32_to_cpu(state->liveness));
	vmp_write32(dev, BAR, EDU_STATUS, status & EDU_STATUS_IRQ_WHEN_DONE);
	vmp_write32(dev, BAR, EDU_IRQ_ACK, ~0);
	vmp_write32(dev, BAR, EDU_IRQ_RAISE, le32_to_cpu(state->irq_status));
	return ret;
}

static void was_reset(struct vmp_device *dev)
{
	memset(dev->priv, 0, sizeof(struct edu));
}

static int reset(struct vmp_device *dev)
{
	struct edu *edu = dev->priv;
	struct vmp_record power_on = { .data = &edu->state };

	was_reset(dev);
	return quiesce(dev) ?: load(dev, &power_on);
}

static const struct pci_device_id ids[] = { { PCI_DEVICE(0x1234, 0x11e8) }, {} };

static const struct vmp_record_type records[] = {
	{ sizeof(struct edu_state), sizeof(struct edu_state) },
};

static const struct vmp_trap traps[] = {
	{ BAR, EDU_DMA_SOURCE, 24, .write = write_dma },
	{ BAR, EDU_DMA_COMMAND, 8, .read = read_command, .write = write_dma },
};

static const struct vmp_backend edu_backend = {
	.name = "edu",
	.owner = THIS_MODULE,
	.ids = ids,
	.priv_bytes = sizeof(struct edu),
	.version = 1,
	.records = records,
	.nr_records = ARRAY_SIZE(records),
	.traps = traps,
	.nr_traps = ARRAY_SIZE(traps),
	.bars = BIT(BAR),
	.tracks_dirty = true,
	.ignores_pci_reset = true, /* QEMU's model has no reset */
	.quiesce = quiesce,
	.resume = resume,
	.save_begin = save_begin,
	.save = save,
	.load = load,
	.reset = reset,
	.was_reset = was_reset,
};

module_vmp_backend(edu_backend);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Migration of QEMU's device edu, for vfio-mdev-pci");
VMP_BACKEND_ALIAS("00001234", "000011E8");
