// SPDX-License-Identifier: GPL-2.0-only
/*
 * In which order a function's parts come and go: whoever is told that there is
 * a parent must be able to create an mdev and to open it.
 */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "check.h"
#include "fail_call.h"
#include "suite.h"
#include "sysfs.h"
#include "uevent.h"
#include "wait.h"

#define ROUNDS_OF_A_RACE 20

/* Kinds of uevent of one function that the order is about. */
enum milestone {
	OTHER,
	PARENT_ANNOUNCED,	/* what mdevctl's autostart and libvirt wait for */
	PARENT_WITHDRAWN,
	VFIO_DEVICE_ADDED,
	VFIO_DEVICE_REMOVED,
};

static bool is_action(const struct uevent *event, const char *action)
{
	return !strcmp(uevent_value(event, "ACTION"), action);
}

static enum milestone classify(const struct uevent *event,
			       const char *address)
{
	const char *state = uevent_value(event, "MDEV_STATE");
	char below[PCI_ADDRESS_SIZE + 16];

	if (!strstr(uevent_value(event, "DEVPATH"), address))
		return OTHER;
	if (!strcmp(state, "registered"))
		return PARENT_ANNOUNCED;
	if (!strcmp(state, "unregistered"))
		return PARENT_WITHDRAWN;
	snprintf(below, sizeof(below), "%s/vfio-dev/", address);
	if (!strstr(uevent_value(event, "DEVPATH"), below))
		return OTHER;
	if (is_action(event, "add"))
		return VFIO_DEVICE_ADDED;
	return is_action(event, "remove") ? VFIO_DEVICE_REMOVED : OTHER;
}

/* The next milestone of a function; fails the test if none comes. */
static enum milestone next_milestone(int listener, const char *address)
{
	enum milestone milestone = OTHER;
	struct uevent event;

	while (milestone == OTHER) {
		assert_done(uevent_next(listener, &event, WAIT_LIMIT_MS));
		milestone = classify(&event, address);
	}
	return milestone;
}

static void parent_is_announced_after_its_vfio_device(struct fixture *fixture)
{
	struct function *edu = fixture_take(fixture, "edu0");
	int listener = uevent_listen();

	assert_done(listener);
	assert_done(pci_bind(edu->address, DRIVER_NAME));
	assert_int_equal(next_milestone(listener, edu->address),
			 VFIO_DEVICE_ADDED);
	assert_int_equal(next_milestone(listener, edu->address),
			 PARENT_ANNOUNCED);
	close(listener);
}

static void parent_is_withdrawn_before_its_vfio_device(struct fixture *fixture)
{
	struct function *edu = fixture_bind(fixture, "edu0");
	int listener = uevent_listen();

	assert_done(listener);
	assert_done(pci_unbind(edu->address));
	assert_int_equal(next_milestone(listener, edu->address),
			 PARENT_WITHDRAWN);
	assert_int_equal(next_milestone(listener, edu->address),
			 VFIO_DEVICE_REMOVED);
	close(listener);
}

/* Somebody who creates and opens an mdev at the announcement, as udev may. */
struct eager_user {
	struct fixture *fixture;
	const struct function *function;
	int listener;
};

static int create_and_open(struct eager_user *user)
{
	struct client client;
	struct space space;
	int ret;

	ret = mdev_create(user->function->address, user->function->uuid);
	if (ret)
		return ret;
	ret = space_open(&space, space_way(user->fixture->access),
			 user->function->address);
	if (ret)
		return ret;
	ret = client_open(&client, &space, user->function->uuid);
	if (!ret)
		client_close(&client);
	space_close(&space);
	return ret;
}

static int use_at_announcement(void *arg)
{
	struct eager_user *user = arg;
	struct uevent event;
	int ret;

	do {
		ret = uevent_next(user->listener, &event, WAIT_LIMIT_MS);
	} while (!ret && classify(&event, user->function->address) !=
		 PARENT_ANNOUNCED);
	return ret ? ret : create_and_open(user);
}

static void mdev_made_at_the_announcement_opens(struct fixture *fixture)
{
	struct eager_user user = {
		.fixture = fixture,
		.function = fixture_take(fixture, "edu0"),
	};
	const char *address = user.function->address;
	int round;

	for (round = 0; round < ROUNDS_OF_A_RACE; round++) {
		struct background *step;
		int bound;
		int used;

		user.listener = uevent_listen();
		assert_done(user.listener);
		step = background_call(use_at_announcement, &user);
		bound = pci_bind(address, DRIVER_NAME);
		used = background_wait(step, 2 * WAIT_LIMIT_MS);
		background_finish(step);
		close(user.listener);
		assert_done(bound);
		assert_done(used);
		assert_done(pci_unbind(address));
	}
}

/* Somebody who does not wait for the announcement, but for the file. */
static int create_when_shown(void *arg)
{
	const struct function *function = arg;
	long long deadline = clock_now_ms() + WAIT_LIMIT_MS;
	int error;
	int ret;

	do {
		ret = mdev_create_now(function->address, function->uuid);
	} while (ret == -ENOENT && clock_now_ms() < deadline);
	error = fail_call_let_go();
	return error ? error : ret;
}

/*
 * mdev_type_add() of the kernel's drivers/vfio/mdev/mdev_sysfs.c shows "create"
 * before it has made "devices", which is where the mdev would be linked.
 */
static void mdev_made_before_its_type_is_whole_is_refused(
	struct fixture *fixture)
{
	struct function *edu = fixture_take(fixture, "edu0");
	struct background *step;
	unsigned int nr_calls;
	int created;

	fail_call_hold_up("mdev", "kobject_create_and_add");
	step = background_call(create_when_shown, edu);
	assert_done(pci_bind(edu->address, DRIVER_NAME));
	created = background_wait(step, 2 * WAIT_LIMIT_MS);
	background_finish(step);
	assert_int_equal(created, -EAGAIN);
	assert_false(mdev_exists(edu->uuid));
	assert_false(sysfs_exists("/sys/%s", edu->uuid));
	/* The call that was held up counts once more when it goes on. */
	assert_done(fail_call_disarm(&nr_calls));
	assert_int_equal(nr_calls, 2);
	assert_done(mdev_create(edu->address, edu->uuid));
	client_close(fixture_open(fixture, edu));
}

static const struct test tests[] = {
	TEST(parent_is_announced_after_its_vfio_device),
	TEST(parent_is_withdrawn_before_its_vfio_device),
	SLOW_TEST(mdev_made_at_the_announcement_opens, 120),
	TEST(mdev_made_before_its_type_is_whole_is_refused),
};

SUITE("registration", tests)
