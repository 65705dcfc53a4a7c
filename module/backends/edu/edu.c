// SPDX-License-Identifier: GPL-2.0-only
/*
 * Backend for QEMU's teaching device "edu". docs/writing-a-backend.md goes
 * through it step by step.
 */

#include <linux/dma-mapping.h>
#include <linux/dmi.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <vmp/backend.h>

#include "registers.h"

#define BAR 0
#define DMA_MASK DMA_BIT_MASK(28)
#define DMA_LIMIT_MS 1000 /* takes 100 */
#define FACTORIAL_PATIENCE_MS 500 /* what takes longer can move */
#define FACTORIAL_LIMIT_MS 30000 /* has up to 2^32 - 1 factors */

/* The only record. */
struct edu_state {
	__le32 liveness;
	__le32 factorial; /* while it is computed, the operand */
	__le32 status;
	__le32 irq_status;
	__le64 dma[3]; /* source, target, count */
	__le64 command; /* with RUN if it is still to begin */
	__u8 buffer[EDU_BUFFER_BYTES];
};

static_assert(sizeof(struct edu_state) == 48 + EDU_BUFFER_BYTES);

struct edu {
	u64 command; /* what the guest reads; with RUN until we see it done */
	bool is_kept; /* the command waits for the device to be resumed */
	u32 operand; /* factorial to compute when the device is resumed, or 0 */
	bool is_saved; /* state is in the stream */
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

/* Outside of its buffer the device reads and writes QEMU's own memory. */
static bool is_in_buffer(u64 address, u64 bytes)
{
	u64 limit = reachable_bytes();

	return bytes <= limit && address - EDU_BUFFER <= limit - bytes &&
	       (bytes || limit == EDU_BUFFER_BYTES);
}

static int begin_command(struct vmp_device *dev)
{
	u64 source = vmp_read64(dev, BAR, EDU_DMA_SOURCE);
	u64 target = vmp_read64(dev, BAR, EDU_DMA_TARGET);
	u64 bytes = vmp_read64(dev, BAR, EDU_DMA_COUNT);
	struct edu *edu = dev->priv;
	bool to_memory = edu->command & EDU_DMA_TO_MEMORY;
	bool is_good = is_in_buffer(to_memory ? source : target, bytes);
	int ret = is_good && to_memory ? vmp_dma_begin(dev, target, bytes) : 0;

	edu->is_kept = false;
	if (is_good && (!ret || ret == -EFAULT)) {
		vmp_write64(dev, BAR, EDU_DMA_COMMAND, edu->command);
		return 0;
	}
	edu->command &= ~EDU_DMA_RUN;
	return ret;
}

static void look_if_done(struct vmp_device *dev)
{
	struct edu *edu = dev->priv;

	if (edu->is_kept || !(edu->command & EDU_DMA_RUN) ||
	    vmp_read32(dev, BAR, EDU_DMA_COMMAND) & EDU_DMA_RUN)
		return;

	edu->command &= ~EDU_DMA_RUN;
	vmp_dma_end(dev, vmp_read64(dev, BAR, EDU_DMA_TARGET),
		    vmp_read64(dev, BAR, EDU_DMA_COUNT));
}

static int read_command(struct vmp_device *dev, u32 offset, unsigned int size, u64 *value)
{
	struct edu *edu = dev->priv;

	look_if_done(dev);
	*value = offset == EDU_DMA_COMMAND && size >= 4 ? edu->command : ~0ULL;
	return 0;
}

/* To all four registers, so that none changes between check and command. */
static int write_dma(struct vmp_device *dev, u32 offset, unsigned int size, u64 value)
{
	struct edu *edu = dev->priv;

	look_if_done(dev);
	if (size < 4 || offset % 8 || edu->command & EDU_DMA_RUN)
		return 0;
	if (offset != EDU_DMA_COMMAND) {
		vmp_write64(dev, BAR, offset, value);
	} else if (value & EDU_DMA_RUN) {
		edu->command = value;
		edu->is_kept = true;
	}
	return edu->is_kept && vmp_is_running(dev) ? begin_command(dev) : 0;
}

static int quiesce(struct vmp_device *dev)
{
	int ret = vmp_wait32(dev, BAR, EDU_DMA_COMMAND, EDU_DMA_RUN, 0, DMA_LIMIT_MS);

	look_if_done(dev);
	if (!ret)
		vmp_wait32(dev, BAR, EDU_STATUS, EDU_STATUS_COMPUTING, 0, FACTORIAL_PATIENCE_MS);
	return ret;
}

static int resume(struct vmp_device *dev)
{
	struct edu *edu = dev->priv;

	if (edu->operand)
		vmp_write32(dev, BAR, EDU_FACTORIAL, edu->operand);
	edu->operand = 0;
	return edu->is_kept ? begin_command(dev) : 0;
}

/* Between the device and @buffer, through a page. Leaves the DMA registers astray. */
static int copy_buffer(struct vmp_device *dev, u8 *buffer, bool to_memory)
{
	struct vmp_scratch page;
	int ret = vmp_scratch_get(dev, DMA_MASK, &page);

	if (ret)
		return ret;

	memcpy(page.cpu, buffer, EDU_BUFFER_BYTES);
	vmp_write64(dev, BAR, EDU_DMA_SOURCE, to_memory ? EDU_BUFFER : page.iova);
	vmp_write64(dev, BAR, EDU_DMA_TARGET, to_memory ? page.iova : EDU_BUFFER);
	vmp_write64(dev, BAR, EDU_DMA_COUNT, reachable_bytes());
	vmp_write64(dev, BAR, EDU_DMA_COMMAND, EDU_DMA_RUN | (to_memory ? EDU_DMA_TO_MEMORY : 0));
	ret = vmp_wait32(dev, BAR, EDU_DMA_COMMAND, EDU_DMA_RUN, 0, DMA_LIMIT_MS);
	memcpy(buffer, page.cpu, EDU_BUFFER_BYTES);
	vmp_scratch_put(dev, &page);
	return ret;
}

static void put_dma(struct vmp_device *dev, const struct edu_state *state)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(state->dma); i++)
		vmp_write64(dev, BAR, EDU_DMA_SOURCE + 8 * i, le64_to_cpu(state->dma[i]));
}

/*
 * What was computed for so long has 34 factors at least, which makes 0 of 32
 * bits. It goes on here and begins anew at the target; if it ends just now, its
 * interrupt has 100 ms to get into irq_status.
 */
static int save_begin(struct vmp_device *dev)
{
	struct edu *edu = dev->priv;
	struct edu_state *state = &edu->state;
	u32 status = vmp_read32(dev, BAR, EDU_STATUS);
	u32 factorial = vmp_read32(dev, BAR, EDU_FACTORIAL);
	unsigned int i;
	int ret;

	if (edu->operand)
		status |= EDU_STATUS_COMPUTING;
	else if (!factorial)
		status &= ~EDU_STATUS_COMPUTING;
	state->status = cpu_to_le32(status);
	state->factorial = cpu_to_le32(edu->operand ?: factorial);
	state->liveness = cpu_to_le32(vmp_read32(dev, BAR, EDU_LIVENESS));
	for (i = 0; i < ARRAY_SIZE(state->dma); i++)
		state->dma[i] = cpu_to_le64(vmp_read64(dev, BAR, EDU_DMA_SOURCE + 8 * i));
	state->command = cpu_to_le64(edu->command);
	ret = copy_buffer(dev, state->buffer, true);
	put_dma(dev, state);
	state->irq_status = cpu_to_le32(vmp_read32(dev, BAR, EDU_IRQ_STATUS));
	edu->is_saved = false;
	return ret;
}

static int save(struct vmp_device *dev, struct vmp_record *record)
{
	struct edu *edu = dev->priv;

	if (edu->is_saved)
		return 0;

	edu->is_saved = true;
	record->length = sizeof(edu->state);
	memcpy(record->data, &edu->state, sizeof(edu->state));
	return 1;
}

static void get_sizes(struct vmp_device *dev, struct vmp_sizes *sizes)
{
	sizes->stopped_bytes = sizeof(struct edu_state);
}

/* The number whose factorial is @result modulo 2^32, or -1. */
static int find_operand(u32 result)
{
	u32 factorial = 1;
	int n;

	for (n = 0; n <= 34; factorial *= ++n)
		if (factorial == result)
			return n;
	return -1;
}

/* Nothing may interrupt on the way. All but the buffer needs no DMA. */
static int put_state(struct vmp_device *dev, struct edu_state *state, int operand)
{
	int ret;

	vmp_write32(dev, BAR, EDU_STATUS, 0);
	ret = vmp_wait32(dev, BAR, EDU_STATUS, EDU_STATUS_COMPUTING, 0, FACTORIAL_LIMIT_MS);
	vmp_write32(dev, BAR, EDU_FACTORIAL, operand);
	ret = copy_buffer(dev, state->buffer, false) ?: ret;
	put_dma(dev, state);
	vmp_write32(dev, BAR, EDU_LIVENESS, ~le32_to_cpu(state->liveness));
	vmp_write32(dev, BAR, EDU_STATUS, le32_to_cpu(state->status) & EDU_STATUS_IRQ_WHEN_DONE);
	vmp_write32(dev, BAR, EDU_IRQ_ACK, ~0);
	vmp_write32(dev, BAR, EDU_IRQ_RAISE, le32_to_cpu(state->irq_status));
	return ret;
}

static int load(struct vmp_device *dev, const struct vmp_record *record)
{
	struct edu_state *state = record->data;
	u32 status = le32_to_cpu(state->status);
	u32 factorial = le32_to_cpu(state->factorial);
	bool is_computing = status & EDU_STATUS_COMPUTING;
	int operand = find_operand(is_computing ? 0 : factorial);
	struct edu *edu = dev->priv;

	if (operand < 0 || (is_computing && !factorial) ||
	    status & ~(EDU_STATUS_IRQ_WHEN_DONE | EDU_STATUS_COMPUTING) ||
	    memchr_inv(state->buffer + reachable_bytes(), 0, EDU_BUFFER_BYTES - reachable_bytes()))
		return -EINVAL;

	edu->command = le64_to_cpu(state->command);
	edu->is_kept = edu->command & EDU_DMA_RUN;
	edu->operand = is_computing ? factorial : 0;
	return put_state(dev, state, operand);
}

static int reset(struct vmp_device *dev)
{
	struct edu *edu = dev->priv;

	memset(&edu->state, 0, sizeof(edu->state));
	return quiesce(dev) ?: put_state(dev, &edu->state, find_operand(0));
}

static void was_reset(struct vmp_device *dev)
{
	memset(dev->priv, 0, sizeof(struct edu));
}

static int attach(struct vmp_device *dev)
{
	dev->priv = kzalloc(sizeof(struct edu), GFP_KERNEL);
	return dev->priv ? 0 : -ENOMEM;
}

static void detach(struct vmp_device *dev)
{
	kfree(dev->priv);
}

static const struct pci_device_id ids[] = {
	{ PCI_DEVICE(0x1234, 0x11e8) },
	{}
};

static const struct vmp_record_type records[] = {
	{ .min_bytes = sizeof(struct edu_state), .max_bytes = sizeof(struct edu_state) },
};

static const struct vmp_trap traps[] = {
	{ BAR, EDU_DMA_SOURCE, 24, .write = write_dma },
	{ BAR, EDU_DMA_COMMAND, 8, .read = read_command, .write = write_dma },
};

static const struct vmp_backend edu_backend = {
	.name = "edu",
	.owner = THIS_MODULE,
	.ids = ids,
	.version = 1,
	.oldest_reader = 1,
	.oldest_readable = 1,
	.records = records,
	.nr_records = ARRAY_SIZE(records),
	.traps = traps,
	.nr_traps = ARRAY_SIZE(traps),
	.bars = BIT(BAR),
	.tracks_dirty = true,
	.attach = attach,
	.detach = detach,
	.quiesce = quiesce,
	.resume = resume,
	.save_begin = save_begin,
	.save = save,
	.get_sizes = get_sizes,
	.load = load,
	.reset = reset,
	.was_reset = was_reset,
};

module_vmp_backend(edu_backend);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Migration of QEMU's device edu, for vfio-mdev-pci");
VMP_BACKEND_ALIAS("00001234", "000011E8");
