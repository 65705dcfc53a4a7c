// SPDX-License-Identifier: GPL-2.0-only
/*
 * Backends that are refused, and backends that fail: what is said, which state
 * the device is in then, and that it goes on when the backend does. The
 * backend is the tests' own; what it may call is in backend_api.c.
 */
#include <errno.h>

#include "irq.h"
#include "mig_stream.h"
#include "nvme.h"
#include "region.h"
#include "suite.h"
#include "test_backend.h"
#include "test_module.h"
#include "wait.h"

#define SWITCH "/sys/module/vfio_mdev_pci/parameters/migration"

#define BAR0 VFIO_PCI_BAR0_REGION_INDEX

/* Since Linux 6.19; older headers have not got it. */
#define FEATURE_DMA_BUF 11

#define FAIL(operation) (1U << (operation))
#define D3HOT 3

/* Sizes of queue entries, in CC of a controller that is not enabled */
#define SIZES 0x00460000

static const struct refusal {
	const char *parameters;
	int error;
	const char *text;
} refusals[] = {
	{ "name=a_name_of_16_ch_", EINVAL, "has a name that is too long" },
	{ "only_begin=1", EINVAL,
	  "has only one of precopy_begin and precopy" },
	{ "oldest_reader=2", EINVAL, "cannot read what it writes" },
	{ "bars=2", EINVAL, "a trap is in a BAR that is not in bars" },
	{ "window_bar=6 bars=65", EINVAL,
	  "a trap is in a BAR that is not in bars" },
	{ "window=0x1f04", EINVAL, "a trap is not aligned to 8 bytes" },
	{ "plain=0x1f08", EINVAL, "a trap is not behind the one before it" },
	{ "window_bar=5 bars=41 plain3=0x3000", EINVAL,
	  "a trap is not behind the one before it" },
	{ "second=vmp_test", EBUSY, "there is a backend \"vmp_test\" already" },
};

static void backend_that_contradicts_itself_is_refused(struct fixture *fixture)
{
	size_t i;

	fixture_keep_module(fixture, TEST_BACKEND);
	for (i = 0; i < ARRAY_SIZE(refusals); i++) {
		const struct refusal *one = &refusals[i];
		int ret = test_module_try(TEST_BACKEND, "%s", one->parameters);

		assert_that(ret == -one->error, "with %s it is loaded: %d",
			    one->parameters, ret);
		assert_that(!kmsg_wait_for(&fixture->log, "backend", one->text,
					   NULL),
			    "with %s nobody says that it %s", one->parameters,
			    one->text);
	}
	/* And one that does not, is not, nor is its name still taken. */
	assert_done(test_module_try(TEST_BACKEND, " "));
}

static void function_that_two_backends_claim_gets_no_mdev(struct fixture *fixture)
{
	struct function *function;

	test_backend_load(fixture, "second=vmp_other");
	function = fixture_bind(fixture, "nvme0");
	assert_refused(mdev_create(function->address, function->uuid), EBUSY);
	assert_done(kmsg_wait_for(&fixture->log, function->address,
				  "both the backends \"vmp_test\" and \"vmp_other\" claim it",
				  NULL));
	/* As it says, one must go. */
	assert_done(test_module_unload(TEST_BACKEND));
	test_backend_load(fixture, "");
	assert_done(mdev_create(function->address, function->uuid));
	assert_int_equal(test_backend_number("nr_attached"), 1);
}

static void trap_beyond_its_bar_keeps_the_mdev_from_being_made(struct fixture *fixture)
{
	struct function *function;

	test_backend_load(fixture, "window=0x3ffff0");
	function = fixture_bind(fixture, "nvme0");
	assert_refused(mdev_create(function->address, function->uuid), EINVAL);
	assert_done(kmsg_wait_for(&fixture->log, function->address,
				  "a trap is not within its BAR", NULL));
	assert_int_equal(test_backend_number("nr_attached"), 0);
}

static void backend_is_attached_as_long_as_there_is_an_mdev(struct fixture *fixture)
{
	struct function *function;

	test_backend_load(fixture, "");
	test_backend_fail(fixture, FAIL(TEST_ATTACH));
	function = fixture_bind(fixture, "nvme0");
	assert_refused(mdev_create(function->address, function->uuid),
		       TEST_BACKEND_ERROR);
	assert_false(mdev_exists(function->uuid));
	test_backend_fail(fixture, 0);
	assert_done(mdev_create(function->address, function->uuid));
	assert_int_equal(test_backend_number("nr_attached"), 1);
	assert_refused(test_module_unload(TEST_BACKEND), EAGAIN);
	assert_done(mdev_remove(function->uuid));
	assert_done(mdev_wait_until_available(function->address));
	assert_int_equal(test_backend_number("nr_attached"), 0);
}

static void device_without_a_bar_that_its_backend_uses_stays_closed(struct fixture *fixture)
{
	struct function *function;
	struct client client;

	/* Its BAR 2 is of I/O ports. */
	test_backend_load(fixture, "bars=5");
	function = mig_create(fixture, "e1000e0");
	assert_refused(client_open(&client, fixture_space(fixture, function),
				   function->uuid), ENODEV);
}

/* An arc that fails as one operation of the backend's does */
static const struct failure {
	enum test_operation operation;
	enum mig_state from;
	enum mig_state to;
	enum mig_state then;
} failures[] = {
	{ TEST_QUIESCE, MIG_RUNNING, MIG_RUNNING_P2P, MIG_RUNNING },
	{ TEST_QUIESCE, MIG_PRE_COPY, MIG_PRE_COPY_P2P, MIG_PRE_COPY },
	{ TEST_STOP, MIG_RUNNING_P2P, MIG_STOP, MIG_RUNNING_P2P },
	{ TEST_STOP, MIG_PRE_COPY_P2P, MIG_STOP_COPY, MIG_PRE_COPY_P2P },
	{ TEST_SAVE_BEGIN, MIG_STOP, MIG_STOP_COPY, MIG_STOP },
	{ TEST_SAVE_BEGIN, MIG_PRE_COPY_P2P, MIG_STOP_COPY, MIG_PRE_COPY_P2P },
	{ TEST_LOAD_BEGIN, MIG_STOP, MIG_RESUMING, MIG_STOP },
	{ TEST_START, MIG_STOP, MIG_RUNNING_P2P, MIG_ERROR },
	{ TEST_RESUME, MIG_RUNNING_P2P, MIG_RUNNING, MIG_ERROR },
};

/* It can do no DMA, and send no interrupts. */
static bool is_silent(struct fixture *fixture)
{
	uint16_t command = pci_read_config16(fixture->functions[0].address,
					     PCI_COMMAND);

	return !(command & PCI_COMMAND_MASTER);
}

static void fail_once(struct fixture *fixture, struct client *client,
		      const struct failure *failure)
{
	const char *way = mig_state_name(failure->to);

	assert_done(config_set_command(client, PCI_COMMAND_MEMORY |
				       PCI_COMMAND_MASTER, 0));
	assert_done(mig_go(client, failure->from));
	test_backend_fail(fixture, FAIL(failure->operation));
	assert_refused(mig_go(client, failure->to), TEST_BACKEND_ERROR);
	mig_assert_state(client, failure->then, way);
	if (failure->then != MIG_ERROR)
		assert_that(is_silent(fixture) == (failure->then == MIG_STOP),
			    "a device that could not go from %s to %s is%s silent",
			    mig_state_name(failure->from), way,
			    failure->then == MIG_STOP ? " not" : "");
	test_backend_fail(fixture, 0);
	if (failure->then == MIG_ERROR)
		assert_refused(mig_go(client, MIG_RUNNING), EIO);
	else
		assert_done(mig_go(client, failure->to));
	assert_done(client_reset(client));
	mig_assert_state(client, MIG_RUNNING, "after a reset");
}

static void operation_that_fails_leaves_the_device_as_it_was(struct fixture *fixture)
{
	struct client *client = test_backend_new(fixture, "nvme0", "");
	size_t i;

	for (i = 0; i < ARRAY_SIZE(failures); i++)
		fail_once(fixture, client, &failures[i]);
}

static void device_that_neither_rests_nor_goes_on_is_in_error(struct fixture *fixture)
{
	struct client *client = test_backend_new(fixture, "nvme0", "");

	test_backend_fail(fixture, FAIL(TEST_QUIESCE) | FAIL(TEST_RESUME));
	assert_refused(mig_go(client, MIG_RUNNING_P2P), TEST_BACKEND_ERROR);
	mig_assert_state(client, MIG_ERROR, "after both");
	test_backend_fail(fixture, 0);
	assert_done(client_reset(client));
	mig_assert_state(client, MIG_RUNNING, "after the reset");
}

static void state_that_a_backend_refuses_is_not_loaded(struct fixture *fixture)
{
	struct client *client = test_backend_new(fixture, "nvme0", "");
	struct mig_stream stream = mig_save(client);

	test_backend_fail(fixture, FAIL(TEST_LOAD));
	assert_refused(mig_load(client, &stream), TEST_BACKEND_ERROR);
	test_backend_fail(fixture, 0);
	assert_done(client_reset(client));
	assert_done(mig_load(client, &stream));
	assert_done(mig_go(client, MIG_RUNNING));
	mig_stream_free(&stream);
}

static void reset_is_pcis_and_then_the_backends(struct fixture *fixture)
{
	struct client *client = test_backend_new(fixture, "nvme0",
						 "ignores_reset=1");
	unsigned int before = test_backend_number("nr_resets");

	assert_done(region_write32(client, BAR0, NVME_REG_CC, SIZES));
	assert_int_equal(region_read32(client, BAR0, NVME_REG_CC), SIZES);
	assert_done(client_reset(client));
	assert_int_equal(test_backend_number("nr_resets"), before + 1);
	assert_done(config_set_command(client, PCI_COMMAND_MEMORY, 0));
	/* PCI's: the backend does nothing to the device. */
	assert_int_equal(region_read32(client, BAR0, NVME_REG_CC), 0);
	test_backend_fail(fixture, FAIL(TEST_RESET));
	assert_refused(client_reset(client), TEST_BACKEND_ERROR);
}

static void device_that_cannot_be_reset_is_told_of(struct fixture *fixture)
{
	struct client *client = test_backend_new(fixture, "nvme0",
						 "ignores_reset=1");

	test_backend_fail(fixture, FAIL(TEST_RESET));
	client_close(client);
	assert_done(kmsg_wait_for(&fixture->log,
				  fixture->functions[0].address,
				  "the backend \"vmp_test\" could not reset it",
				  NULL));
}

static void device_that_its_guest_put_to_sleep_cannot_be_saved(struct fixture *fixture)
{
	struct client *client = test_backend_new(fixture, "e1000e0", "");
	unsigned int power = config_find_capability(client, PCI_CAP_ID_PM);
	uint64_t value = 0;

	assert_int_not_equal(power, 0);
	assert_done(config_write(client, power + PCI_PM_CTRL, 2, D3HOT));
	assert_refused(mig_go(client, MIG_STOP_COPY), EIO);
	mig_assert_state(client, MIG_RUNNING, "asleep");
	/* Nor does its backend answer in its place. */
	assert_refused(region_read(client, BAR0, TEST_WINDOW, &value, 8), EIO);
	assert_refused(region_write(client, BAR0, TEST_WINDOW, &value, 8), EIO);
	assert_done(config_write(client, power + PCI_PM_CTRL, 2, 0));
	assert_done(config_set_command(client, PCI_COMMAND_MEMORY, 0));
	assert_done(region_read(client, BAR0, TEST_WINDOW, &value, 8));
	assert_done(mig_go(client, MIG_STOP_COPY));
}

/* Without a domain it lacks memory for its reset, which is then due. */
static void device_that_cannot_be_reset_is_not_attached(struct fixture *fixture)
{
	struct function *function;
	struct client *client;
	struct space *space;

	test_backend_load(fixture, "ignores_reset=1 error=19");
	test_backend_fail(fixture, FAIL(TEST_RESET));
	function = mig_create(fixture, "nvme0");
	space = fixture_space(fixture, function);
	space->binds_only = true;
	client = fixture_open_in(fixture, space, function->uuid);
	assert_refused(space_attach(space, client->fd), ENODEV);
	assert_done(kmsg_wait_for(&fixture->log, function->address,
				  "not attached, as the backend \"vmp_test\"",
				  NULL));
	fixture_set(fixture, "121", "/sys/module/" TEST_BACKEND
		    "/parameters/error");
	assert_refused(space_attach(space, client->fd), EREMOTEIO);
	test_backend_fail(fixture, 0);
	assert_done(space_attach(space, client->fd));
	assert_done(mig_go(client, MIG_STOP_COPY));
}

static int probe_dma_buf(struct client *client)
{
	return client_probe_feature(client, VFIO_DEVICE_FEATURE_GET |
				    FEATURE_DMA_BUF);
}

static void no_other_device_reaches_registers_behind_a_backends_back(struct fixture *fixture)
{
	struct client *client = test_backend_new(fixture, "nvme0", "");

	assert_refused(probe_dma_buf(client), ENOTTY);
}

static void backend_without_traps_leaves_calls_to_vfio_pci(struct fixture *fixture)
{
	struct client *client = test_backend_new(fixture, "nvme0", "window=0");
	struct client *stock;
	struct hot_reset reset;
	struct hot_reset stocks;

	/* Without a backend */
	fixture_set(fixture, "0", SWITCH);
	stock = fixture_new(fixture, "igb0");
	assert_int_equal(probe_dma_buf(client), probe_dma_buf(stock));
	assert_done(client_hot_reset_info(client, &reset, HOT_RESET_MAX));
	assert_done(client_hot_reset_info(stock, &stocks, HOT_RESET_MAX));
	assert_int_equal(reset.header.count, stocks.header.count);
	assert_int_equal(reset.header.count, 1);
}

static bool has_written(void *client)
{
	return region_read32(client, BAR0, NVME_REG_ASQ) == 0x5aa5f000;
}

static void eventfds_write_where_no_backend_listens(struct fixture *fixture)
{
	struct client *client = test_backend_new(fixture, "nvme0", "window=0");
	int event = fixture_event(fixture);

	/* Resets leave the register. */
	assert_done(region_write32(client, BAR0, NVME_REG_ASQ, 0));
	assert_done(client_write_on_event(client, BAR0, NVME_REG_ASQ,
					  0x5aa5f000, event));
	assert_false(has_written(client));
	event_signal(event);
	assert_true(wait_for(has_written, client, WAIT_LIMIT_MS));
}

static const struct test tests[] = {
	TEST(backend_that_contradicts_itself_is_refused),
	TEST(function_that_two_backends_claim_gets_no_mdev),
	TEST(trap_beyond_its_bar_keeps_the_mdev_from_being_made),
	TEST(backend_is_attached_as_long_as_there_is_an_mdev),
	TEST(device_without_a_bar_that_its_backend_uses_stays_closed),
	TEST(operation_that_fails_leaves_the_device_as_it_was),
	TEST(device_that_neither_rests_nor_goes_on_is_in_error),
	TEST(state_that_a_backend_refuses_is_not_loaded),
	TEST(reset_is_pcis_and_then_the_backends),
	TEST(device_that_cannot_be_reset_is_told_of),
	TEST(device_that_its_guest_put_to_sleep_cannot_be_saved),
	{
		.name = "device_that_cannot_be_reset_is_not_attached",
		.run = device_that_cannot_be_reset_is_not_attached,
		.limit_s = TEST_LIMIT_S,
		.only_by = ONLY_BY(ACCESS_CDEV),
	},
	TEST(no_other_device_reaches_registers_behind_a_backends_back),
	TEST(backend_without_traps_leaves_calls_to_vfio_pci),
	TEST(eventfds_write_where_no_backend_listens),
};

SUITE("backend_refusals", tests)
