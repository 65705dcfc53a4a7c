// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is measured, on which devices of lab/machines/migration-bench. It is a
 * program of tests, as those have the fixture and the watchdog: a measure fails if
 * what was measured did not work, never because it took long.
 */
#include "measures.h"
#include "suite.h"

/* For the largest, in an emulated machine */
#define LIMIT_S 1800

#define MIB (1024ULL * 1024)

static const struct kind edu = { "edu", "edu0", "edu1", 0, 5, 0 };

static const struct kind small = {
	"ivshmem, 1 MiB", "ivshmem-1m-a", "ivshmem-1m-b", MIB, 9, 15
};

static const struct kind medium = {
	"ivshmem, 64 MiB", "ivshmem-64m-a", "ivshmem-64m-b", 64 * MIB, 5, 5
};

static const struct kind large = {
	"ivshmem, 1 GiB", "ivshmem-1g-a", "ivshmem-1g-b", 1024 * MIB, 3, 1
};

#define MEASURE(function, kind) \
	{ .name = #function "_on_" #kind, .run = (function), \
	  .limit_s = LIMIT_S, .data = &(kind) }

static const struct test tests[] = {
	MEASURE(every_arc_is_timed, edu),
	MEASURE(every_arc_is_timed, small),
	MEASURE(every_arc_is_timed, medium),
	MEASURE(every_arc_is_timed, large),
	MEASURE(stream_is_compared_with_a_pipe, small),
	MEASURE(stream_is_compared_with_a_pipe, medium),
	MEASURE(stream_is_compared_with_a_pipe, large),
	MEASURE(downtime_is_added_up, edu),
	MEASURE(downtime_is_added_up, small),
	MEASURE(downtime_is_added_up, medium),
	MEASURE(downtime_is_added_up, large),
	MEASURE(dirty_pages_are_compared, edu),
};

SUITE("migration", tests)
