// SPDX-License-Identifier: GPL-2.0-only
/*
 * A backend for QEMU's nvme and e1000e that does what a test tells it: calls
 * of vmp/device.h by a window of trapped registers, operations that fail, and
 * registrations that contradict themselves. It saves one number, and nothing
 * of the device's own state.
 */

#include <linux/module.h>
#include <linux/pci.h>
#include <linux/string.h>
#include <vmp/backend.h>

#include "vmp_test_backend.h"

static char *name = "vmp_test";
module_param(name, charp, 0444);
MODULE_PARM_DESC(name, "the backend's name");

static char *second = "";
module_param(second, charp, 0444);
MODULE_PARM_DESC(second, "name of a second backend for the same devices; none if empty");

static bool only_begin;
module_param(only_begin, bool, 0444);
MODULE_PARM_DESC(only_begin, "have precopy_begin, and no precopy");

static uint oldest_reader;
module_param(oldest_reader, uint, 0444);
MODULE_PARM_DESC(oldest_reader, "what the backend says of older ones; its version is 1");

static ulong bars = BIT(0);
module_param(bars, ulong, 0444);
MODULE_PARM_DESC(bars, "a bit for each BAR that is used");

static uint window_bar;
module_param(window_bar, uint, 0444);
MODULE_PARM_DESC(window_bar, "BAR of the window");

static uint window = TEST_WINDOW;
module_param(window, uint, 0444);
MODULE_PARM_DESC(window, "where in the BAR the window is; none if 0");

static uint plain;
module_param(plain, uint, 0444);
MODULE_PARM_DESC(plain, "a register of BAR 0 before the window that is trapped and left alone; none if 0");

static uint plain3;
module_param(plain3, uint, 0444);
MODULE_PARM_DESC(plain3, "another one, of BAR 3; none if 0");

static bool ignores_reset;
module_param(ignores_reset, bool, 0444);
MODULE_PARM_DESC(ignores_reset, "reset the device in addition to PCI");

static uint fail;
module_param(fail, uint, 0644);
MODULE_PARM_DESC(fail, "a bit for each operation that fails");

static uint error = EREMOTEIO;
module_param(error, uint, 0644);
MODULE_PARM_DESC(error, "what they fail with");

static uint nr_attached;
module_param(nr_attached, uint, 0444);
MODULE_PARM_DESC(nr_attached, "devices that are attached");

static uint nr_resets;
module_param(nr_resets, uint, 0444);
MODULE_PARM_DESC(nr_resets, "resets that the backend was asked for");

struct test_device {
	u64 place;
	u64 value;
};

static int verdict(enum test_operation operation)
{
	return READ_ONCE(fail) & BIT(operation) ? -(int)READ_ONCE(error) : 0;
}

static int make_access(struct vmp_device *dev, u64 call)
{
	struct test_device *test = dev->priv;
	unsigned int bar = upper_32_bits(test->place);
	u32 offset = lower_32_bits(test->place);

	switch (call) {
	case TEST_READ8:
		test->value = vmp_read8(dev, bar, offset);
		return 0;
	case TEST_READ16:
		test->value = vmp_read16(dev, bar, offset);
		return 0;
	case TEST_READ32:
		test->value = vmp_read32(dev, bar, offset);
		return 0;
	case TEST_READ64:
		test->value = vmp_read64(dev, bar, offset);
		return 0;
	case TEST_WRITE8:
		vmp_write8(dev, bar, offset, test->value);
		return 0;
	case TEST_WRITE16:
		vmp_write16(dev, bar, offset, test->value);
		return 0;
	case TEST_WRITE32:
		vmp_write32(dev, bar, offset, test->value);
		return 0;
	case TEST_WRITE64:
		vmp_write64(dev, bar, offset, test->value);
		return 0;
	default:
		return -EINVAL;
	}
}

static int begin_each(struct vmp_device *dev, u64 iova, u64 nr)
{
	u64 bytes;
	int ret;

	for (bytes = 1; bytes <= nr; bytes++) {
		ret = vmp_dma_begin(dev, iova, bytes);
		if (ret)
			return ret;
	}
	return 0;
}

static int make_call(struct vmp_device *dev, u64 call)
{
	struct test_device *test = dev->priv;

	switch (call) {
	case TEST_GUEST_READ:
		return vmp_guest_read(dev, test->place, &test->value,
				      sizeof(test->value));
	case TEST_GUEST_WRITE:
		return vmp_guest_write(dev, test->place, &test->value,
				       sizeof(test->value));
	case TEST_DMA_BEGIN:
		return vmp_dma_begin(dev, test->place, test->value);
	case TEST_DMA_END:
		vmp_dma_end(dev, test->place, test->value);
		return 0;
	case TEST_DMA_BEGIN_EACH:
		return begin_each(dev, test->place, test->value);
	default:
		return make_access(dev, call);
	}
}

static int read_window(struct vmp_device *dev, u32 offset, unsigned int size,
		       u64 *value)
{
	struct test_device *test = dev->priv;

	if (size != sizeof(*value))
		return -EINVAL;

	*value = offset == window + TEST_VALUE ? test->value : test->place;
	return 0;
}

static int write_window(struct vmp_device *dev, u32 offset, unsigned int size,
			u64 value)
{
	struct test_device *test = dev->priv;

	if (size != sizeof(value))
		return -EINVAL;

	if (offset == window + TEST_CALL)
		return make_call(dev, value);
	if (offset == window + TEST_VALUE)
		test->value = value;
	else
		test->place = value;
	return 0;
}

static int attach(struct vmp_device *dev)
{
	int ret = verdict(TEST_ATTACH);

	nr_attached += !ret;
	return ret;
}

static void detach(struct vmp_device *dev)
{
	nr_attached--;
}

static int quiesce(struct vmp_device *dev)
{
	return verdict(TEST_QUIESCE);
}

static int resume(struct vmp_device *dev)
{
	return verdict(TEST_RESUME);
}

static int stop(struct vmp_device *dev)
{
	return verdict(TEST_STOP);
}

static int start(struct vmp_device *dev)
{
	return verdict(TEST_START);
}

static int save_begin(struct vmp_device *dev)
{
	return verdict(TEST_SAVE_BEGIN);
}

static int save(struct vmp_device *dev, struct vmp_record *record)
{
	struct test_device *test = dev->priv;
	__le64 *value = record->data;

	*value = cpu_to_le64(test->value);
	record->length = sizeof(*value);
	return 1;
}

static int load_begin(struct vmp_device *dev)
{
	return verdict(TEST_LOAD_BEGIN);
}

static int load(struct vmp_device *dev, const struct vmp_record *record)
{
	struct test_device *test = dev->priv;
	const __le64 *value = record->data;

	test->value = le64_to_cpu(*value);
	return verdict(TEST_LOAD);
}

static int reset(struct vmp_device *dev)
{
	nr_resets++;
	return verdict(TEST_RESET);
}

static void was_reset(struct vmp_device *dev)
{
	memset(dev->priv, 0, sizeof(struct test_device));
}

static const struct pci_device_id ids[] = {
	{ PCI_DEVICE(0x1b36, 0x0010) }, /* nvme */
	{ PCI_DEVICE(0x8086, 0x10d3) }, /* e1000e */
	{}
};

static const struct vmp_record_type records[] = {
	{ sizeof(__le64), sizeof(__le64) },
};

static struct vmp_trap traps[3];

static struct vmp_backend backend = {
	.owner = THIS_MODULE,
	.ids = ids,
	.version = 1,
	.priv_bytes = sizeof(struct test_device),
	.records = records,
	.nr_records = ARRAY_SIZE(records),
	.traps = traps,
	.tracks_dirty = true,
	.attach = attach,
	.detach = detach,
	.quiesce = quiesce,
	.resume = resume,
	.stop = stop,
	.start = start,
	.save_begin = save_begin,
	.save = save,
	.load_begin = load_begin,
	.load = load,
	.was_reset = was_reset,
};

static struct vmp_backend other;

static void fill_in(void)
{
	backend.name = name;
	backend.bars = bars;
	backend.oldest_reader = oldest_reader;
	backend.precopy_begin = only_begin ? save_begin : NULL;
	backend.ignores_pci_reset = ignores_reset;
	backend.reset = ignores_reset ? reset : NULL;
	if (plain)
		traps[backend.nr_traps++] = (struct vmp_trap){ 0, plain, 8 };
	if (window)
		traps[backend.nr_traps++] = (struct vmp_trap){
			.bar = window_bar,
			.offset = window,
			.bytes = TEST_WINDOW_BYTES,
			.read = read_window,
			.write = write_window,
		};
	if (plain3)
		traps[backend.nr_traps++] = (struct vmp_trap){ 3, plain3, 8 };
	other = backend;
	other.name = second;
}

static int __init test_backend_init(void)
{
	int ret;

	fill_in();
	ret = vmp_backend_register(&backend);
	if (ret || !*second)
		return ret;

	ret = vmp_backend_register(&other);
	if (ret)
		vmp_backend_unregister(&backend);
	return ret;
}
module_init(test_backend_init);

static void __exit test_backend_exit(void)
{
	if (*second)
		vmp_backend_unregister(&other);
	vmp_backend_unregister(&backend);
}
module_exit(test_backend_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Backend for nvme and e1000e that does as it is told, for tests");
