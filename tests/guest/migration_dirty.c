// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which pages are told to have been written: by the bitmap of a type1
 * container once PRE_COPY has narrowed it, and by the device's own log where
 * the kernel has one. They are those that edu was told to write, no less, and
 * no more.
 */
#include <errno.h>
#include <sys/ioctl.h>

#include "dirty.h"
#include "edu.h"
#include "mig_stream.h"
#include "region.h"
#include "suite.h"

#define IOVA 0x200000
#define NR_PAGES 64
#define ALL_PAGES UINT64_MAX

#define PAGE(number) (IOVA + (number) * DIRTY_PAGE_BYTES)
#define BIT(number) (1ULL << (number))

#define BITMAP_IS_TYPE1S "the bitmap is type1's"

/* What asks a device or its container for pages written since the last time. */
struct tracker {
	const char *name;
	void (*start)(struct client *client);
	int (*get)(struct client *client, uint64_t *pages);
};

static void type1_start(struct client *client)
{
	assert_done(dirty_start(client->space));
}

static int type1_get(struct client *client, uint64_t *pages)
{
	return dirty_get(client->space, IOVA, NR_PAGES, pages);
}

static void log_start(struct client *client)
{
	if (client_probe_feature(client, VFIO_DEVICE_FEATURE_SET |
				 VFIO_DEVICE_FEATURE_DMA_LOGGING_START))
		skip_because("this kernel has no log of devices' DMA");
	assert_done(dirty_log_start(client, IOVA, NR_PAGES));
}

static int log_get(struct client *client, uint64_t *pages)
{
	*pages = 0;
	return dirty_log_get(client, IOVA, NR_PAGES, pages);
}

static const struct tracker type1 = { "type1", type1_start, type1_get };
static const struct tracker own_log = { "log", log_start, log_get };

static void assert_pages(struct client *client, const struct tracker *tracker,
			 uint64_t expected)
{
	uint64_t pages;

	assert_done(tracker->get(client, &pages));
	assert_that(pages == expected,
		    "%s: the pages are %#llx, not %#llx", tracker->name,
		    (unsigned long long)pages, (unsigned long long)expected);
}

/* In PRE_COPY, with all that was written before told of already */
static struct client *begin(struct fixture *fixture,
			    const struct tracker *tracker)
{
	struct client *client = mig_new(fixture, "edu0");
	size_t bytes = NR_PAGES * DIRTY_PAGE_BYTES;
	uint8_t *memory = fixture_memory(fixture, bytes);
	uint64_t pages;

	assert_done(space_map(client->space, memory, bytes, IOVA));
	tracker->start(client);
	assert_done(mig_go(client, MIG_PRE_COPY));
	assert_done(tracker->get(client, &pages));
	assert_pages(client, tracker, 0);
	return client;
}

static void all_pages_are_told_before_precopy(struct fixture *fixture)
{
	struct client *client = mig_new(fixture, "edu0");
	size_t bytes = NR_PAGES * DIRTY_PAGE_BYTES;
	uint8_t *memory = fixture_memory(fixture, bytes);

	assert_done(space_map(client->space, memory, bytes, IOVA));
	assert_done(dirty_start(client->space));
	assert_pages(client, &type1, ALL_PAGES);
	assert_done(mig_go(client, MIG_PRE_COPY));
	/* What was written up to then may still be among them, later not. */
	assert_done(dirty_get(client->space, IOVA, NR_PAGES,
			      &(uint64_t) { 0 }));
	assert_pages(client, &type1, 0);
}

static void pages_that_are_written_are_told_once(struct fixture *fixture)
{
	const struct tracker *tracker = fixture->data;
	struct client *client = begin(fixture, tracker);

	assert_done(edu_copy(client, EDU_TO_MEMORY, PAGE(5), 4096));
	assert_pages(client, tracker, BIT(5));
	assert_pages(client, tracker, 0);
	/* Two at once, from the last bytes of one into the next */
	assert_done(edu_copy(client, EDU_TO_MEMORY, PAGE(10) - 8, 16));
	assert_done(edu_copy(client, EDU_TO_MEMORY, PAGE(63) + 4095, 1));
	assert_done(edu_copy(client, EDU_TO_MEMORY, PAGE(0), 1));
	assert_pages(client, tracker, BIT(0) | BIT(9) | BIT(10) | BIT(63));
	assert_pages(client, tracker, 0);
	/* The same ones again */
	assert_done(edu_copy(client, EDU_TO_MEMORY, PAGE(5), 4096));
	assert_pages(client, tracker, BIT(5));
	assert_pages(client, tracker, 0);
}

static void pages_that_are_read_are_not_told(struct fixture *fixture)
{
	const struct tracker *tracker = fixture->data;
	struct client *client = begin(fixture, tracker);

	assert_done(edu_copy(client, EDU_FROM_MEMORY, PAGE(7), 4096));
	assert_pages(client, tracker, 0);
	/* Nor what saving does with a page of the driver's */
	assert_done(mig_go(client, MIG_STOP_COPY));
	assert_pages(client, tracker, 0);
}

static void page_is_told_while_and_after_it_is_written(struct fixture *fixture)
{
	const struct tracker *tracker = fixture->data;
	struct client *client = begin(fixture, tracker);

	edu_start_copy(client, EDU_TO_MEMORY, PAGE(3), 4096);
	/* It may be written at any moment, even behind this answer. */
	assert_pages(client, tracker, BIT(3));
	assert_pages(client, tracker, BIT(3));
	assert_done(mig_go(client, MIG_PRE_COPY_P2P));
	assert_pages(client, tracker, BIT(3));
	assert_pages(client, tracker, 0);
}

static void what_ends_as_the_device_stops_is_told_afterwards(struct fixture *fixture)
{
	static const enum mig_state quiet[] = {
		MIG_PRE_COPY_P2P, MIG_STOP_COPY, MIG_STOP,
	};
	const struct tracker *tracker = fixture->data;
	struct client *client = begin(fixture, tracker);
	uint64_t pages;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(quiet); i++) {
		edu_start_copy(client, EDU_TO_MEMORY, PAGE(20 + i), 100);
		assert_done(mig_go(client, quiet[i]));
		assert_pages(client, tracker, BIT(20 + i));
		assert_pages(client, tracker, 0);
		assert_done(mig_go(client, MIG_RUNNING));
		assert_pages(client, tracker, 0);
		assert_done(mig_go(client, MIG_PRE_COPY));
		/* Narrowing anew may touch a page. */
		assert_done(tracker->get(client, &pages));
	}
}

static void what_waits_is_told_when_it_runs(struct fixture *fixture)
{
	const struct tracker *tracker = fixture->data;
	struct client *client = begin(fixture, tracker);

	assert_done(mig_go(client, MIG_PRE_COPY_P2P));
	edu_start_copy(client, EDU_TO_MEMORY, PAGE(30), 100);
	assert_done(mig_go(client, MIG_PRE_COPY));
	assert_done(mig_go(client, MIG_STOP_COPY));
	assert_pages(client, tracker, BIT(30));
	assert_pages(client, tracker, 0);
}

static void nothing_is_told_of_what_a_reset_ended(struct fixture *fixture)
{
	const struct tracker *tracker = fixture->data;
	struct client *client = begin(fixture, tracker);
	uint64_t pages;

	edu_start_copy(client, EDU_TO_MEMORY, PAGE(40), 100);
	assert_done(client_reset(client));
	mig_assert_state(client, MIG_RUNNING, "after the reset");
	/* It may have been written; from then on it is not. */
	assert_done(tracker->get(client, &pages));
	assert_int_equal(pages & ~BIT(40), 0);
	assert_pages(client, tracker, 0);
	assert_done(edu_copy(client, EDU_TO_MEMORY, PAGE(41), 100));
	assert_pages(client, tracker, BIT(41));
}

static void unmapping_tells_what_was_written(struct fixture *fixture)
{
	struct client *client = begin(fixture, &type1);
	uint64_t pages;

	assert_done(edu_copy(client, EDU_TO_MEMORY, PAGE(12), 4096));
	edu_start_copy(client, EDU_TO_MEMORY, PAGE(13), 4096);
	assert_done(dirty_unmap(client->space, IOVA, NR_PAGES, &pages));
	assert_int_equal(pages, BIT(12) | BIT(13));
}

static void log_tells_what_was_asked_for_only(struct fixture *fixture)
{
	struct client *client = mig_new(fixture, "edu0");
	size_t bytes = NR_PAGES * DIRTY_PAGE_BYTES;
	uint8_t *memory = fixture_memory(fixture, bytes);
	uint64_t pages = 0;

	assert_done(space_map(client->space, memory, bytes, IOVA));
	assert_true(dirty_log_get(client, IOVA, NR_PAGES, &pages) < 0);
	log_start(client);
	assert_true(dirty_log_start(client, IOVA, NR_PAGES) < 0);
	assert_done(edu_copy(client, EDU_TO_MEMORY, PAGE(1), 4096));
	assert_done(edu_copy(client, EDU_TO_MEMORY, PAGE(2), 4096));
	/* The second page alone; bits that were set stay so. */
	pages = BIT(9);
	assert_done(dirty_log_get(client, PAGE(2), 2, &pages));
	assert_int_equal(pages, BIT(0) | BIT(9));
	assert_pages(client, &own_log, BIT(1));
	assert_done(dirty_log_stop(client));
	assert_true(dirty_log_get(client, IOVA, NR_PAGES, &pages) < 0);
	/* A new one begins empty. */
	assert_done(edu_copy(client, EDU_TO_MEMORY, PAGE(4), 4096));
	assert_done(dirty_log_start(client, IOVA, NR_PAGES));
	assert_pages(client, &own_log, 0);
}

static void log_ends_with_the_device_it_is_of(struct fixture *fixture)
{
	struct client *client = begin(fixture, &own_log);

	assert_done(edu_copy(client, EDU_TO_MEMORY, PAGE(4), 4096));
	client_close(client);
	client = fixture_open_in(fixture, client->space,
				 fixture->functions[0].uuid);
	assert_done(edu_start(client));
	assert_true(dirty_log_get(client, IOVA, NR_PAGES,
				  &(uint64_t) { 0 }) < 0);
	assert_done(dirty_log_start(client, IOVA, NR_PAGES));
	assert_pages(client, &own_log, 0);
}

#define BY_TYPE1(function) \
	{ .name = #function "_by_type1", .run = (function), \
	  .limit_s = TEST_LIMIT_S, .data = &type1, \
	  .not_by_cdev = BITMAP_IS_TYPE1S }

#define BY_ITS_LOG(function) \
	{ .name = #function "_by_its_log", .run = (function), \
	  .limit_s = TEST_LIMIT_S, .data = &own_log }

static void log_of_pages_that_memory_has_not_is_in_those_it_has(struct fixture *fixture)
{
	struct client *client = mig_new(fixture, "edu0");
	struct vfio_device_feature_dma_logging_range range = {
		.iova = IOVA,
		.length = NR_PAGES * DIRTY_PAGE_BYTES,
	};
	struct {
		struct vfio_device_feature header;
		struct vfio_device_feature_dma_logging_control control;
	} argument = {
		.header.argsz = sizeof(argument),
		.header.flags = VFIO_DEVICE_FEATURE_SET |
				VFIO_DEVICE_FEATURE_DMA_LOGGING_START,
		.control.page_size = 512,
		.control.num_ranges = 1,
		.control.ranges = (uintptr_t)&range,
	};

	if (client_probe_feature(client, VFIO_DEVICE_FEATURE_SET |
				 VFIO_DEVICE_FEATURE_DMA_LOGGING_START))
		skip_because("this kernel has no log of devices' DMA");
	assert_int_equal(ioctl(client->fd, VFIO_DEVICE_FEATURE, &argument), 0);
	assert_int_equal(argument.control.page_size, DIRTY_PAGE_BYTES);
}

static const struct test tests[] = {
	GROUP_TEST(all_pages_are_told_before_precopy, BITMAP_IS_TYPE1S),
	BY_TYPE1(pages_that_are_written_are_told_once),
	BY_ITS_LOG(pages_that_are_written_are_told_once),
	BY_TYPE1(pages_that_are_read_are_not_told),
	BY_ITS_LOG(pages_that_are_read_are_not_told),
	BY_TYPE1(page_is_told_while_and_after_it_is_written),
	BY_ITS_LOG(page_is_told_while_and_after_it_is_written),
	BY_TYPE1(what_ends_as_the_device_stops_is_told_afterwards),
	BY_ITS_LOG(what_ends_as_the_device_stops_is_told_afterwards),
	BY_TYPE1(what_waits_is_told_when_it_runs),
	BY_ITS_LOG(what_waits_is_told_when_it_runs),
	BY_TYPE1(nothing_is_told_of_what_a_reset_ended),
	BY_ITS_LOG(nothing_is_told_of_what_a_reset_ended),
	GROUP_TEST(unmapping_tells_what_was_written, BITMAP_IS_TYPE1S),
	TEST(log_tells_what_was_asked_for_only),
	TEST(log_ends_with_the_device_it_is_of),
	TEST(log_of_pages_that_memory_has_not_is_in_those_it_has),
};

SUITE("migration_dirty", tests)
