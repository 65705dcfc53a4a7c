// SPDX-License-Identifier: GPL-2.0-only
/*
 * Error paths: each call that the driver makes and that can fail fails once;
 * then the operation fails with that error, leaves nothing behind, and
 * succeeds when it is tried again.
 */
#include <errno.h>
#include <stdio.h>

#include "check.h"
#include "fail_call.h"
#include "module.h"
#include "power.h"
#include "setting.h"
#include "suite.h"
#include "sysfs.h"

#define IDLE "disable_idle_d3"

/* More often the driver calls no function in one operation. */
#define CALLS_MAX 8

/**
 * struct failure - A call that fails
 * @function: The kernel's function
 * @value: What it returns then
 * @error: What the operation fails with, positive
 */
struct failure {
	const char *function;
	long value;
	int error;
};

/**
 * struct operation - What is tried
 * @prepare: Makes things ready for it, or NULL
 * @run: The operation; 0 or a -errno
 * @assert_undone: Asserts that nothing of it is left
 * @undo: Takes it back when it succeeded; 0 or a -errno
 */
struct operation {
	void (*prepare)(struct fixture *fixture);
	int (*run)(struct fixture *fixture);
	void (*assert_undone)(struct fixture *fixture);
	int (*undo)(struct fixture *fixture);
};

static struct function *taken(struct fixture *fixture)
{
	return &fixture->functions[0];
}

/* Fail the nth call. Returns whether there was one. */
static bool fail_once(struct fixture *fixture,
		      const struct operation *operation,
		      const struct failure *failure, unsigned int nth)
{
	unsigned int nr_calls;
	int ret;

	fail_call_arm(failure->function, nth, failure->value);
	ret = operation->run(fixture);
	assert_done(fail_call_disarm(&nr_calls));
	if (nr_calls <= nth) {
		assert_done(ret);
		assert_done(operation->undo(fixture));
		return false;
	}
	assert_that(ret == -failure->error,
		    "call %u of %s failed with %ld, and the operation with %d",
		    nth, failure->function, failure->value, ret);
	operation->assert_undone(fixture);
	assert_done(operation->run(fixture));
	assert_done(operation->undo(fixture));
	return true;
}

static void fail_each_call(struct fixture *fixture,
			   const struct operation *operation,
			   const struct failure *failure)
{
	unsigned int nth;

	for (nth = 0; nth < CALLS_MAX; nth++) {
		if (!fail_once(fixture, operation, failure, nth))
			break;
	}
	assert_that(nth > 0, "the driver does not call %s", failure->function);
	assert_that(nth < CALLS_MAX, "it calls %s more often than is tried",
		    failure->function);
	printf("# %s: %u calls failed\n", failure->function, nth);
}

static void fail_everything(struct fixture *fixture, const char *id,
			    const struct operation *operation,
			    const struct failure *failures,
			    unsigned int nr_failures)
{
	unsigned int i;

	fixture_take(fixture, id);
	if (operation->prepare)
		operation->prepare(fixture);
	for (i = 0; i < nr_failures; i++)
		fail_each_call(fixture, operation, &failures[i]);
}

static int bind_it(struct fixture *fixture)
{
	return pci_bind(taken(fixture)->address, DRIVER_NAME);
}

static int unbind_it(struct fixture *fixture)
{
	return pci_unbind(taken(fixture)->address);
}

static void assert_unbound(struct fixture *fixture)
{
	static const char * const names[] = {
		"driver", "mdev_supported_types", "vfio-dev",
		SETTINGS_DIRECTORY,
	};
	const char *address = taken(fixture)->address;
	char status[32];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		assert_false(sysfs_exists(PCI_DEVICES "/%s/%s", address,
					  names[i]));
	assert_done(sysfs_read(status, sizeof(status), PCI_DEVICES
			       "/%s/power/runtime_status", address));
	assert_string_equal(status, "active");
}

static void bind_that_fails_is_undone(struct fixture *fixture)
{
	static const struct failure failures[] = {
		{ "_vfio_alloc_device", -ENOMEM, ENOMEM },
		{ "vfio_pci_core_register_device", -EINVAL, EINVAL },
		{ "sysfs_create_group", -EEXIST, EEXIST },
		{ "mdev_register_parent", -ENOMEM, ENOMEM },
	};
	static const struct operation bind = {
		.run = bind_it,
		.assert_undone = assert_unbound,
		.undo = unbind_it,
	};

	fail_everything(fixture, "nvme0", &bind, failures,
			ARRAY_SIZE(failures));
	assert_done(kmsg_wait_for(&fixture->log, taken(fixture)->address,
				  "cannot register with vfio", "-EINVAL"));
	assert_done(kmsg_wait_for(&fixture->log, taken(fixture)->address,
				  "cannot offer an mdev type", "-ENOMEM"));
}

static void need_idle_setting(struct fixture *fixture)
{
	assert_done(bind_it(fixture));
	if (!setting_is_offered(taken(fixture)->address, IDLE))
		skip_because("in this kernel " IDLE " is the same for all");
}

static void bind_first(struct fixture *fixture)
{
	assert_done(bind_it(fixture));
}

static int create_it(struct fixture *fixture)
{
	return mdev_create(taken(fixture)->address, taken(fixture)->uuid);
}

static int remove_it(struct fixture *fixture)
{
	return mdev_remove(taken(fixture)->uuid);
}

static void assert_no_mdev(struct fixture *fixture)
{
	assert_false(mdev_exists(taken(fixture)->uuid));
}

static void create_that_fails_is_undone(struct fixture *fixture)
{
	static const struct failure failures[] = {
		{ "kernfs_find_and_get_ns", 0, ENODEV },
		{ "sysfs_create_link", -ENOMEM, ENOMEM },
		{ "compat_only_sysfs_link_entry_to_kobj", -ENOMEM, ENOMEM },
		{ "compat_only_sysfs_link_entry_to_kobj", -ENOENT, ENODEV },
	};
	static const struct operation create = {
		.prepare = bind_first,
		.run = create_it,
		.assert_undone = assert_no_mdev,
		.undo = remove_it,
	};

	fail_everything(fixture, "nvme0", &create, failures,
			ARRAY_SIZE(failures));
	assert_done(kmsg_wait_for(&fixture->log, taken(fixture)->address,
				  taken(fixture)->uuid, "-ENOMEM"));
}

static void create_first(struct fixture *fixture)
{
	bind_first(fixture);
	assert_done(create_it(fixture));
	fixture_space(fixture, taken(fixture));
}

static int open_it(struct fixture *fixture)
{
	struct client *client = &fixture->clients[0];
	int ret;

	ret = client_open(client, &fixture->spaces[0], taken(fixture)->uuid);
	fixture->nr_clients = !ret;
	return ret;
}

static int close_it(struct fixture *fixture)
{
	client_close(&fixture->clients[0]);
	fixture->nr_clients = 0;
	return 0;
}

/* A gate that believed in a user would have the removal wait for ever. */
static void assert_not_open(struct fixture *fixture)
{
	power_assert_asleep(taken(fixture)->address);
	assert_done(remove_it(fixture));
	assert_done(create_it(fixture));
}

static void open_that_fails_is_undone(struct fixture *fixture)
{
	static const struct failure failures[] = {
		{ "vfio_pci_core_enable", -EIO, EIO },
	};
	static const struct operation open = {
		.prepare = create_first,
		.run = open_it,
		.assert_undone = assert_not_open,
		.undo = close_it,
	};

	fail_everything(fixture, "nvme0", &open, failures,
			ARRAY_SIZE(failures));
}

static int keep_it_awake(struct fixture *fixture)
{
	return setting_write(taken(fixture)->address, IDLE, true);
}

static int let_it_sleep(struct fixture *fixture)
{
	return setting_write(taken(fixture)->address, IDLE, false);
}

static void assert_not_set(struct fixture *fixture)
{
	const char *address = taken(fixture)->address;

	assert_int_equal(setting_asked(address, IDLE), 0);
	assert_int_equal(setting_effective(address, IDLE), 0);
	power_assert_asleep(address);
}

static void function_that_does_not_wake_up_keeps_its_setting(
	struct fixture *fixture)
{
	static const struct failure failures[] = {
		{ "__pm_runtime_resume", -EIO, EIO },
	};
	static const struct operation wake = {
		.prepare = need_idle_setting,
		.run = keep_it_awake,
		.assert_undone = assert_not_set,
		.undo = let_it_sleep,
	};

	fail_everything(fixture, "nvme0", &wake, failures,
			ARRAY_SIZE(failures));
	assert_done(kmsg_wait_for(&fixture->log, taken(fixture)->address,
				  "cannot set " IDLE, "-EIO"));
}

/* modprobe has one error for all. */
static int load_it(struct fixture *fixture)
{
	(void)fixture;
	return module_load(DRIVER_NAME, NULL);
}

static int unload_it(struct fixture *fixture)
{
	(void)fixture;
	return module_unload(DRIVER_NAME);
}

static void assert_not_loaded(struct fixture *fixture)
{
	(void)fixture;
	assert_false(module_is_loaded(DRIVER_NAME));
	assert_false(sysfs_exists(PCI_DRIVERS "/" DRIVER_NAME));
	assert_false(sysfs_exists("/sys/bus/mdev/drivers/" DRIVER_NAME));
}

static void unload_first(struct fixture *fixture)
{
	assert_done(unload_it(fixture));
}

static void load_that_fails_is_undone(struct fixture *fixture)
{
	static const struct failure failures[] = {
		{ "mdev_register_driver", -EBUSY, EIO },
		{ "__pci_register_driver", -ENOMEM, EIO },
	};
	static const struct operation load = {
		.prepare = unload_first,
		.run = load_it,
		.assert_undone = assert_not_loaded,
		.undo = unload_it,
	};

	fail_everything(fixture, "edu0", &load, failures,
			ARRAY_SIZE(failures));
}

static void ids_that_cannot_be_added_are_told(struct fixture *fixture)
{
	static const char ids[] = "ids=1234:0001,1234:0002";
	unsigned int nr_calls;

	fail_call_arm("pci_add_dynid", 0, -ENOMEM);
	fixture_reload(fixture, ids);
	assert_done(fail_call_disarm(&nr_calls));
	assert_int_equal(nr_calls, 2);
	assert_done(kmsg_wait_for(&fixture->log, "ids: cannot add",
				  "\"1234:0001\"", NULL));
	assert_null(kmsg_find(&fixture->log, "ids: cannot add",
			      "\"1234:0002\"", NULL));
}

static const struct test tests[] = {
	SLOW_TEST(bind_that_fails_is_undone, 120),
	SLOW_TEST(create_that_fails_is_undone, 120),
	SLOW_TEST(open_that_fails_is_undone, 120),
	TEST(function_that_does_not_wake_up_keeps_its_setting),
	SLOW_TEST(load_that_fails_is_undone, 120),
	TEST(ids_that_cannot_be_added_are_told),
};

SUITE("failures", tests)
