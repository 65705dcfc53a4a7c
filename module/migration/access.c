// SPDX-License-Identifier: GPL-2.0-only
/*
 * How backends reach registers and guest memory. A page of their own is in
 * scratch.c.
 *
 * Each access takes memory_lock for itself alone: it is the innermost lock, and
 * what a backend does between two accesses may take any other. So the device
 * may be reset, or put to sleep by its user, between any two.
 */

#include <linux/bits.h>
#include <linux/bug.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/io-64-nonatomic-lo-hi.h>
#include <linux/io.h>
#include <linux/iopoll.h>
#include <linux/lockdep.h>
#include <linux/minmax.h>
#include <linux/pci.h>
#include <linux/pm_runtime.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/sizes.h>
#include <linux/string.h>
#include <linux/time64.h>

#include "access.h"
#include "compat/barmap.h"
#include "compat/iommu.h"
#include "device.h"
#include "dirty.h"

/* Device memory is slow: let a reset or a page fault in between. */
#define CHUNK_BYTES SZ_64K

#define POLL_INTERVAL_US 100

int vmp_access_open(struct vmp_migration *mig)
{
	unsigned long bars = mig->backend->bars;
	struct pci_dev *pdev = mig->core->pdev;
	unsigned int bar;
	int ret;

	for_each_set_bit(bar, &bars, PCI_STD_NUM_BARS) {
		if (!pci_resource_len(pdev, bar) ||
		    !(pci_resource_flags(pdev, bar) & IORESOURCE_MEM))
			return -ENODEV;

		ret = vmp_compat_setup_barmap(mig->core, bar);
		if (ret)
			return ret;
	}

	return 0;
}

static bool is_in_d3(const struct pci_dev *pdev)
{
	return (__force int)pdev->current_state >= (__force int)PCI_D3hot;
}

bool vmp_access_is_asleep(const struct vfio_pci_core_device *core)
{
	lockdep_assert_held(&core->memory_lock);
	return is_in_d3(core->pdev);
}

/*
 * For writing, as a reset saves and restores the register under it, and as
 * vfio-pci-core itself changes it only so.
 */
u16 vmp_access_set_command(struct vmp_migration *mig, u16 bits)
{
	struct pci_dev *pdev = mig->core->pdev;
	u16 command;
	u16 missing;

	lockdep_assert_held(&mig->lock);
	down_write(&mig->core->memory_lock);
	pci_read_config_word(pdev, PCI_COMMAND, &command);
	missing = bits & ~command;
	if (missing)
		pci_write_config_word(pdev, PCI_COMMAND, command | missing);
	up_write(&mig->core->memory_lock);
	return missing;
}

void vmp_access_clear_command(struct vmp_migration *mig, u16 bits)
{
	struct pci_dev *pdev = mig->core->pdev;
	u16 command;

	lockdep_assert_held(&mig->lock);
	if (!bits)
		return;

	down_write(&mig->core->memory_lock);
	pci_read_config_word(pdev, PCI_COMMAND, &command);
	pci_write_config_word(pdev, PCI_COMMAND, command & ~bits);
	up_write(&mig->core->memory_lock);
}

int vmp_access_begin(struct vmp_migration *mig)
{
	struct pci_dev *pdev = mig->core->pdev;

	lockdep_assert_held(&mig->lock);
	if (pm_runtime_resume_and_get(&pdev->dev))
		return -EIO;

	/* Put there by its guest, which alone may wake it up again. */
	if (is_in_d3(pdev)) {
		pm_runtime_put(&pdev->dev);
		return -EIO;
	}

	mig->may_access = true;
	/* Virtual functions need no such bit, and show it clear for ever. */
	if (pdev->no_command_memory)
		return 0;

	return vmp_access_set_command(mig, PCI_COMMAND_MEMORY);
}

void vmp_access_end(struct vmp_migration *mig, int cookie)
{
	mig->may_access = false;
	vmp_access_clear_command(mig, cookie);
	pm_runtime_put(&mig->core->pdev->dev);
}

static bool is_within(const struct vmp_migration *mig, unsigned int bar,
		      u64 offset, size_t bytes)
{
	u64 bar_bytes = vmp_bar_bytes(&mig->dev, bar);

	if (bar >= PCI_STD_NUM_BARS || !(mig->backend->bars & BIT(bar)) ||
	    IS_ERR_OR_NULL((__force void *)mig->core->barmap[bar]))
		return false;

	return offset <= bar_bytes && bytes <= bar_bytes - offset;
}

/* Where to access, or NULL if all ones shall be read. */
static void __iomem *locate(struct vmp_migration *mig, unsigned int bar,
			    u64 offset, size_t bytes)
{
	if (WARN_ON_ONCE(!is_within(mig, bar, offset, bytes)))
		return NULL;

	return vmp_access_is_asleep(mig->core) ? NULL : mig->core->barmap[bar] + offset;
}

static void __iomem *locate_register(struct vmp_migration *mig,
				     unsigned int bar, u64 offset,
				     unsigned int size)
{
	if (WARN_ON_ONCE(!IS_ALIGNED(offset, size)))
		return NULL;

	return locate(mig, bar, offset, size);
}

static u64 read_io(const void __iomem *io, unsigned int size)
{
	switch (size) {
	case 1:
		return readb(io);
	case 2:
		return readw(io);
	case 4:
		return readl(io);
	default:
		return readq(io);
	}
}

static void write_io(void __iomem *io, unsigned int size, u64 value)
{
	switch (size) {
	case 1:
		writeb(value, io);
		break;
	case 2:
		writew(value, io);
		break;
	case 4:
		writel(value, io);
		break;
	default:
		writeq(value, io);
	}
}

u64 vmp_access_read(struct vmp_device *dev, unsigned int bar, u64 offset,
		    unsigned int size)
{
	struct vmp_migration *mig = vmp_migration_from_dev(dev);
	u64 value = GENMASK_ULL(8 * size - 1, 0);
	const void __iomem *io;

	if (WARN_ON_ONCE(!mig->may_access))
		return value;

	down_read(&mig->core->memory_lock);
	io = locate_register(mig, bar, offset, size);
	if (io)
		value = read_io(io, size);
	up_read(&mig->core->memory_lock);
	return value;
}

void vmp_access_write(struct vmp_device *dev, unsigned int bar, u64 offset,
		      unsigned int size, u64 value)
{
	struct vmp_migration *mig = vmp_migration_from_dev(dev);
	void __iomem *io;

	if (WARN_ON_ONCE(!mig->may_access))
		return;

	down_read(&mig->core->memory_lock);
	io = locate_register(mig, bar, offset, size);
	if (io)
		write_io(io, size, value);
	up_read(&mig->core->memory_lock);
}

u8 vmp_read8(struct vmp_device *dev, unsigned int bar, u32 offset)
{
	return vmp_access_read(dev, bar, offset, sizeof(u8));
}
EXPORT_SYMBOL_GPL(vmp_read8);

u16 vmp_read16(struct vmp_device *dev, unsigned int bar, u32 offset)
{
	return vmp_access_read(dev, bar, offset, sizeof(u16));
}
EXPORT_SYMBOL_GPL(vmp_read16);

u32 vmp_read32(struct vmp_device *dev, unsigned int bar, u32 offset)
{
	return vmp_access_read(dev, bar, offset, sizeof(u32));
}
EXPORT_SYMBOL_GPL(vmp_read32);

u64 vmp_read64(struct vmp_device *dev, unsigned int bar, u32 offset)
{
	return vmp_access_read(dev, bar, offset, sizeof(u64));
}
EXPORT_SYMBOL_GPL(vmp_read64);

void vmp_write8(struct vmp_device *dev, unsigned int bar, u32 offset, u8 value)
{
	vmp_access_write(dev, bar, offset, sizeof(value), value);
}
EXPORT_SYMBOL_GPL(vmp_write8);

void vmp_write16(struct vmp_device *dev, unsigned int bar, u32 offset,
		 u16 value)
{
	vmp_access_write(dev, bar, offset, sizeof(value), value);
}
EXPORT_SYMBOL_GPL(vmp_write16);

void vmp_write32(struct vmp_device *dev, unsigned int bar, u32 offset,
		 u32 value)
{
	vmp_access_write(dev, bar, offset, sizeof(value), value);
}
EXPORT_SYMBOL_GPL(vmp_write32);

void vmp_write64(struct vmp_device *dev, unsigned int bar, u32 offset,
		 u64 value)
{
	vmp_access_write(dev, bar, offset, sizeof(value), value);
}
EXPORT_SYMBOL_GPL(vmp_write64);

static void copy_chunk_from_bar(struct vmp_migration *mig, unsigned int bar,
				u64 offset, void *data, size_t bytes)
{
	const void __iomem *io;

	down_read(&mig->core->memory_lock);
	io = locate(mig, bar, offset, bytes);
	if (io)
		memcpy_fromio(data, io, bytes);
	else
		memset(data, 0xff, bytes);
	up_read(&mig->core->memory_lock);
}

void vmp_copy_from_bar(struct vmp_device *dev, unsigned int bar, u64 offset,
		       void *data, size_t bytes)
{
	struct vmp_migration *mig = vmp_migration_from_dev(dev);
	size_t chunk;

	if (WARN_ON_ONCE(!mig->may_access))
		return;

	for (; bytes; bytes -= chunk, offset += chunk, data += chunk) {
		chunk = min_t(size_t, bytes, CHUNK_BYTES);
		copy_chunk_from_bar(mig, bar, offset, data, chunk);
		cond_resched();
	}
}
EXPORT_SYMBOL_GPL(vmp_copy_from_bar);

static void copy_chunk_to_bar(struct vmp_migration *mig, unsigned int bar,
			      u64 offset, const void *data, size_t bytes)
{
	void __iomem *io;

	down_read(&mig->core->memory_lock);
	io = locate(mig, bar, offset, bytes);
	if (io)
		memcpy_toio(io, data, bytes);
	up_read(&mig->core->memory_lock);
}

void vmp_copy_to_bar(struct vmp_device *dev, unsigned int bar, u64 offset,
		     const void *data, size_t bytes)
{
	struct vmp_migration *mig = vmp_migration_from_dev(dev);
	size_t chunk;

	if (WARN_ON_ONCE(!mig->may_access))
		return;

	for (; bytes; bytes -= chunk, offset += chunk, data += chunk) {
		chunk = min_t(size_t, bytes, CHUNK_BYTES);
		copy_chunk_to_bar(mig, bar, offset, data, chunk);
		cond_resched();
	}
}
EXPORT_SYMBOL_GPL(vmp_copy_to_bar);

u64 vmp_bar_bytes(const struct vmp_device *dev, unsigned int bar)
{
	return bar < PCI_STD_NUM_BARS ? pci_resource_len(dev->pdev, bar) : 0;
}
EXPORT_SYMBOL_GPL(vmp_bar_bytes);

int vmp_wait32(struct vmp_device *dev, unsigned int bar, u32 offset, u32 mask,
	       u32 value, unsigned int timeout_ms)
{
	/* No time at all would mean for ever. */
	u64 timeout_us = max_t(u64, mul_u32_u32(timeout_ms, USEC_PER_MSEC), 1);
	u32 seen;

	/* It looks once more when the time is up. */
	return read_poll_timeout(vmp_read32, seen, (seen & mask) == value,
				 POLL_INTERVAL_US, timeout_us, false, dev, bar,
				 offset);
}
EXPORT_SYMBOL_GPL(vmp_wait32);

bool vmp_is_running(const struct vmp_device *dev)
{
	enum vfio_device_mig_state state = vmp_migration_from_dev(dev)->state;

	return state == VFIO_DEVICE_STATE_RUNNING ||
	       state == VFIO_DEVICE_STATE_PRE_COPY;
}
EXPORT_SYMBOL_GPL(vmp_is_running);

static int access_guest(struct vmp_device *dev, dma_addr_t iova, void *data,
			size_t bytes, bool is_write)
{
	struct vmp_migration *mig = vmp_migration_from_dev(dev);
	struct vfio_device *core_vdev = &mig->core->vdev;
	int ret;

	if (!bytes)
		return 0;

	/* It has accesses only for devices that do no DMA of their own. */
	if (vmp_compat_has_iommufd(core_vdev))
		return -EOPNOTSUPP;

	ret = vfio_dma_rw(core_vdev, iova, data, bytes, is_write);

	/* If it failed, too: what is before the hole was written. */
	if (is_write)
		vmp_dirty_wrote(mig, iova, bytes);
	return ret;
}

int vmp_guest_read(struct vmp_device *dev, dma_addr_t iova, void *data,
		   size_t bytes)
{
	return access_guest(dev, iova, data, bytes, false);
}
EXPORT_SYMBOL_GPL(vmp_guest_read);

int vmp_guest_write(struct vmp_device *dev, dma_addr_t iova, const void *data,
		    size_t bytes)
{
	/* Only read from, in this direction. */
	return access_guest(dev, iova, (void *)data, bytes, true);
}
EXPORT_SYMBOL_GPL(vmp_guest_write);
