// SPDX-License-Identifier: GPL-2.0-only
/*
 * The setting disable_idle_d3: whether an idle function sleeps in D3hot, that
 * what a user does is not touched by it, and that vfio-pci's parameter has no
 * say in it. Sleep in general is shown in power.c.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "nvme.h"
#include "power.h"
#include "region.h"
#include "setting.h"
#include "suite.h"
#include "sysfs.h"

#define SETTING "disable_idle_d3"

/* Some kernels have one value for all functions; then ours must refuse. */
static void need_setting(struct function *function)
{
	if (!setting_is_offered(function->address, SETTING))
		skip_because("in this kernel " SETTING " is the same for all");
}

static struct function *bind_nvme(struct fixture *fixture)
{
	struct function *nvme = fixture_bind(fixture, "nvme0");

	need_setting(nvme);
	return nvme;
}

static struct function *create_nvme(struct fixture *fixture)
{
	struct function *nvme = bind_nvme(fixture);

	assert_done(mdev_create(nvme->address, nvme->uuid));
	return nvme;
}

static void idle_function_stays_awake_if_asked(struct fixture *fixture)
{
	struct function *nvme = bind_nvme(fixture);

	power_assert_asleep(nvme->address);
	assert_done(setting_write(nvme->address, SETTING, true));
	power_assert_awake(nvme->address);
	assert_done(mdev_create(nvme->address, nvme->uuid));
	power_assert_awake(nvme->address);
	assert_done(setting_write(nvme->address, SETTING, false));
	power_assert_asleep(nvme->address);
}

static void parameter_keeps_functions_awake_from_the_start(
	struct fixture *fixture)
{
	struct function *nvme;

	need_setting(fixture_bind(fixture, "edu0"));
	fixture_reload(fixture, SETTING "=1");
	nvme = fixture_create(fixture, "nvme0");
	power_assert_awake(nvme->address);
	client_close(fixture_open(fixture, nvme));
	power_assert_awake(nvme->address);
	assert_done(mdev_remove(nvme->uuid));
	power_assert_awake(nvme->address);
}

static void close_decides_by_what_was_asked_meanwhile(struct fixture *fixture)
{
	struct function *nvme = create_nvme(fixture);
	struct space *space = fixture_space(fixture, nvme);
	struct client *client = fixture_open_in(fixture, space, nvme->uuid);

	assert_done(setting_write(nvme->address, SETTING, true));
	client_close(client);
	power_assert_awake(nvme->address);
	client = fixture_open_in(fixture, space, nvme->uuid);
	assert_done(setting_write(nvme->address, SETTING, false));
	power_assert_awake(nvme->address);
	client_close(client);
	power_assert_asleep(nvme->address);
}

static void client_can_have_it_sleep_all_the_same(struct fixture *fixture)
{
	struct function *nvme = create_nvme(fixture);
	struct client *client;

	assert_done(setting_write(nvme->address, SETTING, true));
	client = fixture_open(fixture, nvme);
	assert_done(client_set_feature(client,
				       VFIO_DEVICE_FEATURE_LOW_POWER_ENTRY,
				       NULL, 0));
	power_assert_asleep(nvme->address);
	/* The setting changes while the client has the count given up. */
	assert_done(setting_write(nvme->address, SETTING, false));
	assert_done(setting_write(nvme->address, SETTING, true));
	power_assert_asleep(nvme->address);
	client_close(client);
	power_assert_awake(nvme->address);
}

/* The runtime PM usage count of a function; it must come back to what it was. */
static long long usage(const struct function *function)
{
	long long count;

	assert_done(sysfs_read_number(&count, PCI_DEVICES
				      "/%s/power/runtime_usage",
				      function->address));
	return count;
}

static void random_steps_leave_the_count_right(struct fixture *fixture)
{
	struct function *nvme = create_nvme(fixture);
	struct space *space = fixture_space(fixture, nvme);
	struct client *client = NULL;
	unsigned int seed = 1;
	unsigned int i;

	for (i = 0; i < 100; i++) {
		unsigned int step = rand_r(&seed) % 4;

		if (step < 2) {
			assert_done(setting_write(nvme->address, SETTING,
						  step));
		} else if (client) {
			client_close(client);
			client = NULL;
			fixture->nr_clients = 0;
		} else {
			client = fixture_open_in(fixture, space, nvme->uuid);
		}
		if (!client)
			assert_int_equal(usage(nvme),
					 setting_asked(nvme->address,
						       SETTING));
	}
	if (client)
		client_close(client);
	assert_done(setting_write(nvme->address, SETTING, false));
	power_assert_asleep(nvme->address);
	assert_done(mdev_remove(nvme->uuid));
	assert_done(pci_unbind(nvme->address));
	power_assert_awake(nvme->address);
}

static void vfio_pcis_parameter_does_not_matter(struct fixture *fixture)
{
	struct function *nvme;

	need_setting(fixture_bind(fixture, "edu0"));
	fixture_reload_stock(fixture, SETTING "=1");
	nvme = fixture_create(fixture, "nvme0");
	power_assert_asleep(nvme->address);
	client_close(fixture_open(fixture, nvme));
	power_assert_asleep(nvme->address);

	/* It changes while the function is bound. */
	fixture_reload_stock(fixture, SETTING "=0");
	assert_done(setting_write(nvme->address, SETTING, true));
	fixture_reload_stock(fixture, SETTING "=1");
	power_assert_awake(nvme->address);
	assert_done(setting_write(nvme->address, SETTING, false));
	power_assert_asleep(nvme->address);
}

static void vfio_pci_does_not_hear_of_it(struct fixture *fixture)
{
	struct function *ours = bind_nvme(fixture);
	struct function *stock = fixture_take(fixture, "e1000e0");

	fixture_reload_stock(fixture, NULL);
	assert_done(setting_write(ours->address, SETTING, true));
	assert_done(pci_bind(stock->address, STOCK_DRIVER_NAME));
	power_assert_awake(ours->address);
	power_assert_asleep(stock->address);
}

static void setting_is_exact_or_refused_in_words(struct fixture *fixture)
{
	struct function *nvme = fixture_bind(fixture, "nvme0");
	int ret = setting_write(nvme->address, SETTING, true);

	if (!ret) {
		/* This kernel can, and idle_function_stays_awake… shows it. */
		assert_int_equal(setting_effective(nvme->address, SETTING), 1);
		return;
	}
	assert_int_equal(ret, -EOPNOTSUPP);
	assert_done(kmsg_wait_for(&fixture->log, nvme->address, SETTING,
				  "cannot be set for one function"));
	assert_refused(setting_effective(nvme->address, SETTING), EOPNOTSUPP);
	assert_int_equal(setting_asked(nvme->address, SETTING), 0);
	power_assert_asleep(nvme->address);
}

static const struct test tests[] = {
	TEST(idle_function_stays_awake_if_asked),
	TEST(parameter_keeps_functions_awake_from_the_start),
	TEST(close_decides_by_what_was_asked_meanwhile),
	TEST(client_can_have_it_sleep_all_the_same),
	SLOW_TEST(random_steps_leave_the_count_right, 120),
	TEST(vfio_pcis_parameter_does_not_matter),
	TEST(vfio_pci_does_not_hear_of_it),
	TEST(setting_is_exact_or_refused_in_words),
};

SUITE("idle", tests)
