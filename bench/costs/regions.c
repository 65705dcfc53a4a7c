// SPDX-License-Identifier: GPL-2.0-only
/*
 * Configuration space and BARs: through the device's file, and mapped.
 */
#include "operations.h"

#include <sys/mman.h>
#include <unistd.h>

#include "check.h"
#include "edu.h"
#include "region.h"

/* The largest access of a table, and a page of a BAR that has many */
#define BUFFER_BYTES 4096

static uint8_t buffer[BUFFER_BYTES];

static long read_region(struct subject *subject)
{
	const struct operation *operation = subject->operation;

	return pread(subject->client->fd, buffer, operation->bytes,
		     subject->region_offset + operation->offset);
}

static long write_region(struct subject *subject)
{
	const struct operation *operation = subject->operation;

	return pwrite(subject->client->fd, buffer, operation->bytes,
		      subject->region_offset + operation->offset);
}

static void choose_region(struct subject *subject, unsigned int index)
{
	union region_info region;

	assert_done(region_query(subject->client, index, &region));
	subject->region_offset = region.info.offset;
}

/* What is read is what is written: nothing changes. */
static void take_content(struct subject *subject)
{
	const struct operation *operation = subject->operation;

	assert_int_equal(read_region(subject), operation->bytes);
}

static void begin_config(struct subject *subject)
{
	choose_region(subject, VFIO_PCI_CONFIG_REGION_INDEX);
}

static void begin_memory_bar(struct subject *subject)
{
	choose_region(subject, VFIO_PCI_BAR2_REGION_INDEX);
}

static void begin_registers(struct subject *subject)
{
	choose_region(subject, VFIO_PCI_BAR0_REGION_INDEX);
}

#define READ(at, size) \
	{ .name = "read, " #size " B", .run = read_region, \
	  .bytes = (size), .offset = (at), .expected = (size) }

#define WRITE(at, size) \
	{ .name = "write, " #size " B", .run = write_region, \
	  .before = take_content, .bytes = (size), .offset = (at), \
	  .expected = (size) }

static const struct operation config_operations[] = {
	READ(PCI_VENDOR_ID, 2),
	READ(PCI_VENDOR_ID, 4),
	READ(0, 256),
	WRITE(PCI_INTERRUPT_LINE, 1),
	WRITE(PCI_COMMAND, 2),
	WRITE(PCI_BASE_ADDRESS_0, 4),
};

static const struct operation memory_operations[] = {
	READ(0, 1),
	READ(0, 2),
	READ(0, 4),
	READ(0, 8),
	READ(0, 4096),
	WRITE(0, 1),
	WRITE(0, 2),
	WRITE(0, 4),
	WRITE(0, 8),
	WRITE(0, 4096),
};

/* A backend traps the DMA engine's registers, and edu's others are not. */
static const struct operation register_operations[] = {
	{ .name = "read, 4 B", .run = read_region, .bytes = 4,
	  .offset = EDU_REG_LIVENESS, .expected = 4 },
	{ .name = "write, 4 B", .run = write_region, .bytes = 4,
	  .offset = EDU_REG_LIVENESS, .expected = 4 },
	{ .name = "read of a trapped one, 8 B", .run = read_region, .bytes = 8,
	  .offset = EDU_REG_DMA_SOURCE, .expected = 8 },
	{ .name = "write of a trapped one, 8 B", .run = write_region,
	  .before = take_content, .bytes = 8, .offset = EDU_REG_DMA_SOURCE,
	  .expected = 8 },
};

#undef READ
#undef WRITE

static long map_bar(struct subject *subject)
{
	subject->map = mmap(NULL, subject->map_bytes, PROT_READ | PROT_WRITE,
			    MAP_SHARED, subject->client->fd,
			    subject->region_offset);
	return subject->map == MAP_FAILED ? -1 : 0;
}

static long unmap_bar(struct subject *subject)
{
	return munmap((void *)subject->map, subject->map_bytes);
}

static void do_map_bar(struct subject *subject)
{
	assert_int_equal(map_bar(subject), 0);
}

static void do_unmap_bar(struct subject *subject)
{
	assert_int_equal(unmap_bar(subject), 0);
}

static long read_first(struct subject *subject)
{
	*(volatile uint32_t *)buffer = *(volatile uint32_t *)subject->map;
	return 0;
}

static void do_map_and_touch(struct subject *subject)
{
	do_map_bar(subject);
	read_first(subject);
}

#define NR_ACCESSES 100

static long read_many(struct subject *subject)
{
	volatile uint32_t *word = (volatile uint32_t *)subject->map;
	unsigned int i;

	for (i = 0; i < NR_ACCESSES; i++)
		(void)word[i];
	return 0;
}

static long write_many(struct subject *subject)
{
	volatile uint32_t *word = (volatile uint32_t *)subject->map;
	unsigned int i;

	for (i = 0; i < NR_ACCESSES; i++)
		word[i] = i;
	return 0;
}

static void begin_mmap(struct subject *subject)
{
	union region_info region;

	assert_done(region_query(subject->client, VFIO_PCI_BAR2_REGION_INDEX,
				 &region));
	subject->region_offset = region.info.offset;
	subject->map_bytes = region.info.size;
}

static const struct operation mmap_operations[] = {
	{ .name = "mmap", .run = map_bar, .after = do_unmap_bar },
	{ .name = "first access", .run = read_first, .before = do_map_bar,
	  .after = do_unmap_bar },
	{ .name = "100 reads of 4 B", .run = read_many,
	  .before = do_map_and_touch, .after = do_unmap_bar },
	{ .name = "100 writes of 4 B", .run = write_many,
	  .before = do_map_and_touch, .after = do_unmap_bar },
	{ .name = "munmap", .run = unmap_bar, .before = do_map_and_touch },
};

const struct kind config_space = {
	.id = "edu0",
	.group = "configuration space",
	.start = begin_config,
	OPERATIONS(config_operations),
};

const struct kind memory_bar = {
	.id = "ivshmem0",
	.group = "memory of a BAR, by the file",
	.start = begin_memory_bar,
	OPERATIONS(memory_operations),
};

const struct kind registers = {
	.id = "edu0",
	.group = "registers of a BAR, by the file",
	.start = begin_registers,
	OPERATIONS(register_operations),
};

const struct kind mapped_bar = {
	.id = "ivshmem0",
	.group = "memory of a BAR, mapped",
	.start = begin_mmap,
	OPERATIONS(mmap_operations),
};
