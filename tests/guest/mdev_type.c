// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the mdev type of a wrapped function tells those who look for one.
 */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "suite.h"
#include "sysfs.h"

static void assert_attribute(const struct function *function,
			     const char *attribute, const char *expected)
{
	char text[4096];

	assert_done(mdev_read_attribute(text, sizeof(text), function->address,
					attribute));
	assert_string_equal(text, expected);
}

/* A line of the type's description must be exactly this. */
static void assert_described(const struct function *function,
			     const char *format, const char *value)
{
	char expected[512];
	char text[4096];
	char *line;

	snprintf(expected, sizeof(expected), format, value);
	assert_done(mdev_read_attribute(text, sizeof(text), function->address,
					"description"));
	for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		if (!strcmp(line, expected))
			return;
	}
	fail_msg("the description of %s has no line '%s'", function->address,
		 expected);
}

static void type_is_named_after_the_functions_ids(struct fixture *fixture)
{
	static const char * const ids[] = { "edu0", "nvme0", "e1000e0",
					    "igb0" };
	char type[96];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ids); i++) {
		struct function *function = fixture_bind(fixture, ids[i]);

		mdev_type_name(type, sizeof(type), function->address);
		assert_that(sysfs_exists(PCI_DEVICES
					 "/%s/mdev_supported_types/%s",
					 function->address, type),
			    "%s offers no type %s", function->address, type);
	}
}

static void type_says_its_api_is_vfio_pci(struct fixture *fixture)
{
	struct function *edu = fixture_bind(fixture, "edu0");

	assert_attribute(edu, "device_api", "vfio-pci");
}

static void type_has_a_name_for_people(struct fixture *fixture)
{
	struct function *edu = fixture_bind(fixture, "edu0");
	char name[256];

	assert_done(mdev_read_attribute(name, sizeof(name), edu->address,
					"name"));
	assert_that(strstr(name, "1234:11e8") && !strchr(name, '\n'),
		    "the name '%s' does not tell one function from others",
		    name);
}

static void available_instances_follow_the_mdev(struct fixture *fixture)
{
	struct function *edu = fixture_bind(fixture, "edu0");

	assert_attribute(edu, "available_instances", "1");
	assert_done(mdev_create(edu->address, edu->uuid));
	assert_attribute(edu, "available_instances", "0");
	assert_done(mdev_remove(edu->uuid));
	assert_done(mdev_wait_until_available(edu->address));
	assert_attribute(edu, "available_instances", "1");
}

static void type_lists_its_mdev(struct fixture *fixture)
{
	struct function *edu = fixture_create(fixture, "edu0");
	char type[96];

	mdev_type_name(type, sizeof(type), edu->address);
	assert_true(sysfs_exists(PCI_DEVICES
				 "/%s/mdev_supported_types/%s/devices/%s",
				 edu->address, type, edu->uuid));
}

static void description_says_address_and_group(struct fixture *fixture)
{
	struct function *nvme = fixture_bind(fixture, "nvme0");
	char group[16];

	snprintf(group, sizeof(group), "%d", pci_group(nvme->address));
	assert_described(nvme, "address: %s", nvme->address);
	assert_described(nvme, "iommu group: %s", group);
}

/* The PCI core's own file says which reset methods the kernel found. */
static void assert_reset_methods_described(const struct function *function)
{
	char methods[256];

	if (sysfs_read(methods, sizeof(methods), PCI_DEVICES
		       "/%s/reset_method", function->address) || !methods[0])
		strcpy(methods, "none");
	assert_described(function, "reset: %s", methods);
}

static void description_says_the_reset_methods(struct fixture *fixture)
{
	assert_reset_methods_described(fixture_bind(fixture, "edu0"));
	assert_reset_methods_described(fixture_bind(fixture, "edu1"));
	assert_reset_methods_described(fixture_bind(fixture, "nvme0"));
	assert_reset_methods_described(fixture_bind(fixture, "e1000e0"));
}

static void description_follows_a_change_of_reset_method(
	struct fixture *fixture)
{
	struct function *nvme = fixture_bind(fixture, "nvme0");
	char before[256];
	char only[256];

	assert_done(sysfs_read(before, sizeof(before), PCI_DEVICES
			       "/%s/reset_method", nvme->address));
	snprintf(only, sizeof(only), "%s", before);
	*strchrnul(only, ' ') = '\0';
	assert_done(sysfs_write(only, PCI_DEVICES "/%s/reset_method",
				nvme->address));
	assert_reset_methods_described(nvme);
	assert_done(sysfs_write(before, PCI_DEVICES "/%s/reset_method",
				nvme->address));
	assert_reset_methods_described(nvme);
}

static void description_says_what_migration_there_is(struct fixture *fixture)
{
	struct function *edu = fixture_bind(fixture, "edu0");

	assert_described(edu, "migration: %s", "none");
}

static const struct test tests[] = {
	TEST(type_is_named_after_the_functions_ids),
	TEST(type_says_its_api_is_vfio_pci),
	TEST(type_has_a_name_for_people),
	TEST(available_instances_follow_the_mdev),
	TEST(type_lists_its_mdev),
	TEST(description_says_address_and_group),
	TEST(description_says_the_reset_methods),
	TEST(description_follows_a_change_of_reset_method),
	TEST(description_says_what_migration_there_is),
};

SUITE("mdev_type", tests)
