// SPDX-License-Identifier: GPL-2.0-only
/*
 * What it takes to lend few functions and many, bound to vfio-pci and wrapped,
 * one after the other and all at once: instructions, time, and the kernel's
 * memory. In one boot of lab/machines/scale-bench. It is a program of tests, as
 * those have the fixture and the watchdog.
 */
#include <stdlib.h>

#include "check.h"
#include "fleet.h"
#include "meter.h"
#include "result.h"
#include "suite.h"
#include "usage.h"

/* By a clock that goes on with instructions, and with time in sleep */
#define LIMIT_S 1200

/* The least of them counts; before it, one that does not. */
#define NR_ROUNDS 2

/* One round of lending and taking back */
struct round {
	struct meter_reading lent;
	struct meter_reading taken;
	struct usage used;
};

static const unsigned int sizes[] = { 1, 8, 32, 64, 128, 256 };

static const char * const way_names[] = {
	[FLEET_STOCK] = "vfio-pci",
	[FLEET_WRAPPED] = "wrapped",
};

static const char * const order_names[] = {
	[FLEET_IN_TURN] = "one after the other",
	[FLEET_AT_ONCE] = "all at once",
};

static void lend(void *fleet)
{
	fleet_lend(fleet);
}

static void take_back(void *fleet)
{
	fleet_take_back(fleet);
}

static void keep_least(uint64_t *least, uint64_t value)
{
	if (value < *least)
		*least = value;
}

static void keep_least_reading(struct meter_reading *least,
			       const struct meter_reading *reading)
{
	keep_least(&least->instructions, reading->instructions);
	keep_least(&least->elapsed_ns, reading->elapsed_ns);
}

static void run_round(struct fleet *fleet, struct round *round)
{
	struct usage before;
	struct usage after;

	usage_take(&before);
	meter_read(&round->lent, lend, fleet);
	usage_take(&after);
	meter_read(&round->taken, take_back, fleet);
	fleet_check(fleet);
	usage_subtract(&round->used, &after, &before);
}

static void report(const struct fleet *fleet, const char *operation,
		   const struct meter_reading *reading)
{
	result_begin("scale");
	result_text("way", way_names[fleet->way]);
	result_text("order", order_names[fleet->order]);
	result_text("operation", operation);
	result_number("functions", fleet->nr_ships);
	result_number("instructions", reading->instructions);
	result_number("elapsed_ns", reading->elapsed_ns);
	result_end();
}

static void report_usage(const struct fleet *fleet, const struct usage *usage)
{
	result_begin("memory");
	result_text("way", way_names[fleet->way]);
	result_number("functions", fleet->nr_ships);
	result_number("slab_bytes", usage->slab_bytes);
	result_number("all_bytes", usage->all_bytes);
	result_end();
}

static void measure(struct fleet *fleet)
{
	struct round least;
	struct round round;
	unsigned int i;

	memset(&least, 0xff, sizeof(least));
	run_round(fleet, &round);
	for (i = 0; i < NR_ROUNDS; i++) {
		run_round(fleet, &round);
		keep_least_reading(&least.lent, &round.lent);
		keep_least_reading(&least.taken, &round.taken);
		keep_least(&least.used.slab_bytes, round.used.slab_bytes);
		keep_least(&least.used.all_bytes, round.used.all_bytes);
	}
	report(fleet, "lend", &least.lent);
	report(fleet, "take back", &least.taken);
	if (fleet->order == FLEET_IN_TURN)
		report_usage(fleet, &least.used);
}

static void measure_way(struct fixture *fixture, enum fleet_way way)
{
	struct fleet *fleet = fleet_new(fixture, way);
	unsigned int i;
	enum fleet_order order;

	meter_open();
	for (order = FLEET_IN_TURN; order <= FLEET_AT_ONCE; order++) {
		for (i = 0; i < ARRAY_SIZE(sizes); i++) {
			fleet_choose(fleet, order, sizes[i]);
			measure(fleet);
		}
	}
	meter_close();
	fleet_free(fleet);
}

static void bound_to_vfio_pci(struct fixture *fixture)
{
	measure_way(fixture, FLEET_STOCK);
}

static void wrapped(struct fixture *fixture)
{
	measure_way(fixture, FLEET_WRAPPED);
}

static const struct test tests[] = {
	SLOW_TEST(bound_to_vfio_pci, LIMIT_S),
	SLOW_TEST(wrapped, LIMIT_S),
};

SUITE("scale", tests)
