// SPDX-License-Identifier: GPL-2.0-only
/*
 * Error paths of a function's and an mdev's life: each allocation and each copy
 * that an operation has the kernel make fails once. Nothing of what failed is
 * left, and it succeeds when it is tried again. What an open device is asked
 * for is in fail_nth_device.c, its migration in fail_nth_migration.c. SR-IOV is
 * left out: when a virtual function cannot be made, pci_device_add() warns.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "check.h"
#include "fail_nth.h"
#include "migration.h"
#include "setting.h"
#include "suite.h"
#include "sysfs.h"

#define NOT_BY_CDEV "no device is opened here"

/**
 * struct life - What is done to one function
 * @function: The function
 * @file: A file of sysfs, open to be written
 * @text: What is written to it
 * @client: The device, once it is open
 * @space: Where it is opened
 * @nr_instances_lost: How often the kernel has lost count of them
 */
struct life {
	struct function *function;
	int file;
	const char *text;
	struct client client;
	struct space *space;
	unsigned int nr_instances_lost;
};

static void open_file(struct life *life, const char *text, const char *path)
{
	life->text = text;
	life->file = open(path, O_WRONLY | O_CLOEXEC);
	assert_that(life->file >= 0, "%s: %s", path, strerror(errno));
}

static void close_file(struct life *life)
{
	close(life->file);
	life->file = -1;
}

static int write_file(void *arg)
{
	struct life *life = arg;
	ssize_t ret = write(life->file, life->text, strlen(life->text));

	return ret < 0 ? -errno : 0;
}

static void assert_bound(const struct life *life, bool is_bound)
{
	static const char * const names[] = {
		"driver", "mdev_supported_types", "vfio-dev",
		SETTINGS_DIRECTORY,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		assert_that(sysfs_exists(PCI_DEVICES "/%s/%s",
					 life->function->address, names[i]) ==
			    is_bound, "%s is %sthere", names[i],
			    is_bound ? "not " : "");
}

/* Binding */

static void let_go(void *arg)
{
	struct life *life = arg;

	assert_done(pci_unbind(life->function->address));
	assert_done(pci_override(life->function->address, DRIVER_NAME));
}

static void assert_not_bound(void *arg, int error)
{
	(void)error;
	assert_bound(arg, false);
}

/* All that there is must be whole. */
static void assert_can_be_used(void *arg)
{
	struct life *life = arg;

	assert_bound(life, true);
	assert_done(mdev_create(life->function->address, life->function->uuid));
	assert_done(mdev_remove(life->function->uuid));
}

static void binding_can_fail(struct fixture *fixture)
{
	static const struct fail_nth_sweep bind = {
		.name = "bind",
		.prepare = let_go,
		.run = write_file,
		.check_failed = assert_not_bound,
		.check_done = assert_can_be_used,
	};
	struct life life = {};

	fail_nth_require();
	/*
	 * Of a group that vfio has already: if it cannot make one, its own
	 * vfio_create_group() warns in vfio_group_release(), with any driver.
	 */
	fixture_bind(fixture, "edu2");
	life.function = fixture_take(fixture, "edu1");
	open_file(&life, life.function->address,
		  PCI_DRIVERS "/" DRIVER_NAME "/bind");
	fail_nth_run(&bind, &life);
	close_file(&life);
}

static void bind_it(void *arg)
{
	struct life *life = arg;

	if (!pci_is_bound_to(life->function->address, DRIVER_NAME))
		assert_done(pci_bind(life->function->address, DRIVER_NAME));
}

static void assert_still_bound(void *arg, int error)
{
	(void)error;
	assert_bound(arg, true);
}

static void assert_unbound(void *arg)
{
	assert_bound(arg, false);
}

static void unbinding_can_fail(struct fixture *fixture)
{
	static const struct fail_nth_sweep unbind = {
		.name = "unbind",
		.prepare = bind_it,
		.run = write_file,
		.check_failed = assert_still_bound,
		.check_done = assert_unbound,
	};
	struct life life = {};

	fail_nth_require();
	life.function = fixture_take(fixture, "edu0");
	open_file(&life, life.function->address,
		  PCI_DRIVERS "/" DRIVER_NAME "/unbind");
	fail_nth_run(&unbind, &life);
	close_file(&life);
}

/* The mdev */

static void open_create(struct life *life)
{
	char path[256];
	char type[96];

	mdev_type_name(type, sizeof(type), life->function->address);
	snprintf(path, sizeof(path), PCI_DEVICES
		 "/%s/mdev_supported_types/%s/create",
		 life->function->address, type);
	open_file(life, life->function->uuid, path);
}

static void have_no_mdev(void *arg)
{
	struct life *life = arg;

	if (mdev_exists(life->function->uuid))
		assert_done(mdev_remove(life->function->uuid));
	if (!mdev_wait_until_available(life->function->address))
		return;

	/*
	 * Without memory for the mdev itself, mdev_device_create() of Linux 6.12
	 * does not give its instance back; the next binding does.
	 */
	assert_int_equal(life->nr_instances_lost++, 0);
	assert_done(pci_unbind(life->function->address));
	assert_done(pci_bind(life->function->address, DRIVER_NAME));
	close_file(life);
	open_create(life);
	assert_done(mdev_wait_until_available(life->function->address));
}

static void assert_no_mdev(void *arg, int error)
{
	struct life *life = arg;

	(void)error;
	assert_false(mdev_exists(life->function->uuid));
}

static void assert_mdev_is_whole(void *arg)
{
	static const char * const links[] = {
		"iommu_group", "vfio-dev", SETTINGS_DIRECTORY, "mdev_type",
	};
	struct life *life = arg;
	char text[512];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(links); i++)
		assert_true(sysfs_exists(MDEV_DEVICES "/%s/%s",
					 life->function->uuid, links[i]));
	assert_done(mdev_read_attribute(text, sizeof(text),
					life->function->address,
					"description"));
	assert_that(strstr(text, "migration: ivshmem"),
		    "it has not got its backend: %s", text);
	assert_done(mdev_remove(life->function->uuid));
}

static struct life bind_with_backend(struct fixture *fixture)
{
	struct life life = { .file = -1 };

	fail_nth_require();
	/*
	 * It has no interrupt pin. Of those that have, pci_enable_device() asks
	 * ACPI about the interrupt's route, and for want of memory ACPICA of
	 * Linux 6.12 uses an object of _PRT that it has freed
	 * (acpi_rs_get_prt_method_data(), found by KASAN).
	 */
	life.function = mig_create(fixture, "ivshmem0");
	return life;
}

static void creation_can_fail(struct fixture *fixture)
{
	static const struct fail_nth_sweep create = {
		.name = "create",
		.prepare = have_no_mdev,
		.run = write_file,
		.check_failed = assert_no_mdev,
		.check_done = assert_mdev_is_whole,
	};
	struct life life = bind_with_backend(fixture);

	open_create(&life);
	fail_nth_run(&create, &life);
	close_file(&life);
}

static void have_mdev(void *arg)
{
	struct life *life = arg;
	char path[256];

	if (!mdev_exists(life->function->uuid))
		assert_done(mdev_create(life->function->address,
					life->function->uuid));
	if (life->file >= 0)
		close_file(life);
	snprintf(path, sizeof(path), MDEV_DEVICES "/%s/remove",
		 life->function->uuid);
	open_file(life, "1", path);
}

static void assert_still_there(void *arg, int error)
{
	struct life *life = arg;

	(void)error;
	assert_true(mdev_exists(life->function->uuid));
}

static void assert_gone(void *arg)
{
	struct life *life = arg;

	assert_false(mdev_exists(life->function->uuid));
}

static void removal_can_fail(struct fixture *fixture)
{
	static const struct fail_nth_sweep removal = {
		.name = "remove",
		.prepare = have_mdev,
		.run = write_file,
		.check_failed = assert_still_there,
		.check_done = assert_gone,
	};
	struct life life = bind_with_backend(fixture);

	fail_nth_run(&removal, &life);
	close_file(&life);
}

/* Open and close */

static int open_it(void *arg)
{
	struct life *life = arg;

	return client_open(&life->client, life->space, life->function->uuid);
}

static void close_it(void *arg)
{
	struct life *life = arg;

	assert_int_equal(mig_state(&life->client), MIG_RUNNING);
	client_close(&life->client);
}

static void opening_can_fail(struct fixture *fixture)
{
	static const struct fail_nth_sweep opening = {
		.name = "open",
		.run = open_it,
		.check_done = close_it,
		/* The kernel's word for a BAR's resource without memory. */
		.errors = { EBUSY },
	};
	struct life life = bind_with_backend(fixture);

	life.space = fixture_space(fixture, life.function);
	fail_nth_run(&opening, &life);
	/* A gate that believed in a user would have it wait for ever. */
	assert_done(mdev_remove(life.function->uuid));
}

/* Settings */

static void nothing_asked(void *arg)
{
	struct life *life = arg;

	assert_done(setting_write(life->function->address, "nointxmask",
				  false));
}

static void assert_not_asked(void *arg, int error)
{
	struct life *life = arg;

	(void)error;
	assert_int_equal(setting_asked(life->function->address, "nointxmask"),
			 0);
}

static void assert_set(void *arg)
{
	struct life *life = arg;

	assert_int_equal(setting_asked(life->function->address, "nointxmask"),
			 1);
	assert_int_equal(setting_effective(life->function->address,
					   "nointxmask"), 1);
}

static void setting_can_fail(struct fixture *fixture)
{
	static const struct fail_nth_sweep set = {
		.name = "setting",
		.prepare = nothing_asked,
		.run = write_file,
		.check_failed = assert_not_asked,
		.check_done = assert_set,
	};
	struct life life = {};
	char path[256];

	fail_nth_require();
	life.function = fixture_bind(fixture, "edu0");
	snprintf(path, sizeof(path), PCI_DEVICES "/%s/" SETTINGS_DIRECTORY
		 "/nointxmask", life.function->address);
	open_file(&life, "1", path);
	fail_nth_run(&set, &life);
	nothing_asked(&life);
	close_file(&life);
}

#define ONCE(function, seconds) \
	{ .name = #function, .run = (function), .limit_s = (seconds), \
	  .not_by_cdev = NOT_BY_CDEV }

static const struct test tests[] = {
	ONCE(setting_can_fail, 120),
	SLOW_TEST(opening_can_fail, 600),
	ONCE(removal_can_fail, 300),
	ONCE(creation_can_fail, 600),
	ONCE(unbinding_can_fail, 300),
	ONCE(binding_can_fail, 900),
};

SUITE("fail_nth", tests)
