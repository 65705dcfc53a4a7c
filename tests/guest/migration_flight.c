// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an edu is doing while it migrates: copying by DMA, which takes it a
 * tenth of a second, and computing, which can take long. It is done once, by
 * the source or by the target, with the right result and an interrupt.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#include "edu.h"
#include "irq.h"
#include "mig_stream.h"
#include "region.h"
#include "suite.h"
#include "wait.h"

#define IOVA 0x200000
#define BAR0 VFIO_PCI_BAR0_REGION_INDEX
#define MSI VFIO_PCI_MSI_IRQ_INDEX

/* So many factors take a fast computer seconds; from 34 on the result is 0. */
#define LONG_OPERAND 2000000000U

/* Longer than a copy takes */
#define COPY_MS 300

struct edu_user {
	struct client *client;
	uint8_t *memory;	/* a page that it can reach */
	int event;		/* its interrupt */
};

static struct edu_user open_edu(struct fixture *fixture, const char *id)
{
	struct edu_user edu = {
		.client = mig_new(fixture, id),
		.memory = fixture_memory(fixture, EDU_BUFFER_BYTES),
		.event = fixture_event(fixture),
	};

	assert_done(space_map(edu.client->space, edu.memory, EDU_BUFFER_BYTES,
			      IOVA));
	assert_done(irq_connect(edu.client, MSI, 0, &edu.event, 1));
	return edu;
}

/* Random bytes in its buffer, which are not in its memory any more */
static void fill_buffer(struct edu_user *edu, uint8_t *content)
{
	assert_int_equal(getrandom(content, EDU_BUFFER_BYTES, 0),
			 EDU_BUFFER_BYTES);
	memcpy(edu->memory, content, EDU_BUFFER_BYTES);
	assert_done(edu_copy(edu->client, EDU_FROM_MEMORY, IOVA,
			     EDU_BUFFER_BYTES));
	memset(edu->memory, 0, EDU_BUFFER_BYTES);
}

static void begin_copy_out(struct edu_user *edu)
{
	edu_write(edu->client, EDU_REG_DMA_SOURCE, EDU_BUFFER);
	edu_write(edu->client, EDU_REG_DMA_TARGET, IOVA);
	edu_write(edu->client, EDU_REG_DMA_COUNT, EDU_BUFFER_BYTES);
	edu_write(edu->client, EDU_REG_DMA_COMMAND, EDU_DMA_RUN |
		  EDU_DMA_TO_MEMORY | EDU_DMA_INTERRUPT);
}

static bool has_bytes(const uint8_t *memory)
{
	size_t i;

	for (i = 0; i < EDU_BUFFER_BYTES; i++)
		if (((volatile const uint8_t *)memory)[i])
			return true;
	return false;
}

static bool is_written(void *memory)
{
	return has_bytes(memory);
}

static void copy_that_runs_is_complete_when_the_device_is_quiet(struct fixture *fixture)
{
	static const enum mig_state quiet[] = {
		MIG_RUNNING_P2P, MIG_STOP, MIG_PRE_COPY_P2P, MIG_STOP_COPY,
	};
	struct edu_user edu = open_edu(fixture, "edu0");
	uint8_t content[EDU_BUFFER_BYTES];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(quiet); i++) {
		fill_buffer(&edu, content);
		begin_copy_out(&edu);
		assert_done(mig_go(edu.client, quiet[i]));
		/* No waiting: "complete prior to completing the arc" */
		assert_memory_equal(edu.memory, content, EDU_BUFFER_BYTES);
		assert_int_equal(event_wait(edu.event, WAIT_LIMIT_MS), 1);
		assert_int_equal(edu_read(edu.client, EDU_REG_IRQ_STATUS),
				 EDU_IRQ_DMA);
		assert_done(mig_go(edu.client, MIG_RUNNING));
		assert_int_equal(edu_read(edu.client, EDU_REG_IRQ_STATUS),
				 EDU_IRQ_DMA);
		edu_write(edu.client, EDU_REG_IRQ_ACK, EDU_IRQ_DMA);
		assert_memory_equal(edu.memory, content, EDU_BUFFER_BYTES);
		/* A device that was stopped may kick when it goes on. */
		event_wait(edu.event, 0);
	}
}

static void copy_that_runs_is_not_made_again_by_the_target(struct fixture *fixture)
{
	struct edu_user source = open_edu(fixture, "edu0");
	struct edu_user target = open_edu(fixture, "edu3");
	uint8_t content[EDU_BUFFER_BYTES];

	fill_buffer(&source, content);
	begin_copy_out(&source);
	mig_move(source.client, target.client);
	assert_memory_equal(source.memory, content, EDU_BUFFER_BYTES);
	assert_int_equal(event_wait(source.event, WAIT_LIMIT_MS), 1);
	/* The target knows that it was made, and may be asked for another. */
	assert_int_equal(edu_read(target.client, EDU_REG_DMA_COMMAND) &
			 EDU_DMA_RUN, 0);
	assert_int_equal(edu_read(target.client, EDU_REG_IRQ_STATUS),
			 EDU_IRQ_DMA);
	assert_false(wait_for(is_written, target.memory, COPY_MS));
	assert_done(edu_copy(target.client, EDU_TO_MEMORY, IOVA,
			     EDU_BUFFER_BYTES));
	assert_memory_equal(target.memory, content, EDU_BUFFER_BYTES);
}

static bool has_interrupt_of_dma(void *client)
{
	return edu_read(client, EDU_REG_IRQ_STATUS) & EDU_IRQ_DMA;
}

static void copy_asked_for_while_quiet_waits(struct fixture *fixture)
{
	static const enum mig_state quiet[] = {
		MIG_RUNNING_P2P, MIG_STOP, MIG_PRE_COPY_P2P,
	};
	struct edu_user edu = open_edu(fixture, "edu0");
	uint8_t content[EDU_BUFFER_BYTES];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(quiet); i++) {
		fill_buffer(&edu, content);
		assert_done(mig_go(edu.client, quiet[i]));
		begin_copy_out(&edu);
		assert_false(wait_for(is_written, edu.memory, COPY_MS));
		/* To its driver it looks like one that runs. */
		assert_int_equal(edu_read(edu.client, EDU_REG_DMA_COMMAND) &
				 EDU_DMA_RUN, EDU_DMA_RUN);
		assert_done(mig_go(edu.client, MIG_RUNNING));
		assert_true(wait_for(has_interrupt_of_dma, edu.client,
				     WAIT_LIMIT_MS));
		assert_true(event_wait(edu.event, WAIT_LIMIT_MS) > 0);
		assert_memory_equal(edu.memory, content, EDU_BUFFER_BYTES);
		edu_write(edu.client, EDU_REG_IRQ_ACK, EDU_IRQ_DMA);
	}
}

static void copy_asked_for_while_quiet_is_made_by_the_target(struct fixture *fixture)
{
	struct edu_user source = open_edu(fixture, "edu0");
	struct edu_user target = open_edu(fixture, "edu3");
	uint8_t content[EDU_BUFFER_BYTES];
	unsigned int nr_events;

	fill_buffer(&source, content);
	assert_done(mig_go(source.client, MIG_RUNNING_P2P));
	begin_copy_out(&source);
	mig_move(source.client, target.client);
	assert_true(wait_for(is_written, target.memory, WAIT_LIMIT_MS));
	nr_events = event_wait(target.event, WAIT_LIMIT_MS);
	/* The kick and the interrupt may come at once. */
	if (nr_events < 2)
		nr_events += event_wait(target.event, WAIT_LIMIT_MS);
	assert_int_equal(nr_events, 2);
	assert_memory_equal(target.memory, content, EDU_BUFFER_BYTES);
	assert_int_equal(edu_read(target.client, EDU_REG_IRQ_STATUS),
			 EDU_IRQ_DMA);
	assert_false(has_bytes(source.memory));
	assert_int_equal(event_wait(source.event, IRQ_SILENCE_MS), 0);
}

static bool is_not_computing(void *client)
{
	return !(edu_read(client, EDU_REG_STATUS) & EDU_STATUS_COMPUTING);
}

static bool has_interrupt_of_factorial(void *client)
{
	return edu_read(client, EDU_REG_IRQ_STATUS) & EDU_IRQ_FACTORIAL;
}

static void short_computation_is_complete_when_the_device_is_quiet(struct fixture *fixture)
{
	struct edu_user source = open_edu(fixture, "edu0");
	struct edu_user target = open_edu(fixture, "edu3");

	edu_write(source.client, EDU_REG_STATUS, EDU_STATUS_IRQ_WHEN_DONE);
	edu_write(source.client, EDU_REG_FACTORIAL, 12);
	mig_move(source.client, target.client);
	assert_int_equal(edu_read(target.client, EDU_REG_FACTORIAL),
			 479001600);
	assert_int_equal(edu_read(target.client, EDU_REG_STATUS),
			 EDU_STATUS_IRQ_WHEN_DONE);
	assert_int_equal(edu_read(target.client, EDU_REG_IRQ_STATUS),
			 EDU_IRQ_FACTORIAL);
	/* If the device is slow to interrupt, it is stopped by then. */
	assert_true(event_wait(source.event, IRQ_SILENCE_MS) <= 1);
	assert_int_equal(event_wait(target.event, WAIT_LIMIT_MS), 1);
}

static void target_is_silent_until_it_runs(struct fixture *fixture)
{
	struct edu_user source = open_edu(fixture, "edu0");
	struct edu_user target = open_edu(fixture, "edu3");
	struct mig_stream stream;

	edu_write(source.client, EDU_REG_IRQ_RAISE, 0x42);
	stream = mig_save(source.client);
	assert_done(mig_load(target.client, &stream));
	assert_int_equal(event_wait(target.event, IRQ_SILENCE_MS), 0);
	assert_int_equal(edu_read(target.client, EDU_REG_IRQ_STATUS), 0x42);
	assert_done(mig_go(target.client, MIG_RUNNING));
	assert_int_equal(event_wait(target.event, WAIT_LIMIT_MS), 1);
	mig_stream_free(&stream);
}

static void begin_long_computation(struct edu_user *edu)
{
	edu_write(edu->client, EDU_REG_STATUS, EDU_STATUS_IRQ_WHEN_DONE);
	edu_write(edu->client, EDU_REG_FACTORIAL, LONG_OPERAND);
	assert_int_equal(edu_read(edu->client, EDU_REG_STATUS),
			 EDU_STATUS_COMPUTING | EDU_STATUS_IRQ_WHEN_DONE);
}

static void long_computation_is_ended_by_the_target(struct fixture *fixture)
{
	struct edu_user source = open_edu(fixture, "edu0");
	struct edu_user target = open_edu(fixture, "edu3");
	bool was_computing;

	begin_long_computation(&source);
	mig_move(source.client, target.client);
	was_computing = !is_not_computing(target.client);
	print_message("# the target %s\n", was_computing ? "computes" :
		      "need not compute any more");
	assert_true(wait_for(is_not_computing, target.client,
			     2 * WAIT_LIMIT_MS));
	assert_int_equal(edu_read(target.client, EDU_REG_FACTORIAL), 0);
	assert_true(wait_for(has_interrupt_of_factorial, target.client,
			     WAIT_LIMIT_MS));
	assert_true(event_wait(target.event, WAIT_LIMIT_MS) > 0);
	/* If not before it stopped, then never from the source. */
	assert_true(wait_for(is_not_computing, source.client,
			     2 * WAIT_LIMIT_MS));
	if (was_computing)
		assert_int_equal(event_wait(source.event, IRQ_SILENCE_MS), 0);
}

static void long_computation_goes_on_at_a_source_that_goes_on(struct fixture *fixture)
{
	struct edu_user edu = open_edu(fixture, "edu0");
	struct mig_stream stream;

	begin_long_computation(&edu);
	stream = mig_save(edu.client);
	assert_done(mig_go(edu.client, MIG_RUNNING));
	assert_true(wait_for(is_not_computing, edu.client, 2 * WAIT_LIMIT_MS));
	assert_int_equal(edu_read(edu.client, EDU_REG_FACTORIAL), 0);
	assert_true(wait_for(has_interrupt_of_factorial, edu.client,
			     WAIT_LIMIT_MS));
	assert_int_equal(edu_read(edu.client, EDU_REG_IRQ_STATUS),
			 EDU_IRQ_FACTORIAL);
	assert_true(event_wait(edu.event, WAIT_LIMIT_MS) > 0);
	mig_stream_free(&stream);
}

static void stopped_device_raises_no_interrupt(struct fixture *fixture)
{
	struct edu_user edu = open_edu(fixture, "edu0");

	begin_long_computation(&edu);
	assert_done(mig_go(edu.client, MIG_STOP));
	if (is_not_computing(edu.client))
		skip_because("this computer is too fast for edu");
	assert_true(wait_for(is_not_computing, edu.client, 2 * WAIT_LIMIT_MS));
	assert_int_equal(event_wait(edu.event, IRQ_SILENCE_MS), 0);
	/* It was only put off. */
	assert_done(mig_go(edu.client, MIG_RUNNING));
	assert_true(event_wait(edu.event, WAIT_LIMIT_MS) > 0);
	assert_int_equal(edu_read(edu.client, EDU_REG_IRQ_STATUS),
			 EDU_IRQ_FACTORIAL);
}

static void computation_that_a_reset_cut_off_is_forgotten(struct fixture *fixture)
{
	struct edu_user edu = open_edu(fixture, "edu0");

	begin_long_computation(&edu);
	assert_done(mig_go(edu.client, MIG_STOP_COPY));
	assert_done(client_reset(edu.client));
	assert_int_equal(edu_read(edu.client, EDU_REG_STATUS), 0);
	assert_int_equal(edu_read(edu.client, EDU_REG_IRQ_STATUS), 0);
}

static const struct test tests[] = {
	TEST(copy_that_runs_is_complete_when_the_device_is_quiet),
	TEST(copy_that_runs_is_not_made_again_by_the_target),
	TEST(copy_asked_for_while_quiet_waits),
	TEST(copy_asked_for_while_quiet_is_made_by_the_target),
	TEST(short_computation_is_complete_when_the_device_is_quiet),
	TEST(target_is_silent_until_it_runs),
	TEST(long_computation_is_ended_by_the_target),
	TEST(long_computation_goes_on_at_a_source_that_goes_on),
	TEST(stopped_device_raises_no_interrupt),
	TEST(computation_that_a_reset_cut_off_is_forgotten),
};

SUITE("migration_flight", tests)
