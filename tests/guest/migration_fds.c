// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whose files they are: data files that outlive their session, the device's
 * opening, the mdev, the binding; several openers; and all of it at once.
 */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "edu.h"
#include "mig_stream.h"
#include "region.h"
#include "suite.h"
#include "wait.h"

/* How often each call is made in the storm, at least. */
#define NR_CALLS 30
#define STORM_LIMIT_MS 40000
#define NR_THREADS 6

static void assert_dead(int saving_fd, int loading_fd)
{
	struct vfio_precopy_info info = { .argsz = sizeof(info) };
	uint8_t bytes[64] = {};

	if (saving_fd >= 0) {
		assert_int_equal(read(saving_fd, bytes, sizeof(bytes)), -1);
		assert_int_equal(errno, ENODEV);
		assert_refused(mig_precopy_info(saving_fd, &info), ENODEV);
	}
	if (loading_fd >= 0) {
		assert_int_equal(write(loading_fd, bytes, sizeof(bytes)), -1);
		assert_int_equal(errno, ENODEV);
	}
}

static void data_file_ends_with_its_session(struct fixture *fixture)
{
	struct client *client = mig_new(fixture, fixture->data);
	struct mig_stream stream = {};
	int saving_fd;
	int loading_fd;

	assert_done(mig_go(client, MIG_PRE_COPY));
	saving_fd = mig_take_fd(client);
	assert_done(mig_go(client, MIG_RUNNING));
	assert_dead(saving_fd, -1);
	close(saving_fd);
	/* With a record half read, and the next session already begun */
	assert_done(mig_go(client, MIG_STOP_COPY));
	saving_fd = mig_take_fd(client);
	assert_int_equal(read(saving_fd, &loading_fd, 3), 3);
	assert_done(mig_go(client, MIG_STOP));
	assert_dead(saving_fd, -1);
	assert_done(mig_go(client, MIG_STOP_COPY));
	assert_dead(saving_fd, -1);
	assert_done(mig_stream_read(&stream, client->data_fd, MIG_PIECE));
	assert_done(mig_load(client, &stream));
	loading_fd = mig_take_fd(client);
	assert_dead(saving_fd, loading_fd);
	assert_done(mig_go(client, MIG_RESUMING));
	assert_dead(saving_fd, loading_fd);
	assert_done(mig_stream_write(&stream, client->data_fd, MIG_PIECE));
	assert_done(mig_go(client, MIG_STOP));
	close(saving_fd);
	close(loading_fd);
	mig_stream_free(&stream);
}

/* A data file of each kind; the second one's session is under way. */
static void begin_both(struct client *client, int *saving_fd, int *loading_fd)
{
	struct mig_stream stream = mig_save(client);

	*saving_fd = mig_take_fd(client);
	assert_done(mig_go(client, MIG_RESUMING));
	*loading_fd = mig_take_fd(client);
	assert_int_equal(write(*loading_fd, stream.bytes, 100), 100);
	mig_stream_free(&stream);
}

static void data_file_outlives_the_device_and_the_mdev(struct fixture *fixture)
{
	struct client *client = mig_new(fixture, fixture->data);
	struct function *function = &fixture->functions[0];
	struct mig_stream stream;
	int saving_fd;
	int loading_fd;

	begin_both(client, &saving_fd, &loading_fd);
	client_close(client);
	assert_dead(saving_fd, loading_fd);
	assert_done(mdev_remove(function->uuid));
	assert_dead(saving_fd, loading_fd);
	assert_done(mdev_create(function->address, function->uuid));
	client = fixture_open_in(fixture, &fixture->spaces[0], function->uuid);
	assert_done(config_set_command(client, PCI_COMMAND_MEMORY |
				       PCI_COMMAND_MASTER, 0));
	stream = mig_save(client);
	assert_dead(saving_fd, loading_fd);
	assert_done(mig_load(client, &stream));
	close(saving_fd);
	close(loading_fd);
	mig_stream_free(&stream);
}

static void data_file_outlives_the_binding(struct fixture *fixture)
{
	struct client *client = mig_new(fixture, fixture->data);
	struct function *function = &fixture->functions[0];
	int saving_fd;
	int loading_fd;

	begin_both(client, &saving_fd, &loading_fd);
	client_close(client);
	space_close(&fixture->spaces[0]);
	assert_done(pci_unbind(function->address));
	assert_dead(saving_fd, loading_fd);
	close(saving_fd);
	assert_done(pci_bind(function->address, DRIVER_NAME));
	assert_dead(-1, loading_fd);
	close(loading_fd);
}

static void read_that_was_begun_keeps_the_device_from_nobody(struct fixture *fixture)
{
	struct client *client = mig_new(fixture, fixture->data);
	int saving_fd;
	uint8_t byte;

	assert_done(mig_go(client, MIG_PRE_COPY));
	saving_fd = mig_take_fd(client);
	assert_int_equal(read(saving_fd, &byte, 1), 1);
	assert_done(client_reset(client));
	assert_dead(saving_fd, -1);
	assert_done(mig_go(client, MIG_PRE_COPY));
	assert_int_equal(read(client->data_fd, &byte, 1), 1);
	assert_dead(saving_fd, -1);
	close(saving_fd);
}

static void openers_of_a_device_share_its_migration(struct fixture *fixture)
{
	struct client *client = mig_new(fixture, fixture->data);
	struct client *second;
	struct mig_stream stream = {};
	int duplicate = dup(client->fd);
	int data_fd;
	int other_fd;

	assert_done(mig_go_by(duplicate, MIG_PRE_COPY, &data_fd));
	mig_assert_state(client, MIG_PRE_COPY, "as the duplicate left it");
	assert_refused(mig_stream_read(&stream, data_fd, MIG_PIECE), ENOMSG);
	close(duplicate);
	second = fixture_open_in(fixture, client->space,
				 fixture->functions[0].uuid);
	mig_assert_state(second, MIG_PRE_COPY, "to the second opener");
	assert_done(mig_go_by(second->fd, MIG_STOP_COPY, &other_fd));
	assert_int_equal(other_fd, -1);
	/* That the first one leaves ends nothing. */
	client_close(client);
	mig_assert_state(second, MIG_STOP_COPY, "after the first one left");
	assert_done(mig_stream_read(&stream, data_fd, MIG_PIECE));
	mig_stream_walk(&stream);
	assert_done(mig_load(second, &stream));
	assert_done(mig_go(second, MIG_RUNNING));
	assert_dead(data_fd, -1);
	close(data_fd);
	mig_stream_free(&stream);
}

/* What the threads of the storm share */
static struct {
	struct client *client;
	struct mig_stream stream;	/* a good one */
	atomic_int data_fd;		/* whichever came last, or -1 */
	atomic_bool is_over;
	atomic_ulong nr_calls[NR_THREADS];
	atomic_ulong nr_wrong;		/* answers that there must not be */
} storm;

static bool is_expected(int ret)
{
	static const int errors[] = {
		EINVAL, EIO, EAGAIN, ENODEV, ENOMSG, EBADF, EBADMSG, EBUSY,
		EPROTONOSUPPORT, EMSGSIZE, ESPIPE, EINTR,
	};

	return ret >= 0 || failure_is_among(-ret, errors, ARRAY_SIZE(errors));
}

static void call_set_state(unsigned int *seed)
{
	int data_fd;
	int ret = mig_go_by(storm.client->fd, rand_r(seed) % MIG_NR_STATES,
			    &data_fd);

	if (!is_expected(ret))
		atomic_fetch_add(&storm.nr_wrong, 1);
	if (data_fd < 0)
		return;
	data_fd = atomic_exchange(&storm.data_fd, data_fd);
	if (data_fd >= 0)
		close(data_fd);
}

/* Of the data file that there is, with a descriptor of its own */
static int borrow_data_fd(void)
{
	int data_fd = atomic_load(&storm.data_fd);

	return data_fd < 0 ? -1 : dup(data_fd);
}

static void call_read(unsigned int *seed)
{
	int data_fd = borrow_data_fd();
	uint8_t bytes[8192];
	ssize_t ret;

	ret = read(data_fd, bytes, rand_r(seed) % sizeof(bytes));
	if (!is_expected(ret < 0 ? -errno : 0))
		atomic_fetch_add(&storm.nr_wrong, 1);
	close(data_fd);
}

static void call_write(unsigned int *seed)
{
	int data_fd = borrow_data_fd();
	int ret;

	ret = mig_stream_write(&storm.stream, data_fd,
			       1 + rand_r(seed) % 9000);
	if (!is_expected(ret))
		atomic_fetch_add(&storm.nr_wrong, 1);
	close(data_fd);
}

static void call_info(unsigned int *seed)
{
	struct vfio_precopy_info info = { .argsz = sizeof(info) };
	int data_fd = borrow_data_fd();
	int state;

	(void)seed;
	mig_precopy_info(data_fd, &info);
	state = mig_state(storm.client);
	if (state < 0 || state >= MIG_NR_STATES || mig_data_size(storm.client) < 0)
		atomic_fetch_add(&storm.nr_wrong, 1);
	close(data_fd);
}

static void call_reset(unsigned int *seed)
{
	struct timespec pause = { 0, 1000000 * (rand_r(seed) % 200) };

	nanosleep(&pause, NULL);
	if (client_reset(storm.client))
		atomic_fetch_add(&storm.nr_wrong, 1);
}

static void call_close(unsigned int *seed)
{
	int data_fd = atomic_exchange(&storm.data_fd, -1);
	struct timespec pause = { 0, 1000000 * (rand_r(seed) % 20) };

	if (data_fd >= 0)
		close(data_fd);
	/* The device's registers and config space go on being used, too. */
	config_set_command(storm.client, PCI_COMMAND_MEMORY |
			   PCI_COMMAND_MASTER, 0);
	region_read32(storm.client, VFIO_PCI_BAR0_REGION_INDEX,
		      EDU_REG_DMA_COMMAND);
	nanosleep(&pause, NULL);
}

static void (* const calls[NR_THREADS])(unsigned int *seed) = {
	call_set_state, call_read, call_write, call_info, call_reset,
	call_close,
};

static void *run_calls(void *number)
{
	unsigned int thread = (uintptr_t)number;
	unsigned int seed = 1 + thread;

	while (!atomic_load(&storm.is_over)) {
		calls[thread](&seed);
		atomic_fetch_add(&storm.nr_calls[thread], 1);
	}
	return NULL;
}

static bool have_come_often(void *arg)
{
	size_t i;

	(void)arg;
	for (i = 0; i < NR_THREADS; i++)
		if (atomic_load(&storm.nr_calls[i]) < NR_CALLS)
			return false;
	return true;
}

static void run_storm(void)
{
	pthread_t threads[NR_THREADS];
	uintptr_t i;

	for (i = 0; i < NR_THREADS; i++)
		if (pthread_create(&threads[i], NULL, run_calls, (void *)i))
			abort();
	wait_for(have_come_often, NULL, STORM_LIMIT_MS);
	atomic_store(&storm.is_over, true);
	for (i = 0; i < NR_THREADS; i++)
		pthread_join(threads[i], NULL);
}

static void anything_at_once_leaves_a_device_that_works(struct fixture *fixture)
{
	struct client *client = mig_new(fixture, fixture->data);
	struct mig_stream after;
	size_t i;

	storm.client = client;
	assert_done(edu_wait_until_idle(client));
	storm.stream = mig_save(client);
	assert_done(mig_go(client, MIG_RUNNING));
	atomic_store(&storm.data_fd, -1);
	atomic_store(&storm.is_over, false);
	atomic_store(&storm.nr_wrong, 0);
	for (i = 0; i < NR_THREADS; i++)
		atomic_store(&storm.nr_calls[i], 0);
	run_storm();
	if (storm.data_fd >= 0)
		close(storm.data_fd);
	assert_int_equal(storm.nr_wrong, 0);
	for (i = 0; i < NR_THREADS; i++)
		assert_that(storm.nr_calls[i] >= NR_CALLS,
			    "call %zu came %lu times", i, storm.nr_calls[i]);
	assert_done(client_reset(client));
	mig_assert_state(client, MIG_RUNNING, "after the storm");
	assert_done(mig_load(client, &storm.stream));
	assert_done(edu_wait_until_idle(client));
	after = mig_save(client);
	assert_int_equal(after.length, storm.stream.length);
	assert_memory_equal(after.bytes, storm.stream.bytes, after.length);
	mig_stream_free(&after);
	mig_stream_free(&storm.stream);
}

/* See vfio_df_open() in the kernel's drivers/vfio/vfio_main.c. */
#define SHARED_TEST(function, device) \
	{ .name = #function "_on_" device, .run = (function), \
	  .limit_s = TEST_LIMIT_S, .data = device "0", \
	  .not_by_cdev = "by cdev a device has one opener at a time" }

static const struct test tests[] = {
	MIG_TEST(data_file_ends_with_its_session, "edu"),
	MIG_TEST(data_file_ends_with_its_session, "ivshmem"),
	MIG_TEST(data_file_outlives_the_device_and_the_mdev, "edu"),
	MIG_TEST(data_file_outlives_the_device_and_the_mdev, "ivshmem"),
	MIG_TEST(data_file_outlives_the_binding, "edu"),
	MIG_TEST(data_file_outlives_the_binding, "ivshmem"),
	MIG_TEST(read_that_was_begun_keeps_the_device_from_nobody, "edu"),
	MIG_TEST(read_that_was_begun_keeps_the_device_from_nobody, "ivshmem"),
	SHARED_TEST(openers_of_a_device_share_its_migration, "edu"),
	SHARED_TEST(openers_of_a_device_share_its_migration, "ivshmem"),
	MIG_TEST(anything_at_once_leaves_a_device_that_works, "edu"),
	MIG_TEST(anything_at_once_leaves_a_device_that_works, "ivshmem"),
};

SUITE("migration_fds", tests)
