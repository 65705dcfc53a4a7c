// SPDX-License-Identifier: GPL-2.0-only
/*
 * Errors that a function reports through its root port: what its client hears
 * of them, and what is left of the function, under both drivers alike. They are
 * real, made by the machine's monitor; interrupts.c has one made by the kernel.
 */
#include "check.h"
#include "irq.h"
#include "lab.h"
#include "region.h"
#include "suite.h"
#include "wait.h"

/* QEMU's model of it has the bits that enable error messages; cards have not. */
#define DISK "virtio0"

/*
 * A register that keeps what is written and is zero after a reset:
 * device_feature_select of struct virtio_pci_common_cfg, which QEMU puts there.
 */
#define MARK_REGION VFIO_PCI_BAR4_REGION_INDEX
#define MARK_OFFSET 0
#define MARK 0x00ff00ff

/* An error and how severe it is by default (PCI Express 6.0, 7.8.4.4). */
struct error {
	const char *name;	/* QEMU's */
	const char *severity;	/* as drivers/pci/pcie/aer.c puts it */
	bool resets_the_link;	/* the kernel's way to recover from it */
};

static const struct error completion_timeout = {
	"COMP_TIME", "Non-Fatal", false,
};

static const struct error link_protocol_error = {
	"DLP", "(Fatal)", true,
};

/* What the client found after the error. */
struct aftermath {
	unsigned int nr_events;
	uint32_t vendor;
	uint32_t command;
	uint32_t mark;
	int reset;		/* what VFIO_DEVICE_RESET returned */
	uint32_t vendor_after_reset;
};

static void set_mark(struct client *client)
{
	assert_done(config_set_command(client, PCI_COMMAND_MEMORY, 0));
	assert_done(region_write32(client, MARK_REGION, MARK_OFFSET, MARK));
	assert_int_equal(region_read32(client, MARK_REGION, MARK_OFFSET), MARK);
}

static void wait_for_recovery(struct fixture *fixture,
			      const struct error *error)
{
	char port[PCI_ADDRESS_SIZE];

	assert_done(lab_address(port, DISK "-port"));
	assert_done(kmsg_wait_for(&fixture->log, port, "AER",
				  error->severity));
	assert_done(kmsg_wait_for(&fixture->log, port,
				  "device recovery successful", NULL));
}

/* Have an open function report an error, look at it, open it once more. */
static void suffer(struct fixture *fixture, const struct function *function,
		   const char *name, const struct error *error,
		   struct aftermath *aftermath)
{
	struct space *space = fixture_space(fixture, function);
	struct client *client = fixture_open_in(fixture, space, name);
	int event = fixture_event(fixture);

	assert_done(irq_connect(client, VFIO_PCI_ERR_IRQ_INDEX, 0, &event,
				1));
	set_mark(client);
	assert_done(lab_inject_error(DISK, error->name));
	wait_for_recovery(fixture, error);
	aftermath->nr_events = event_wait(event, WAIT_LIMIT_MS);
	aftermath->vendor = config_read(client, PCI_VENDOR_ID, 2);
	aftermath->command = config_read(client, PCI_COMMAND, 2);
	aftermath->mark = region_read32(client, MARK_REGION, MARK_OFFSET);
	aftermath->reset = client_reset(client);
	aftermath->vendor_after_reset = config_read(client, PCI_VENDOR_ID, 2);
	client_close(client);

	client = fixture_open_in(fixture, space, name);
	set_mark(client);
	client_close(client);
	space_close(space);
}

static void begin_log_anew(struct fixture *fixture)
{
	kmsg_close(&fixture->log);
	assert_done(kmsg_open(&fixture->log));
}

static void assert_both_suffer_alike(struct fixture *fixture,
				     const struct error *error)
{
	struct function *disk = fixture_bind_to(fixture, DISK, STOCK_DRIVER_NAME);
	struct aftermath stocks = { };
	struct aftermath ours = { };

	suffer(fixture, disk, disk->address, error, &stocks);
	assert_done(pci_unbind(disk->address));
	assert_done(pci_bind(disk->address, DRIVER_NAME));
	assert_done(mdev_create(disk->address, disk->uuid));
	begin_log_anew(fixture);
	suffer(fixture, disk, disk->uuid, error, &ours);

	assert_int_equal(ours.nr_events, 1);
	assert_int_equal(ours.nr_events, stocks.nr_events);
	assert_int_equal(ours.vendor, stocks.vendor);
	assert_int_equal(ours.command, stocks.command);
	assert_int_equal(ours.mark, stocks.mark);
	assert_int_equal(ours.reset, stocks.reset);
	assert_int_equal(ours.vendor_after_reset, stocks.vendor_after_reset);
	assert_int_equal(ours.mark == MARK, !error->resets_the_link);
}

static void nonfatal_error_reaches_the_client_and_harms_nothing(
	struct fixture *fixture)
{
	assert_both_suffer_alike(fixture, &completion_timeout);
}

static void fatal_error_reaches_the_client_and_resets_the_function(
	struct fixture *fixture)
{
	assert_both_suffer_alike(fixture, &link_protocol_error);
}

/* Without an eventfd nobody is told; the next client finds the function well. */
static void error_that_nobody_asked_for_is_recovered_from(
	struct fixture *fixture)
{
	struct function *disk = fixture_create(fixture, DISK);
	struct client *client = fixture_open(fixture, disk);

	set_mark(client);
	assert_done(lab_inject_error(DISK, link_protocol_error.name));
	wait_for_recovery(fixture, &link_protocol_error);
	client_close(client);
	client = fixture_open_in(fixture, client->space, disk->uuid);
	set_mark(client);
}

static const struct test tests[] = {
	TEST(nonfatal_error_reaches_the_client_and_harms_nothing),
	TEST(fatal_error_reaches_the_client_and_resets_the_function),
	TEST(error_that_nobody_asked_for_is_recovered_from),
};

SUITE("errors", tests)
