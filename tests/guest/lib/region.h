/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The regions of an opened device: information, read, write and mmap.
 */
#ifndef LIB_REGION_H
#define LIB_REGION_H

#include <linux/pci_regs.h>

#include "client.h"

/* Room for a region's capabilities in its information. */
#define REGION_INFO_BYTES 1024

/**
 * union region_info - What VFIO_DEVICE_GET_REGION_INFO answers
 * @info: The fixed part
 * @bytes: All of it; capabilities lie at offsets from its beginning
 */
union region_info {
	struct vfio_region_info info;
	uint8_t bytes[REGION_INFO_BYTES];
};

/**
 * region_query() - Ask about a region
 * @client: The device
 * @index: VFIO_PCI_*_REGION_INDEX
 * @region: The answer
 *
 * Return: 0 or a -errno.
 */
int region_query(struct client *client, unsigned int index,
		 union region_info *region);

/**
 * region_capability() - Find a capability in a region's information
 * @region: The information
 * @id: VFIO_REGION_INFO_CAP_*
 *
 * Return: The capability, inside @region, or NULL.
 */
const struct vfio_info_cap_header *
region_capability(const union region_info *region, uint16_t id);

/**
 * region_read() - Read from a region
 * @client: The device
 * @index: The region
 * @offset: Where in it
 * @data: Where the bytes go
 * @size: How many
 *
 * Return: How many were read, or a -errno.
 */
int region_read(struct client *client, unsigned int index, uint64_t offset,
		void *data, size_t size);

/**
 * region_write() - Write to a region
 * @client: The device
 * @index: The region
 * @offset: Where in it
 * @data: The bytes
 * @size: How many
 *
 * Return: How many were written, or a -errno.
 */
int region_write(struct client *client, unsigned int index, uint64_t offset,
		 const void *data, size_t size);

/**
 * region_read32() - Read four bytes from a region
 * @client: The device
 * @index: The region
 * @offset: Where in it
 *
 * Return: The value; all ones if it cannot be read.
 */
uint32_t region_read32(struct client *client, unsigned int index,
		       uint64_t offset);

/**
 * region_write32() - Write four bytes to a region
 * @client: The device
 * @index: The region
 * @offset: Where in it
 * @value: The value
 *
 * Return: 0 or a -errno.
 */
int region_write32(struct client *client, unsigned int index, uint64_t offset,
		   uint32_t value);

/**
 * region_map() - Map a region
 * @client: The device
 * @index: The region
 * @bytes: Where its size goes
 *
 * Return: The region's beginning, or NULL with failure_text() set.
 */
void *region_map(struct client *client, unsigned int index, size_t *bytes);

/**
 * config_read() - Read the config space that VFIO shows
 * @client: The device
 * @offset: Where in it
 * @size: 1, 2 or 4
 *
 * Return: The value; all ones if it cannot be read.
 */
uint32_t config_read(struct client *client, unsigned int offset,
		     unsigned int size);

/**
 * config_write() - Write to the config space that VFIO shows
 * @client: The device
 * @offset: Where in it
 * @size: 1, 2 or 4
 * @value: The value
 *
 * Return: 0 or a -errno.
 */
int config_write(struct client *client, unsigned int offset,
		 unsigned int size, uint32_t value);

/**
 * config_set_command() - Set and clear bits of the command register
 * @client: The device
 * @set: PCI_COMMAND_* to set
 * @clear: PCI_COMMAND_* to clear
 *
 * Return: 0 or a -errno.
 */
int config_set_command(struct client *client, uint16_t set, uint16_t clear);

/**
 * config_find_capability() - Find a capability in what VFIO shows
 * @client: The device
 * @id: PCI_CAP_ID_*
 *
 * Return: Its offset, or 0 if the device has none.
 */
unsigned int config_find_capability(struct client *client, uint8_t id);

#endif
