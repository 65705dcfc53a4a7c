// SPDX-License-Identifier: GPL-2.0-only
/*
 * The life of an mdev that nobody has open: create, its links, remove, unbind,
 * unload. What happens while it is open is in removal.c.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "check.h"
#include "edu.h"
#include "module.h"
#include "suite.h"
#include "sysfs.h"
#include "wait.h"

#define ROUNDS_OF_A_RACE 50

static void created_mdev_opens_as_a_pci_device(struct fixture *fixture)
{
	struct client *client = fixture_new(fixture, "edu0");

	assert_true(client->info.flags & VFIO_DEVICE_FLAGS_PCI);
	assert_true(client->info.num_regions >= VFIO_PCI_NUM_REGIONS);
	assert_true(client->info.num_irqs >= VFIO_PCI_NUM_IRQS);
}

static void mdev_is_a_child_of_its_function(struct fixture *fixture)
{
	struct function *edu = fixture_create(fixture, "edu0");
	char type[96];
	char link[96];

	assert_true(sysfs_exists(PCI_DEVICES "/%s/%s", edu->address,
				 edu->uuid));
	mdev_type_name(type, sizeof(type), edu->address);
	assert_done(sysfs_link_name(link, sizeof(link),
				    MDEV_DEVICES "/%s/mdev_type", edu->uuid));
	assert_string_equal(link, type);
}

static void second_create_is_refused(struct fixture *fixture)
{
	struct function *edu = fixture_create(fixture, "edu0");
	char second[MDEV_UUID_SIZE];

	mdev_new_uuid(second);
	assert_refused(mdev_create_now(edu->address, second), EUSERS);
	assert_false(mdev_exists(second));
	assert_true(mdev_exists(edu->uuid));
	fixture_open(fixture, edu);
}

static void refused_second_create_does_not_disturb_an_open_device(
	struct fixture *fixture)
{
	struct function *edu = fixture_create(fixture, "edu0");
	struct space *space = fixture_space(fixture, edu);
	struct client *client = fixture_open_in(fixture, space, edu->uuid);
	char second[MDEV_UUID_SIZE];

	mdev_new_uuid(second);
	assert_refused(mdev_create_now(edu->address, second), EUSERS);
	assert_done(edu_start(client));
	assert_int_equal(edu_read(client, EDU_REG_ID), EDU_ID);
	assert_refused(space_open_device(space, second), ENODEV);
}

static void uuid_in_use_is_refused(struct fixture *fixture)
{
	struct function *edu = fixture_create(fixture, "edu0");
	struct function *nvme = fixture_bind(fixture, "nvme0");

	assert_refused(mdev_create_now(nvme->address, edu->uuid), EEXIST);
	assert_done(mdev_create_now(nvme->address, nvme->uuid));
}

static void malformed_uuid_is_refused(struct fixture *fixture)
{
	struct function *edu = fixture_bind(fixture, "edu0");

	assert_refused(mdev_create_now(edu->address, "not-a-uuid"), EINVAL);
	assert_done(mdev_create_now(edu->address, edu->uuid));
}

static void removed_mdev_is_gone(struct fixture *fixture)
{
	struct function *edu = fixture_create(fixture, "edu0");

	assert_done(mdev_remove(edu->uuid));
	assert_false(mdev_exists(edu->uuid));
	assert_false(sysfs_exists(PCI_DEVICES "/%s/%s", edu->address,
				  edu->uuid));
	assert_true(pci_is_bound_to(edu->address, DRIVER_NAME));
}

static void mdev_can_be_made_again_under_another_name(struct fixture *fixture)
{
	struct function *edu = fixture_create(fixture, "edu0");
	struct space *space = fixture_space(fixture, edu);
	char former[MDEV_UUID_SIZE];

	client_close(fixture_open_in(fixture, space, edu->uuid));
	assert_done(mdev_remove(edu->uuid));
	strcpy(former, edu->uuid);
	mdev_new_uuid(edu->uuid);
	assert_done(mdev_create(edu->address, edu->uuid));
	fixture_open_in(fixture, space, edu->uuid);
	assert_refused(space_open_device(space, former), ENODEV);
}

static void iommu_group_is_a_direct_link(struct fixture *fixture)
{
	struct function *edu = fixture_create(fixture, "edu0");
	char own[PATH_MAX];
	char functions[PATH_MAX];
	char path[2 * PATH_MAX];
	char target[PATH_MAX];
	struct stat status;
	char group[16];

	/* QEMU reads the link once and takes the number at its end. */
	assert_done(sysfs_read_link(target, sizeof(target), MDEV_DEVICES
				    "/%s/iommu_group", edu->uuid));
	snprintf(group, sizeof(group), "%d", pci_group(edu->address));
	assert_string_equal(strrchr(target, '/') + 1, group);

	/* What it names is the group's directory, not one more link. */
	snprintf(path, sizeof(path), PCI_DEVICES "/%s/%s/%s", edu->address,
		 edu->uuid, target);
	assert_int_equal(lstat(path, &status), 0);
	assert_true(S_ISDIR(status.st_mode));

	snprintf(path, sizeof(path), MDEV_DEVICES "/%s/iommu_group",
		 edu->uuid);
	assert_non_null(realpath(path, own));
	snprintf(path, sizeof(path), PCI_DEVICES "/%s/iommu_group",
		 edu->address);
	assert_non_null(realpath(path, functions));
	assert_string_equal(own, functions);
}

static void vfio_dev_leads_to_the_functions_vfio_device(
	struct fixture *fixture)
{
	struct function *edu = fixture_create(fixture, "edu0");
	char own[PATH_MAX];
	char functions[PATH_MAX];
	char path[PATH_MAX];

	snprintf(path, sizeof(path), MDEV_DEVICES "/%s/vfio-dev", edu->uuid);
	assert_non_null(realpath(path, own));
	snprintf(path, sizeof(path), PCI_DEVICES "/%s/vfio-dev",
		 edu->address);
	assert_non_null(realpath(path, functions));
	assert_string_equal(own, functions);
	/* cloud-hypervisor wants exactly one entry. */
	assert_int_equal(sysfs_count_entries("%s", own), 1);
}

static bool type_link_is_there(void *uuid)
{
	return sysfs_exists(MDEV_DEVICES "/%s/mdev_type", (char *)uuid);
}

/* libvirt waits for mdev_type and then reads iommu_group at once. */
static void links_are_there_when_mdev_type_is(struct fixture *fixture)
{
	struct function *edu = fixture_bind(fixture, "edu0");
	char type[96];
	int round;

	mdev_type_name(type, sizeof(type), edu->address);
	for (round = 0; round < ROUNDS_OF_A_RACE; round++) {
		struct background *creator;
		bool has_group;
		bool has_node;

		assert_done(mdev_wait_until_available(edu->address));
		creator = background_write(edu->uuid, PCI_DEVICES
					   "/%s/mdev_supported_types/%s/create",
					   edu->address, type);
		while (!background_is_done(creator) &&
		       !type_link_is_there(edu->uuid))
			;
		has_group = sysfs_exists(MDEV_DEVICES "/%s/iommu_group",
					 edu->uuid);
		has_node = sysfs_exists(MDEV_DEVICES "/%s/vfio-dev",
					edu->uuid);
		background_finish(creator);
		assert_true(has_group);
		assert_true(has_node);
		assert_done(mdev_remove(edu->uuid));
	}
}

static void mdevs_of_one_group_live_apart(struct fixture *fixture)
{
	struct function *one = fixture_create(fixture, "edu1");
	struct function *other = fixture_create(fixture, "edu2");
	struct space *space = fixture_space(fixture, one);

	assert_int_equal(pci_group(one->address), pci_group(other->address));
	client_close(fixture_open_in(fixture, space, one->uuid));
	client_close(fixture_open_in(fixture, space, other->uuid));
	assert_done(mdev_remove(one->uuid));
	assert_refused(space_open_device(space, one->uuid), ENODEV);
	fixture_open_in(fixture, space, other->uuid);
}

/* An mdev without its driver would have no links, and no way back to it. */
static void mdev_cannot_lose_its_driver(struct fixture *fixture)
{
	struct function *edu = fixture_create(fixture, "edu0");
	char driver[64];

	assert_done(sysfs_link_name(driver, sizeof(driver), MDEV_DEVICES
				    "/%s/driver", edu->uuid));
	assert_string_equal(driver, DRIVER_NAME);
	assert_false(sysfs_exists("/sys/bus/mdev/drivers/" DRIVER_NAME
				  "/unbind"));
	assert_false(sysfs_exists("/sys/bus/mdev/drivers/" DRIVER_NAME
				  "/bind"));
}

static void unbind_takes_an_idle_mdev_away(struct fixture *fixture)
{
	struct function *edu = fixture_create(fixture, "edu0");

	assert_done(pci_unbind(edu->address));
	assert_false(mdev_exists(edu->uuid));
	assert_done(pci_bind(edu->address, DRIVER_NAME));
	assert_false(mdev_exists(edu->uuid));
	assert_done(mdev_create(edu->address, edu->uuid));
	fixture_open(fixture, edu);
}

static void unload_is_refused_while_a_device_is_open(struct fixture *fixture)
{
	struct client *client = fixture_new(fixture, "edu0");

	assert_refused(module_unload(DRIVER_NAME), EAGAIN);
	assert_true(module_is_loaded(DRIVER_NAME));
	client_close(client);
	assert_done(module_unload(DRIVER_NAME));
}

static void unload_takes_idle_mdevs_away(struct fixture *fixture)
{
	struct function *edu = fixture_create(fixture, "edu0");
	struct function *nvme = fixture_create(fixture, "nvme0");
	char driver[64];

	assert_done(module_unload(DRIVER_NAME));
	assert_false(mdev_exists(edu->uuid));
	assert_false(mdev_exists(nvme->uuid));
	pci_driver_name(driver, sizeof(driver), edu->address);
	assert_string_equal(driver, "");
}

/* driver_override stays, so the function comes back when the module does. */
static void reload_binds_overridden_functions_again(struct fixture *fixture)
{
	struct function *edu = fixture_create(fixture, "edu0");

	assert_done(module_unload(DRIVER_NAME));
	assert_done(module_load(DRIVER_NAME, NULL));
	assert_true(pci_is_bound_to(edu->address, DRIVER_NAME));
	assert_done(mdev_create(edu->address, edu->uuid));
	fixture_open(fixture, edu);
}

static const struct test tests[] = {
	TEST(created_mdev_opens_as_a_pci_device),
	TEST(mdev_is_a_child_of_its_function),
	TEST(second_create_is_refused),
	TEST(refused_second_create_does_not_disturb_an_open_device),
	TEST(uuid_in_use_is_refused),
	TEST(malformed_uuid_is_refused),
	TEST(removed_mdev_is_gone),
	TEST(mdev_can_be_made_again_under_another_name),
	TEST(iommu_group_is_a_direct_link),
	TEST(vfio_dev_leads_to_the_functions_vfio_device),
	TEST(links_are_there_when_mdev_type_is),
	TEST(mdevs_of_one_group_live_apart),
	TEST(mdev_cannot_lose_its_driver),
	TEST(unbind_takes_an_idle_mdev_away),
	TEST(unload_is_refused_while_a_device_is_open),
	TEST(unload_takes_idle_mdevs_away),
	TEST(reload_binds_overridden_functions_again),
};

SUITE("lifecycle", tests)
