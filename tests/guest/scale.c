// SPDX-License-Identifier: GPL-2.0-only
/*
 * A crowd of functions at once, each with a user of its own who minds nobody
 * else: what one can do, all can do at the same time, and nothing is left of it.
 * Needs lab/machines/scale.
 */
#include <pthread.h>
#include <unistd.h>

#include "check.h"
#include "crowd_scene.h"
#include "e1000.h"
#include "holdings.h"
#include "region.h"
#include "setting.h"
#include "storm.h"
#include "suite.h"
#include "sysfs.h"

#define STORM_S 10

/* Seconds: the functions come and go, and slow machines. */
#define LIMIT_S 300

static void crowd_lives_at_once_and_leaves_nothing(struct fixture *fixture)
{
	struct holdings before;
	struct holdings after;
	unsigned int nr_suspects;
	int run = 0;

	crowd_scene_begin(fixture);
	/* Once for all that grows to a size and then stays. */
	crowd_scene_live();
	/* With KASAN, one more will do: kmemleak looks afterwards. */
	if (!holdings_can_be_counted()) {
		crowd_scene_live();
		return;
	}
	holdings_take(&after);
	do {
		before = after;
		/* Twice, so that one object leaked a life shows in the noise. */
		crowd_scene_live();
		crowd_scene_live();
		holdings_take(&after);
		nr_suspects = holdings_suspect(&before, &after, run == 0);
	} while (nr_suspects && ++run < HOLDINGS_RUNS);
	holdings_convict(&after);
}

/* Held for an mdev's removal, or its function's unbinding: see storm.c. */
static pthread_mutex_t removals[CROWD_MAX];

static unsigned int draw_member(struct storm_loop *loop)
{
	return storm_draw(loop, crowd_scene.crowd.nr_members);
}

static struct function *function_of(unsigned int index)
{
	return &crowd_scene.crowd.members[index].function;
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
	return pci_bind_in_turn(function_of(draw_member(loop))->address,
				DRIVER_NAME);
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
	if (ret)
		storm_complain("%s", failure_text());
	crowd_stop(&device);
}

static int open_any(struct storm_loop *loop)
{
	struct crowd_member *member = &crowd_scene.crowd.members[draw_member(loop)];
	struct client client;
	struct space space;
	int ret;

	ret = space_open(&space, space_way(crowd_scene.access),
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

	for (i = 0; i < crowd_scene.crowd.nr_members; i++)
		assert_done(pci_unbind(function_of(i)->address));
	crowd_scene_assert_nothing_is_left();
}

static void storm_over_a_crowd_leaves_nothing(struct fixture *fixture)
{
	unsigned int i;

	crowd_scene_begin(fixture);
	for (i = 0; i < crowd_scene.crowd.nr_members; i++) {
		pthread_mutex_init(&removals[i], NULL);
		assert_done(pci_override(function_of(i)->address, DRIVER_NAME));
	}
	storm_run(fixture, kinds, STORM_S);
	clear_away();
	crowd_scene_live();
}

/*
 * Linux holds two locks for each function then, its device's and vfio-pci-core's
 * memory_lock; lockdep bears 48 (MAX_LOCK_DEPTH in include/linux/sched.h).
 */
static void hot_reset_reaches_all_on_a_bus(struct fixture *fixture)
{
	struct crowd_user *user;
	struct hot_reset reset;
	unsigned int i;

	if (!access("/proc/lockdep", F_OK))
		skip_because("lockdep gives up with so many locks at once");
	user = crowd_scene_begin_with_cards(fixture);
	assert_done(crowd_user_bind_all(user));
	for (i = 0; i < user->nr_members; i++)
		assert_done(setting_write(function_of(i)->address,
					  "hot_reset_siblings", true));
	assert_done(crowd_user_create_all(user));
	assert_done(crowd_user_open_all(user));
	assert_done(crowd_user_start_all(user));
	assert_done(crowd_user_check_all(user));
	assert_done(client_hot_reset_info(user->clients, &reset, HOT_RESET_MAX));
	assert_int_equal(reset.header.count, user->nr_members);
	assert_done(client_hot_reset(user->clients));
	for (i = 0; i < user->nr_members; i++)
		assert_int_equal(region_read32(&user->clients[i],
					       VFIO_PCI_BAR0_REGION_INDEX,
					       E1000_REG_MTA), 0);
	assert_done(crowd_user_close_all(user));
	assert_done(crowd_user_remove_all(user));
	assert_done(crowd_user_unbind_all(user));
}

static const struct test tests[] = {
	SLOW_TEST(crowd_lives_at_once_and_leaves_nothing, LIMIT_S),
	SLOW_TEST(storm_over_a_crowd_leaves_nothing, LIMIT_S),
	TEST(hot_reset_reaches_all_on_a_bus),
};

SUITE("scale", tests)
