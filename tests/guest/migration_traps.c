// SPDX-License-Identifier: GPL-2.0-only
/*
 * Registers that a backend stands in front of: their pages cannot be mapped,
 * all others can; and they are read and written as ever. A device whose backend
 * stands in front of nothing is mapped as without one.
 */
#include <errno.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "edu.h"
#include "fail_call.h"
#include "migration.h"
#include "region.h"
#include "suite.h"

#define BAR0 VFIO_PCI_BAR0_REGION_INDEX
#define MEMORY VFIO_PCI_BAR2_REGION_INDEX
#define PAGE_BYTES 4096ULL
#define EDU_BAR_BYTES (1ULL << 20)

/* edu's DMA registers, which are trapped, are in its first page. */
#define TRAPPED_PAGES 1

struct mapping {
	uint8_t *bytes;
	size_t length;
};

static struct mapping map(struct client *client, unsigned int index,
			  uint64_t offset, size_t length, int flags)
{
	struct mapping mapping = { .length = length };
	union region_info region;

	assert_done(region_query(client, index, &region));
	errno = 0;
	mapping.bytes = mmap(NULL, length, PROT_READ | PROT_WRITE, flags,
			     client->fd, region.info.offset + offset);
	return mapping;
}

static void assert_not_mappable(struct client *client, uint64_t offset,
				size_t length)
{
	struct mapping mapping = map(client, BAR0, offset, length, MAP_SHARED);

	assert_that(mapping.bytes == MAP_FAILED,
		    "%zu bytes at %#llx were mapped", length,
		    (unsigned long long)offset);
	assert_int_equal(errno, EINVAL);
}

static void areas_to_map_leave_out_trapped_pages_only(struct fixture *fixture)
{
	struct client *client = mig_new(fixture, "edu0");
	const struct vfio_region_info_cap_sparse_mmap *sparse;
	union region_info region;

	assert_done(region_query(client, BAR0, &region));
	assert_int_equal(region.info.size, EDU_BAR_BYTES);
	assert_true(region.info.flags & VFIO_REGION_INFO_FLAG_MMAP);
	assert_true(region.info.flags & VFIO_REGION_INFO_FLAG_READ);
	assert_true(region.info.flags & VFIO_REGION_INFO_FLAG_WRITE);
	sparse = (const void *)
		 region_capability(&region, VFIO_REGION_INFO_CAP_SPARSE_MMAP);
	assert_non_null(sparse);
	assert_int_equal(sparse->nr_areas, 1);
	assert_int_equal(sparse->areas[0].offset, TRAPPED_PAGES * PAGE_BYTES);
	assert_int_equal(sparse->areas[0].size,
			 EDU_BAR_BYTES - TRAPPED_PAGES * PAGE_BYTES);
}

static void information_says_how_much_room_it_needs(struct fixture *fixture)
{
	struct client *client = mig_new(fixture, "edu0");
	struct vfio_region_info info = {
		.argsz = sizeof(info),
		.index = BAR0,
	};

	assert_int_equal(ioctl(client->fd, VFIO_DEVICE_GET_REGION_INFO, &info),
			 0);
	assert_true(info.flags & VFIO_REGION_INFO_FLAG_CAPS);
	assert_int_equal(info.cap_offset, 0);
	assert_true(info.argsz >= sizeof(info) +
		    sizeof(struct vfio_region_info_cap_sparse_mmap) +
		    sizeof(struct vfio_region_sparse_mmap_area));
	info.argsz = sizeof(info) - 1;
	assert_int_equal(ioctl(client->fd, VFIO_DEVICE_GET_REGION_INFO, &info),
			 -1);
	assert_int_equal(errno, EINVAL);
}

static void trapped_pages_cannot_be_mapped(struct fixture *fixture)
{
	struct client *client = mig_new(fixture, "edu0");

	assert_not_mappable(client, 0, PAGE_BYTES);
	assert_not_mappable(client, 0, EDU_BAR_BYTES);
	assert_not_mappable(client, 0, 2 * PAGE_BYTES);
	/* Nor what is not there */
	assert_not_mappable(client, EDU_BAR_BYTES, PAGE_BYTES);
	assert_not_mappable(client, PAGE_BYTES, EDU_BAR_BYTES);
	assert_not_mappable(client, EDU_BAR_BYTES - PAGE_BYTES,
			    2 * PAGE_BYTES);
}

static void all_other_pages_can_be_mapped_and_work(struct fixture *fixture)
{
	struct client *client = mig_new(fixture, "edu0");
	size_t length = EDU_BAR_BYTES - TRAPPED_PAGES * PAGE_BYTES;
	struct mapping mapping = map(client, BAR0, TRAPPED_PAGES * PAGE_BYTES,
				     length, MAP_SHARED);
	size_t at;

	assert_that(mapping.bytes != MAP_FAILED, "it cannot be mapped: %s",
		    strerror(errno));
	/* There are no registers, so it reads as by read(). */
	for (at = 0; at < length; at += PAGE_BYTES * 17)
		assert_int_equal(*(volatile uint32_t *)(mapping.bytes + at),
				 region_read32(client, BAR0,
					       TRAPPED_PAGES * PAGE_BYTES +
					       at));
	munmap(mapping.bytes, length);
}

static void registers_beside_and_behind_a_trap_answer(struct fixture *fixture)
{
	struct client *client = mig_new(fixture, "edu0");
	uint32_t words[8] = {};

	edu_write(client, EDU_REG_LIVENESS, 0x0badcafe);
	assert_int_equal(edu_read(client, EDU_REG_LIVENESS), ~0x0badcafeU);
	edu_write(client, EDU_REG_DMA_SOURCE, 0x1234);
	edu_write(client, EDU_REG_DMA_TARGET, 0x5678);
	edu_write(client, EDU_REG_DMA_COUNT, 0x9a);
	assert_int_equal(edu_read(client, EDU_REG_DMA_SOURCE), 0x1234);
	assert_int_equal(edu_read(client, EDU_REG_DMA_TARGET), 0x5678);
	assert_int_equal(edu_read(client, EDU_REG_DMA_COUNT), 0x9a);
	assert_int_equal(edu_read(client, EDU_REG_DMA_COMMAND) & EDU_DMA_RUN,
			 0);
	/* One read that begins before the trap and ends in it */
	assert_int_equal(region_read(client, BAR0, 0x78, words,
				     sizeof(words)), sizeof(words));
	assert_int_equal(words[2], 0x1234);
	assert_int_equal(words[4], 0x5678);
	assert_int_equal(words[6], 0x9a);
}

static void no_eventfd_writes_behind_a_backends_back(struct fixture *fixture)
{
	struct client *client = mig_new(fixture, "edu0");
	int event = fixture_event(fixture);

	assert_true(client_write_on_event(client, BAR0, EDU_REG_DMA_COMMAND,
					  EDU_DMA_RUN, event) < 0);
}

static void memory_without_a_trap_is_mapped_whole(struct fixture *fixture)
{
	struct client *client = mig_new(fixture, "ivshmem0");
	union region_info region;
	uint32_t *memory;
	size_t bytes;

	assert_done(region_query(client, MEMORY, &region));
	assert_true(region.info.flags & VFIO_REGION_INFO_FLAG_MMAP);
	assert_null(region_capability(&region,
				      VFIO_REGION_INFO_CAP_SPARSE_MMAP));
	memory = region_map(client, MEMORY, &bytes);
	assert_that(memory, "%s", failure_text());
	memory[0] = 0xfeedbeef;
	memory[bytes / 4 - 1] = 0xdeadbeef;
	assert_int_equal(region_read32(client, MEMORY, 0), 0xfeedbeef);
	assert_int_equal(region_read32(client, MEMORY, bytes - 4), 0xdeadbeef);
	munmap(memory, bytes);
}

#define SWITCH "/sys/module/vfio_mdev_pci/parameters/migration"

static unsigned int count_mediated_reads(struct fixture *fixture,
					 struct function *function)
{
	struct client *client = fixture_open(fixture, function);
	unsigned int nr_calls;

	fail_call_count("vfio", "vmp_mediation_read");
	assert_int_equal(config_read(client, PCI_VENDOR_ID, 2), 0x1234);
	assert_done(fail_call_disarm(&nr_calls));
	client_close(client);
	space_close(client->space);
	return nr_calls;
}

static void create_anew(struct fixture *fixture, struct function *function,
			const char *with_backend)
{
	assert_done(mdev_remove(function->uuid));
	fixture_set(fixture, with_backend, SWITCH);
	assert_done(mdev_create(function->address, function->uuid));
}

static void accesses_without_a_backend_are_vfio_pcis_own(struct fixture *fixture)
{
	struct function *edu = mig_create(fixture, "edu0");

	assert_int_equal(count_mediated_reads(fixture, edu), 1);
	create_anew(fixture, edu, "0");
	assert_int_equal(count_mediated_reads(fixture, edu), 0);
	create_anew(fixture, edu, "1");
	assert_int_equal(count_mediated_reads(fixture, edu), 1);
}

static const struct test tests[] = {
	TEST(areas_to_map_leave_out_trapped_pages_only),
	TEST(information_says_how_much_room_it_needs),
	TEST(trapped_pages_cannot_be_mapped),
	TEST(all_other_pages_can_be_mapped_and_work),
	TEST(registers_beside_and_behind_a_trap_answer),
	TEST(no_eventfd_writes_behind_a_backends_back),
	TEST(memory_without_a_trap_is_mapped_whole),
	TEST(accesses_without_a_backend_are_vfio_pcis_own),
};

SUITE("migration_traps", tests)
