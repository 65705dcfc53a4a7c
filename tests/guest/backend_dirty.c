// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages that a backend writes itself, or tells of when its device does: in
 * type1's bitmap, and in the device's own log. What edu's backend tells is in
 * migration_dirty.c; here is what edu cannot be made to do.
 */
#include <errno.h>
#include <sys/mman.h>

#include "dirty.h"
#include "fail_call.h"
#include "migration.h"
#include "region.h"
#include "suite.h"
#include "test_backend.h"

#define BAR0 VFIO_PCI_BAR0_REGION_INDEX

#define IOVA TEST_BACKEND_IOVA
#define HOLE TEST_BACKEND_HOLE
#define NR_PAGES TEST_BACKEND_PAGES
#define MAPPED_BYTES (NR_PAGES * DIRTY_PAGE_BYTES)
#define PAGE(number) (IOVA + (number) * DIRTY_PAGE_BYTES)
#define BIT(number) (1ULL << (number))
#define ALL_PAGES UINT64_MAX

#define NO_ACCESS "an iommufd has no accesses for devices with DMA"
#define NO_PINS "an iommufd pins nothing for devices with DMA"
#define BITMAP_IS_TYPE1S "the bitmap is type1's"

static void assert_log(struct client *client, uint64_t expected)
{
	uint64_t pages = 0;

	assert_done(dirty_log_get(client, IOVA, NR_PAGES, &pages));
	assert_that(pages == expected, "the log has %#llx, not %#llx",
		    (unsigned long long)pages, (unsigned long long)expected);
}

static void start_log(struct client *client)
{
	if (client_probe_feature(client, VFIO_DEVICE_FEATURE_SET |
				 VFIO_DEVICE_FEATURE_DMA_LOGGING_START))
		skip_because("this kernel has no log of devices' DMA");
	assert_done(dirty_log_start(client, IOVA, NR_PAGES));
	assert_done(mig_go(client, MIG_PRE_COPY));
	assert_done(dirty_log_get(client, IOVA, NR_PAGES, &(uint64_t) { 0 }));
	assert_log(client, 0);
}

static void what_a_backend_writes_is_logged_once(struct fixture *fixture)
{
	struct client *client = test_backend_new(fixture, "nvme0", "");
	uint64_t value = 1;

	test_backend_map(fixture, client);
	start_log(client);
	assert_done(test_backend_call(client, TEST_GUEST_READ, PAGE(9),
				      &value));
	assert_log(client, 0);
	assert_done(test_backend_call(client, TEST_GUEST_WRITE, PAGE(4) - 4,
				      &value));
	assert_done(test_backend_call(client, TEST_GUEST_WRITE, PAGE(40),
				      &value));
	assert_log(client, BIT(3) | BIT(4) | BIT(40));
	assert_log(client, 0);
}

static void assert_bitmap(struct client *client, uint64_t expected)
{
	uint64_t pages;

	assert_done(dirty_get(client->space, IOVA, NR_PAGES, &pages));
	assert_that(pages == expected, "the bitmap is %#llx, not %#llx",
		    (unsigned long long)pages, (unsigned long long)expected);
}

static void start_bitmap(struct client *client)
{
	assert_done(dirty_start(client->space));
	assert_done(mig_go(client, MIG_PRE_COPY));
	assert_done(dirty_get(client->space, IOVA, NR_PAGES,
			      &(uint64_t) { 0 }));
	assert_bitmap(client, 0);
}

static void what_a_backend_writes_is_in_type1s_bitmap(struct fixture *fixture)
{
	struct client *client = test_backend_new(fixture, "nvme0", "");
	uint64_t value = 1;

	test_backend_map(fixture, client);
	start_bitmap(client);
	assert_done(test_backend_call(client, TEST_GUEST_WRITE, PAGE(7),
				      &value));
	assert_bitmap(client, BIT(7));
}

static void range_begun_twice_is_dirty_until_it_ended_twice(struct fixture *fixture)
{
	bool by_bitmap = fixture->access == ACCESS_GROUP;
	void (*assert_pages)(struct client *client, uint64_t expected) =
		by_bitmap ? assert_bitmap : assert_log;
	struct client *client = test_backend_new(fixture, "nvme0", "");
	uint64_t bytes = 4096;

	test_backend_map(fixture, client);
	if (by_bitmap)
		start_bitmap(client);
	else
		start_log(client);
	assert_done(test_backend_call(client, TEST_DMA_BEGIN, PAGE(5), &bytes));
	assert_done(test_backend_call(client, TEST_DMA_BEGIN, PAGE(5), &bytes));
	assert_done(test_backend_call(client, TEST_DMA_END, PAGE(5), &bytes));
	assert_pages(client, BIT(5));
	assert_pages(client, BIT(5));
	assert_done(test_backend_call(client, TEST_DMA_END, PAGE(5), &bytes));
	assert_pages(client, BIT(5));
	assert_pages(client, 0);
}

static void log_that_cannot_grow_tells_all_pages(struct fixture *fixture)
{
	struct client *client = test_backend_new(fixture, "nvme0", "");
	unsigned int nr_calls;
	uint64_t value = 1;

	test_backend_map(fixture, client);
	start_log(client);
	fail_call_arm("xa_store", 0, FAIL_CALL_XA_NO_MEMORY);
	assert_done(test_backend_call(client, TEST_GUEST_WRITE, PAGE(7),
				      &value));
	assert_done(fail_call_disarm(&nr_calls));
	assert_int_equal(nr_calls, 1);
	assert_log(client, ALL_PAGES);
}

static void dma_to_nowhere_is_refused(struct fixture *fixture)
{
	struct client *client = test_backend_new(fixture, "nvme0", "");
	uint64_t bytes = 4096;

	test_backend_map(fixture, client);
	assert_refused(test_backend_call(client, TEST_DMA_BEGIN, HOLE, &bytes),
		       EFAULT);
	/* Half of it is there. */
	bytes = 8192;
	assert_refused(test_backend_call(client, TEST_DMA_BEGIN,
					 PAGE(NR_PAGES - 1), &bytes), EFAULT);
	bytes = 4096;
	assert_done(test_backend_call(client, TEST_DMA_BEGIN,
				      PAGE(NR_PAGES - 1), &bytes));
	assert_done(test_backend_call(client, TEST_DMA_END,
				      PAGE(NR_PAGES - 1), &bytes));
	/* Of no bytes at all there is nothing to refuse. */
	bytes = 0;
	assert_done(test_backend_call(client, TEST_DMA_BEGIN, HOLE, &bytes));
}

static void begin_dma(struct client *client, uint64_t iova, uint64_t bytes)
{
	assert_done(test_backend_call(client, TEST_DMA_BEGIN, iova, &bytes));
}

static void memory_that_is_written_in_two_places_can_be_unmapped(struct fixture *fixture)
{
	struct client *client = test_backend_new(fixture, "nvme0", "");
	uint8_t *memory = test_backend_map(fixture, client);
	uint64_t bytes = 1024;

	begin_dma(client, PAGE(1), 4096);
	begin_dma(client, PAGE(3), 4096);
	assert_done(space_unmap(client->space, MAPPED_BYTES, IOVA));
	/* One of them again, which is not there any more */
	assert_refused(test_backend_call(client, TEST_DMA_BEGIN, PAGE(1),
					 &bytes), EFAULT);
	/* And with other memory in the same place */
	assert_done(space_map(client->space, memory, MAPPED_BYTES, IOVA));
	begin_dma(client, PAGE(5), 4096);
	assert_done(space_unmap(client->space, MAPPED_BYTES, IOVA));
}

static void other_devices_registers_need_no_page(struct fixture *fixture)
{
	struct client *client = test_backend_new(fixture, "e1000e0", "");
	union region_info region;
	void *registers;

	assert_done(region_query(client, BAR0, &region));
	registers = mmap(NULL, DIRTY_PAGE_BYTES, PROT_READ | PROT_WRITE,
			 MAP_SHARED, client->fd, region.info.offset);
	assert_true(registers != MAP_FAILED);
	assert_done(space_map(client->space, registers, DIRTY_PAGE_BYTES,
			      HOLE));
	begin_dma(client, HOLE, 4096);
	assert_done(space_unmap(client->space, DIRTY_PAGE_BYTES, HOLE));
	munmap(registers, DIRTY_PAGE_BYTES);
}

static void more_ranges_than_can_be_kept_are_refused(struct fixture *fixture)
{
	struct client *client = test_backend_new(fixture, "nvme0", "");
	uint64_t nr = 3 * DIRTY_PAGE_BYTES;
	uint64_t one = 1;

	test_backend_map(fixture, client);
	assert_refused(test_backend_call(client, TEST_DMA_BEGIN_EACH, IOVA,
					 &nr), E2BIG);
	/* Room for another comes with the end of one. */
	assert_refused(test_backend_call(client, TEST_DMA_BEGIN, PAGE(9),
					 &one), E2BIG);
	assert_done(test_backend_call(client, TEST_DMA_END, IOVA, &one));
	begin_dma(client, PAGE(9), 1);
	/* And a reset ends them all. */
	assert_done(client_reset(client));
	assert_done(config_set_command(client, PCI_COMMAND_MEMORY, 0));
	nr = 1024;
	assert_done(test_backend_call(client, TEST_DMA_BEGIN_EACH, IOVA, &nr));
}

static const struct test tests[] = {
	GROUP_TEST(what_a_backend_writes_is_logged_once, NO_ACCESS),
	GROUP_TEST(what_a_backend_writes_is_in_type1s_bitmap, BITMAP_IS_TYPE1S),
	TEST(range_begun_twice_is_dirty_until_it_ended_twice),
	GROUP_TEST(log_that_cannot_grow_tells_all_pages, NO_ACCESS),
	GROUP_TEST(dma_to_nowhere_is_refused, NO_PINS),
	GROUP_TEST(memory_that_is_written_in_two_places_can_be_unmapped,
		   NO_PINS),
	GROUP_TEST(other_devices_registers_need_no_page, NO_PINS),
	TEST(more_ranges_than_can_be_kept_are_refused),
};

SUITE("backend_dirty", tests)
