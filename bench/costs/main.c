// SPDX-License-Identifier: GPL-2.0-only
/*
 * The costs of operations on a device that is bound to vfio-pci, of one that is
 * wrapped, and of one that is wrapped and has a backend: in one boot of
 * lab/machines/bench, one after the other. It is a program of tests, as those have
 * the fixture and the watchdog: a measure fails if what was measured did not
 * work, never because it is slow.
 */
#include "operations.h"
#include "suite.h"

/* By a clock that goes on with instructions, and with time in sleep */
#define LIMIT_S 120

static void stock(struct fixture *fixture)
{
	subject_measure(fixture, WAY_STOCK);
}

static void wrapped(struct fixture *fixture)
{
	subject_measure(fixture, WAY_WRAPPED);
}

static void backend(struct fixture *fixture)
{
	subject_measure(fixture, WAY_BACKEND);
}

#define MEASURE(kind, way) \
	{ .name = #kind "_" #way, .run = (way), .limit_s = LIMIT_S, \
	  .data = &(kind) }

/* What has no backend is compared in two ways. */
#define TWO_WAYS(kind) MEASURE(kind, stock), MEASURE(kind, wrapped)
#define THREE_WAYS(kind) TWO_WAYS(kind), MEASURE(kind, backend)

static const struct test tests[] = {
	THREE_WAYS(config_space),
	THREE_WAYS(memory_bar),
	THREE_WAYS(registers),
	THREE_WAYS(mapped_bar),
	THREE_WAYS(information),
	THREE_WAYS(msi_interrupts),
	TWO_WAYS(msix_interrupts),
	THREE_WAYS(dma_mappings),
	TWO_WAYS(opening),
	TWO_WAYS(reset),
	TWO_WAYS(binding),
};

SUITE("costs", tests)
