// SPDX-License-Identifier: GPL-2.0-only
/*
 * Users of all functions of a machine, who live at the same time.
 */
#include "crowd_scene.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "check.h"
#include "leftovers.h"
#include "module.h"
#include "sysfs.h"

struct crowd_scene crowd_scene;

/* Everybody meets here, and the test itself. */
static pthread_barrier_t meeting;

int crowd_user_bind_all(struct crowd_user *user)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; !ret && i < user->nr_members; i++)
		ret = pci_bind(user->members[i].function.address, DRIVER_NAME);
	return ret;
}

int crowd_user_create_all(struct crowd_user *user)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; !ret && i < user->nr_members; i++)
		ret = mdev_create(user->members[i].function.address,
				  user->members[i].function.uuid);
	return ret;
}

int crowd_user_open_all(struct crowd_user *user)
{
	const struct function *function = &user->members[0].function;
	int ret;

	ret = space_open(&user->space, space_way(crowd_scene.access),
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

int crowd_user_start_all(struct crowd_user *user)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; !ret && i < user->nr_members; i++)
		ret = crowd_start(&user->devices[i], &user->members[i],
				  &user->clients[i]);
	return ret;
}

int crowd_user_check_all(struct crowd_user *user)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; !ret && i < user->nr_members; i++)
		ret = crowd_check(&user->devices[i]);
	return ret;
}

int crowd_user_close_all(struct crowd_user *user)
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

int crowd_user_remove_all(struct crowd_user *user)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; !ret && i < user->nr_members; i++)
		ret = mdev_remove(user->members[i].function.uuid);
	return ret;
}

int crowd_user_unbind_all(struct crowd_user *user)
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
	int (*run)(struct crowd_user *user);
	bool is_after_a_meeting;
} steps[] = {
	{ .name = "bind", .run = crowd_user_bind_all },
	{ .name = "create", .run = crowd_user_create_all },
	{ .name = "open", .run = crowd_user_open_all },
	{ .name = "start", .run = crowd_user_start_all },
	{ .name = "check", .run = crowd_user_check_all, .is_after_a_meeting = true },
	{ .name = "close", .run = crowd_user_close_all, .is_after_a_meeting = true },
	{ .name = "remove", .run = crowd_user_remove_all },
	{ .name = "unbind", .run = crowd_user_unbind_all },
};

#define NR_MEETINGS 2

static void *live(void *arg)
{
	struct crowd_user *user = arg;
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
	crowd_user_close_all(user);
	return NULL;
}

static void start_thread(struct crowd_user *user)
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

static const char * const used_modules[CROWD_NR_MODULES] = {
	DRIVER_NAME, "vfio-pci-core", "mdev",
};

static void find_users(void)
{
	struct crowd_member *member = crowd_scene.crowd.members;
	unsigned int i;

	for (i = 0; i < crowd_scene.crowd.nr_members; i++, member++) {
		struct crowd_user *user = &crowd_scene.users[crowd_scene.nr_users];

		if (i && member->group == member[-1].group) {
			user[-1].nr_members++;
			continue;
		}
		*user = (struct crowd_user) {
			.members = member,
			.nr_members = 1,
			.clients = &crowd_scene.clients[i],
			.devices = &crowd_scene.devices[i],
		};
		crowd_scene.nr_users++;
	}
}

static int count_groups(void)
{
	return sysfs_count_entries("/sys/kernel/iommu_groups");
}

static void forget(struct fixture *fixture)
{
	memset(&crowd_scene, 0, sizeof(crowd_scene));
	crowd_scene.access = fixture->access;
}

struct crowd_user *crowd_scene_begin_with_cards(struct fixture *fixture)
{
	forget(fixture);
	crowd_add_nics(fixture, &crowd_scene.crowd);
	find_users();
	assert_int_equal(crowd_scene.nr_users, 1);
	return &crowd_scene.users[0];
}

void crowd_scene_begin(struct fixture *fixture)
{
	unsigned int i;

	forget(fixture);
	crowd_add_vfs(fixture, &crowd_scene.crowd);
	crowd_add_nics(fixture, &crowd_scene.crowd);
	assert_true(crowd_scene.crowd.nr_members >= CROWD_MIN);
	find_users();
	assert_true(crowd_scene.nr_users >= CROWD_MIN);
	crowd_scene.nr_groups = count_groups();
	for (i = 0; i < ARRAY_SIZE(used_modules); i++)
		crowd_scene.uses[i] = module_use_count(used_modules[i]);
}

void crowd_scene_assert_nothing_is_left(void)
{
	unsigned int i;

	leftovers_assert_none();
	assert_int_equal(count_groups(), crowd_scene.nr_groups);
	for (i = 0; i < ARRAY_SIZE(used_modules); i++)
		assert_int_equal(module_use_count(used_modules[i]),
				 crowd_scene.uses[i]);
	for (i = 0; i < crowd_scene.crowd.nr_members; i++)
		assert_false(sysfs_exists(PCI_DEVICES
					  "/%s/mdev_supported_types",
					  crowd_scene.crowd.members[i].function.address));
}

static void assert_no_failure(void)
{
	const struct crowd_user *failed = NULL;
	unsigned int nr = 0;
	unsigned int i;

	for (i = 0; i < crowd_scene.nr_users; i++) {
		if (!crowd_scene.users[i].failed_step)
			continue;
		failed = &crowd_scene.users[i];
		nr++;
	}
	if (nr)
		fail_msg("%u of %u users failed; one, of %s, to %s: %s", nr,
			 crowd_scene.nr_users, failed->members[0].function.id,
			 failed->failed_step, failed->failure);
}

void crowd_scene_live(void)
{
	int nr_mdevs = 0;
	unsigned int i;

	pthread_barrier_init(&meeting, NULL, crowd_scene.nr_users + 1);
	for (i = 0; i < crowd_scene.nr_users; i++)
		start_thread(&crowd_scene.users[i]);
	for (i = 0; i < NR_MEETINGS; i++) {
		pthread_barrier_wait(&meeting);
		/* All are open until everybody has met again. */
		if (i == 0)
			nr_mdevs = sysfs_count_entries(MDEV_DEVICES);
	}
	for (i = 0; i < crowd_scene.nr_users; i++)
		pthread_join(crowd_scene.users[i].thread, NULL);
	pthread_barrier_destroy(&meeting);
	assert_no_failure();
	assert_int_equal(nr_mdevs, crowd_scene.crowd.nr_members);
	crowd_scene_assert_nothing_is_left();
}
