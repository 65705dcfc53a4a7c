// SPDX-License-Identifier: GPL-2.0-only
/*
 * What numbers are drawn for the fields of calls: for each kind those at which
 * code decides something, and now and then any.
 */
#include <linux/pci_regs.h>

#include "check.h"
#include "fuzz.h"

#define U32 0xffffffffULL

/* Region INDEX from its beginning, and around its end. */
#define IN_REGION(index, offset) \
	(((uint64_t)(index) << FUZZ_REGION_SHIFT) | (offset))
#define AT_END(index, delta) \
	(FUZZ_AT_END | IN_REGION(index, (uint16_t)(delta)))

static const uint64_t places[] = {
	FUZZ_BEFORE_GUARD, FUZZ_INTO_GUARD, FUZZ_READ_ONLY, FUZZ_NULL,
	FUZZ_OF_KERNEL, FUZZ_NR_PLACES,
};

static const uint64_t argszs[] = {
	0, 1, 4, 7, 8, 12, 16, 20, 24, 32, 40, 48, 64, 256, 1024, 4096, 0x7fffffff,
	U32 - 7, U32,
};

static const uint64_t words[] = {
	0, 1, 2, 3, 4, 7, 8, 16, 31, 32, 63, 64, 255, 256, 0xfff, 0x1000, 0xffff,
	0x10000, 0x7fffffff, 0x80000000, U32 - 1, U32, 1ULL << 32,
	0x7fffffffffffffff, 1ULL << 63, ~0ULL - 0xfff, ~0ULL,
};

static const uint64_t few[] = { 0, 1, 2, 3, 4, 5, 8, 16 };

/* VFIO_IOMMU_DIRTY_PAGES_FLAG_START, _STOP, _GET_BITMAP */
static const uint64_t dirty_flags[] = { 4, 4, 4, 2, 0, 3, 5, 8, U32 };

static const uint64_t flags[] = {
	0, 1, 2, 3, 4, 5, 6, 7, 8, 1 << 4, 1 << 5, 1 << 6, 0x80000000, U32,
};

static const uint64_t regions[] = {
	0, 1, 2, 3, 4, 5, VFIO_PCI_ROM_REGION_INDEX,
	VFIO_PCI_CONFIG_REGION_INDEX, VFIO_PCI_VGA_REGION_INDEX,
	VFIO_PCI_NUM_REGIONS, VFIO_PCI_NUM_REGIONS + 1, 0x7fffffff, U32,
};

static const uint64_t irqs[] = {
	VFIO_PCI_INTX_IRQ_INDEX, VFIO_PCI_MSI_IRQ_INDEX,
	VFIO_PCI_MSIX_IRQ_INDEX,
	VFIO_PCI_INTX_IRQ_INDEX, VFIO_PCI_MSI_IRQ_INDEX,
	VFIO_PCI_MSIX_IRQ_INDEX, VFIO_PCI_ERR_IRQ_INDEX,
	VFIO_PCI_REQ_IRQ_INDEX, VFIO_PCI_NUM_IRQS, U32,
};

#define DATA_NONE VFIO_IRQ_SET_DATA_NONE
#define DATA_BOOL VFIO_IRQ_SET_DATA_BOOL
#define DATA_EVENT VFIO_IRQ_SET_DATA_EVENTFD
#define MASK VFIO_IRQ_SET_ACTION_MASK
#define UNMASK VFIO_IRQ_SET_ACTION_UNMASK
#define TRIGGER VFIO_IRQ_SET_ACTION_TRIGGER

static const uint64_t irq_flags[] = {
	DATA_NONE | TRIGGER, DATA_BOOL | TRIGGER, DATA_NONE | MASK,
	DATA_NONE | UNMASK, DATA_BOOL | MASK, DATA_BOOL | UNMASK,
	DATA_EVENT | UNMASK, DATA_EVENT | MASK, DATA_NONE, TRIGGER,
	DATA_NONE | MASK | UNMASK, DATA_EVENT | DATA_BOOL | TRIGGER, U32,
};

static const uint64_t irq_starts[] = { 1, 2, 31, 32, 2047, U32 };

static const uint64_t counts[] = {
	0, 1, 1, 1, 2, 3, 5, 32, 33, 2048, 0x3fffffff, 0x40000000, U32,
};

static const uint64_t fds[] = {
	FUZZ_DEVICE, FUZZ_DEVICE_AGAIN, FUZZ_DATA, FUZZ_DATA_AGAIN,
	FUZZ_SPACE, FUZZ_GROUP, FUZZ_EVENT_0, FUZZ_EVENT_1, FUZZ_EVENT_2,
	FUZZ_PLAIN, FUZZ_NR_FDS, 0x7fffffff,
};

static const uint64_t fds_data[] = { FUZZ_DATA, FUZZ_DATA, FUZZ_DATA_AGAIN };

#define CONFIG VFIO_PCI_CONFIG_REGION_INDEX

static const uint64_t offsets[] = {
	/* What config space has at fixed places */
	IN_REGION(CONFIG, PCI_VENDOR_ID), IN_REGION(CONFIG, PCI_COMMAND),
	IN_REGION(CONFIG, PCI_COMMAND), IN_REGION(CONFIG, PCI_STATUS),
	IN_REGION(CONFIG, PCI_BASE_ADDRESS_0),
	IN_REGION(CONFIG, PCI_BASE_ADDRESS_0 + 2),
	IN_REGION(CONFIG, PCI_BASE_ADDRESS_5), IN_REGION(CONFIG, PCI_ROM_ADDRESS),
	IN_REGION(CONFIG, PCI_CAPABILITY_LIST),
	IN_REGION(CONFIG, PCI_INTERRUPT_LINE), IN_REGION(CONFIG, 0x40),
	IN_REGION(CONFIG, 0x41), IN_REGION(CONFIG, 0x42),
	IN_REGION(CONFIG, 0x44), IN_REGION(CONFIG, 0x60), IN_REGION(CONFIG, 0x80),
	IN_REGION(CONFIG, 0x84), IN_REGION(CONFIG, 0x88), IN_REGION(CONFIG, 0xa0),
	IN_REGION(CONFIG, 0xc8), IN_REGION(CONFIG, 0xcc), IN_REGION(CONFIG, 0xd0),
	IN_REGION(CONFIG, 0xe0), IN_REGION(CONFIG, 0xff),
	IN_REGION(CONFIG, 0x100), IN_REGION(CONFIG, 0x104),
	IN_REGION(CONFIG, 0x140), IN_REGION(CONFIG, 0xffc),
	IN_REGION(CONFIG, 0xfff), IN_REGION(CONFIG, 0x1000), AT_END(CONFIG, -2),
	/* Registers: of edu, of ivshmem, of NVMe, of e1000e */
	IN_REGION(0, 0x00), IN_REGION(0, 0x04), IN_REGION(0, 0x08),
	IN_REGION(0, 0x0c), IN_REGION(0, 0x14), IN_REGION(0, 0x20),
	IN_REGION(0, 0x24), IN_REGION(0, 0x60), IN_REGION(0, 0x64),
	IN_REGION(0, 0x80), IN_REGION(0, 0x84), IN_REGION(0, 0x88),
	IN_REGION(0, 0x90), IN_REGION(0, 0x98), IN_REGION(0, 0xc0),
	IN_REGION(0, 0xff8), IN_REGION(0, 0xffc), IN_REGION(0, 0x1000),
	IN_REGION(0, 0x1001), IN_REGION(0, 0x2000),
	AT_END(0, -0x1000), AT_END(0, -8), AT_END(0, -4), AT_END(0, -1),
	AT_END(0, 0), AT_END(0, 1),
	IN_REGION(1, 0), AT_END(1, -4), AT_END(1, 0), IN_REGION(2, 0),
	AT_END(2, -0x1000), AT_END(2, -4), AT_END(2, 0), IN_REGION(3, 0),
	/* MSI-X tables: where these devices have them */
	IN_REGION(3, 0x0c), IN_REGION(0, 0x3000), IN_REGION(1, 0x10),
	IN_REGION(4, 0), IN_REGION(5, 0),
	IN_REGION(VFIO_PCI_ROM_REGION_INDEX, 0),
	AT_END(VFIO_PCI_ROM_REGION_INDEX, -1),
	IN_REGION(VFIO_PCI_VGA_REGION_INDEX, 0x3c0),
	IN_REGION(VFIO_PCI_VGA_REGION_INDEX, 0xa0000),
	IN_REGION(VFIO_PCI_NUM_REGIONS, 0), IN_REGION(0x7fff, 0),
	0x7fffffffffffffff, ~0ULL - 3,
};

static const uint64_t lengths[] = {
	1, 2, 2, 4, 4, 4, 8, 0, 3, 5, 16, 64, 255, 256, 257, 4095, 4096, 4097,
	8192, 65535, 65536, 65537, 0x7ffff000, U32,
};

static const uint64_t iovas[] = {
	0, 0x1000, 0x100000, 0x101000, 0x108000, 0x10f000, 0x110000, 0x100001,
	0xfffff000, 0x100000000, 0xfee00000, 0x7ffffffff000, 1ULL << 39,
	~0ULL - 0xffff, ~0ULL - 0xfff, ~0ULL,
};

static const uint64_t pages[] = {
	0x1000, 0x1000, 0x2000, 0x8000, 0x10000, 0, 1, 0xfff, 0x1001, 0x200000,
	1ULL << 30, 1ULL << 32, ~0ULL - 0xfff, ~0ULL,
};

/* Offsets in the client's memory; what is larger is used as it is. */
static const uint64_t addresses[] = {
	0, 0, 0x1000, 0x8000, 0xf000, 0x10000, 1, 0x1000000, 0xffff888000000000,
	~0ULL - 0xfff, ~0ULL,
};

static const uint64_t features[] = {
	VFIO_DEVICE_FEATURE_PCI_VF_TOKEN, VFIO_DEVICE_FEATURE_MIGRATION,
	VFIO_DEVICE_FEATURE_MIG_DEVICE_STATE, VFIO_DEVICE_FEATURE_LOW_POWER_ENTRY,
	VFIO_DEVICE_FEATURE_LOW_POWER_ENTRY_WITH_WAKEUP,
	VFIO_DEVICE_FEATURE_LOW_POWER_EXIT,
	VFIO_DEVICE_FEATURE_DMA_LOGGING_START,
	VFIO_DEVICE_FEATURE_DMA_LOGGING_STOP,
	VFIO_DEVICE_FEATURE_DMA_LOGGING_REPORT, VFIO_DEVICE_FEATURE_MIG_DATA_SIZE,
	10 /* BUS_MASTER */, 11, VFIO_DEVICE_FEATURE_MIG_PRECOPY_INFOv2, 13,
	0xffff,
};

/* VFIO_DEVICE_FEATURE_GET, _SET and _PROBE, 16 bits lower */
static const uint64_t feature_acts[] = { 1, 1, 2, 2, 4, 5, 6, 3, 7, 0, 8, 0xffff };

static const uint64_t states[] = {
	VFIO_DEVICE_STATE_STOP, VFIO_DEVICE_STATE_RUNNING,
	VFIO_DEVICE_STATE_STOP_COPY, VFIO_DEVICE_STATE_RESUMING,
	VFIO_DEVICE_STATE_RUNNING_P2P, VFIO_DEVICE_STATE_PRE_COPY,
	VFIO_DEVICE_STATE_PRE_COPY_P2P, VFIO_DEVICE_STATE_STOP_COPY,
	VFIO_DEVICE_STATE_RESUMING, VFIO_DEVICE_STATE_ERROR,
	VFIO_DEVICE_STATE_PRE_COPY_P2P + 1, U32,
};

static const uint64_t io_flags[] = { 1, 2, 4, 8, 4, 2, 0, 3, 0x18, U32 };

static const uint64_t protections[] = { 3, 3, 1, 2, 0, 5, 7, 0x103, 0x201 };

static const uint64_t commands[] = {
	VFIO_GET_API_VERSION, VFIO_CHECK_EXTENSION, VFIO_SET_IOMMU,
	VFIO_GROUP_GET_STATUS, VFIO_GROUP_UNSET_CONTAINER,
	VFIO_DEVICE_GET_INFO, VFIO_DEVICE_RESET, VFIO_DEVICE_QUERY_GFX_PLANE,
	VFIO_DEVICE_GET_GFX_DMABUF, VFIO_DEVICE_FEATURE,
	VFIO_DEVICE_BIND_IOMMUFD, VFIO_DEVICE_ATTACH_IOMMUFD_PT,
	_IO(VFIO_TYPE, VFIO_BASE + 20), VFIO_MIG_GET_PRECOPY_INFO,
	_IO(VFIO_TYPE, VFIO_BASE + 22), _IO(VFIO_TYPE, VFIO_BASE - 1),
	_IO(VFIO_TYPE, 0xff), 0, U32,
};

static const uint64_t ioas[] = { 1, 1, 1, 2, 3, 4, 0, 5, 16, U32 };

/**
 * struct value_set - What is drawn for a kind
 * @values: The numbers at which code decides something
 * @nr_values: How many
 * @usual: The number that is right
 * @one_unusual_in: The usual one is drawn otherwise; 0: there is none
 * @one_wild_in: Any number is drawn once in so many times; 0: never
 */
struct value_set {
	const uint64_t *values;
	unsigned int nr_values;
	uint64_t usual;
	unsigned int one_unusual_in;
	unsigned int one_wild_in;
};

#define VALUES(array) .values = (array), .nr_values = ARRAY_SIZE(array)

static const struct value_set sets[FUZZ_NR_KINDS] = {
	[FUZZ_PLACE] = { VALUES(places), FUZZ_IN_PAGE, 20 },
	[FUZZ_ARGSZ] = { VALUES(argszs), FUZZ_RIGHT, 10, 60 },
	[FUZZ_WORD] = { VALUES(words), .one_wild_in = 4 },
	[FUZZ_FEW] = { VALUES(few), .one_wild_in = 50 },
	[FUZZ_MAP_FLAGS] = { VALUES(few), 3, 4, 50 },
	[FUZZ_IOAS_FLAGS] = { VALUES(few), 7, 4, 50 },
	[FUZZ_DIRTY_FLAGS] = { VALUES(dirty_flags), 1, 2, 50 },
	[FUZZ_FLAGS] = { VALUES(flags), 0, 6, 60 },
	[FUZZ_REGION] = { VALUES(regions), .one_wild_in = 50 },
	[FUZZ_IRQ] = { VALUES(irqs), .one_wild_in = 50 },
	[FUZZ_IRQ_FLAGS] = { VALUES(irq_flags), DATA_EVENT | TRIGGER, 2, 50 },
	[FUZZ_IRQ_START] = { VALUES(irq_starts), 0, 4, 50 },
	[FUZZ_COUNT] = { VALUES(counts), 1, 3, 50 },
	[FUZZ_FD] = { VALUES(fds) },
	[FUZZ_FD_DEVICE] = { VALUES(fds), FUZZ_DEVICE, 16 },
	[FUZZ_FD_DATA] = { VALUES(fds_data), FUZZ_DATA, 4 },
	[FUZZ_FD_SPACE] = { VALUES(fds), FUZZ_SPACE, 16 },
	[FUZZ_FD_GROUP] = { VALUES(fds), FUZZ_GROUP, 16 },
	[FUZZ_FD_EVENT] = { VALUES(fds), FUZZ_EVENT_0, 5 },
	[FUZZ_OFFSET] = { VALUES(offsets), .one_wild_in = 20 },
	[FUZZ_OFFSET_IN_BAR] = { VALUES(offsets), .one_wild_in = 20 },
	[FUZZ_LENGTH] = { VALUES(lengths), 4, 2, 100 },
	[FUZZ_IOVA] = { VALUES(iovas), 0x110000, 2, 40 },
	[FUZZ_PAGES] = { VALUES(pages), 0x1000, 3, 40 },
	[FUZZ_PAGE_SIZE] = { VALUES(pages), 0x1000, 3, 40 },
	[FUZZ_ADDRESS] = { VALUES(addresses), 0, 5, 40 },
	[FUZZ_FEATURE] = { VALUES(features), .one_wild_in = 50 },
	[FUZZ_FEATURE_ACT] = { VALUES(feature_acts) },
	[FUZZ_STATE] = { VALUES(states), .one_wild_in = 100 },
	[FUZZ_IO_FLAGS] = { VALUES(io_flags), .one_wild_in = 50 },
	[FUZZ_PROTECTION] = { VALUES(protections), 3, 3 },
	[FUZZ_COMMAND] = { VALUES(commands), .one_wild_in = 8 },
	[FUZZ_NAME] = { VALUES(few) },
	[FUZZ_TEXT] = { VALUES(words), .one_wild_in = 1 },
	[FUZZ_FILE] = { VALUES(words), .one_wild_in = 1 },
	[FUZZ_IOAS] = { VALUES(ioas), .one_wild_in = 50 },
	[FUZZ_BEHIND] = { VALUES(places), FUZZ_IN_PAGE, 15 },
};

uint64_t fuzz_draw_number(struct draw *draw, enum fuzz_kind kind)
{
	const struct value_set *set = &sets[kind];

	if (set->one_unusual_in && !draw_one_in(draw, set->one_unusual_in))
		return set->usual;
	if (set->one_wild_in && draw_one_in(draw, set->one_wild_in))
		return draw_bits(draw) >> draw_below(draw, 64);
	return set->values[draw_below(draw, set->nr_values)];
}

static uint64_t use_fd(struct fuzz_target *target, uint64_t number)
{
	if (number >= FUZZ_NR_FDS)
		return number == FUZZ_NR_FDS ? (uint64_t)-1 : number;
	return atomic_load(&target->fds[number]);
}

static uint64_t use_offset(struct fuzz_target *target, uint64_t number)
{
	unsigned int region = (number >> FUZZ_REGION_SHIFT) & 0xffff;

	if (number >> 48 != FUZZ_AT_END >> 48 || region >= VFIO_PCI_NUM_REGIONS)
		return number;
	return IN_REGION(region, 0) + target->region_bytes[region] +
	       (int16_t)number;
}

uint64_t fuzz_use_number(struct fuzz_target *target,
			 const struct fuzz_operation *operation,
			 enum fuzz_kind kind, uint64_t number)
{
	switch (kind) {
	case FUZZ_ARGSZ:
		return number == FUZZ_RIGHT ? operation->size : number;
	case FUZZ_FD:
	case FUZZ_FD_DEVICE:
	case FUZZ_FD_DATA:
	case FUZZ_FD_SPACE:
	case FUZZ_FD_GROUP:
	case FUZZ_FD_EVENT:
		return use_fd(target, number);
	case FUZZ_OFFSET:
		return use_offset(target, number);
	case FUZZ_OFFSET_IN_BAR:
		return use_offset(target, number) & INT64_MAX;
	case FUZZ_PAGE_SIZE:
		return number ? number : 1;
	case FUZZ_ADDRESS:
		return number <= FUZZ_MEMORY_BYTES ?
		       (uintptr_t)target->memory + number : number;
	default:
		return number;
	}
}
