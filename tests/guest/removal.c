// SPDX-License-Identifier: GPL-2.0-only
/*
 * Taking an mdev away while a client has it open: by remove and by unbind.
 * By hot-unplug it is in hotplug.c.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "edu.h"
#include "irq.h"
#include "suite.h"
#include "sysfs.h"
#include "wait.h"

/* The driver asks again every 10 s. */
#define ASK_AGAIN_LIMIT_MS 25000

/* Each takes room in the fixture. */
#define ROUNDS_OF_A_RACE 10

/* A device that a client has open and that somebody wants to take away. */
struct scene {
	struct function *edu;
	struct space *space;
	struct client *client;
	struct background *remover;
	int request;	/* eventfd of VFIO_PCI_REQ_IRQ_INDEX */
};

static void open_device(struct fixture *fixture, struct scene *scene)
{
	scene->edu = fixture_create(fixture, "edu0");
	scene->space = fixture_space(fixture, scene->edu);
	scene->client = fixture_open_in(fixture, scene->space,
					scene->edu->uuid);
	scene->request = fixture_event(fixture);
	assert_done(irq_connect(scene->client, VFIO_PCI_REQ_IRQ_INDEX, 0,
				&scene->request, 1));
}

/* Ends when the remover waits: that is when it has asked the client. */
static void assert_remover_asks_and_waits(struct scene *scene)
{
	assert_that(event_wait(scene->request, WAIT_LIMIT_MS),
		    "the client was not asked to let go");
	assert_that(!background_is_done(scene->remover),
		    "the remover did not wait for the client");
}

static void begin_remove(struct fixture *fixture, struct scene *scene)
{
	open_device(fixture, scene);
	scene->remover = fixture_remove(fixture, scene->edu);
	assert_remover_asks_and_waits(scene);
}

static void begin_unbind(struct fixture *fixture, struct scene *scene)
{
	open_device(fixture, scene);
	scene->remover = fixture_unbind(fixture, scene->edu);
	assert_remover_asks_and_waits(scene);
}

static void assert_close_lets_the_remover_end(struct scene *scene)
{
	assert_false(background_is_done(scene->remover));
	client_close(scene->client);
	assert_done(background_wait(scene->remover, WAIT_LIMIT_MS));
	assert_false(mdev_exists(scene->edu->uuid));
}

static void assert_device_works(struct scene *scene)
{
	assert_done(edu_start(scene->client));
	edu_write(scene->client, EDU_REG_LIVENESS, 0x12345678);
	assert_int_equal(edu_read(scene->client, EDU_REG_LIVENESS),
			 (uint32_t)~0x12345678);
}

/* An open that is not refused must not keep the remover waiting for ever. */
static void assert_open_refused(struct scene *scene, const char *name,
				int error)
{
	int fd = space_open_device(scene->space, name);

	if (fd >= 0)
		close(fd);
	assert_refused(fd, error);
}

/*
 * A second open of the same name, while the first still holds the device. By
 * cdev the kernel allows no second open of a device anyway, and says EINVAL.
 */
static void assert_no_open(struct fixture *fixture, struct scene *scene)
{
	int expected = fixture->access == ACCESS_GROUP ? ENODEV : EINVAL;

	if (fixture->access == ACCESS_GROUP)
		assert_open_refused(scene, scene->edu->uuid, expected);
	assert_open_refused(scene, scene->edu->address, expected);
}

static void remove_waits_until_the_device_is_closed(struct fixture *fixture)
{
	struct scene scene;

	begin_remove(fixture, &scene);
	assert_close_lets_the_remover_end(&scene);
}

static void remove_asks_the_client_again_and_again(struct fixture *fixture)
{
	struct scene scene;

	begin_remove(fixture, &scene);
	assert_true(event_wait(scene.request, ASK_AGAIN_LIMIT_MS));
	assert_close_lets_the_remover_end(&scene);
}

static void no_open_slips_in_while_remove_waits(struct fixture *fixture)
{
	struct scene scene;

	begin_remove(fixture, &scene);
	assert_no_open(fixture, &scene);
	assert_close_lets_the_remover_end(&scene);
	assert_refused(space_open_device(scene.space, scene.edu->address),
		       ENODEV);
}

static void device_works_while_remove_waits(struct fixture *fixture)
{
	struct scene scene;

	begin_remove(fixture, &scene);
	assert_device_works(&scene);
	assert_close_lets_the_remover_end(&scene);
}

static void create_is_refused_while_remove_waits(struct fixture *fixture)
{
	char second[MDEV_UUID_SIZE];
	struct scene scene;

	begin_remove(fixture, &scene);
	mdev_new_uuid(second);
	assert_refused(mdev_create_now(scene.edu->address, second), EUSERS);
	assert_close_lets_the_remover_end(&scene);
	assert_done(mdev_create(scene.edu->address, scene.edu->uuid));
}

static void remove_waits_for_the_last_of_two_fds(struct fixture *fixture)
{
	struct scene scene;
	struct client *second;

	open_device(fixture, &scene);
	second = fixture_open_in(fixture, scene.space, scene.edu->uuid);
	scene.remover = fixture_remove(fixture, scene.edu);
	assert_remover_asks_and_waits(&scene);
	client_close(second);
	assert_device_works(&scene);
	assert_close_lets_the_remover_end(&scene);
}

static void unbind_waits_until_the_device_is_closed(struct fixture *fixture)
{
	struct scene scene;

	begin_unbind(fixture, &scene);
	assert_device_works(&scene);
	assert_close_lets_the_remover_end(&scene);
	assert_false(pci_is_bound_to(scene.edu->address, DRIVER_NAME));
}

static void unbind_asks_the_client_again_and_again(struct fixture *fixture)
{
	struct scene scene;

	begin_unbind(fixture, &scene);
	assert_true(event_wait(scene.request, ASK_AGAIN_LIMIT_MS));
	assert_close_lets_the_remover_end(&scene);
}

/* As vfio-pci does, the log tells an administrator whom to ask instead. */
static void client_that_cannot_be_asked_is_waited_for(struct fixture *fixture)
{
	struct scene scene;

	scene.edu = fixture_create(fixture, "edu0");
	scene.space = fixture_space(fixture, scene.edu);
	scene.client = fixture_open_in(fixture, scene.space,
				       scene.edu->uuid);
	scene.remover = fixture_unbind(fixture, scene.edu);
	assert_done(kmsg_wait_for(&fixture->log, scene.edu->address,
				  "No device request channel registered",
				  NULL));
	assert_device_works(&scene);
	assert_close_lets_the_remover_end(&scene);
}

static void no_open_slips_in_while_unbind_waits(struct fixture *fixture)
{
	struct scene scene;

	begin_unbind(fixture, &scene);
	assert_no_open(fixture, &scene);
	assert_close_lets_the_remover_end(&scene);
}

static void create_is_refused_while_unbind_waits(struct fixture *fixture)
{
	char second[MDEV_UUID_SIZE];
	struct scene scene;
	int ret;

	begin_unbind(fixture, &scene);
	mdev_new_uuid(second);
	ret = mdev_create_now(scene.edu->address, second);
	assert_true(ret < 0);
	assert_false(mdev_exists(second));
	assert_close_lets_the_remover_end(&scene);
}

static int close_client(void *client)
{
	client_close(client);
	return 0;
}

static int open_by_uuid(void *arg)
{
	struct scene *scene = arg;

	return space_open_device(scene->space, scene->edu->uuid);
}

static bool is_blocked_or_done(void *step)
{
	return background_is_blocked(step) || background_is_done(step);
}

/*
 * The close of an NVMe controller resets it for 100 ms under the lock that an
 * open needs. An open that found the mdev by name and waits for that lock must
 * be refused if the mdev is taken away meanwhile. Returns whether it came to
 * that: whether the open still waited when the gate was known to be closed.
 */
static bool open_behind_a_removal(struct fixture *fixture,
				  struct scene *scene)
{
	struct background *closer;
	struct background *opener;
	bool was_waiting;
	int opened;

	closer = background_call(close_client, scene->client);
	wait_for(is_blocked_or_done, closer, WAIT_LIMIT_MS);
	opener = background_call(open_by_uuid, scene);
	wait_for(is_blocked_or_done, opener, WAIT_LIMIT_MS);
	scene->remover = fixture_remove(fixture, scene->edu);
	/* The closing client is asked to let go, by a gate that is closed. */
	was_waiting = event_wait(scene->request, IRQ_SILENCE_MS) &&
		      background_is_blocked(opener);
	opened = background_wait(opener, WAIT_LIMIT_MS);
	if (opened >= 0)
		close(opened);
	background_finish(opener);
	background_finish(closer);
	assert_done(background_wait(scene->remover, WAIT_LIMIT_MS));
	if (was_waiting)
		assert_refused(opened, ENODEV);
	return was_waiting;
}

static void open_that_waited_behind_a_removal_is_refused(
	struct fixture *fixture)
{
	struct scene scene = { .edu = fixture_create(fixture, "nvme0") };
	int round;

	scene.space = fixture_space(fixture, scene.edu);
	scene.request = fixture_event(fixture);
	for (round = 0; round < ROUNDS_OF_A_RACE; round++) {
		scene.client = fixture_open_in(fixture, scene.space,
					       scene.edu->uuid);
		assert_done(irq_connect(scene.client, VFIO_PCI_REQ_IRQ_INDEX,
					0, &scene.request, 1));
		if (open_behind_a_removal(fixture, &scene))
			return;
		event_wait(scene.request, 0);
		assert_done(mdev_create(scene.edu->address, scene.edu->uuid));
	}
	fail_msg("in %d rounds no open waited behind a removal", round);
}

/* In the child: open the device, say so, and hold it until killed. */
static void hold_device(enum access_mode access,
			const struct function *function, int ready_fd)
{
	struct client client;
	struct space space;
	char is_open;

	signal(SIGALRM, SIG_DFL);
	is_open = !space_open(&space, space_way(access), function->address) &&
		  !client_open(&client, &space, function->uuid);
	if (write(ready_fd, &is_open, 1) == 1)
		pause();
	_exit(1);
}

static void killed_client_lets_remove_end(struct fixture *fixture)
{
	struct function *edu = fixture_create(fixture, "edu0");
	struct background *remover;
	char is_open = 0;
	int ready[2];
	pid_t child;

	assert_int_equal(pipe(ready), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		hold_device(fixture->access, edu, ready[1]);
	close(ready[1]);
	if (read(ready[0], &is_open, 1) != 1)
		is_open = 0;
	close(ready[0]);
	remover = fixture_remove(fixture, edu);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	assert_true(is_open);
	assert_done(background_wait(remover, WAIT_LIMIT_MS));
	assert_false(mdev_exists(edu->uuid));
}

/* In the child: write to remove, and exit with 0 if that went well. */
static void remove_and_exit(const struct function *function)
{
	signal(SIGALRM, SIG_DFL);
	_exit(mdev_remove(function->uuid) ? 1 : 0);
}

/* As with a driver's unbind: the wait cannot be broken off half-way. */
static void signal_does_not_break_remove_off(struct fixture *fixture)
{
	struct scene scene;
	int status = -1;
	pid_t child;

	open_device(fixture, &scene);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		client_close(scene.client);
		space_close(scene.space);
		remove_and_exit(scene.edu);
	}
	assert_true(event_wait(scene.request, WAIT_LIMIT_MS));
	kill(child, SIGTERM);
	assert_done(kmsg_wait_for(&fixture->log, scene.edu->address,
				  "blocked until", NULL));
	assert_int_equal(waitpid(child, &status, WNOHANG), 0);
	assert_device_works(&scene);
	client_close(scene.client);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_false(mdev_exists(scene.edu->uuid));
}

static const struct test tests[] = {
	TEST(remove_waits_until_the_device_is_closed),
	TEST(remove_asks_the_client_again_and_again),
	TEST(no_open_slips_in_while_remove_waits),
	TEST(device_works_while_remove_waits),
	TEST(create_is_refused_while_remove_waits),
	GROUP_TEST(remove_waits_for_the_last_of_two_fds,
		   "a device node can be opened only once"),
	TEST(unbind_waits_until_the_device_is_closed),
	TEST(unbind_asks_the_client_again_and_again),
	TEST(client_that_cannot_be_asked_is_waited_for),
	TEST(no_open_slips_in_while_unbind_waits),
	TEST(create_is_refused_while_unbind_waits),
	GROUP_TEST(open_that_waited_behind_a_removal_is_refused,
		   "a device node is opened before it is bound"),
	TEST(killed_client_lets_remove_end),
	TEST(signal_does_not_break_remove_off),
};

SUITE("removal", tests)
