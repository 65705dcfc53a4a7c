// SPDX-License-Identifier: GPL-2.0-only
/*
 * The costs of operations on a device that is bound to vfio-pci, of one that is
 * wrapped, and of one that is wrapped and has a backend; and what the mdev core
 * takes: in one boot of lab/machines/bench, one after the other. It is a program of
 * tests, as those have the fixture and the watchdog: a measure fails if what was
 * measured did not work, never because it is slow.
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

static void empty(struct fixture *fixture)
{
	subject_measure(fixture, WAY_EMPTY);
}

/*
 * What has no backend is compared in two ways; of an mdev that does nothing only
 * its life can be.
 */
static const struct test tests[] = {
	MEASURE(config_space, stock),
	MEASURE(config_space, wrapped),
	MEASURE(config_space, backend),
	MEASURE(memory_bar, stock),
	MEASURE(memory_bar, wrapped),
	MEASURE(memory_bar, backend),
	MEASURE(registers, stock),
	MEASURE(registers, wrapped),
	MEASURE(registers, backend),
	MEASURE(mapped_bar, stock),
	MEASURE(mapped_bar, wrapped),
	MEASURE(mapped_bar, backend),
	MEASURE(information, stock),
	MEASURE(information, wrapped),
	MEASURE(information, backend),
	MEASURE(msi_interrupts, stock),
	MEASURE(msi_interrupts, wrapped),
	MEASURE(msi_interrupts, backend),
	MEASURE(msix_interrupts, stock),
	MEASURE(msix_interrupts, wrapped),
	MEASURE(dma_mappings, stock),
	MEASURE(dma_mappings, wrapped),
	MEASURE(dma_mappings, backend),
	MEASURE(opening, stock),
	MEASURE(opening, wrapped),
	MEASURE(reset, stock),
	MEASURE(reset, wrapped),
	MEASURE(binding, stock),
	MEASURE(binding, wrapped),
	MEASURE(binding, empty),
};

SUITE("costs", tests)
