// SPDX-License-Identifier: GPL-2.0-only
/*
 * Everything at once: vfio-pci and the driver under test are loaded, unloaded,
 * bound, opened and closed without regard to each other. Errors are to be
 * expected then; crashes, hangs and leftovers are not.
 *
 * What the kernel itself does not survive is left out:
 * - In Linux 6.1 a driver that is loaded compares driver_override without the
 *   lock under which it is freed (drivers/base/dd.c, drivers/pci/pci-driver.c).
 *   So no override is set while modprobe runs, and one loop sets a function's.
 * - An mdev's "remove" while its parent is unbound: nothing keeps either between
 *   device_remove_file_self() and down_read_trylock() (drivers/vfio/mdev).
 * - Reading waiting_for_supplier of a function that is being bound: it waits for
 *   the device's lock, whose holder waits until nobody reads it
 *   (device_links_driver_bound() in drivers/base/core.c; seen on 6.12.117).
 * - In Linux 6.1 binding two functions of a group at once: see
 *   pci_bind_in_turn(). A driver that is loaded binds functions, too.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>

#include "check.h"
#include "edu.h"
#include "leftovers.h"
#include "module.h"
#include "region.h"
#include "storm.h"
#include "suite.h"
#include "sysfs.h"

#define SHARED_MODULE "vfio-pci-core"

#define SHORT_S 30
#define LONG_S 600

/* Past the storm itself: slow machines, and putting things back. */
#define AFTERMATH_S 600

#define PAGE 4096
#define IOVA 0x100000

/* A function that the storm plays with. */
struct target {
	const char *id;
	bool has_reset;
	bool has_sibling;		/* in its group, among the targets */
	struct function *function;
	pthread_mutex_t removal;	/* its mdev's remove, or its unbinding */
};

#define UNLOCKED PTHREAD_MUTEX_INITIALIZER
static struct target targets[] = {
	{ .id = "edu0", .removal = UNLOCKED },
	{ .id = "edu1", .removal = UNLOCKED, .has_sibling = true },
	{ .id = "edu2", .removal = UNLOCKED, .has_sibling = true },
	{ .id = "nvme0", .removal = UNLOCKED, .has_reset = true },
	{ .id = "nic0", .removal = UNLOCKED },
};

/* Read: an override is set, or a sibling bound; write: a driver is loaded. */
static pthread_rwlock_t overrides = PTHREAD_RWLOCK_INITIALIZER;

static enum access_mode access_mode;

/* An open device did what it must not do. */
static int set_wrong(const struct target *target, const char *what)
{
	return storm_complain("%s: %s: %s", target->id, what, failure_text());
}

static struct target *draw_target(struct storm_loop *loop)
{
	return &targets[storm_draw(loop, ARRAY_SIZE(targets))];
}

static bool is_edu(const struct target *target)
{
	return !strncmp(target->id, "edu", 3);
}

static bool has_reset(const struct target *target)
{
	return target->has_reset;
}

static struct target *draw_one_that(struct storm_loop *loop,
				    bool (*is_fit)(const struct target *target))
{
	struct target *target;

	do {
		target = draw_target(loop);
	} while (!is_fit(target));
	return target;
}

/* Movers: one for each function */

static int take_from_driver(struct target *target)
{
	const char *address = target->function->address;
	char driver[64];
	int ret;

	pci_driver_name(driver, sizeof(driver), address);
	if (!driver[0])
		return -ENODEV;
	pthread_mutex_lock(&target->removal);
	ret = sysfs_write(address, PCI_DRIVERS "/%s/unbind", driver);
	pthread_mutex_unlock(&target->removal);
	return ret;
}

static int bind_to(struct target *target, const char *driver)
{
	const char *address = target->function->address;
	int ret;

	take_from_driver(target);
	pthread_rwlock_rdlock(&overrides);
	ret = pci_override(address, driver);
	if (!ret && target->has_sibling)
		ret = pci_bind_in_turn(address, driver);
	pthread_rwlock_unlock(&overrides);
	if (ret || target->has_sibling)
		return ret;
	return pci_bind_in_turn(address, driver);
}

static int bind_to_stock(struct storm_loop *loop)
{
	return bind_to(&targets[storm_number(loop)], STOCK_DRIVER_NAME);
}

static int bind_to_ours(struct storm_loop *loop)
{
	return bind_to(&targets[storm_number(loop)], DRIVER_NAME);
}

static int unbind_any(struct storm_loop *loop)
{
	return take_from_driver(draw_target(loop));
}

/* Mostly to ours, as most of the rest needs that: mdevs, and who opens them. */
static const struct storm_operation moves[] = {
	{ .name = "bind to " STOCK_DRIVER_NAME, .run = bind_to_stock },
	{ .name = "bind to " DRIVER_NAME, .run = bind_to_ours, .weight = 4 },
	{ .name = "unbind", .run = unbind_any },
	{ }
};

/* Managers of mdevs */

static int create_mdev(struct storm_loop *loop)
{
	struct target *target = draw_target(loop);

	return mdev_create_now(target->function->address,
			       target->function->uuid);
}

static int remove_mdev(struct storm_loop *loop)
{
	struct target *target = draw_target(loop);
	int ret;

	pthread_mutex_lock(&target->removal);
	ret = mdev_remove(target->function->uuid);
	pthread_mutex_unlock(&target->removal);
	return ret;
}

static const struct storm_operation managements[] = {
	{ .name = "create", .run = create_mdev, .weight = 4 },
	{ .name = "remove", .run = remove_mdev },
	{ }
};

/* Clients */

static int look(struct target *target, struct client *client)
{
	uint32_t value = 0x01234567;

	if (config_read(client, PCI_VENDOR_ID, 2) !=
	    pci_read_id(target->function->address, "vendor"))
		return set_wrong(target, "config space is wrong");
	if (edu_start(client))
		return set_wrong(target, "memory cannot be enabled");
	if (!is_edu(target))
		return 0;
	edu_write(client, EDU_REG_LIVENESS, value);
	if (edu_read(client, EDU_REG_LIVENESS) != ~value)
		return set_wrong(target, "a register is wrong");
	return 0;
}

static int reset(struct target *target, struct client *client)
{
	int ret = client_reset(client);

	if (ret)
		return ret;
	return look(target, client);
}

static int copy(struct target *target, struct client *client)
{
	static __thread uint8_t memory[2 * PAGE]
		__attribute__((aligned(PAGE)));
	int ret;

	memset(memory, target - targets + 1, PAGE);
	memset(memory + PAGE, 0, PAGE);
	ret = space_map(client->space, memory, sizeof(memory), IOVA);
	if (ret)
		return set_wrong(target, "memory cannot be mapped");
	ret = edu_start(client);
	if (!ret)
		ret = edu_copy(client, EDU_FROM_MEMORY, IOVA, PAGE);
	if (!ret)
		ret = edu_copy(client, EDU_TO_MEMORY, IOVA + PAGE, PAGE);
	if (ret || memcmp(memory, memory + PAGE, PAGE))
		ret = set_wrong(target, "DMA is wrong");
	space_unmap(client->space, sizeof(memory), IOVA);
	return ret;
}

static int use(struct target *target, const char *name,
	       int (*user)(struct target *target, struct client *client))
{
	struct client client;
	struct space space;
	int ret;

	ret = space_open(&space, space_way(access_mode), target->function->address);
	if (ret)
		return ret;
	ret = client_open(&client, &space, name);
	if (!ret) {
		ret = user(target, &client);
		client_close(&client);
	}
	space_close(&space);
	return ret;
}

static int open_by_uuid(struct storm_loop *loop)
{
	struct target *target = draw_target(loop);

	return use(target, target->function->uuid, look);
}

static int open_by_address(struct storm_loop *loop)
{
	struct target *target = draw_target(loop);

	return use(target, target->function->address, look);
}

static int open_and_reset(struct storm_loop *loop)
{
	struct target *target = draw_one_that(loop, has_reset);

	return use(target, target->function->address, reset);
}

static int open_and_copy(struct storm_loop *loop)
{
	struct target *target = draw_one_that(loop, is_edu);

	return use(target, target->function->address, copy);
}

static const struct storm_operation uses[] = {
	{ .name = "open by UUID", .run = open_by_uuid },
	{ .name = "open by address", .run = open_by_address },
	{ .name = "open and reset", .run = open_and_reset, .weight = 2 },
	{ .name = "open and copy by DMA", .run = open_and_copy },
	{ }
};

/* Loaders: one for each of the two drivers */

static const char * const drivers[] = { STOCK_DRIVER_NAME, DRIVER_NAME };

static int load_driver(struct storm_loop *loop)
{
	const char *driver = drivers[storm_number(loop)];
	int ret;

	if (module_is_loaded(driver))
		return failure_set(EEXIST, "%s is loaded", driver);
	pthread_rwlock_wrlock(&overrides);
	ret = module_load_silently(driver);
	pthread_rwlock_unlock(&overrides);
	return ret;
}

static int unload(const char *driver)
{
	size_t i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(targets); i++)
		pthread_mutex_lock(&targets[i].removal);
	ret = module_unload(driver);
	for (i = 0; i < ARRAY_SIZE(targets); i++)
		pthread_mutex_unlock(&targets[i].removal);
	return ret;
}

static int unload_driver(struct storm_loop *loop)
{
	return unload(drivers[storm_number(loop)]);
}

/* The module of both goes and comes with its tables of config space. */
static int unload_all(struct storm_loop *loop)
{
	unload_driver(loop);
	unload(drivers[!storm_number(loop)]);
	return module_unload(SHARED_MODULE);
}

static const struct storm_operation loads[] = {
	{ .name = "load", .run = load_driver, .weight = 4 },
	{ .name = "unload", .run = unload_driver },
	{ .name = "unload " SHARED_MODULE, .run = unload_all },
	{ }
};

/* Readers of sysfs, and writers of what can be set there */

/*
 * Registers are no attributes. And in Linux 6.1 a read of uevent looks at the
 * name of a driver that nothing keeps (drivers/base/core.c).
 */
static const char * const skipped[] = {
	"resource", "rom", "uevent", "waiting_for_supplier", NULL,
};

static int read_function(struct storm_loop *loop)
{
	return sysfs_read_tree(skipped, PCI_DEVICES "/%s",
			       draw_target(loop)->function->address);
}

static int read_mdev(struct storm_loop *loop)
{
	return sysfs_read_tree(skipped, MDEV_DEVICES "/%s/",
			       draw_target(loop)->function->uuid);
}

static int read_module(struct storm_loop *loop)
{
	static const char * const names[] = {
		"vfio_mdev_pci", "vfio_pci", "vfio_pci_core", "mdev",
	};

	return sysfs_read_tree(skipped, "/sys/module/%s",
			       names[storm_draw(loop, ARRAY_SIZE(names))]);
}

static int write_setting(struct storm_loop *loop)
{
	static const char * const settings[] = {
		"nointxmask", "disable_vga", "disable_idle_d3",
		"hot_reset_siblings",
	};

	return sysfs_write(storm_draw(loop, 2) ? "1" : "0",
			   PCI_DEVICES "/%s/vfio_mdev_pci/%s",
			   draw_target(loop)->function->address,
			   settings[storm_draw(loop, ARRAY_SIZE(settings))]);
}

static const struct storm_operation reads[] = {
	{ .name = "read a function's files", .run = read_function },
	{ .name = "read an mdev's files", .run = read_mdev },
	{ .name = "read a module's files", .run = read_module },
	{ .name = "write a setting", .run = write_setting },
	{ }
};

static const struct storm_kind kinds[] = {
	{ "mover", moves, ARRAY_SIZE(targets), 600 },
	{ "manager", managements, 2, 20 },
	{ "client", uses, 4, 20 },
	{ "loader", loads, ARRAY_SIZE(drivers), 2000 },
	{ "reader", reads, 2, 50 },
	{ }
};

/* Each step must succeed now, for nobody is left who could mind. */
static void assert_nothing_is_left(void)
{
	static const char * const modules[] = {
		STOCK_DRIVER_NAME, DRIVER_NAME, SHARED_MODULE,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(targets); i++) {
		if (mdev_exists(targets[i].function->uuid))
			assert_done(mdev_remove(targets[i].function->uuid));
		assert_done(pci_unbind(targets[i].function->address));
		assert_false(sysfs_exists(PCI_DEVICES
					  "/%s/mdev_supported_types",
					  targets[i].function->address));
		assert_false(sysfs_exists(PCI_DEVICES "/%s/vfio-dev",
					  targets[i].function->address));
	}
	leftovers_assert_none();
	for (i = 0; i < ARRAY_SIZE(modules); i++) {
		if (module_is_loaded(modules[i]))
			assert_done(module_unload(modules[i]));
	}
}

/* Opening a group by its node also asserts that it is viable. */
static void assert_devices_work(const char *driver)
{
	struct function *function;
	size_t i;

	assert_done(module_load(driver, NULL));
	for (i = 0; i < ARRAY_SIZE(targets); i++) {
		function = targets[i].function;
		assert_done(pci_bind(function->address, driver));
		if (!strcmp(driver, DRIVER_NAME))
			assert_done(mdev_create(function->address,
						function->uuid));
	}
	for (i = 0; i < ARRAY_SIZE(targets); i++) {
		function = targets[i].function;
		assert_done(use(&targets[i], function->address,
				is_edu(&targets[i]) ? copy : look));
	}
	assert_nothing_is_left();
}

static void storm(struct fixture *fixture, unsigned int seconds)
{
	size_t i;

	fixture_load(fixture, STOCK_DRIVER_NAME);
	access_mode = fixture->access;
	for (i = 0; i < ARRAY_SIZE(targets); i++)
		targets[i].function = fixture_take(fixture, targets[i].id);
	/* Of nic0's group, which a driver of its own would keep shut. */
	fixture_take(fixture, "nic1");
	storm_run(fixture, kinds, seconds);
	assert_nothing_is_left();
	assert_devices_work(STOCK_DRIVER_NAME);
	assert_devices_work(DRIVER_NAME);
}

static void storm_of_half_a_minute_leaves_nothing(struct fixture *fixture)
{
	storm(fixture, SHORT_S);
}

static void storm_of_ten_minutes_leaves_nothing(struct fixture *fixture)
{
	storm(fixture, LONG_S);
}

static const struct test tests[] = {
	SLOW_TEST(storm_of_half_a_minute_leaves_nothing,
		  SHORT_S + AFTERMATH_S),
	LONG_TEST(storm_of_ten_minutes_leaves_nothing, LONG_S + AFTERMATH_S),
};

SUITE("storm", tests)
