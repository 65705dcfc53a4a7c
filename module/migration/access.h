/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How backends reach registers and guest memory; what they call is in
 * include/vmp/backend.h. A page of their own is in scratch.c.
 */
#ifndef VMP_MIGRATION_ACCESS_H
#define VMP_MIGRATION_ACCESS_H

#include <linux/types.h>

struct vfio_pci_core_device;
struct vmp_device;
struct vmp_migration;

/**
 * vmp_access_open() - map the BARs that the backend uses
 * @mig: migration of a device that vfio_pci_core_enable() has enabled
 *
 * They are vfio-pci-core's own mappings, which it makes at the first access
 * and takes down when it disables the device.
 *
 * Context: While the device is being opened, before anybody can use it.
 * Return: 0; -ENODEV if there is no such BAR, or not of memory; -EBUSY if its
 *	region is somebody else's; -ENOMEM.
 */
int vmp_access_open(struct vmp_migration *mig);

/**
 * vmp_access_is_asleep() - is the function where it does not answer?
 * @core: the function's vfio device, open
 *
 * Context: Under memory_lock.
 * Return: true if its user has put it into D3.
 */
bool vmp_access_is_asleep(const struct vfio_pci_core_device *core);

/**
 * vmp_access_begin() - an operation of the backend's is about to run
 * @mig: migration of an open device
 *
 * Wakes the function up, and lets it answer to memory accesses even if the
 * guest did not enable that. Users cannot see it: they get at config space
 * only under the state lock, see mediation.c.
 *
 * Context: Under the state lock.
 * Return: what to give vmp_access_end(), not negative; or -EIO if the
 *	function cannot be woken up, or its user has put it into D3.
 */
int vmp_access_begin(struct vmp_migration *mig);

/**
 * vmp_access_end() - undo vmp_access_begin()
 * @mig: migration
 * @cookie: what it returned
 *
 * Context: Under the state lock.
 */
void vmp_access_end(struct vmp_migration *mig, int cookie);

/**
 * vmp_access_read() - read a register
 * @dev: the device
 * @bar: BAR
 * @offset: of the register in the BAR, a multiple of @size
 * @size: bytes: 1, 2, 4 or 8
 *
 * Context: Between vmp_access_begin() and vmp_access_end().
 * Return: its value in the byte order of the CPU, all ones if the device is
 *	asleep.
 */
u64 vmp_access_read(struct vmp_device *dev, unsigned int bar, u64 offset,
		    unsigned int size);

/**
 * vmp_access_write() - write a register
 * @dev: the device
 * @bar: BAR
 * @offset: of the register in the BAR, a multiple of @size
 * @size: bytes: 1, 2, 4 or 8
 * @value: what to write; vanishes if the device is asleep
 *
 * Context: Between vmp_access_begin() and vmp_access_end().
 */
void vmp_access_write(struct vmp_device *dev, unsigned int bar, u64 offset,
		      unsigned int size, u64 value);

/**
 * vmp_access_set_command() - set bits of the Command register
 * @mig: migration of an open device
 * @bits: PCI_COMMAND_*
 *
 * Context: Under the state lock.
 * Return: those of @bits that were clear, for vmp_access_clear_command().
 */
u16 vmp_access_set_command(struct vmp_migration *mig, u16 bits);

/**
 * vmp_access_clear_command() - clear bits of the Command register
 * @mig: migration of an open device
 * @bits: what vmp_access_set_command() returned
 *
 * Context: Under the state lock.
 */
void vmp_access_clear_command(struct vmp_migration *mig, u16 bits);

#endif /* VMP_MIGRATION_ACCESS_H */
