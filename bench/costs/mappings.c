// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that the device can reach.
 */
#include "operations.h"

#include <sys/ioctl.h>
#include <sys/mman.h>

#define KIB 1024ULL
#define MIB (1024 * KIB)
#define GIB (1024 * MIB)

#define IOVA (4 * GIB)

/* The same pages for all ways: type1 maps what lies together at once. */
static void *memory;

static long map(struct subject *subject)
{
	struct vfio_iommu_type1_dma_map map = {
		.argsz = sizeof(map),
		.flags = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE,
		.vaddr = (uintptr_t)memory,
		.iova = IOVA,
		.size = subject->operation->bytes,
	};

	return ioctl(subject->space->fd, VFIO_IOMMU_MAP_DMA, &map);
}

static long unmap(struct subject *subject)
{
	struct vfio_iommu_type1_dma_unmap unmap = {
		.argsz = sizeof(unmap),
		.iova = IOVA,
		.size = subject->operation->bytes,
	};

	return ioctl(subject->space->fd, VFIO_IOMMU_UNMAP_DMA, &unmap);
}

static void do_map(struct subject *subject)
{
	assert_int_equal(map(subject), 0);
}

static void do_unmap(struct subject *subject)
{
	assert_int_equal(unmap(subject), 0);
}

/* Kept until the program ends */
static void begin(struct subject *subject)
{
	(void)subject;
	if (memory)
		return;
	memory = mmap(NULL, GIB, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	assert_ptr_not_equal(memory, MAP_FAILED);
}

#define MAP(text, size, runs) \
	{ .name = "map, " text, .run = map, .after = do_unmap, \
	  .bytes = (size), .nr_runs = (runs) }

#define UNMAP(text, size, runs) \
	{ .name = "unmap, " text, .run = unmap, .before = do_map, \
	  .bytes = (size), .nr_runs = (runs) }

/* The large ones take a minute, and repeat as well. */
static const struct operation operations[] = {
	MAP("4 KiB", 4 * KIB, 0),
	UNMAP("4 KiB", 4 * KIB, 0),
	MAP("2 MiB", 2 * MIB, 0),
	UNMAP("2 MiB", 2 * MIB, 0),
	MAP("1 GiB", GIB, 3),
	UNMAP("1 GiB", GIB, 3),
};

const struct kind dma_mappings = {
	.id = "edu0",
	.group = "DMA mappings",
	.start = begin,
	OPERATIONS(operations),
};
