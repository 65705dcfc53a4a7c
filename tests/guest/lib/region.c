// SPDX-License-Identifier: GPL-2.0-only
/*
 * The regions of an opened device.
 * What registers mean is known to the files of the devices.
 */
#include "region.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "failure.h"

int region_query(struct client *client, unsigned int index,
		 union region_info *region)
{
	memset(region, 0, sizeof(*region));
	region->info.argsz = sizeof(*region);
	region->info.index = index;
	if (ioctl(client->fd, VFIO_DEVICE_GET_REGION_INFO, region))
		return failure_set(errno, "the device has no region %u",
				   index);
	return 0;
}

const struct vfio_info_cap_header *
region_capability(const union region_info *region, uint16_t id)
{
	const struct vfio_info_cap_header *header;
	uint32_t offset = region->info.cap_offset;

	if (!(region->info.flags & VFIO_REGION_INFO_FLAG_CAPS))
		return NULL;
	while (offset && offset + sizeof(*header) <= sizeof(*region)) {
		header = (const void *)&region->bytes[offset];
		if (header->id == id)
			return header;
		offset = header->next;
	}
	return NULL;
}

int region_read(struct client *client, unsigned int index, uint64_t offset,
		void *data, size_t size)
{
	union region_info region;
	ssize_t got;
	int ret;

	ret = region_query(client, index, &region);
	if (ret)
		return ret;
	got = pread(client->fd, data, size, region.info.offset + offset);
	if (got < 0)
		return failure_set(errno, "cannot read %zu bytes at %#llx of region %u",
				   size, (unsigned long long)offset, index);
	return got;
}

int region_write(struct client *client, unsigned int index, uint64_t offset,
		 const void *data, size_t size)
{
	union region_info region;
	ssize_t written;
	int ret;

	ret = region_query(client, index, &region);
	if (ret)
		return ret;
	written = pwrite(client->fd, data, size, region.info.offset + offset);
	if (written < 0)
		return failure_set(errno, "cannot write %zu bytes at %#llx of region %u",
				   size, (unsigned long long)offset, index);
	return written;
}

uint32_t region_read32(struct client *client, unsigned int index,
		       uint64_t offset)
{
	uint32_t value = UINT32_MAX;

	region_read(client, index, offset, &value, sizeof(value));
	return value;
}

int region_write32(struct client *client, unsigned int index, uint64_t offset,
		   uint32_t value)
{
	int ret = region_write(client, index, offset, &value, sizeof(value));

	return ret < 0 ? ret : 0;
}

void *region_map(struct client *client, unsigned int index, size_t *bytes)
{
	union region_info region;
	void *memory;

	if (region_query(client, index, &region))
		return NULL;
	*bytes = region.info.size;
	memory = mmap(NULL, *bytes, PROT_READ | PROT_WRITE, MAP_SHARED,
		      client->fd, region.info.offset);
	if (memory == MAP_FAILED) {
		failure_set(errno, "cannot map region %u", index);
		return NULL;
	}
	return memory;
}

uint32_t config_read(struct client *client, unsigned int offset,
		     unsigned int size)
{
	uint32_t value = 0;

	if (region_read(client, VFIO_PCI_CONFIG_REGION_INDEX, offset, &value,
			size) != (int)size)
		return UINT32_MAX;
	return value;
}

int config_write(struct client *client, unsigned int offset,
		 unsigned int size, uint32_t value)
{
	int ret = region_write(client, VFIO_PCI_CONFIG_REGION_INDEX, offset,
			       &value, size);

	return ret < 0 ? ret : 0;
}

int config_set_command(struct client *client, uint16_t set, uint16_t clear)
{
	uint16_t command = config_read(client, PCI_COMMAND, 2);

	return config_write(client, PCI_COMMAND, 2,
			    (command & ~clear) | set);
}

unsigned int config_find_capability(struct client *client, uint8_t id)
{
	unsigned int offset = config_read(client, PCI_CAPABILITY_LIST, 1);
	unsigned int left = 48;

	while (offset >= 0x40 && left--) {
		if (config_read(client, offset, 1) == id)
			return offset;
		offset = config_read(client, offset + 1, 1);
	}
	return 0;
}
