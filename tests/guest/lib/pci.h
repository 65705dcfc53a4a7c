/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * PCI functions as the host's sysfs shows them: drivers, binding, ids, config.
 * Access through VFIO is in client.h.
 */
#ifndef LIB_PCI_H
#define LIB_PCI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PCI_DEVICES "/sys/bus/pci/devices"
#define PCI_DRIVERS "/sys/bus/pci/drivers"

/* Room for "0000:00:00.0" and its end. */
#define PCI_ADDRESS_SIZE 16

/**
 * pci_driver_name() - Which driver a function is bound to
 * @name: Where the name goes; empty if the function has no driver
 * @size: Bytes at @name
 * @address: The function
 */
void pci_driver_name(char *name, size_t size, const char *address);

/**
 * pci_is_bound_to() - Whether a function is bound to a driver
 * @address: The function
 * @driver: The driver's name
 *
 * Return: Whether it is.
 */
bool pci_is_bound_to(const char *address, const char *driver);

/**
 * pci_override() - Set or clear a function's driver_override
 * @address: The function
 * @driver: The driver's name, or NULL to clear
 *
 * Return: 0 or the -errno of the write.
 */
int pci_override(const char *address, const char *driver);

/**
 * pci_bind_in_turn() - Bind a function to the driver of its driver_override
 * @address: The function, without a driver
 * @driver: The driver, already loaded
 *
 * Whoever else binds a function of the same IOMMU group by this or by
 * pci_bind(), in whatever thread or process, comes before or after. In Linux 6.1
 * two that are bound at once, when none of the group is, both make vfio's group,
 * and one is released with a warning (vfio_create_group() in
 * drivers/vfio/vfio_main.c), by vfio-pci alone, too.
 *
 * Return: 0 or the -errno of the write.
 */
int pci_bind_in_turn(const char *address, const char *driver);

/**
 * pci_bind() - Bind a function to a driver by driver_override
 * @address: The function, without a driver
 * @driver: The driver, already loaded
 *
 * The driver's own ``bind`` file is used, because unlike ``drivers_probe``
 * it reports the errno of the driver's probe.
 *
 * Return: 0 or the -errno of a write; then driver_override is clear again.
 */
int pci_bind(const char *address, const char *driver);

/**
 * pci_prepare_unbind() - End SR-IOV where the kernel would warn if unbinding did
 * @address: The function; it may have no SR-IOV
 *
 * That is on 7.2 with lockdep, where it is this that waits for who has a VF open.
 * Elsewhere it does nothing.
 *
 * Return: 0 or the -errno of a write; -ENOENT if it has VFs and no driver.
 */
int pci_prepare_unbind(const char *address);

/**
 * pci_unbind() - Take a function from its driver and clear driver_override
 * @address: The function; it may have no driver
 *
 * If it has one, it does as pci_prepare_unbind() first.
 *
 * Return: 0 or the -errno of a write.
 */
int pci_unbind(const char *address);

/**
 * pci_group() - The function's IOMMU group
 * @address: The function
 *
 * Return: The group's number, or -ENODEV if the function has none.
 */
int pci_group(const char *address);

/**
 * pci_read_config() - Read config space through the host's sysfs
 * @address: The function
 * @offset: First byte
 * @data: Where the bytes go
 * @size: How many
 *
 * Return: 0 or a -errno.
 */
int pci_read_config(const char *address, unsigned int offset, void *data,
		    size_t size);

/**
 * pci_read_config16() - Read two bytes of config space through sysfs
 * @address: The function
 * @offset: First byte
 *
 * Return: The value, or 0xffff if it cannot be read.
 */
uint16_t pci_read_config16(const char *address, unsigned int offset);

/**
 * pci_write_config16() - Write two bytes of config space through sysfs
 * @address: The function
 * @offset: First byte
 * @value: The value
 *
 * Return: 0 or a -errno.
 */
int pci_write_config16(const char *address, unsigned int offset,
		       uint16_t value);

/**
 * pci_find_capability() - Find a capability through sysfs
 * @address: The function
 * @id: PCI_CAP_ID_*
 *
 * Return: Its offset, or 0 if the function has none.
 */
unsigned int pci_find_capability(const char *address, uint8_t id);

/**
 * pci_set_command() - Set or clear bits of the command register through sysfs
 * @address: The function; awake, for what is written in its sleep is lost
 * @bits: PCI_COMMAND_*
 * @value: Set or clear
 *
 * Return: 0 or a -errno.
 */
int pci_set_command(const char *address, uint16_t bits, bool value);

/**
 * pci_read_id() - Read one of the files vendor, device, class and the like
 * @address: The function
 * @file: The file's name
 *
 * Return: The number, or UINT32_MAX if it cannot be read.
 */
uint32_t pci_read_id(const char *address, const char *file);

#endif
