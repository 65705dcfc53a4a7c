// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts from a register of the device to an eventfd that its user reads.
 */
#include "operations.h"

#include <poll.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "edu.h"
#include "irq.h"
#include "region.h"

/* 82574L, Intel's "GbE Controller Family Datasheet", 10.2.4 */
#define E1000E_ICR 0xc0
#define E1000E_ICS 0xc8
#define E1000E_IMS 0xd0
#define E1000E_IVAR 0xe4

#define E1000E_CAUSE_RXQ0 (1U << 20)
#define E1000E_IVAR_RXQ0_TO_VECTOR_0 0x8

/*
 * QEMU holds back what comes within 500 times 256 ns; QEMU 10's
 * hw/net/e1000e_core.c, E1000E_MIN_XITR.
 */
#define E1000E_INTERVAL_NS (1000 * 1000)

#define LIMIT_MS 1000

/* As an event loop does */
static long take_event(struct subject *subject)
{
	struct pollfd event = { .fd = subject->event, .events = POLLIN };
	uint64_t count;

	if (poll(&event, 1, LIMIT_MS) != 1 ||
	    read(subject->event, &count, sizeof(count)) != sizeof(count))
		return -1;
	return count;
}

static void begin(struct subject *subject, unsigned int index)
{
	subject->event = fixture_event(subject->fixture);
	assert_done(irq_connect(subject->client, index, 0, &subject->event, 1));
}

static void begin_edu(struct subject *subject)
{
	begin(subject, VFIO_PCI_MSI_IRQ_INDEX);
}

/* By the file: registers of a page that has traps can not be mapped. */
static long raise_by_edu(struct subject *subject)
{
	assert_done(region_write32(subject->client, VFIO_PCI_BAR0_REGION_INDEX,
				   EDU_REG_IRQ_RAISE, 1));
	return take_event(subject);
}

static void acknowledge_edu(struct subject *subject)
{
	assert_done(region_write32(subject->client, VFIO_PCI_BAR0_REGION_INDEX,
				   EDU_REG_IRQ_ACK, 1));
}

static volatile uint32_t *reg32(struct subject *subject, unsigned int reg)
{
	return (volatile uint32_t *)(subject->map + reg);
}

static void begin_e1000e(struct subject *subject)
{
	subject->map = region_map(subject->client, VFIO_PCI_BAR0_REGION_INDEX,
				  &subject->map_bytes);
	assert_non_null(subject->map);
	begin(subject, VFIO_PCI_MSIX_IRQ_INDEX);
	*reg32(subject, E1000E_IVAR) = E1000E_IVAR_RXQ0_TO_VECTOR_0;
	*reg32(subject, E1000E_IMS) = E1000E_CAUSE_RXQ0;
}

static void end_e1000e(struct subject *subject)
{
	munmap((void *)subject->map, subject->map_bytes);
}

/* What was held back comes then, though it was acknowledged. */
static void let_interval_pass(struct subject *subject)
{
	const struct timespec time = { .tv_nsec = E1000E_INTERVAL_NS };

	nanosleep(&time, NULL);
	event_wait(subject->event, 0);
}

static long raise_by_e1000e(struct subject *subject)
{
	*reg32(subject, E1000E_ICS) = E1000E_CAUSE_RXQ0;
	return take_event(subject);
}

/* What is written as 1 is cleared. */
static void acknowledge_e1000e(struct subject *subject)
{
	*reg32(subject, E1000E_ICR) = E1000E_CAUSE_RXQ0;
}

static const struct operation msi_operations[] = {
	{ .name = "MSI, raised by the file", .run = raise_by_edu,
	  .after = acknowledge_edu, .expected = 1 },
};

static const struct operation msix_operations[] = {
	{ .name = "MSI-X, raised by mapped memory", .run = raise_by_e1000e,
	  .before = let_interval_pass, .after = acknowledge_e1000e, .expected = 1 },
};

const struct kind msi_interrupts = {
	.id = "edu0",
	.group = "interrupts",
	.start = begin_edu,
	OPERATIONS(msi_operations),
};

const struct kind msix_interrupts = {
	.id = "e1000e0",
	.group = "interrupts",
	.start = begin_e1000e,
	.stop = end_e1000e,
	OPERATIONS(msix_operations),
};
