// SPDX-License-Identifier: GPL-2.0-only
/*
 * What goes across with an edu: its registers and its buffer; that the source
 * loses nothing by it, and the next user finds nothing. What is under way
 * meanwhile is in migration_flight.c. The registers are QEMU's
 * docs/specs/edu.rst.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>

#include "edu.h"
#include "irq.h"
#include "mig_stream.h"
#include "region.h"
#include "suite.h"
#include "wait.h"

#define IOVA 0x200000
#define CHUNK_BYTES 0x400000
#define BAR0 VFIO_PCI_BAR0_REGION_INDEX
#define MSI VFIO_PCI_MSI_IRQ_INDEX
#define INTX VFIO_PCI_INTX_IRQ_INDEX

/* What a driver can see of an edu */
struct edu_state {
	uint32_t liveness;
	uint32_t result;
	uint32_t status;
	uint32_t irq_status;
	uint32_t dma_source;
	uint32_t dma_target;
	uint32_t dma_count;
	uint8_t buffer[EDU_BUFFER_BYTES];
};

/* An edu and a page that it can reach */
struct edu_user {
	struct client *client;
	uint8_t *memory;
};

static struct edu_user open_edu(struct fixture *fixture, const char *id)
{
	struct edu_user edu = {
		.client = mig_new(fixture, id),
		.memory = fixture_memory(fixture, EDU_BUFFER_BYTES),
	};

	assert_done(space_map(edu.client->space, edu.memory, EDU_BUFFER_BYTES,
			      IOVA));
	return edu;
}

static bool is_not_computing(void *client)
{
	return !(edu_read(client, EDU_REG_STATUS) & EDU_STATUS_COMPUTING);
}

/* Numbers that none of its registers has after power-on */
static void fill(struct edu_user *edu, uint32_t seed)
{
	struct client *client = edu->client;

	assert_int_equal(getrandom(edu->memory, EDU_BUFFER_BYTES, 0),
			 EDU_BUFFER_BYTES);
	assert_done(edu_copy(client, EDU_FROM_MEMORY, IOVA, EDU_BUFFER_BYTES));
	edu_write(client, EDU_REG_LIVENESS, 0x1234567 * seed);
	edu_write(client, EDU_REG_STATUS, 0);
	edu_write(client, EDU_REG_FACTORIAL, 5 + seed);
	assert_true(wait_for(is_not_computing, client, WAIT_LIMIT_MS));
	edu_write(client, EDU_REG_STATUS, EDU_STATUS_IRQ_WHEN_DONE);
	edu_write(client, EDU_REG_IRQ_RAISE, 0x50 + seed);
	edu_write(client, EDU_REG_DMA_SOURCE, 0x11111000 * seed + 1);
	edu_write(client, EDU_REG_DMA_TARGET, 0x10101010 * seed + 2);
	edu_write(client, EDU_REG_DMA_COUNT, 100 + seed);
}

/* What fill() left, worked out from what the registers are */
static struct edu_state expected(const struct edu_user *edu, uint32_t seed)
{
	struct edu_state state = {
		.liveness = ~(0x1234567 * seed),
		.result = 1,
		.status = EDU_STATUS_IRQ_WHEN_DONE,
		.irq_status = 0x50 + seed,
		.dma_source = 0x11111000 * seed + 1,
		.dma_target = 0x10101010 * seed + 2,
		.dma_count = 100 + seed,
	};
	uint32_t i;

	for (i = 2; i <= 5 + seed; i++)
		state.result *= i;
	memcpy(state.buffer, edu->memory, EDU_BUFFER_BYTES);
	return state;
}

/* The buffer last, as that takes the DMA registers. */
static struct edu_state look(struct edu_user *edu)
{
	struct client *client = edu->client;
	struct edu_state state = {
		.liveness = edu_read(client, EDU_REG_LIVENESS),
		.result = edu_read(client, EDU_REG_FACTORIAL),
		.status = edu_read(client, EDU_REG_STATUS),
		.irq_status = edu_read(client, EDU_REG_IRQ_STATUS),
		.dma_source = edu_read(client, EDU_REG_DMA_SOURCE),
		.dma_target = edu_read(client, EDU_REG_DMA_TARGET),
		.dma_count = edu_read(client, EDU_REG_DMA_COUNT),
	};

	assert_int_equal(edu_read(client, EDU_REG_ID), EDU_ID);
	memset(edu->memory, 0xee, EDU_BUFFER_BYTES);
	assert_done(edu_copy(client, EDU_TO_MEMORY, IOVA, EDU_BUFFER_BYTES));
	memcpy(state.buffer, edu->memory, EDU_BUFFER_BYTES);
	return state;
}

static void assert_same(const struct edu_state *is,
			const struct edu_state *shall)
{
	assert_int_equal(is->liveness, shall->liveness);
	assert_int_equal(is->result, shall->result);
	assert_int_equal(is->status, shall->status);
	assert_int_equal(is->irq_status, shall->irq_status);
	assert_int_equal(is->dma_source, shall->dma_source);
	assert_int_equal(is->dma_target, shall->dma_target);
	assert_int_equal(is->dma_count, shall->dma_count);
	assert_memory_equal(is->buffer, shall->buffer, EDU_BUFFER_BYTES);
}

static void assert_as_after_power_on(struct edu_user *edu)
{
	static const struct edu_state power_on = { .liveness = 0 };
	struct edu_state state = look(edu);

	/* Its factorial is that of no number yet; any result of 0 will do. */
	assert_same(&state, &power_on);
}

static void registers_and_buffer_go_across(struct fixture *fixture)
{
	struct edu_user source = open_edu(fixture, "edu0");
	struct edu_user target = open_edu(fixture, "edu3");
	struct edu_state shall;
	struct edu_state is;

	fill(&source, 1);
	shall = expected(&source, 1);
	/* So that nothing is right by having been there. */
	fill(&target, 3);
	mig_move(source.client, target.client);
	is = look(&target);
	assert_same(&is, &shall);
}

static void device_goes_to_and_fro(struct fixture *fixture)
{
	struct edu_user first = open_edu(fixture, "edu0");
	struct edu_user second = open_edu(fixture, "hotplug0");
	struct edu_state shall;
	struct edu_state is;
	int i;

	fill(&first, 2);
	shall = expected(&first, 2);
	for (i = 0; i < 2; i++) {
		mig_move(first.client, second.client);
		mig_move(second.client, first.client);
	}
	is = look(&first);
	assert_same(&is, &shall);
}

static void functions_of_one_group_can_migrate_to_each_other(struct fixture *fixture)
{
	struct function *one = mig_create(fixture, "edu1");
	struct function *other = mig_create(fixture, "edu2");
	struct space *space = fixture_space(fixture, one);
	struct edu_user source = {
		.client = fixture_open_in(fixture, space, one->uuid),
		.memory = fixture_memory(fixture, EDU_BUFFER_BYTES),
	};
	struct edu_user target = source;
	struct edu_state shall;
	struct edu_state is;

	target.client = fixture_open_in(fixture, space, other->uuid);
	assert_done(space_map(space, source.memory, EDU_BUFFER_BYTES, IOVA));
	assert_done(edu_start(source.client));
	assert_done(edu_start(target.client));
	fill(&source, 1);
	shall = expected(&source, 1);
	mig_move(source.client, target.client);
	is = look(&target);
	assert_same(&is, &shall);
}

/* How far a migration goes before it is given up */
static const struct attempt {
	enum mig_state states[3];
	bool is_read;
} attempts[] = {
	{ { MIG_RUNNING_P2P }, false },
	{ { MIG_STOP }, false },
	{ { MIG_PRE_COPY }, false },
	{ { MIG_PRE_COPY }, true },
	{ { MIG_PRE_COPY, MIG_PRE_COPY_P2P }, true },
	{ { MIG_STOP_COPY }, false },
	{ { MIG_STOP_COPY }, true },
	{ { MIG_PRE_COPY, MIG_PRE_COPY_P2P, MIG_STOP_COPY }, true },
};

static void make_attempt(struct client *client, const struct attempt *attempt)
{
	struct mig_stream stream = {};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(attempt->states) && attempt->states[i]; i++) {
		assert_done(mig_go(client, attempt->states[i]));
		if (attempt->is_read)
			mig_stream_read(&stream, client->data_fd, MIG_PIECE);
	}
	assert_true(!attempt->is_read || stream.length);
	assert_done(mig_go(client, MIG_RUNNING));
	mig_stream_free(&stream);
}

static void source_that_goes_on_has_lost_nothing(struct fixture *fixture)
{
	struct edu_user edu = open_edu(fixture, "edu0");
	struct edu_state shall;
	struct edu_state is;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(attempts); i++) {
		fill(&edu, 1 + i);
		shall = expected(&edu, 1 + i);
		make_attempt(edu.client, &attempts[i]);
		is = look(&edu);
		assert_same(&is, &shall);
		edu_write(edu.client, EDU_REG_IRQ_ACK, UINT32_MAX);
	}
}

static void reset_leaves_nothing_of_its_user(struct fixture *fixture)
{
	struct edu_user edu = open_edu(fixture, "edu0");

	fill(&edu, 1);
	assert_done(client_reset(edu.client));
	assert_as_after_power_on(&edu);
}

static void next_user_finds_nothing_of_the_last(struct fixture *fixture)
{
	struct edu_user edu = open_edu(fixture, "edu0");

	fill(&edu, 1);
	client_close(edu.client);
	edu.client = fixture_open_in(fixture, edu.client->space,
				     fixture->functions[0].uuid);
	assert_done(edu_start(edu.client));
	assert_as_after_power_on(&edu);
}

/* What a detached edu cannot be rid of in its last user's time. */
static struct client *leave_and_bind_anew(struct fixture *fixture,
					  struct edu_user *edu)
{
	struct space *space = edu->client->space;

	fill(edu, 1);
	assert_done(space_detach(edu->client->fd));
	client_close(edu->client);
	space->binds_only = true;
	return fixture_open_in(fixture, space, fixture->functions[0].uuid);
}

static void next_user_finds_nothing_of_one_who_detached(struct fixture *fixture)
{
	struct edu_user edu = open_edu(fixture, "edu0");

	edu.client = leave_and_bind_anew(fixture, &edu);
	assert_done(space_attach(edu.client->space, edu.client->fd));
	assert_done(edu_start(edu.client));
	assert_as_after_power_on(&edu);
}

static bool is_at_rest(void *client)
{
	return !(edu_read(client, EDU_REG_DMA_COMMAND) & EDU_DMA_RUN);
}

/* The copy takes 100 ms, attaching does not. */
static void copy_begun_before_attaching_brings_nothing(struct fixture *fixture)
{
	struct edu_user edu = open_edu(fixture, "edu0");
	uint8_t untouched[EDU_BUFFER_BYTES];

	edu.client = leave_and_bind_anew(fixture, &edu);
	memset(untouched, 0xee, sizeof(untouched));
	memcpy(edu.memory, untouched, sizeof(untouched));
	assert_done(edu_start(edu.client));
	edu_start_copy(edu.client, EDU_TO_MEMORY, IOVA, EDU_BUFFER_BYTES);
	assert_done(space_attach(edu.client->space, edu.client->fd));
	assert_true(wait_for(is_at_rest, edu.client, WAIT_LIMIT_MS));
	assert_memory_equal(edu.memory, untouched, sizeof(untouched));
	assert_as_after_power_on(&edu);
}

/* All that an edu reaches is mapped, so there is no address for its reset. */
static void edu_that_cannot_be_reset_is_not_attached(struct fixture *fixture)
{
	struct edu_user edu = open_edu(fixture, "edu0");
	uint8_t *memory = fixture_memory(fixture, CHUNK_BYTES);
	struct space *space = edu.client->space;
	uint64_t iova;

	edu.client = leave_and_bind_anew(fixture, &edu);
	assert_done(space_unmap(space, EDU_BUFFER_BYTES, IOVA));
	for (iova = 0; iova < EDU_DMA_LIMIT; iova += CHUNK_BYTES)
		assert_done(space_map(space, memory, CHUNK_BYTES, iova));
	assert_int_equal(space_attach(space, edu.client->fd), -ENOSPC);
	assert_that(kmsg_find(&fixture->log, "not attached, as the backend",
			      NULL, NULL),
		    "the log does not say why");

	assert_done(space_unmap(space, CHUNK_BYTES, 0));
	assert_done(space_map(space, edu.memory, EDU_BUFFER_BYTES, IOVA));
	assert_done(space_attach(space, edu.client->fd));
	assert_done(edu_start(edu.client));
	assert_as_after_power_on(&edu);
}

static void target_of_a_broken_stream_is_as_after_power_on(struct fixture *fixture)
{
	struct edu_user source = open_edu(fixture, "edu0");
	struct edu_user target = open_edu(fixture, "edu3");
	struct mig_stream stream;

	fill(&source, 1);
	fill(&target, 2);
	stream = mig_save(source.client);
	stream.length--;
	assert_true(mig_load(target.client, &stream) < 0);
	assert_done(client_reset(target.client));
	assert_as_after_power_on(&target);
	mig_stream_free(&stream);
}

static void disable(struct client *client)
{
	assert_done(config_set_command(client, 0, PCI_COMMAND_MEMORY |
				       PCI_COMMAND_MASTER));
}

static void assert_disabled(struct client *client)
{
	assert_int_equal(config_read(client, PCI_COMMAND, 2) &
			 (PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER), 0);
}

static void neither_side_needs_command_bits_or_changes_them(struct fixture *fixture)
{
	struct edu_user source = open_edu(fixture, "edu0");
	struct edu_user target = open_edu(fixture, "edu3");
	struct edu_state shall;
	struct edu_state is;

	fill(&source, 1);
	shall = expected(&source, 1);
	disable(source.client);
	disable(target.client);
	mig_move(source.client, target.client);
	assert_disabled(source.client);
	assert_disabled(target.client);
	assert_done(edu_start(target.client));
	is = look(&target);
	assert_same(&is, &shall);
}

static void check_kick(struct fixture *fixture, unsigned int index)
{
	struct edu_user source = open_edu(fixture, "edu0");
	struct edu_user target = open_edu(fixture, "edu3");
	int event = fixture_event(fixture);

	assert_done(irq_connect(target.client, index, 0, &event, 1));
	mig_move(source.client, target.client);
	/* One may have got lost with the source. */
	assert_int_equal(event_wait(event, WAIT_LIMIT_MS), 1);
	/* Its own come through as ever. */
	if (index == INTX)
		irq_act(target.client, INTX, VFIO_IRQ_SET_ACTION_UNMASK, 0, 1);
	edu_write(target.client, EDU_REG_IRQ_RAISE, 1);
	assert_int_equal(event_wait(event, WAIT_LIMIT_MS), 1);
	edu_write(target.client, EDU_REG_IRQ_ACK, 1);
}

static void target_kicks_its_msi_vector_once(struct fixture *fixture)
{
	check_kick(fixture, MSI);
}

static void target_kicks_its_intx_once(struct fixture *fixture)
{
	check_kick(fixture, INTX);
}

static void pausing_loses_no_interrupt(struct fixture *fixture)
{
	struct edu_user edu = open_edu(fixture, "edu0");
	int event = fixture_event(fixture);
	int i;

	assert_done(irq_connect(edu.client, MSI, 0, &event, 1));
	for (i = 0; i < 3; i++) {
		assert_done(mig_go(edu.client, MIG_STOP));
		assert_done(mig_go(edu.client, MIG_RUNNING));
		edu_write(edu.client, EDU_REG_IRQ_RAISE, 1);
		assert_true(event_wait(event, WAIT_LIMIT_MS) > 0);
		assert_int_equal(edu_read(edu.client, EDU_REG_IRQ_STATUS), 1);
		edu_write(edu.client, EDU_REG_IRQ_ACK, 1);
	}
}

#define CDEV_TEST(function) \
	{ .name = #function, .run = (function), .limit_s = TEST_LIMIT_S, \
	  .only_by = ONLY_BY(ACCESS_CDEV) }

static const struct test tests[] = {
	TEST(registers_and_buffer_go_across),
	TEST(device_goes_to_and_fro),
	TEST(functions_of_one_group_can_migrate_to_each_other),
	TEST(source_that_goes_on_has_lost_nothing),
	TEST(reset_leaves_nothing_of_its_user),
	TEST(next_user_finds_nothing_of_the_last),
	CDEV_TEST(next_user_finds_nothing_of_one_who_detached),
	CDEV_TEST(copy_begun_before_attaching_brings_nothing),
	CDEV_TEST(edu_that_cannot_be_reset_is_not_attached),
	TEST(target_of_a_broken_stream_is_as_after_power_on),
	TEST(neither_side_needs_command_bits_or_changes_them),
	TEST(target_kicks_its_msi_vector_once),
	TEST(target_kicks_its_intx_once),
	TEST(pausing_loses_no_interrupt),
};

SUITE("migration_edu", tests)
