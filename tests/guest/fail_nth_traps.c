// SPDX-License-Identifier: GPL-2.0-only
/*
 * Error paths of what a backend stands in front of, and of what is told of
 * pages that a device writes: each allocation and each copy fails once. No page
 * that is written goes unreported, and no write is made that was refused.
 */
#include <errno.h>
#include <stdio.h>

#include "dirty.h"
#include "edu.h"
#include "fail_nth.h"
#include "irq.h"
#include "mig_subject.h"
#include "region.h"
#include "suite.h"
#include "wait.h"

#define BAR0 VFIO_PCI_BAR0_REGION_INDEX
#define MSI VFIO_PCI_MSI_IRQ_INDEX

#define PAGE(number) (SUBJECT_IOVA + (number) * DIRTY_PAGE_BYTES)
#define BIT(number) (1ULL << (number))

static int connect_msi(void *arg)
{
	struct mig_subject *subject = arg;

	return irq_connect(subject->client, MSI, 0, &subject->event, 1);
}

/* As in fail_nth_device.c: the vector has been in use before. */
static void have_vector(void *arg)
{
	struct mig_subject *subject = arg;
	int none = -1;

	assert_done(connect_msi(subject));
	assert_done(irq_connect(subject->client, MSI, 0, &none, 1));
}

static void assert_interrupts(void *arg)
{
	struct mig_subject *subject = arg;

	edu_write(subject->client, EDU_REG_IRQ_RAISE, 1);
	assert_int_equal(event_wait(subject->event, WAIT_LIMIT_MS), 1);
	edu_write(subject->client, EDU_REG_IRQ_ACK, 1);
	assert_done(irq_disable(subject->client, MSI));
}

static void interrupt_that_is_tied_can_fail(struct fixture *fixture)
{
	static const struct fail_nth_sweep connect = {
		.name = "tie an interrupt of a device that migrates",
		.prepare = have_vector,
		.run = connect_msi,
		.check_done = assert_interrupts,
	};
	struct mig_subject subject = mig_subject_begin(fixture);

	fail_nth_run(&connect, &subject);
}

static void rest(void *arg)
{
	struct mig_subject *subject = arg;

	assert_done(edu_copy(subject->client, EDU_TO_MEMORY, PAGE(0), 16));
}

static int log_start(void *arg)
{
	struct mig_subject *subject = arg;

	return dirty_log_start(subject->client, SUBJECT_IOVA, SUBJECT_PAGES);
}

static int log_stop(void *arg)
{
	struct mig_subject *subject = arg;

	return dirty_log_stop(subject->client);
}

static void assert_log_is_on(void *arg)
{
	assert_done(log_stop(arg));
}

static void assert_log_is_off(void *arg, int error)
{
	struct mig_subject *subject = arg;

	(void)error;
	assert_refused(dirty_log_stop(subject->client), EINVAL);
}

/* The command alone; the registers say what it is to do. */
static int write_command(struct mig_subject *subject)
{
	uint64_t command = EDU_DMA_RUN | EDU_DMA_TO_MEMORY;
	int ret = region_write(subject->client, BAR0, EDU_REG_DMA_COMMAND,
			       &command, sizeof(command));

	return ret < 0 ? ret : 0;
}

static void ask_for_copy(struct mig_subject *subject)
{
	uint64_t registers[] = { EDU_BUFFER, PAGE(5), 4096 };

	rest(subject);
	assert_int_equal(region_write(subject->client, BAR0,
				      EDU_REG_DMA_SOURCE, registers,
				      sizeof(registers)), sizeof(registers));
	memset(subject->memory, 0x5a, SUBJECT_PAGES * DIRTY_PAGE_BYTES);
}

static void prepare_copy(void *arg)
{
	struct mig_subject *subject = arg;

	assert_done(dirty_log_get(subject->client, SUBJECT_IOVA, SUBJECT_PAGES,
				  &subject->pages));
	ask_for_copy(subject);
	assert_done(dirty_log_get(subject->client, SUBJECT_IOVA, SUBJECT_PAGES,
				  &subject->pages));
	subject->pages = 0;
}

static bool was_copied(const struct mig_subject *subject)
{
	static const uint8_t former[DIRTY_PAGE_BYTES] = {
		[0 ... DIRTY_PAGE_BYTES - 1] = 0x5a,
	};

	return memcmp(subject->memory + 5 * DIRTY_PAGE_BYTES, former,
		      sizeof(former)) != 0;
}

static int copy_now(void *arg)
{
	return write_command(arg);
}

static bool is_at_rest(void *client)
{
	return !(edu_read(client, EDU_REG_DMA_COMMAND) & EDU_DMA_RUN);
}

static void wait_for_copy(struct mig_subject *subject)
{
	assert_true(wait_for(is_at_rest, subject->client, WAIT_LIMIT_MS));
}

static void assert_copied_is_told(void *arg)
{
	struct mig_subject *subject = arg;

	wait_for_copy(subject);
	assert_done(dirty_log_get(subject->client, SUBJECT_IOVA, SUBJECT_PAGES,
				  &subject->pages));
	assert_true(was_copied(subject));
	assert_true(subject->pages & BIT(5));
}

static void assert_not_copied(void *arg, int error)
{
	struct mig_subject *subject = arg;

	(void)error;
	wait_for_copy(subject);
	assert_false(was_copied(subject));
}

static void prepare_report(void *arg)
{
	struct mig_subject *subject = arg;

	prepare_copy(subject);
	assert_done(write_command(subject));
	wait_for_copy(subject);
}

static int report(void *arg)
{
	struct mig_subject *subject = arg;

	return dirty_log_get(subject->client, SUBJECT_IOVA, SUBJECT_PAGES, &subject->pages);
}

static void assert_told(void *arg)
{
	struct mig_subject *subject = arg;

	assert_true(subject->pages & BIT(5));
}

/* Once, be it in the answer that failed or in the next. */
static void assert_told_in_the_end(void *arg, int error)
{
	(void)error;
	assert_done(report(arg));
	assert_told(arg);
}

static void log_of_dma_can_fail(struct fixture *fixture)
{
	static const struct fail_nth_sweep start = {
		.name = "start the log", .run = log_start,
		.check_failed = assert_log_is_off,
		.check_done = assert_log_is_on,
	};
	static const struct fail_nth_sweep copy = {
		.name = "trapped write that begins DMA",
		.prepare = prepare_copy, .run = copy_now,
		.check_failed = assert_not_copied,
		.check_done = assert_copied_is_told,
	};
	static const struct fail_nth_sweep get = {
		.name = "report of the log",
		.prepare = prepare_report, .run = report,
		.check_failed = assert_told_in_the_end,
		.check_done = assert_told,
	};
	struct mig_subject subject = mig_subject_begin(fixture);

	if (client_probe_feature(subject.client, VFIO_DEVICE_FEATURE_SET |
				 VFIO_DEVICE_FEATURE_DMA_LOGGING_START))
		skip_because("this kernel has no log of devices' DMA");
	fail_nth_run(&start, &subject);
	assert_done(log_start(&subject));
	fail_nth_run(&copy, &subject);
	fail_nth_run(&get, &subject);
	assert_done(log_stop(&subject));
}

static int query_trapped_bar(void *arg)
{
	struct mig_subject *subject = arg;
	union region_info region;

	return region_query(subject->client, BAR0, &region);
}

static int read_trapped(void *arg)
{
	struct mig_subject *subject = arg;
	uint32_t words[8];
	int ret = region_read(subject->client, BAR0, 0x78, words,
			      sizeof(words));

	return ret < 0 ? ret : 0;
}

static void registers_with_traps_can_fail(struct fixture *fixture)
{
	static const struct fail_nth_sweep query = {
		.name = "information on a BAR with traps",
		.run = query_trapped_bar,
	};
	static const struct fail_nth_sweep reading = {
		.name = "read of trapped registers", .run = read_trapped,
	};
	struct mig_subject subject = mig_subject_begin(fixture);

	fail_nth_run(&query, &subject);
	fail_nth_run(&reading, &subject);
}

#define ON_EDU(function) \
	{ .name = #function, .run = (function), .limit_s = 400, .data = "edu0" }

static const struct test tests[] = {
	ON_EDU(interrupt_that_is_tied_can_fail),
	ON_EDU(registers_with_traps_can_fail),
	ON_EDU(log_of_dma_can_fail),
};

SUITE("fail_nth_traps", tests)
