// SPDX-License-Identifier: GPL-2.0-only
/*
 * Settings: where they come from, who sees them, and when they come into
 * force. What each of them does is shown in intx_mask.c, vga.c, idle.c and
 * hot_reset.c.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "module.h"
#include "setting.h"
#include "suite.h"
#include "sysfs.h"

#define MODULE "vfio_mdev_pci"

static const char * const settings[] = {
	"nointxmask",
	"disable_vga",
	"disable_idle_d3",
	"hot_reset_siblings",
};

/* migration_*, which are not settings */
#define NR_MIGRATION_FILES 9

#define NR_SETTINGS ARRAY_SIZE(settings)

static void assert_setting(const struct function *function, const char *name,
			   int asked, int effective)
{
	if (!setting_is_offered(function->address, name))
		asked = 0;
	assert_that(setting_asked(function->address, name) == asked,
		    "%s is not asked to be %d", name, asked);
	if (!setting_is_offered(function->address, name))
		effective = -EOPNOTSUPP;
	assert_that(setting_effective(function->address, name) == effective,
		    "%s is not %d in force", name, effective);
}

/* Ask for a setting, or find that it is refused where it is not offered. */
static void ask(const struct function *function, const char *name, bool value)
{
	int ret = setting_write(function->address, name, value);

	if (setting_is_offered(function->address, name))
		assert_done(ret);
	else
		assert_refused(ret, EOPNOTSUPP);
}

static void settings_are_off_unless_asked_for(struct fixture *fixture)
{
	struct function *edu = fixture_bind(fixture, "edu0");
	unsigned int i;

	for (i = 0; i < NR_SETTINGS; i++)
		assert_setting(edu, settings[i], 0, 0);
	assert_int_equal(sysfs_count_entries(PCI_DEVICES "/%s/"
					     SETTINGS_DIRECTORY,
					     edu->address),
			 2 * NR_SETTINGS + NR_MIGRATION_FILES);
}

static void parameters_are_what_functions_begin_with(struct fixture *fixture)
{
	struct function *edu = fixture_take(fixture, "edu0");
	char parameter[SETTING_NAME_SIZE];
	unsigned int i, k;

	for (i = 0; i < NR_SETTINGS; i++) {
		snprintf(parameter, sizeof(parameter), "%s=1", settings[i]);
		fixture_reload(fixture, parameter);
		assert_done(pci_bind(edu->address, DRIVER_NAME));
		for (k = 0; k < NR_SETTINGS; k++)
			assert_setting(edu, settings[k], i == k, i == k);
		assert_done(pci_unbind(edu->address));
	}
}

static void parameters_do_not_change_bound_functions(struct fixture *fixture)
{
	struct function *bound = fixture_bind(fixture, "edu0");
	struct function *later = fixture_take(fixture, "nvme0");
	unsigned int i;

	/* So that the parameters are as they were when the test ends. */
	fixture->is_reloaded = true;
	for (i = 0; i < NR_SETTINGS; i++)
		assert_done(setting_write_parameter(MODULE, settings[i], true));
	assert_done(pci_bind(later->address, DRIVER_NAME));
	for (i = 0; i < NR_SETTINGS; i++) {
		assert_setting(bound, settings[i], 0, 0);
		assert_setting(later, settings[i], 1, 1);
	}
}

static void write_to_a_closed_function_is_in_force_at_once(
	struct fixture *fixture)
{
	struct function *edu = fixture_create(fixture, "edu0");
	struct space *space = fixture_space(fixture, edu);
	struct client *client;
	unsigned int i;

	for (i = 0; i < NR_SETTINGS; i++) {
		ask(edu, settings[i], true);
		assert_setting(edu, settings[i], 1, 1);
		client = fixture_open_in(fixture, space, edu->uuid);
		assert_setting(edu, settings[i], 1, 1);
		client_close(client);
		ask(edu, settings[i], false);
		assert_setting(edu, settings[i], 0, 0);
	}
}

static void write_to_an_open_function_waits_for_the_close(
	struct fixture *fixture)
{
	struct function *edu = fixture_create(fixture, "edu0");
	struct client *client = fixture_open(fixture, edu);
	unsigned int i;

	for (i = 0; i < NR_SETTINGS; i++) {
		ask(edu, settings[i], true);
		assert_setting(edu, settings[i], 1, 0);
	}
	client_close(client);
	for (i = 0; i < NR_SETTINGS; i++)
		assert_setting(edu, settings[i], 1, 1);
}

static void write_that_was_taken_back_changes_nothing(struct fixture *fixture)
{
	struct function *edu = fixture_create(fixture, "edu0");
	struct client *client = fixture_open(fixture, edu);
	unsigned int i;

	for (i = 0; i < NR_SETTINGS; i++) {
		ask(edu, settings[i], true);
		ask(edu, settings[i], false);
	}
	client_close(client);
	for (i = 0; i < NR_SETTINGS; i++)
		assert_setting(edu, settings[i], 0, 0);
}

static void last_of_two_closes_counts(struct fixture *fixture)
{
	struct function *edu = fixture_create(fixture, "edu0");
	struct space *space = fixture_space(fixture, edu);
	struct client *one = fixture_open_in(fixture, space, edu->uuid);
	struct client *other = fixture_open_in(fixture, space, edu->uuid);

	assert_done(setting_write(edu->address, "nointxmask", true));
	client_close(one);
	assert_setting(edu, "nointxmask", 1, 0);
	client_close(other);
	assert_setting(edu, "nointxmask", 1, 1);
}

static void mdev_leads_to_the_settings(struct fixture *fixture)
{
	struct function *edu = fixture_create(fixture, "edu0");

	assert_done(sysfs_write("1", MDEV_DEVICES "/%s/" SETTINGS_DIRECTORY
				"/nointxmask", edu->uuid));
	assert_setting(edu, "nointxmask", 1, 1);
}

static void settings_belong_to_the_binding(struct fixture *fixture)
{
	struct function *edu = fixture_create(fixture, "edu0");

	assert_done(setting_write(edu->address, "nointxmask", true));
	assert_done(mdev_remove(edu->uuid));
	assert_done(mdev_create(edu->address, edu->uuid));
	assert_setting(edu, "nointxmask", 1, 1);
	assert_done(mdev_remove(edu->uuid));
	assert_done(pci_unbind(edu->address));
	assert_false(sysfs_exists(PCI_DEVICES "/%s/" SETTINGS_DIRECTORY,
				  edu->address));
	assert_done(pci_bind(edu->address, DRIVER_NAME));
	assert_setting(edu, "nointxmask", 0, 0);
}

static void functions_have_settings_of_their_own(struct fixture *fixture)
{
	struct function *one = fixture_bind(fixture, "edu1");
	struct function *other = fixture_bind(fixture, "edu2");

	assert_done(setting_write(one->address, "nointxmask", true));
	assert_setting(one, "nointxmask", 1, 1);
	assert_setting(other, "nointxmask", 0, 0);
}

static void what_is_no_truth_value_is_refused(struct fixture *fixture)
{
	static const char * const texts[] = { "2", "-1", "x", " 1", "\n" };
	struct function *edu = fixture_bind(fixture, "edu0");
	unsigned int i, k;

	for (i = 0; i < NR_SETTINGS; i++) {
		for (k = 0; k < ARRAY_SIZE(texts); k++)
			assert_refused(sysfs_write(texts[k], PCI_DEVICES "/%s/"
						   SETTINGS_DIRECTORY "/%s",
						   edu->address, settings[i]),
				       EINVAL);
		assert_setting(edu, settings[i], 0, 0);
	}
}

static void what_is_in_force_cannot_be_written(struct fixture *fixture)
{
	struct function *edu = fixture_bind(fixture, "edu0");
	char file[SETTING_NAME_SIZE];
	unsigned int i;

	for (i = 0; i < NR_SETTINGS; i++) {
		snprintf(file, sizeof(file), "%s_effective", settings[i]);
		assert_refused(setting_write(edu->address, file, true),
			       EACCES);
	}
}

static const struct test tests[] = {
	TEST(settings_are_off_unless_asked_for),
	TEST(parameters_are_what_functions_begin_with),
	TEST(parameters_do_not_change_bound_functions),
	TEST(write_to_a_closed_function_is_in_force_at_once),
	TEST(write_to_an_open_function_waits_for_the_close),
	TEST(write_that_was_taken_back_changes_nothing),
	GROUP_TEST(last_of_two_closes_counts,
		   "a node can be bound to an iommufd once"),
	TEST(mdev_leads_to_the_settings),
	TEST(settings_belong_to_the_binding),
	TEST(functions_have_settings_of_their_own),
	TEST(what_is_no_truth_value_is_refused),
	TEST(what_is_in_force_cannot_be_written),
};

SUITE("settings", tests)
