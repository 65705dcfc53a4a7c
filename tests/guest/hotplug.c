// SPDX-License-Identifier: GPL-2.0-only
/*
 * A function that is unplugged while it is wrapped, idle and open.
 */
#include <errno.h>

#include "check.h"
#include "edu.h"
#include "irq.h"
#include "lab.h"
#include "suite.h"
#include "sysfs.h"
#include "wait.h"

#define DEVICE "hotplug0"
#define PORT "slot0"

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
	edu_write(client, EDU_REG_LIVENESS, 0x11223344);
	assert_int_equal(edu_read(client, EDU_REG_LIVENESS),
			 (uint32_t)~0x11223344);
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

static const struct test tests[] = {
	SLOW_TEST(unplug_waits_until_the_device_is_closed, 150),
	SLOW_TEST(unplug_takes_an_idle_mdev_away, 120),
	SLOW_TEST(plugged_function_can_be_wrapped_again, 120),
};

SUITE("hotplug", tests)
