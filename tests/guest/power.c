// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runtime power management: an idle function sleeps, an open one is awake, and
 * its client can have it sleep.
 */
#include <errno.h>

#include "check.h"
#include "nvme.h"
#include "power.h"
#include "region.h"
#include "suite.h"

static void idle_function_sleeps(struct fixture *fixture)
{
	struct function *nvme = fixture_bind(fixture, "nvme0");

	power_assert_asleep(nvme->address);
	assert_done(mdev_create(nvme->address, nvme->uuid));
	power_assert_asleep(nvme->address);
}

static void open_function_is_awake_until_closed(struct fixture *fixture)
{
	struct function *nvme = fixture_create(fixture, "nvme0");
	struct client *client = fixture_open(fixture, nvme);

	power_assert_awake(nvme->address);
	assert_int_equal(region_read32(client, VFIO_PCI_BAR0_REGION_INDEX,
				       NVME_REG_VS) >> 16, 1);
	client_close(client);
	power_assert_asleep(nvme->address);
}

static void unbound_function_is_awake(struct fixture *fixture)
{
	struct function *nvme = fixture_bind(fixture, "nvme0");

	power_assert_asleep(nvme->address);
	assert_done(pci_unbind(nvme->address));
	power_assert_awake(nvme->address);
}

static void removed_mdev_leaves_the_function_asleep(struct fixture *fixture)
{
	struct function *nvme = fixture_create(fixture, "nvme0");

	client_close(fixture_open(fixture, nvme));
	assert_done(mdev_remove(nvme->uuid));
	power_assert_asleep(nvme->address);
}

static void client_can_have_its_function_sleep(struct fixture *fixture)
{
	struct function *nvme = fixture_create(fixture, "nvme0");
	struct client *client = fixture_open(fixture, nvme);

	assert_done(client_probe_feature(client, VFIO_DEVICE_FEATURE_SET |
					 VFIO_DEVICE_FEATURE_LOW_POWER_ENTRY));
	assert_done(client_set_feature(client,
				       VFIO_DEVICE_FEATURE_LOW_POWER_ENTRY,
				       NULL, 0));
	power_assert_asleep(nvme->address);
	assert_done(client_set_feature(client,
				       VFIO_DEVICE_FEATURE_LOW_POWER_EXIT,
				       NULL, 0));
	power_assert_awake(nvme->address);
	assert_int_equal(region_read32(client, VFIO_PCI_BAR0_REGION_INDEX,
				       NVME_REG_VS) >> 16, 1);
}

static void access_to_a_sleeping_function_wakes_it(struct fixture *fixture)
{
	struct function *nvme = fixture_create(fixture, "nvme0");
	struct client *client = fixture_open(fixture, nvme);

	assert_done(client_set_feature(client,
				       VFIO_DEVICE_FEATURE_LOW_POWER_ENTRY,
				       NULL, 0));
	power_assert_asleep(nvme->address);
	assert_int_equal(config_read(client, PCI_VENDOR_ID, 2),
			 pci_read_id(nvme->address, "vendor"));
	assert_int_equal(region_read32(client, VFIO_PCI_BAR0_REGION_INDEX,
				       NVME_REG_VS) >> 16, 1);
	/* It may sleep again until it is told that it is over. */
	assert_done(client_set_feature(client,
				       VFIO_DEVICE_FEATURE_LOW_POWER_EXIT,
				       NULL, 0));
	power_assert_awake(nvme->address);
}

static void sleep_of_one_client_does_not_outlive_it(struct fixture *fixture)
{
	struct function *nvme = fixture_create(fixture, "nvme0");
	struct space *space = fixture_space(fixture, nvme);
	struct client *client = fixture_open_in(fixture, space, nvme->uuid);

	assert_done(client_set_feature(client,
				       VFIO_DEVICE_FEATURE_LOW_POWER_ENTRY,
				       NULL, 0));
	client_close(client);
	fixture_open_in(fixture, space, nvme->uuid);
	power_assert_awake(nvme->address);
}

static const struct test tests[] = {
	TEST(idle_function_sleeps),
	TEST(open_function_is_awake_until_closed),
	TEST(unbound_function_is_awake),
	TEST(removed_mdev_leaves_the_function_asleep),
	TEST(client_can_have_its_function_sleep),
	TEST(access_to_a_sleeping_function_wakes_it),
	TEST(sleep_of_one_client_does_not_outlive_it),
};

SUITE("power", tests)
