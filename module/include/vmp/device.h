/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a backend can do with its device: registers, device memory, guest
 * memory, a page for DMA, and telling of pages that the device writes. When
 * the framework calls the backend is in backend.h.
 */
#ifndef VMP_DEVICE_H
#define VMP_DEVICE_H

#include <linux/pci.h>
#include <linux/types.h>

/**
 * struct vmp_device - a function that has a backend
 * @pdev: the function; not for its registers, see vmp_read32() and its kin
 * @priv: the backend's own: @priv_bytes of zeros when the mdev was created
 */
struct vmp_device {
	struct pci_dev *pdev;
	void *priv;
};

/**
 * vmp_is_running() - may the device begin DMA by itself?
 * @dev: the device
 *
 * Context: Any operation of the backend's.
 * Return: true from resume to quiesce, exclusive of both; also before the
 *	first quiesce.
 */
bool vmp_is_running(const struct vmp_device *dev);

/*
 * Registers, in the byte order of the CPU. The BAR must be one of the
 * backend's @bars, the access aligned and within it: anything else is a bug of
 * the backend's, is warned of, and reads as all ones. So does a device that is
 * asleep or gone.
 */

/**
 * vmp_read8() - read a register of one byte
 * @dev: the device
 * @bar: BAR
 * @offset: of the register in the BAR
 *
 * Context: Any operation of the backend's but attach, detach, was_reset,
 *	save_end, load_end.
 * Return: its value.
 */
u8 vmp_read8(struct vmp_device *dev, unsigned int bar, u32 offset);

/**
 * vmp_read16() - read a register of two bytes
 * @dev: the device
 * @bar: BAR
 * @offset: of the register in the BAR
 *
 * Context: As vmp_read8().
 * Return: its value.
 */
u16 vmp_read16(struct vmp_device *dev, unsigned int bar, u32 offset);

/**
 * vmp_read32() - read a register of four bytes
 * @dev: the device
 * @bar: BAR
 * @offset: of the register in the BAR
 *
 * Context: As vmp_read8().
 * Return: its value.
 */
u32 vmp_read32(struct vmp_device *dev, unsigned int bar, u32 offset);

/**
 * vmp_read64() - read a register of eight bytes
 * @dev: the device
 * @bar: BAR
 * @offset: of the register in the BAR
 *
 * Context: As vmp_read8().
 * Return: its value.
 */
u64 vmp_read64(struct vmp_device *dev, unsigned int bar, u32 offset);

/**
 * vmp_write8() - write a register of one byte
 * @dev: the device
 * @bar: BAR
 * @offset: of the register in the BAR
 * @value: what to write
 *
 * Context: As vmp_read8().
 */
void vmp_write8(struct vmp_device *dev, unsigned int bar, u32 offset, u8 value);

/**
 * vmp_write16() - write a register of two bytes
 * @dev: the device
 * @bar: BAR
 * @offset: of the register in the BAR
 * @value: what to write
 *
 * Context: As vmp_read8().
 */
void vmp_write16(struct vmp_device *dev, unsigned int bar, u32 offset,
		 u16 value);

/**
 * vmp_write32() - write a register of four bytes
 * @dev: the device
 * @bar: BAR
 * @offset: of the register in the BAR
 * @value: what to write
 *
 * Context: As vmp_read8().
 */
void vmp_write32(struct vmp_device *dev, unsigned int bar, u32 offset,
		 u32 value);

/**
 * vmp_write64() - write a register of eight bytes
 * @dev: the device
 * @bar: BAR
 * @offset: of the register in the BAR
 * @value: what to write
 *
 * Context: As vmp_read8().
 */
void vmp_write64(struct vmp_device *dev, unsigned int bar, u32 offset,
		 u64 value);

/**
 * vmp_copy_from_bar() - read device memory
 * @dev: the device
 * @bar: BAR
 * @offset: of the first byte in the BAR
 * @data: where to
 * @bytes: how many; gets all ones if the device is asleep or gone
 *
 * Context: As vmp_read8().
 */
void vmp_copy_from_bar(struct vmp_device *dev, unsigned int bar, u64 offset,
		       void *data, size_t bytes);

/**
 * vmp_copy_to_bar() - write device memory
 * @dev: the device
 * @bar: BAR
 * @offset: of the first byte in the BAR
 * @data: where from
 * @bytes: how many
 *
 * Context: As vmp_read8().
 */
void vmp_copy_to_bar(struct vmp_device *dev, unsigned int bar, u64 offset,
		     const void *data, size_t bytes);

/**
 * vmp_bar_bytes() - size of a BAR
 * @dev: the device
 * @bar: BAR
 *
 * Context: Any.
 * Return: bytes, 0 if there is no such BAR.
 */
u64 vmp_bar_bytes(const struct vmp_device *dev, unsigned int bar);

/**
 * vmp_wait32() - wait for bits of a register
 * @dev: the device
 * @bar: BAR
 * @offset: of a register of four bytes
 * @mask: the bits
 * @value: what they shall be
 * @timeout_ms: for how long, in milliseconds
 *
 * Context: As vmp_read8(), sleeps.
 * Return: 0, or -ETIMEDOUT.
 */
int vmp_wait32(struct vmp_device *dev, unsigned int bar, u32 offset, u32 mask,
	       u32 value, unsigned int timeout_ms);

/**
 * struct vmp_scratch - a page of the kernel's that the device can reach
 * @cpu: where the CPU finds it; PAGE_SIZE bytes, zeros
 * @iova: where the device does
 * @set_master: the device could not do DMA before; of no interest to backends
 */
struct vmp_scratch {
	void *cpu;
	dma_addr_t iova;
	bool set_master;
};

/**
 * vmp_scratch_get() - lend the device a page, where its user has nothing
 *	mapped, and let it do DMA
 * @dev: the device, not running
 * @dma_mask: addresses that it can reach
 * @scratch: gets the page
 *
 * Context: save_begin, load of a record without VMP_RECORD_MANY, reset.
 *	One at a time.
 * Return: 0; -ENOSPC if no address in @dma_mask is free; -ENODEV if the
 *	device has no IOMMU, or one with larger pages than the CPU's; -ENOMEM;
 *	what iommu_map() returns; -EINVAL, with a warning, from elsewhere.
 */
int vmp_scratch_get(struct vmp_device *dev, u64 dma_mask,
		    struct vmp_scratch *scratch);

/**
 * vmp_scratch_put() - undo vmp_scratch_get()
 * @dev: the device, which has no DMA under way
 * @scratch: the page
 *
 * Context: The operation that called vmp_scratch_get().
 */
void vmp_scratch_put(struct vmp_device *dev, struct vmp_scratch *scratch);

/**
 * vmp_dma_begin() - the device may now write guest memory
 * @dev: the device
 * @iova: the first byte
 * @bytes: how many; 0 is nothing
 *
 * From now until after vmp_dma_end() the pages count as dirty, at each look
 * that the VMM takes at what is. Only for a backend with @tracks_dirty.
 *
 * Context: As vmp_read8(). Before the device is told to begin.
 * Return: 0; -EFAULT if nothing is mapped there, and the device will fail to
 *	write; -E2BIG if more than 1024 pages or 4096 ranges are under way; -EBUSY
 *	if it cannot be tracked now, and must not begin; -ENOMEM.
 *	Whatever it returns, vmp_dma_end() is harmless.
 */
int vmp_dma_begin(struct vmp_device *dev, dma_addr_t iova, u64 bytes);

/**
 * vmp_dma_end() - the device has written what vmp_dma_begin() told of
 * @dev: the device
 * @iova: as told to vmp_dma_begin()
 * @bytes: as told to vmp_dma_begin()
 *
 * May come late, at the price of pages that are sent once more; never early.
 *
 * Context: As vmp_read8(). After a reset nothing is under way any more; the
 *	framework sees to that.
 */
void vmp_dma_end(struct vmp_device *dev, dma_addr_t iova, u64 bytes);

/**
 * vmp_guest_read() - read the memory that the user has mapped for the device
 * @dev: the device
 * @iova: the first byte, as the device sees it
 * @data: where to
 * @bytes: how many
 *
 * Context: As vmp_read8(). Not while holding a lock that a page fault takes.
 * Return: 0; -EFAULT or -EINVAL if not all of it is mapped; -EOPNOTSUPP if the
 *	user came by an iommufd, which has no such access for devices with DMA.
 */
int vmp_guest_read(struct vmp_device *dev, dma_addr_t iova, void *data,
		   size_t bytes);

/**
 * vmp_guest_write() - write the memory that the user has mapped for the device
 * @dev: the device
 * @iova: the first byte, as the device sees it
 * @data: where from
 * @bytes: how many
 *
 * What it writes counts as dirty.
 *
 * Context: As vmp_guest_read().
 * Return: As vmp_guest_read(), and -EPERM if it is mapped for reading only.
 */
int vmp_guest_write(struct vmp_device *dev, dma_addr_t iova, const void *data,
		    size_t bytes);

#endif /* VMP_DEVICE_H */
