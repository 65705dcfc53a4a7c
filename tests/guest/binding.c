// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which functions the driver takes, and by what means: driver_override,
 * new_id, the parameter ids=; and what is left when it lets go.
 * Which functions it refuses is in refusals.c.
 */
#include <stdio.h>

#include "check.h"
#include "edu.h"
#include "module.h"
#include "suite.h"
#include "sysfs.h"
#include "wait.h"

#define DRIVER PCI_DRIVERS "/" DRIVER_NAME

static void assert_bound(const struct function *function)
{
	assert_that(pci_is_bound_to(function->address, DRIVER_NAME),
		    "%s (%s) is not bound to %s", function->id,
		    function->address, DRIVER_NAME);
}

static void assert_unbound(const struct function *function)
{
	char driver[64];

	pci_driver_name(driver, sizeof(driver), function->address);
	assert_that(!driver[0], "%s (%s) is bound to %s", function->id,
		    function->address, driver);
}

/* Take all functions that EDU_VENDOR_DEVICE means, so that all are put back. */
static void take_edus(struct fixture *fixture, struct function *edus[4])
{
	edus[0] = fixture_take(fixture, "edu0");
	edus[1] = fixture_take(fixture, "edu1");
	edus[2] = fixture_take(fixture, "edu2");
	edus[3] = fixture_take(fixture, "hotplug0");
}

static void driver_override_binds(struct fixture *fixture)
{
	struct function *edu = fixture_take(fixture, "edu0");

	assert_done(pci_override(edu->address, DRIVER_NAME));
	assert_done(sysfs_write(edu->address,
				"/sys/bus/pci/drivers_probe"));
	assert_bound(edu);
}

static void nothing_is_bound_unasked(struct fixture *fixture)
{
	struct function *edu = fixture_take(fixture, "edu0");

	assert_done(sysfs_write(edu->address,
				"/sys/bus/pci/drivers_probe"));
	assert_unbound(edu);
}

static void bound_function_is_an_mdev_parent(struct fixture *fixture)
{
	struct function *edu = fixture_bind(fixture, "edu0");
	char type[96];

	mdev_type_name(type, sizeof(type), edu->address);
	assert_true(sysfs_exists(PCI_DEVICES "/%s/mdev_supported_types/%s",
				 edu->address, type));
	assert_int_equal(sysfs_count_entries(PCI_DEVICES
					     "/%s/mdev_supported_types",
					     edu->address), 1);
	assert_true(sysfs_exists("/sys/class/mdev_bus/%s", edu->address));
}

static void unbound_function_leaves_nothing_behind(struct fixture *fixture)
{
	struct function *edu = fixture_bind(fixture, "edu0");
	int group = pci_group(edu->address);

	assert_done(mdev_create(edu->address, edu->uuid));
	assert_done(pci_unbind(edu->address));
	assert_false(mdev_exists(edu->uuid));
	assert_false(sysfs_exists(PCI_DEVICES "/%s/mdev_supported_types",
				  edu->address));
	assert_false(sysfs_exists("/sys/class/mdev_bus/%s", edu->address));
	assert_false(sysfs_exists(PCI_DEVICES "/%s/vfio-dev", edu->address));
	assert_done(sysfs_wait_until_present(false, WAIT_LIMIT_MS,
					     "/dev/vfio/%d", group));
}

static void new_id_binds_every_function_it_names(struct fixture *fixture)
{
	struct function *edus[4];
	unsigned int i;

	take_edus(fixture, edus);
	fixture_reload(fixture, NULL);
	assert_done(sysfs_write(EDU_VENDOR_DEVICE, DRIVER "/new_id"));
	for (i = 0; i < 4; i++)
		assert_bound(edus[i]);
}

static void remove_id_ends_what_new_id_began(struct fixture *fixture)
{
	struct function *edus[4];

	take_edus(fixture, edus);
	fixture_reload(fixture, NULL);
	assert_done(sysfs_write(EDU_VENDOR_DEVICE, DRIVER "/new_id"));
	assert_done(sysfs_write(EDU_VENDOR_DEVICE, DRIVER "/remove_id"));
	assert_bound(edus[0]);
	assert_done(pci_unbind(edus[0]->address));
	assert_done(sysfs_write(edus[0]->address,
				"/sys/bus/pci/drivers_probe"));
	assert_unbound(edus[0]);
}

static void ids_binds_when_the_module_loads(struct fixture *fixture)
{
	struct function *nvme = fixture_take(fixture, "nvme0");
	struct function *edus[4];

	take_edus(fixture, edus);
	fixture_reload(fixture, "ids=1234:11e8");
	assert_bound(edus[0]);
	assert_bound(edus[2]);
	assert_unbound(nvme);
}

/* Load the driver anew for edus of a subsystem and NVMe controllers of a class. */
static void reload_with_ids(struct fixture *fixture, const char *nvme,
			    const char *edu, unsigned int subsystem_device,
			    const char *class)
{
	char ids[128];

	snprintf(ids, sizeof(ids),
		 "ids=1234:11e8:%04x:%04x,%04x:%04x:ffffffff:ffffffff:%s",
		 pci_read_id(edu, "subsystem_vendor"), subsystem_device,
		 pci_read_id(nvme, "vendor"), pci_read_id(nvme, "device"),
		 class);
	fixture_reload(fixture, ids);
}

static void ids_may_name_subsystem_and_class(struct fixture *fixture)
{
	struct function *nvme = fixture_take(fixture, "nvme0");
	struct function *edus[4];

	take_edus(fixture, edus);
	reload_with_ids(fixture, nvme->address, edus[0]->address,
			pci_read_id(edus[0]->address, "subsystem_device"),
			"010800:ffff00");
	assert_bound(edus[0]);
	assert_bound(nvme);
}

static void ids_with_another_subsystem_or_class_do_not_match(
	struct fixture *fixture)
{
	struct function *nvme = fixture_take(fixture, "nvme0");
	struct function *edus[4];

	take_edus(fixture, edus);
	reload_with_ids(fixture, nvme->address, edus[0]->address,
			pci_read_id(edus[0]->address, "subsystem_device") ^ 1,
			"020000:ffff00");
	assert_unbound(edus[0]);
	assert_unbound(nvme);
}

static void malformed_ids_are_named_and_the_rest_is_used(
	struct fixture *fixture)
{
	static const char * const malformed[] = {
		"nonsense", "1b36", "11234:11e8", "1234:11e8x",
		"1:2:3:4:5:6:7", "8086::1",
	};
	struct function *nvme = fixture_take(fixture, "nvme0");
	struct function *edus[4];
	char ids[256];
	size_t len;
	size_t i;

	take_edus(fixture, edus);
	len = snprintf(ids, sizeof(ids), "ids=1234:11e8");
	for (i = 0; i < ARRAY_SIZE(malformed); i++)
		len += snprintf(ids + len, sizeof(ids) - len, ",%s",
				malformed[i]);
	snprintf(ids + len, sizeof(ids) - len, ",%04x:%04x",
		 pci_read_id(nvme->address, "vendor"),
		 pci_read_id(nvme->address, "device"));
	fixture_reload(fixture, ids);
	for (i = 0; i < ARRAY_SIZE(malformed); i++) {
		char quoted[64];

		snprintf(quoted, sizeof(quoted), "\"%s\"", malformed[i]);
		assert_done(kmsg_wait_for(&fixture->log, "ids", quoted,
					  NULL));
	}
	assert_bound(edus[0]);
	assert_bound(nvme);
}

static void host_driver_works_after_the_wrapper(struct fixture *fixture)
{
	struct function *nvme = fixture_create(fixture, "nvme0");
	struct client *client = fixture_open(fixture, nvme);

	if (module_load("nvme", NULL))
		skip_because("this kernel has no module nvme");
	client_close(client);
	assert_done(mdev_remove(nvme->uuid));
	assert_done(pci_unbind(nvme->address));
	assert_done(pci_bind(nvme->address, "nvme"));
	assert_done(sysfs_wait_until_present(true, WAIT_LIMIT_MS,
					     "/sys/block/nvme0n1"));
}

static const struct test tests[] = {
	TEST(driver_override_binds),
	TEST(nothing_is_bound_unasked),
	TEST(bound_function_is_an_mdev_parent),
	TEST(unbound_function_leaves_nothing_behind),
	TEST(new_id_binds_every_function_it_names),
	TEST(remove_id_ends_what_new_id_began),
	TEST(ids_binds_when_the_module_loads),
	TEST(ids_may_name_subsystem_and_class),
	TEST(ids_with_another_subsystem_or_class_do_not_match),
	TEST(malformed_ids_are_named_and_the_rest_is_used),
	TEST(host_driver_works_after_the_wrapper),
};

SUITE("binding", tests)
