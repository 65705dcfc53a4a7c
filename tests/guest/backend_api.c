// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a backend may call, on devices that no backend of ours knows: an nvme
 * and an e1000e, which are PCI Express and have MSI-X. The backend here is the
 * tests' own and does as it is told. The pages that it writes are in
 * backend_dirty.c; how it is refused, and how its operations fail, in
 * backend_refusals.c.
 */
#include <errno.h>
#include <stdio.h>

#include "fail_call.h"
#include "irq.h"
#include "mig_stream.h"
#include "nvme.h"
#include "region.h"
#include "suite.h"
#include "test_backend.h"
#include "wait.h"

#define BAR0 VFIO_PCI_BAR0_REGION_INDEX
#define BAR3 VFIO_PCI_BAR3_REGION_INDEX
#define PAGE_BYTES 4096ULL

#define IOVA TEST_BACKEND_IOVA
#define HOLE TEST_BACKEND_HOLE
#define PAGE(number) (IOVA + (number) * PAGE_BYTES)

#define NO_ACCESS "an iommufd has no accesses for devices with DMA"

static uint64_t read_by_user(struct client *client, uint64_t offset, size_t size)
{
	uint64_t value = 0;

	assert_int_equal(region_read(client, BAR0, offset, &value, size), size);
	return value;
}

static uint64_t read_by_backend(struct client *client, enum test_call call,
				uint64_t offset)
{
	uint64_t value = 0;

	assert_done(test_backend_call(client, call, offset, &value));
	return value;
}

static void write_by_backend(struct client *client, enum test_call call,
			     uint64_t offset, uint64_t value)
{
	assert_done(test_backend_call(client, call, offset, &value));
}

static void registers_are_read_in_every_width(struct fixture *fixture)
{
	struct client *client = test_backend_new(fixture, "nvme0", "");
	uint64_t all = read_by_user(client, NVME_REG_CAP, 8);
	uint64_t high = NVME_REG_CAP + 4;

	assert_int_not_equal(all >> 32, 0);
	assert_int_equal(read_by_backend(client, TEST_READ64, NVME_REG_CAP),
			 all);
	assert_int_equal(read_by_backend(client, TEST_READ32, high), all >> 32);
	assert_int_equal(read_by_backend(client, TEST_READ16, high),
			 all >> 32 & 0xffff);
	assert_int_equal(read_by_backend(client, TEST_READ8, high),
			 all >> 32 & 0xff);
}

static void registers_are_written_in_every_width(struct fixture *fixture)
{
	struct client *client = test_backend_new(fixture, "nvme0", "");
	uint64_t at = NVME_REG_ASQ;

	write_by_backend(client, TEST_WRITE64, at, 0x1122334455667788);
	assert_int_equal(read_by_user(client, at, 8), 0x1122334455667788);
	write_by_backend(client, TEST_WRITE32, at + 4, 0x99aabbcc);
	assert_int_equal(read_by_user(client, at, 8), 0x99aabbcc55667788);
	write_by_backend(client, TEST_WRITE16, at, 0xddee);
	assert_int_equal(read_by_user(client, at, 8), 0x99aabbcc5566ddee);
	write_by_backend(client, TEST_WRITE8, at, 0x5a);
	/* QEMU writes two bytes where one is written, and one of them is zero. */
	assert_int_equal(read_by_user(client, at, 8) & ~0xff00ULL,
			 0x99aabbcc5566005a);
}

static void guest_memory_is_read_and_written(struct fixture *fixture)
{
	struct client *client = test_backend_new(fixture, "nvme0", "");
	uint64_t value = 0x0123456789abcdef;
	uint8_t *memory = test_backend_map(fixture, client);

	/* From one page into the next */
	assert_done(test_backend_call(client, TEST_GUEST_WRITE, PAGE(2) - 4,
				      &value));
	assert_memory_equal(memory + 2 * PAGE_BYTES - 4, &value, 8);
	value = 0;
	memory[2 * PAGE_BYTES] = 0x77;
	assert_done(test_backend_call(client, TEST_GUEST_READ, PAGE(2) - 4,
				      &value));
	assert_int_equal(value, 0x0123457789abcdef);
	assert_true(test_backend_call(client, TEST_GUEST_READ, HOLE, &value) <
		    0);
	assert_true(test_backend_call(client, TEST_GUEST_WRITE, HOLE, &value) <
		    0);
}

static void iommufd_gives_a_backend_no_guest_memory(struct fixture *fixture)
{
	struct client *client = test_backend_new(fixture, "nvme0", "");
	uint64_t value = 0x0123456789abcdef;
	uint8_t *memory = test_backend_map(fixture, client);

	assert_refused(test_backend_call(client, TEST_GUEST_WRITE, IOVA,
					 &value), EOPNOTSUPP);
	assert_int_equal(memory[0], 0);
	assert_refused(test_backend_call(client, TEST_GUEST_READ, IOVA, &value),
		       EOPNOTSUPP);
	assert_int_equal(value, 0x0123456789abcdef);
}

/* A register of config space that a guest sets and a VMM does not. */
struct setting_bits {
	const char *name;
	unsigned int offset;
	unsigned int size;
	uint32_t bits;
};

static uint32_t read_on_host(struct fixture *fixture,
			     const struct setting_bits *one)
{
	uint32_t value = 0;

	assert_done(pci_read_config(fixture->functions[0].address, one->offset,
				    &value, one->size));
	return value & one->bits;
}

static void flip(struct fixture *fixture, struct client *client,
		 const struct setting_bits *one)
{
	uint32_t before = read_on_host(fixture, one);

	assert_done(config_write(client, one->offset, one->size,
				 config_read(client, one->offset, one->size) ^
				 one->bits));
	assert_that(read_on_host(fixture, one) == (before ^ one->bits),
		    "%s cannot be set", one->name);
}

static void config_space_goes_across(struct fixture *fixture)
{
	struct client *client = test_backend_new(fixture, fixture->data, "");
	unsigned int express = config_find_capability(client, PCI_CAP_ID_EXP);
	unsigned int errors = PCI_CFG_SPACE_SIZE;
	/* An nvme has the first two, an e1000e can set all others. */
	struct setting_bits all[] = {
		{ "device control", express + PCI_EXP_DEVCTL, 2, 0xf },
		{ "the cache line size", PCI_CACHE_LINE_SIZE, 1, 0xff },
		{ "the mask of fatal errors", errors + PCI_ERR_UNCOR_MASK, 4,
		  PCI_ERR_UNC_POISON_TLP | PCI_ERR_UNC_MALF_TLP },
		{ "the mask of others", errors + PCI_ERR_COR_MASK, 4,
		  PCI_ERR_COR_BAD_TLP },
	};
	bool has_errors = (config_read(client, errors, 4) & 0xffff) ==
			  PCI_EXT_CAP_ID_ERR;
	size_t first = has_errors ? 1 : 0;
	size_t end = has_errors ? ARRAY_SIZE(all) : 2;
	uint32_t saved[ARRAY_SIZE(all)];
	struct mig_stream stream;
	size_t i;

	assert_int_not_equal(express, 0);
	for (i = first; i < end; i++) {
		flip(fixture, client, &all[i]);
		saved[i] = read_on_host(fixture, &all[i]);
	}
	stream = mig_save(client);
	assert_done(mig_go(client, MIG_RUNNING));
	for (i = first; i < end; i++)
		flip(fixture, client, &all[i]);
	assert_done(mig_load(client, &stream));
	assert_done(mig_go(client, MIG_RUNNING));
	for (i = first; i < end; i++)
		assert_that(read_on_host(fixture, &all[i]) == saved[i],
			    "%s is not as it was saved", all[i].name);
	mig_stream_free(&stream);
}

static void save_and_load(struct client *client)
{
	struct mig_stream stream = mig_save(client);

	assert_done(mig_load(client, &stream));
	assert_done(mig_go(client, MIG_RUNNING));
	mig_stream_free(&stream);
}

static void number_goes_across(struct fixture *fixture)
{
	struct client *client = test_backend_new(fixture, "nvme0", "");
	uint64_t value = read_by_backend(client, TEST_READ64, NVME_REG_CAP);
	struct mig_stream stream = mig_save(client);

	assert_int_not_equal(value, 0);
	assert_done(client_reset(client));
	assert_done(config_set_command(client, PCI_COMMAND_MEMORY, 0));
	assert_int_equal(test_backend_value(client), 0);
	assert_done(mig_load(client, &stream));
	assert_done(mig_go(client, MIG_RUNNING));
	assert_int_equal(test_backend_value(client), value);
	mig_stream_free(&stream);
}

static void vectors_of_msix_are_kicked_after_a_load(struct fixture *fixture)
{
	struct client *client = test_backend_new(fixture, "nvme0", "");
	struct vfio_irq_info info;
	int request = fixture_event(fixture);
	int events[3];
	size_t i;

	assert_done(irq_query(client, VFIO_PCI_MSIX_IRQ_INDEX, &info));
	assert_true(info.count >= ARRAY_SIZE(events));
	for (i = 0; i < ARRAY_SIZE(events); i++)
		events[i] = fixture_event(fixture);
	assert_done(irq_connect(client, VFIO_PCI_MSIX_IRQ_INDEX, 0, events,
				ARRAY_SIZE(events)));
	/* This is no interrupt of the device's, and must stay silent. */
	assert_done(irq_connect(client, VFIO_PCI_REQ_IRQ_INDEX, 0, &request,
				1));
	save_and_load(client);
	for (i = 0; i < ARRAY_SIZE(events); i++)
		assert_int_equal(event_wait(events[i], WAIT_LIMIT_MS), 1);
	assert_int_equal(event_wait(request, 0), 0);
}

static void vector_that_cannot_be_remembered_still_interrupts(struct fixture *fixture)
{
	struct client *client = test_backend_new(fixture, "nvme0", "");
	int events[2] = { fixture_event(fixture), fixture_event(fixture) };
	unsigned int nr_calls;

	fail_call_arm("xa_store", 0, FAIL_CALL_XA_NO_MEMORY);
	assert_done(irq_connect(client, VFIO_PCI_MSIX_IRQ_INDEX, 0, events, 2));
	assert_done(fail_call_disarm(&nr_calls));
	assert_int_equal(nr_calls, 2);
	save_and_load(client);
	assert_int_equal(event_wait(events[1], WAIT_LIMIT_MS), 1);
	assert_int_equal(event_wait(events[0], 0), 0);
	assert_done(irq_act(client, VFIO_PCI_MSIX_IRQ_INDEX,
			    VFIO_IRQ_SET_ACTION_TRIGGER, 0, 1));
	assert_int_equal(event_wait(events[0], WAIT_LIMIT_MS), 1);
}

static const struct vfio_region_info_cap_sparse_mmap *
query_areas(struct client *client, unsigned int index, union region_info *region)
{
	const void *sparse;

	assert_done(region_query(client, index, region));
	sparse = region_capability(region, VFIO_REGION_INFO_CAP_SPARSE_MMAP);
	assert_non_null(sparse);
	assert_true(region->info.flags & VFIO_REGION_INFO_FLAG_MMAP);
	return sparse;
}

static void pages_before_and_after_a_trap_can_be_mapped(struct fixture *fixture)
{
	struct client *client = test_backend_new(fixture, "e1000e0",
						 "bars=9 plain3=0x3000");
	const struct vfio_region_info_cap_sparse_mmap *sparse;
	union region_info region;

	/* Registers, without MSI-X */
	sparse = query_areas(client, BAR0, &region);
	assert_int_equal(sparse->nr_areas, 2);
	assert_int_equal(sparse->areas[0].offset, 0);
	assert_int_equal(sparse->areas[0].size, PAGE_BYTES);
	assert_int_equal(sparse->areas[1].offset, 2 * PAGE_BYTES);
	assert_int_equal(sparse->areas[1].size,
			 region.info.size - 2 * PAGE_BYTES);
	assert_null(region_capability(&region,
				      VFIO_REGION_INFO_CAP_MSIX_MAPPABLE));
	/* MSI-X, which ends with the trapped page */
	sparse = query_areas(client, BAR3, &region);
	assert_int_equal(region.info.size, 4 * PAGE_BYTES);
	assert_int_equal(sparse->nr_areas, 1);
	assert_int_equal(sparse->areas[0].offset, 0);
	assert_int_equal(sparse->areas[0].size, 3 * PAGE_BYTES);
	assert_non_null(region_capability(&region,
					  VFIO_REGION_INFO_CAP_MSIX_MAPPABLE));
}

static void trap_without_functions_lets_the_device_answer(struct fixture *fixture)
{
	struct client *client = test_backend_new(fixture, "nvme0",
						 "plain=0x28");
	uint64_t value = 0x1122334455667788;

	assert_int_equal(region_write(client, BAR0, NVME_REG_ASQ, &value, 8),
			 8);
	assert_int_equal(read_by_backend(client, TEST_READ64, NVME_REG_ASQ),
			 value);
	write_by_backend(client, TEST_WRITE64, NVME_REG_ASQ, ~value);
	assert_int_equal(read_by_user(client, NVME_REG_ASQ, 8), ~value);
}

static const struct test tests[] = {
	TEST(registers_are_read_in_every_width),
	TEST(registers_are_written_in_every_width),
	GROUP_TEST(guest_memory_is_read_and_written, NO_ACCESS),
	{
		.name = "iommufd_gives_a_backend_no_guest_memory",
		.run = iommufd_gives_a_backend_no_guest_memory,
		.limit_s = TEST_LIMIT_S,
		.only_by = ONLY_BY(ACCESS_CDEV),
	},
	{
		.name = "config_space_goes_across_on_nvme",
		.run = config_space_goes_across,
		.limit_s = TEST_LIMIT_S,
		.data = "nvme0",
	},
	{
		.name = "config_space_goes_across_on_e1000e",
		.run = config_space_goes_across,
		.limit_s = TEST_LIMIT_S,
		.data = "e1000e0",
	},
	TEST(number_goes_across),
	TEST(vectors_of_msix_are_kicked_after_a_load),
	TEST(vector_that_cannot_be_remembered_still_interrupts),
	TEST(pages_before_and_after_a_trap_can_be_mapped),
	TEST(trap_without_functions_lets_the_device_answer),
};

SUITE("backend_api", tests)
