// SPDX-License-Identifier: GPL-2.0-only
/*
 * A function that is unplugged while it is wrapped, idle and open; or torn out
 * without a word, by the power of its port.
 */
#include <errno.h>

#include "check.h"
#include "edu.h"
#include "irq.h"
#include "lab.h"
#include "region.h"
#include "suite.h"
#include "sysfs.h"
#include "wait.h"

#define DEVICE "hotplug0"
#define PORT "slot0"

#define LIVENESS 0x11223344	/* reads back inverted while edu is there */

/* The port's button gives a person five seconds to think better of it. */
#define UNPLUG_LIMIT_MS 30000

static bool plug_succeeds(void *arg)
{
	(void)arg;
	return !lab_plug(DEVICE, "edu", PORT);
}

static bool bind_succeeds(void *arg)
{
	struct function *function = arg;

	/* Plugging binds it itself, if we asked for that early enough. */
	return !pci_bind(function->address, DRIVER_NAME) ||
	       pci_is_bound_to(function->address, DRIVER_NAME);
}

/* The machine has the device's id free a moment after the guest let it go. */
static void plug_back(struct function *function)
{
	assert_that(wait_for(plug_succeeds, NULL, WAIT_LIMIT_MS), "%s",
		    failure_text());
	/* Its directory is there a moment before drivers may have it. */
	assert_that(wait_for(bind_succeeds, function, UNPLUG_LIMIT_MS), "%s",
		    failure_text());
	assert_done(pci_unbind(function->address));
	function->is_absent = false;
}

static void wait_until_unplugged(struct function *function)
{
	assert_done(sysfs_wait_until_present(false, UNPLUG_LIMIT_MS,
					     PCI_DEVICES "/%s",
					     function->address));
	function->is_absent = true;
}

static void unplug_waits_until_the_device_is_closed(struct fixture *fixture)
{
	struct function *edu = fixture_create(fixture, DEVICE);
	struct space *space = fixture_space(fixture, edu);
	struct client *client = fixture_open_in(fixture, space, edu->uuid);
	int request = fixture_event(fixture);

	assert_done(edu_start(client));
	assert_done(irq_connect(client, VFIO_PCI_REQ_IRQ_INDEX, 0, &request,
				1));
	assert_done(lab_unplug(DEVICE));
	assert_that(event_wait(request, UNPLUG_LIMIT_MS),
		    "the client was not asked to let go");
	/* It is still there, and still the client's alone. */
	assert_true(sysfs_exists(PCI_DEVICES "/%s", edu->address));
	edu_write(client, EDU_REG_LIVENESS, LIVENESS);
	assert_int_equal(edu_read(client, EDU_REG_LIVENESS),
			 (uint32_t)~LIVENESS);
	if (fixture->access == ACCESS_GROUP)
		assert_refused(space_open_device(space, edu->uuid), ENODEV);

	client_close(client);
	space_close(space);
	wait_until_unplugged(edu);
	assert_false(mdev_exists(edu->uuid));
	plug_back(edu);
}

static void unplug_takes_an_idle_mdev_away(struct fixture *fixture)
{
	struct function *edu = fixture_create(fixture, DEVICE);

	assert_done(lab_unplug(DEVICE));
	wait_until_unplugged(edu);
	assert_false(mdev_exists(edu->uuid));
	plug_back(edu);
}

static void plugged_function_can_be_wrapped_again(struct fixture *fixture)
{
	struct function *edu = fixture_bind(fixture, DEVICE);
	struct client *client;

	assert_done(lab_unplug(DEVICE));
	wait_until_unplugged(edu);
	plug_back(edu);
	/* It is a new device: what was asked for the old one is forgotten. */
	assert_false(pci_is_bound_to(edu->address, DRIVER_NAME));
	assert_done(pci_bind(edu->address, DRIVER_NAME));
	assert_done(mdev_create(edu->address, edu->uuid));
	client = fixture_open(fixture, edu);
	assert_done(edu_start(client));
	assert_int_equal(edu_read(client, EDU_REG_ID), EDU_ID);
}

static void find_again(struct function *function)
{
	char port[PCI_ADDRESS_SIZE];

	assert_done(lab_address(port, PORT));
	assert_done(sysfs_write("1", PCI_DEVICES "/%s/rescan", port));
	assert_done(sysfs_wait_until_present(true, WAIT_LIMIT_MS, PCI_DEVICES
					     "/%s", function->address));
	function->is_absent = false;
}

/* What an administrator can do to a function that has no port of this kind. */
static void removal_from_the_bus_waits_until_the_device_is_closed(
	struct fixture *fixture)
{
	struct function *edu = fixture_create(fixture, DEVICE);
	struct client *client = fixture_open(fixture, edu);
	int request = fixture_event(fixture);
	struct background *removal;

	assert_done(edu_start(client));
	assert_done(irq_connect(client, VFIO_PCI_REQ_IRQ_INDEX, 0, &request,
				1));
	removal = fixture_keep_step(fixture,
				    background_write("1", PCI_DEVICES
						     "/%s/remove",
						     edu->address));
	assert_true(event_wait(request, WAIT_LIMIT_MS));
	/* And once more, ten seconds later. */
	assert_true(event_wait(request, UNPLUG_LIMIT_MS));
	assert_false(background_is_done(removal));
	edu_write(client, EDU_REG_LIVENESS, LIVENESS);
	assert_int_equal(edu_read(client, EDU_REG_LIVENESS),
			 (uint32_t)~LIVENESS);

	client_close(client);
	space_close(client->space);
	assert_done(background_wait(removal, WAIT_LIMIT_MS));
	wait_until_unplugged(edu);
	assert_false(mdev_exists(edu->uuid));
	find_again(edu);
}

/* The port's register that switches the power of what is in it. */
static void set_power(bool is_on)
{
	const uint16_t off = PCI_EXP_SLTCTL_PWR_OFF |
			     PCI_EXP_SLTCTL_PWR_IND_OFF;
	char port[PCI_ADDRESS_SIZE];
	uint16_t control;
	unsigned int at;

	assert_done(lab_address(port, PORT));
	at = pci_find_capability(port, PCI_CAP_ID_EXP);
	assert_int_not_equal(at, 0);
	at += PCI_EXP_SLTCTL;
	control = pci_read_config16(port, at);
	control = is_on ? control & ~off : control | off;
	assert_done(pci_write_config16(port, at, control));
}

/* Nothing answers for the device from now on, and nobody told its driver. */
static void tear_out(struct function *function)
{
	set_power(false);
	/* All ones are what is read where nothing is. */
	assert_int_equal(pci_read_config16(function->address, PCI_VENDOR_ID),
			 0xffff);
}

/* The kernel learns from us that one device is gone and another is there. */
static void put_another_in(struct function *function)
{
	assert_done(sysfs_write("1", PCI_DEVICES "/%s/remove",
				function->address));
	wait_until_unplugged(function);
	set_power(true);
	find_again(function);
}

/* What a client finds of a device that is gone. */
struct remains {
	int config;		/* what reading config space returned */
	uint32_t status;	/* of config space */
	uint32_t liveness;
	int write;		/* what writing a register returned */
	int reset;
	int query;
	int map;
};

static void look_at_remains(struct fixture *fixture, struct client *client,
			    struct remains *remains)
{
	struct vfio_irq_info irq;

	remains->config = region_read(client, VFIO_PCI_CONFIG_REGION_INDEX,
				      PCI_STATUS, &remains->status, 2);
	edu_write(client, EDU_REG_LIVENESS, LIVENESS);
	remains->liveness = edu_read(client, EDU_REG_LIVENESS);
	remains->write = region_write32(client, VFIO_PCI_BAR0_REGION_INDEX,
					EDU_REG_LIVENESS, 1);
	remains->reset = client_reset(client);
	remains->query = irq_query(client, VFIO_PCI_MSI_IRQ_INDEX, &irq);
	remains->map = space_map(client->space, fixture_memory(fixture, 4096),
				 4096, 0x300000);
}

/* The engine writes into memory of ours when its device vanishes. */
static void tear_out_while_it_copies(struct fixture *fixture,
				     struct function *edu, const char *driver,
				     const char *name, struct remains *remains)
{
	struct client *client;
	struct space *space = fixture_space(fixture, edu);
	int request = fixture_event(fixture);
	struct background *unbinding;

	client = fixture_open_in(fixture, space, name);
	assert_done(space_map(space, fixture_memory(fixture, 4096), 4096,
			      0x200000));
	assert_done(irq_connect(client, VFIO_PCI_REQ_IRQ_INDEX, 0, &request,
				1));
	assert_done(edu_start(client));
	assert_done(edu_copy(client, EDU_TO_MEMORY, 0x200000, 4096));
	edu_start_copy(client, EDU_TO_MEMORY, 0x200000, 4096);
	tear_out(edu);
	look_at_remains(fixture, client, remains);
	unbinding = fixture_keep_step(fixture,
				      background_write(edu->address,
						       PCI_DRIVERS "/%s/unbind",
						       driver));
	assert_that(event_wait(request, WAIT_LIMIT_MS),
		    "the client was not asked to let go");
	client_close(client);
	space_close(space);
	assert_done(background_wait(unbinding, WAIT_LIMIT_MS));
	put_another_in(edu);
}

static void assert_works(struct fixture *fixture, struct function *edu)
{
	struct client *client;

	assert_done(pci_bind(edu->address, DRIVER_NAME));
	assert_done(mdev_create(edu->address, edu->uuid));
	client = fixture_open(fixture, edu);
	assert_done(edu_start(client));
	assert_int_equal(edu_read(client, EDU_REG_ID), EDU_ID);
	client_close(client);
	space_close(client->space);
	assert_done(mdev_remove(edu->uuid));
	assert_done(pci_unbind(edu->address));
}

static void function_torn_out_of_its_port_leaves_its_client_errors(
	struct fixture *fixture)
{
	struct function *edu = fixture_create(fixture, DEVICE);
	struct remains ours = { };
	struct remains stocks = { };

	tear_out_while_it_copies(fixture, edu, DRIVER_NAME, edu->uuid,
				 &ours);
	assert_false(mdev_exists(edu->uuid));
	assert_works(fixture, edu);

	fixture_load(fixture, STOCK_DRIVER_NAME);
	assert_done(pci_bind(edu->address, STOCK_DRIVER_NAME));
	tear_out_while_it_copies(fixture, edu, STOCK_DRIVER_NAME, edu->address,
				 &stocks);
	assert_int_equal(ours.status, 0xffff);
	assert_int_not_equal(ours.liveness, (uint32_t)~LIVENESS);
	assert_memory_equal(&ours, &stocks, sizeof(ours));
}

static const struct test tests[] = {
	SLOW_TEST(unplug_waits_until_the_device_is_closed, 150),
	SLOW_TEST(unplug_takes_an_idle_mdev_away, 120),
	SLOW_TEST(plugged_function_can_be_wrapped_again, 120),
	SLOW_TEST(removal_from_the_bus_waits_until_the_device_is_closed, 120),
	SLOW_TEST(function_torn_out_of_its_port_leaves_its_client_errors, 240),
};

SUITE("hotplug", tests)
