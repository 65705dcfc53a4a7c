// SPDX-License-Identifier: GPL-2.0-only
/*
 * What opens and ends a wrapped function, any two at once: its binding, its mdev,
 * its users, each as often as it can be had. What an open device is asked for is in
 * pairs_device.c.
 */
#include <errno.h>
#include <pthread.h>
#include <unistd.h>

#include "client.h"
#include "mdev.h"
#include "pairs/pairs.h"
#include "pci.h"
#include "setting.h"
#include "suite.h"
#include "sysfs.h"
#include "test_backend.h"

#define DRIVER PCI_DRIVERS "/" DRIVER_NAME

static struct {
	enum space_way way;
	const char *address;
	const char *uuid;
	const char *other_uuid;
	bool has_idle_d3;
} subject;

/*
 * An mdev's "remove" while its parent is unbound: nothing keeps either between
 * device_remove_file_self() and down_read_trylock() (drivers/vfio/mdev), which is
 * Linux's own. So one waits for the other.
 */
static pthread_mutex_t removal = PTHREAD_MUTEX_INITIALIZER;

static int remove_mdev(const char *uuid)
{
	int ret;

	pthread_mutex_lock(&removal);
	ret = mdev_remove(uuid);
	pthread_mutex_unlock(&removal);
	return ret;
}

static int unbind_function(void)
{
	int ret;

	pthread_mutex_lock(&removal);
	ret = sysfs_write(subject.address, DRIVER "/unbind");
	pthread_mutex_unlock(&removal);
	return ret;
}

static int bind_function(void)
{
	return sysfs_write(subject.address, DRIVER "/bind");
}

static int create_mdev(const char *uuid)
{
	return mdev_create_now(subject.address, uuid);
}

/* The first of both that is a failure */
static int both(int one, int other)
{
	return one ? one : other;
}

static int rebind(void)
{
	int ret = unbind_function();

	ret = both(ret, bind_function());
	return both(ret, create_mdev(subject.uuid));
}

/*
 * Whoever writes "remove" before the creation is over gets EAGAIN, and no other
 * try: remove_store() has the file gone by then. Unbinding ends that mdev.
 */
static int recreate(void)
{
	int ret = remove_mdev(subject.uuid);

	if (ret == -EAGAIN)
		rebind();
	return both(ret, create_mdev(subject.uuid));
}

/* If nobody is there first */
static int replace(void)
{
	int ret = remove_mdev(subject.uuid);
	int other = create_mdev(subject.other_uuid);

	ret = both(ret, other);
	if (!other)
		ret = both(ret, remove_mdev(subject.other_uuid));
	if (ret == -EAGAIN)
		rebind();
	return both(ret, create_mdev(subject.uuid));
}

static int open_and_close(void)
{
	struct space space;
	struct client client;
	int ret;

	ret = space_open(&space, subject.way, subject.address);
	if (ret)
		return ret;
	ret = client_open(&client, &space, subject.uuid);
	if (!ret)
		client_close(&client);
	space_close(&space);
	return ret;
}

static int read_available_instances(void)
{
	char text[16];

	return mdev_read_attribute(text, sizeof(text), subject.address,
				   "available_instances");
}

static int read_links(void)
{
	char text[256];
	int ret;

	ret = sysfs_read_link(text, sizeof(text), MDEV_DEVICES
			      "/%s/iommu_group", subject.uuid);
	return ret < 0 ? ret : sysfs_read_link(text, sizeof(text), MDEV_DEVICES
					       "/%s/vfio-dev", subject.uuid);
}

static int change_a_setting(void)
{
	return setting_write(subject.address, subject.has_idle_d3 ?
			     "disable_idle_d3" : "nointxmask",
			     pairs_round() & 1);
}

static int read_a_setting(void)
{
	return setting_effective(subject.address, "hot_reset_siblings");
}

static int reset_function(void)
{
	return sysfs_write("1", PCI_DEVICES "/%s/reset", subject.address);
}

static int turn_migration_on_and_off(void)
{
	return setting_write_parameter("vfio_mdev_pci", "migration",
				       pairs_round() & 1);
}

/*
 * ENOENT and ENODEV are a file's of sysfs that the other call takes away, and of
 * bind and unbind that find it done; EEXIST and EUSERS are mdev's, of the same name
 * and of one mdev too many; EAGAIN is remove's, see above, create's when it comes
 * before the type is whole (module/mdev.c), and an opening's that finds the device
 * locked (vfio_pci_core_enable()). EBUSY is the group's, and bind's; EINVAL a
 * container's whose group has gone meanwhile, and by cdev a device's that somebody
 * has opened; ENXIO a node's whose device goes while it is opened (chrdev_open()).
 */
static const struct pair_call calls[] = {
	{ PAIR_CALL(recreate), { ENOENT, ENODEV, EEXIST, EUSERS, EAGAIN } },
	{ PAIR_CALL(replace), { ENOENT, ENODEV, EEXIST, EUSERS, EAGAIN } },
	{ PAIR_CALL(rebind), { ENOENT, ENODEV, EEXIST, EUSERS, EAGAIN, EBUSY } },
	{ PAIR_CALL(open_and_close),
	  { ENOENT, ENODEV, ENXIO, EBUSY, EINVAL, EAGAIN } },
	{ PAIR_CALL(read_available_instances), { ENOENT, ENODEV } },
	{ PAIR_CALL(read_links), { ENOENT } },
	{ PAIR_CALL(change_a_setting), { ENOENT, ENODEV } },
	{ PAIR_CALL(read_a_setting), { ENOENT, ENODEV } },
	{ PAIR_CALL(reset_function) },
	{ PAIR_CALL(turn_migration_on_and_off) },
};

static const struct pair_table tables[] = {
	{ calls, ARRAY_SIZE(calls) },
};

static bool has_one_mdev(void)
{
	return pci_is_bound_to(subject.address, DRIVER_NAME) &&
	       sysfs_exists(MDEV_DEVICES "/%s/remove", subject.uuid);
}

/* One mdev, of the first name. Unbinding ends what is half done. */
static int have_one_mdev(void)
{
	int ret;

	if (has_one_mdev())
		return 0;
	if (pci_is_bound_to(subject.address, DRIVER_NAME)) {
		ret = unbind_function();
		if (ret)
			return ret;
	}
	ret = bind_function();
	return ret ? ret : mdev_create(subject.address, subject.uuid);
}

static void make_all_pairs(struct fixture *fixture, unsigned int ms)
{
	struct function *function;
	char other_uuid[MDEV_UUID_SIZE];

	test_backend_load(fixture, "");
	function = fixture_bind(fixture, fixture->data);
	mdev_new_uuid(other_uuid);
	subject.way = space_way(fixture->access);
	subject.address = function->address;
	subject.uuid = function->uuid;
	subject.other_uuid = other_uuid;
	subject.has_idle_d3 = setting_is_offered(function->address,
						 "disable_idle_d3");
	pairs_run(&(struct pairs) {
		.tables = tables,
		.nr_tables = ARRAY_SIZE(tables),
		.prepare = have_one_mdev,
		.ms = ms,
	});
	fixture_open(fixture, function);
}

static void any_two_go_together(struct fixture *fixture)
{
	make_all_pairs(fixture, 10);
}

/* For KCSAN, which watches about one of 100 accesses. */
static void any_two_go_together_for_long(struct fixture *fixture)
{
	make_all_pairs(fixture, 1000);
}

static const struct test tests[] = {
	{ .name = "any_two_go_together_on_e1000e", .run = any_two_go_together,
	  .limit_s = 240, .data = "e1000e0" },
	{ .name = "any_two_go_together_for_long_on_e1000e",
	  .run = any_two_go_together_for_long, .limit_s = 1200,
	  .data = "e1000e0", .is_long = true },
};

SUITE("pairs_owner", tests)
