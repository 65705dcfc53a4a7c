// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hundreds of functions at once, each with a user of its own who minds nobody
 * else: what one can do, all can do at the same time, and nothing is left of it.
 * Needs lab/machines/scale.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "check.h"
#include "crowd.h"
#include "e1000.h"
#include "holdings.h"
#include "module.h"
#include "region.h"
#include "setting.h"
#include "storm.h"
#include "suite.h"
#include "sysfs.h"

/* Fewer would prove nothing. */
#define MIN_FUNCTIONS 64

#define STORM_S 10

/* Seconds: the functions come and go, and slow machines. */
#define LIMIT_S 300

/* A group's owner: who opens one of its functions has all of them. */
struct user {
	struct crowd_member *members;
	unsigned int nr_members;
	struct space space;
	bool has_space;
	struct client *clients;		/* one for each member */
	struct crowd_device *devices;	/* the same */
	unsigned int nr_clients;	/* so many are open */
	const char *failed_step;	/* its name, or NULL */
	char failure[512];
	pthread_t thread;
};

/* Everybody meets here, and the test itself. */
static pthread_barrier_t meeting;

static enum access_mode access_mode;

static int bind_all(struct user *user)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; !ret && i < user->nr_members; i++)
		ret = pci_bind(user->members[i].function.address, DRIVER_NAME);
	return ret;
}

static int create_all(struct user *user)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; !ret && i < user->nr_members; i++)
		ret = mdev_create(user->members[i].function.address,
				  user->members[i].function.uuid);
	return ret;
}

static int open_all(struct user *user)
{
	const struct function *function = &user->members[0].function;
	int ret;

	ret = space_open(&user->space, space_way(access_mode),
			 function->address);
	user->has_space = !ret;
	while (!ret && user->nr_clients < user->nr_members) {
		function = &user->members[user->nr_clients].function;
		ret = client_open(&user->clients[user->nr_clients],
				  &user->space, function->uuid);
		if (!ret)
			user->nr_clients++;
	}
	return ret;
}

static int start_all(struct user *user)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; !ret && i < user->nr_members; i++)
		ret = crowd_start(&user->devices[i], &user->members[i],
				  &user->clients[i]);
	return ret;
}

static int check_all(struct user *user)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; !ret && i < user->nr_members; i++)
		ret = crowd_check(&user->devices[i]);
	return ret;
}

static int close_all(struct user *user)
{
	while (user->nr_clients) {
		user->nr_clients--;
		crowd_stop(&user->devices[user->nr_clients]);
		client_close(&user->clients[user->nr_clients]);
	}
	if (user->has_space)
		space_close(&user->space);
	user->has_space = false;
	return 0;
}

static int remove_all(struct user *user)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; !ret && i < user->nr_members; i++)
		ret = mdev_remove(user->members[i].function.uuid);
	return ret;
}

static int unbind_all(struct user *user)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; !ret && i < user->nr_members; i++)
		ret = pci_unbind(user->members[i].function.address);
	return ret;
}

/* A life, in which each waits for the others only where it says so. */
static const struct step {
	const char *name;
	int (*run)(struct user *user);
	bool is_after_a_meeting;
} steps[] = {
	{ .name = "bind", .run = bind_all },
	{ .name = "create", .run = create_all },
	{ .name = "open", .run = open_all },
	{ .name = "start", .run = start_all },
	{ .name = "check", .run = check_all, .is_after_a_meeting = true },
	{ .name = "close", .run = close_all, .is_after_a_meeting = true },
	{ .name = "remove", .run = remove_all },
	{ .name = "unbind", .run = unbind_all },
};

#define NR_MEETINGS 2

static void *live(void *arg)
{
	struct user *user = arg;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(steps); i++) {
		if (steps[i].is_after_a_meeting)
			pthread_barrier_wait(&meeting);
		if (user->failed_step || steps[i].run(user) >= 0)
			continue;
		user->failed_step = steps[i].name;
		snprintf(user->failure, sizeof(user->failure), "%s",
			 failure_text());
	}
	close_all(user);
	return NULL;
}

static void start_thread(struct user *user)
{
	sigset_t all;
	sigset_t before;

	/* The suite's alarm is for the main thread. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	if (pthread_create(&user->thread, NULL, live, user))
		abort();
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* All functions, and who owns them. */
struct scene {
	struct crowd crowd;
	struct user users[CROWD_MAX];
	unsigned int nr_users;
	struct client clients[CROWD_MAX];
	struct crowd_device devices[CROWD_MAX];
	int nr_groups;			/* that the kernel has */
	int uses[3];			/* of modules */
};

static struct scene scene;

static const char * const used_modules[3] = {
	DRIVER_NAME, "vfio-pci-core", "mdev",
};

static void find_users(void)
{
	struct crowd_member *member = scene.crowd.members;
	unsigned int i;

	for (i = 0; i < scene.crowd.nr_members; i++, member++) {
		struct user *user = &scene.users[scene.nr_users];

		if (i && member->group == member[-1].group) {
			user[-1].nr_members++;
			continue;
		}
		*user = (struct user) {
			.members = member,
			.nr_members = 1,
			.clients = &scene.clients[i],
			.devices = &scene.devices[i],
		};
		scene.nr_users++;
	}
}

static int count_groups(void)
{
	return sysfs_count_entries("/sys/kernel/iommu_groups");
}

static void begin(struct fixture *fixture)
{
	unsigned int i;

	memset(&scene, 0, sizeof(scene));
	access_mode = fixture->access;
	crowd_add_vfs(fixture, &scene.crowd);
	crowd_add_nics(fixture, &scene.crowd);
	assert_true(scene.crowd.nr_members >= MIN_FUNCTIONS);
	find_users();
	assert_true(scene.nr_users >= MIN_FUNCTIONS);
	scene.nr_groups = count_groups();
	for (i = 0; i < ARRAY_SIZE(used_modules); i++)
		scene.uses[i] = module_use_count(used_modules[i]);
}

static void assert_empty(const char *directory)
{
	int count = sysfs_count_entries("%s", directory);

	assert_that(count <= 0, "%s has %d entries", directory, count);
}

static void assert_nothing_is_left(void)
{
	unsigned int i;

	assert_empty(MDEV_DEVICES);
	assert_empty("/sys/class/mdev_bus");
	assert_empty("/sys/class/vfio");
	assert_empty("/sys/class/vfio-dev");
	assert_int_equal(count_groups(), scene.nr_groups);
	for (i = 0; i < ARRAY_SIZE(used_modules); i++)
		assert_int_equal(module_use_count(used_modules[i]),
				 scene.uses[i]);
	for (i = 0; i < scene.crowd.nr_members; i++)
		assert_false(sysfs_exists(PCI_DEVICES
					  "/%s/mdev_supported_types",
					  scene.crowd.members[i].function.address));
}

static void assert_no_failure(void)
{
	const struct user *failed = NULL;
	unsigned int nr = 0;
	unsigned int i;

	for (i = 0; i < scene.nr_users; i++) {
		if (!scene.users[i].failed_step)
			continue;
		failed = &scene.users[i];
		nr++;
	}
	if (nr)
		fail_msg("%u of %u users failed; one, of %s, to %s: %s", nr,
			 scene.nr_users, failed->members[0].function.id,
			 failed->failed_step, failed->failure);
}

/* All lives at once */
static void live_all(void)
{
	int nr_mdevs = 0;
	unsigned int i;

	pthread_barrier_init(&meeting, NULL, scene.nr_users + 1);
	for (i = 0; i < scene.nr_users; i++)
		start_thread(&scene.users[i]);
	for (i = 0; i < NR_MEETINGS; i++) {
		pthread_barrier_wait(&meeting);
		/* All are open until everybody has met again. */
		if (i == 0)
			nr_mdevs = sysfs_count_entries(MDEV_DEVICES);
	}
	for (i = 0; i < scene.nr_users; i++)
		pthread_join(scene.users[i].thread, NULL);
	pthread_barrier_destroy(&meeting);
	assert_no_failure();
	assert_int_equal(nr_mdevs, scene.crowd.nr_members);
	assert_nothing_is_left();
}

static void hundreds_live_at_once_and_leave_nothing(struct fixture *fixture)
{
	struct holdings before;
	struct holdings after;
	unsigned int nr_suspects;
	int run = 0;

	begin(fixture);
	/* Once for all that grows to a size and then stays. */
	live_all();
	/* With KASAN, one more will do: kmemleak looks afterwards. */
	if (!holdings_can_be_counted()) {
		live_all();
		return;
	}
	holdings_take(&after);
	do {
		before = after;
		live_all();
		holdings_take(&after);
		nr_suspects = holdings_suspect(&before, &after, run == 0);
	} while (nr_suspects && ++run < HOLDINGS_RUNS);
	holdings_convict(&after);
}

/* What an open device did that it must not do, whatever goes on around it. */
static atomic_uint nr_wrong;
static char wrong[512];

/* Held for an mdev's removal, or its function's unbinding: see storm.c. */
static pthread_mutex_t removals[CROWD_MAX];

static unsigned int draw_member(struct storm_loop *loop)
{
	return storm_draw(loop, scene.crowd.nr_members);
}

static struct function *function_of(unsigned int index)
{
	return &scene.crowd.members[index].function;
}

static int create_any(struct storm_loop *loop)
{
	struct function *function = function_of(draw_member(loop));

	return mdev_create_now(function->address, function->uuid);
}

static int remove_any(struct storm_loop *loop)
{
	unsigned int index = draw_member(loop);
	int ret;

	pthread_mutex_lock(&removals[index]);
	ret = mdev_remove(function_of(index)->uuid);
	pthread_mutex_unlock(&removals[index]);
	return ret;
}

static int bind_any(struct storm_loop *loop)
{
	return sysfs_write(function_of(draw_member(loop))->address,
			   PCI_DRIVERS "/" DRIVER_NAME "/bind");
}

static int unbind_any(struct storm_loop *loop)
{
	unsigned int index = draw_member(loop);
	int ret;

	pthread_mutex_lock(&removals[index]);
	ret = sysfs_write(function_of(index)->address,
			  PCI_DRIVERS "/" DRIVER_NAME "/unbind");
	pthread_mutex_unlock(&removals[index]);
	return ret;
}

/* Nobody may take it away while it is open. */
static void use(struct client *client, const struct crowd_member *member)
{
	struct crowd_device device;
	int ret;

	ret = crowd_start(&device, member, client);
	if (!ret)
		ret = crowd_check(&device);
	if (ret && !atomic_fetch_add(&nr_wrong, 1))
		snprintf(wrong, sizeof(wrong), "%s", failure_text());
	crowd_stop(&device);
}

static int open_any(struct storm_loop *loop)
{
	struct crowd_member *member = &scene.crowd.members[draw_member(loop)];
	struct client client;
	struct space space;
	int ret;

	ret = space_open(&space, space_way(access_mode),
			 member->function.address);
	if (ret)
		return ret;
	ret = client_open(&client, &space, member->function.uuid);
	if (!ret) {
		use(&client, member);
		client_close(&client);
	}
	space_close(&space);
	return ret;
}

static const struct storm_operation managements[] = {
	{ .name = "create", .run = create_any, .weight = 2 },
	{ .name = "remove", .run = remove_any },
	{ }
};

static const struct storm_operation moves[] = {
	{ .name = "bind", .run = bind_any, .weight = 2 },
	{ .name = "unbind", .run = unbind_any },
	{ }
};

static const struct storm_operation uses[] = {
	{ .name = "open by UUID", .run = open_any },
	{ }
};

static const struct storm_kind kinds[] = {
	{ "manager", managements, 16, 20 },
	{ "mover", moves, 16, 20 },
	{ "client", uses, 24, 20 },
	{ }
};

/*
 * With the function its mdev goes. Not every mdev can be removed by its own file:
 * the mdev core takes the file away when it is written before all of the creation
 * is over (remove_store() in drivers/vfio/mdev/mdev_sysfs.c).
 */
static void clear_away(void)
{
	unsigned int i;

	for (i = 0; i < scene.crowd.nr_members; i++)
		assert_done(pci_unbind(function_of(i)->address));
	assert_nothing_is_left();
}

static void storm_over_hundreds_leaves_nothing(struct fixture *fixture)
{
	unsigned int i;

	begin(fixture);
	atomic_store(&nr_wrong, 0);
	for (i = 0; i < scene.crowd.nr_members; i++) {
		pthread_mutex_init(&removals[i], NULL);
		assert_done(pci_override(function_of(i)->address, DRIVER_NAME));
	}
	storm_run(fixture, kinds, STORM_S);
	assert_that(!atomic_load(&nr_wrong), "%u times, first: %s",
		    atomic_load(&nr_wrong), wrong);
	clear_away();
	live_all();
}

static void hot_reset_reaches_all_on_a_bus(struct fixture *fixture)
{
	struct hot_reset reset;
	struct user *user;
	unsigned int i;

	memset(&scene, 0, sizeof(scene));
	access_mode = fixture->access;
	crowd_add_nics(fixture, &scene.crowd);
	find_users();
	assert_int_equal(scene.nr_users, 1);
	user = &scene.users[0];
	assert_done(bind_all(user));
	for (i = 0; i < user->nr_members; i++)
		assert_done(setting_write(function_of(i)->address,
					  "hot_reset_siblings", true));
	assert_done(create_all(user));
	assert_done(open_all(user));
	assert_done(start_all(user));
	assert_done(check_all(user));
	assert_done(client_hot_reset_info(user->clients, &reset, HOT_RESET_MAX));
	assert_int_equal(reset.header.count, user->nr_members);
	assert_done(client_hot_reset(user->clients));
	for (i = 0; i < user->nr_members; i++)
		assert_int_equal(region_read32(&user->clients[i],
					       VFIO_PCI_BAR0_REGION_INDEX,
					       E1000_REG_MTA), 0);
	assert_done(close_all(user));
	assert_done(remove_all(user));
	assert_done(unbind_all(user));
}

static const struct test tests[] = {
	SLOW_TEST(hundreds_live_at_once_and_leave_nothing, LIMIT_S),
	SLOW_TEST(storm_over_hundreds_leaves_nothing, LIMIT_S),
	TEST(hot_reset_reaches_all_on_a_bus),
};

SUITE("scale", tests)
