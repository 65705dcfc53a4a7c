// SPDX-License-Identifier: GPL-2.0-only
/*
 * Backend for QEMU's "pci-testdev" (1b36:0005), which counts writes to a place
 * of BAR 0 or of BAR 1 while one of its tests is selected. The count cannot be
 * set, so it goes on from 0 at the target, and what was counted before is added
 * to what the user reads.
 *
 * BAR 1 is I/O, which backends cannot reach: a device that counts there does
 * not migrate.
 */

#include <vmp/backend.h>

#define BAR 0
#define SELECT 0x00 /* reads as the test, or 0; the write of another ends it */
#define COUNT 0x0c
#define NAME 0x10 /* of the test; without one, 0 */

/* Tests that count writes to BAR 0; what come then are those of BAR 1. */
#define NR_TESTS 3
#define NO_TEST 0xff

/* The only record. */
struct testdev_state {
	__le32 test; /* below NR_TESTS, or NO_TEST */
	__le32 count;
};

struct testdev {
	u32 counted; /* before the state was loaded */
};

static u32 selected(struct vmp_device *dev)
{
	return vmp_read8(dev, BAR, NAME) ? vmp_read8(dev, BAR, SELECT) : NO_TEST;
}

static u32 get_count(struct vmp_device *dev)
{
	struct testdev *testdev = dev->priv;
	u32 count = vmp_read32(dev, BAR, COUNT);

	return selected(dev) < NR_TESTS ? count + testdev->counted : count;
}

static int write_select(struct vmp_device *dev, u32 offset, unsigned int size,
			u64 value)
{
	struct testdev *testdev = dev->priv;

	if (offset != SELECT)
		return 0;
	testdev->counted = 0;
	vmp_write8(dev, BAR, SELECT, value);
	return 0;
}

/* Of the eight bytes that have the count in their second half. */
static int read_count(struct vmp_device *dev, u32 offset, unsigned int size,
		      u64 *value)
{
	u64 both = (u64)get_count(dev) << 32 | vmp_read32(dev, BAR, COUNT - 4);

	*value = both >> offset % 8 * 8;
	return 0;
}

/* It only does what it is told, and at once. */
static int quiesce(struct vmp_device *dev)
{
	return 0;
}

static int save(struct vmp_device *dev, struct vmp_record *record)
{
	struct testdev_state *state = record->data;
	u32 test = selected(dev);

	if (test >= NR_TESTS && test != NO_TEST)
		return -EOPNOTSUPP;
	state->test = cpu_to_le32(test);
	state->count = cpu_to_le32(get_count(dev));
	record->length = sizeof(*state);
	return 1;
}

static int load(struct vmp_device *dev, const struct vmp_record *record)
{
	const struct testdev_state *state = record->data;
	struct testdev *testdev = dev->priv;
	u32 test = le32_to_cpu(state->test);

	if (test >= NR_TESTS && test != NO_TEST)
		return -EINVAL;
	vmp_write8(dev, BAR, SELECT, test);
	testdev->counted = le32_to_cpu(state->count);
	return 0;
}

static int reset(struct vmp_device *dev)
{
	vmp_write8(dev, BAR, SELECT, NO_TEST);
	return 0;
}

static void was_reset(struct vmp_device *dev)
{
	struct testdev *testdev = dev->priv;

	testdev->counted = 0;
}

static const struct pci_device_id ids[] = {
	{ PCI_DEVICE(0x1b36, 0x0005) },
	{}
};

static const struct vmp_record_type records[] = {
	{ sizeof(struct testdev_state), sizeof(struct testdev_state) },
};

static const struct vmp_trap traps[] = {
	{ BAR, SELECT, 8, .write = write_select },
	{ BAR, COUNT - 4, 8, .read = read_count },
};

static const struct vmp_backend testdev_backend = {
	.name = "testdev",
	.owner = THIS_MODULE,
	.ids = ids,
	.priv_bytes = sizeof(struct testdev),
	.version = 1,
	.records = records,
	.nr_records = ARRAY_SIZE(records),
	.traps = traps,
	.nr_traps = ARRAY_SIZE(traps),
	.bars = BIT(BAR),
	.tracks_dirty = true,
	.quiesce = quiesce,
	.save = save,
	.load = load,
	.reset = reset,
	.was_reset = was_reset,
};

module_vmp_backend(testdev_backend);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Migration of QEMU's device pci-testdev, for vfio-mdev-pci");
VMP_BACKEND_ALIAS("00001B36", "00000005");
