// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lends a device in one of the ways, runs operations on it, and reports what
 * each took.
 */
#include "subject.h"

#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "migration.h"
#include "region.h"
#include "result.h"

#define NR_RUNS 40

/* Sleeps a moment with each run */
#define NR_BUSY_RUNS 24

/* What fills caches, makes page tables, resolves symbols. */
#define NR_WARM_UPS 2

#define MAX_RUNS 64

static const struct {
	const char *name;
	const char *driver;
} ways[] = {
	[WAY_STOCK] = { "vfio-pci", STOCK_DRIVER_NAME },
	[WAY_WRAPPED] = { "wrapped", DRIVER_NAME },
	[WAY_BACKEND] = { "backend", DRIVER_NAME },
	[WAY_EMPTY] = { "empty mdev", STOCK_DRIVER_NAME },
};

const char *subject_name(const struct subject *subject)
{
	return subject->way == WAY_STOCK ? subject->function->address :
					   subject->function->uuid;
}

const char *subject_driver(const struct subject *subject)
{
	return ways[subject->way].driver;
}

static struct function *lend(struct fixture *fixture, const char *id,
			     enum way way)
{
	switch (way) {
	case WAY_STOCK:
		return fixture_bind_to(fixture, id, STOCK_DRIVER_NAME);
	case WAY_BACKEND:
		return mig_create(fixture, id);
	default:
		return fixture_create(fixture, id);
	}
}

static void begin(struct subject *subject)
{
	const struct kind *kind = subject->kind;

	if (!kind->is_closed) {
		subject->function = lend(subject->fixture, kind->id,
					 subject->way);
		subject->space = fixture_space(subject->fixture,
					       subject->function);
		subject->client = fixture_open_in(subject->fixture,
						  subject->space,
						  subject_name(subject));
		assert_done(config_set_command(subject->client,
					       PCI_COMMAND_MEMORY |
					       PCI_COMMAND_MASTER, 0));
	}
	if (kind->start)
		kind->start(subject);
}

static void run(void *arg)
{
	struct subject *subject = arg;

	subject->result = subject->operation->run(subject);
}

static void do_nothing(void *arg)
{
	(void)arg;
}

static uint64_t cost_of_run(struct subject *subject)
{
	const struct operation *operation = subject->operation;
	uint64_t cost;

	if (operation->before)
		operation->before(subject);
	cost = meter_cost(operation->meter, run, subject);
	assert_that(subject->result == operation->expected,
		    "%s by %s: %ld came, not %ld", operation->name,
		    ways[subject->way].name, subject->result,
		    operation->expected);
	if (operation->after)
		operation->after(subject);
	return cost;
}

static int compare(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left;
	uint64_t b = *(const uint64_t *)right;

	return a < b ? -1 : a > b;
}

/* What measuring itself takes, at least */
static uint64_t empty_cost(enum meter meter)
{
	uint64_t least = UINT64_MAX;
	unsigned int i;

	for (i = 0; i < NR_BUSY_RUNS; i++) {
		uint64_t cost = meter_cost(meter, do_nothing, NULL);

		if (cost < least)
			least = cost;
	}
	return least;
}

static uint64_t without(uint64_t cost, uint64_t empty)
{
	return cost > empty ? cost - empty : 0;
}

/*
 * The least; but of what is not over when it returns, a run now and then lacks
 * a part, which another has twice: there, what a quarter of the runs are below.
 */
static void report(const struct subject *subject, uint64_t *costs,
		   unsigned int nr_runs, uint64_t empty)
{
	bool is_busy = subject->operation->meter == METER_BUSY;

	qsort(costs, nr_runs, sizeof(*costs), compare);
	result_begin("cost");
	result_text("group", subject->kind->group);
	result_text("device", subject->kind->id);
	result_text("operation", subject->operation->name);
	result_text("way", ways[subject->way].name);
	result_number("instructions",
		      without(costs[is_busy ? nr_runs / 4 : 0], empty));
	result_number("median", without(costs[nr_runs / 2], empty));
	result_number("runs", nr_runs);
	result_end();
}

static void measure(struct subject *subject, const struct operation *operation)
{
	unsigned int nr_runs = operation->meter == METER_BUSY ? NR_BUSY_RUNS :
								NR_RUNS;
	uint64_t empty = empty_cost(operation->meter);
	uint64_t costs[MAX_RUNS];
	unsigned int i;

	if (operation->nr_runs)
		nr_runs = operation->nr_runs;
	subject->operation = operation;
	for (i = 0; i < NR_WARM_UPS; i++)
		cost_of_run(subject);
	for (i = 0; i < nr_runs; i++)
		costs[i] = cost_of_run(subject);
	report(subject, costs, nr_runs, empty);
}

void subject_measure(struct fixture *fixture, enum way way)
{
	const struct kind *kind = fixture->data;
	struct subject subject = {
		.fixture = fixture,
		.kind = kind,
		.way = way,
		.event = -1,
		.bind_fd = -1,
		.unbind_fd = -1,
		.file_fd = -1,
	};
	unsigned int i;

	meter_open();
	begin(&subject);
	for (i = 0; i < kind->nr_operations; i++) {
		unsigned int chosen = kind->operations[i].ways;

		if (!chosen || chosen & BY(way))
			measure(&subject, &kind->operations[i]);
	}
	if (kind->stop)
		kind->stop(&subject);
	meter_close();
}
