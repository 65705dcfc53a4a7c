// SPDX-License-Identifier: GPL-2.0-only
/*
 * The states of a migration: what is offered, every way from one to another,
 * and the ends that a migration can come to. Expected is what lib/mig_model.c
 * makes of the comments in <linux/vfio.h>.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <unistd.h>

#include "edu.h"
#include "mig_stream.h"
#include "suite.h"
#include "sysfs.h"

#define TRACING "/sys/kernel/tracing"
#define ARC_EVENT TRACING "/events/vfio_mdev_pci/vmp_arc/enable"

/* In edu's record: bits of the status register that there are not */
#define EDU_STATUS_AT 8
#define EDU_STATUS_WRONG 0x70

static const enum mig_state states[] = {
	MIG_RUNNING, MIG_RUNNING_P2P, MIG_STOP, MIG_STOP_COPY, MIG_RESUMING,
	MIG_PRE_COPY, MIG_PRE_COPY_P2P,
};

static struct mig_stream save_and_go_on(struct client *client)
{
	struct mig_stream stream = mig_save(client);

	assert_done(mig_go(client, MIG_RUNNING));
	return stream;
}

/* A stream that edu's backend refuses, although all its checksums are right */
static struct mig_stream save_wrong(struct client *client)
{
	struct mig_stream stream = save_and_go_on(client);
	struct mig_records all = mig_stream_walk(&stream);
	uint8_t *edu = NULL;
	unsigned int i;

	for (i = 0; i < all.nr_records; i++)
		if (all.records[i].type == VMP_RECORD_BACKEND)
			edu = mig_stream_payload(&stream, &all.records[i]);
	assert_non_null(edu);
	edu[EDU_STATUS_AT] |= EDU_STATUS_WRONG;
	mig_stream_seal(&stream);
	return stream;
}

static void go_to_error(struct client *client, const struct mig_stream *wrong)
{
	assert_done(mig_go(client, MIG_RESUMING));
	assert_done(mig_stream_write(wrong, client->data_fd, MIG_PIECE));
	assert_true(mig_go(client, MIG_STOP) < 0);
	mig_assert_state(client, MIG_ERROR, "after a stream of nonsense");
}

/* From RUNNING; what is to be resumed has come completely. */
static void go_to_start(struct client *client, enum mig_state state,
			const struct mig_stream *stream)
{
	mig_assert_state(client, MIG_RUNNING, "at first");
	assert_done(mig_go(client, state));
	if (state == MIG_RESUMING)
		assert_done(mig_stream_write(stream, client->data_fd,
					     MIG_PIECE));
}

static void check_way(struct client *client, enum mig_state from,
		      enum mig_state to)
{
	struct mig_path path = mig_model_path(from, to);
	char way[64];
	int data_fd;
	int ret;

	snprintf(way, sizeof(way), "%s -> %s", mig_state_name(from),
		 mig_state_name(to));
	ret = mig_go_by(client->fd, to, &data_fd);
	assert_that(ret == (path.is_refused ? -EINVAL : 0),
		    "%s came to %s", way, strerror(-ret));
	assert_that((data_fd >= 0) == path.has_fd, "%s gave the data file %d",
		    way, data_fd);
	mig_assert_state(client, path.is_refused ? from : to, way);
	/* A second time it is there already. */
	if (!path.is_refused) {
		int again;

		assert_done(mig_go_by(client->fd, to, &again));
		assert_int_equal(again, -1);
		mig_assert_state(client, to, way);
	}
	if (data_fd >= 0)
		close(data_fd);
}

static void every_pair_of_states_goes_as_the_model_says(struct fixture *fixture)
{
	struct client *client = mig_new(fixture, fixture->data);
	struct mig_stream stream = save_and_go_on(client);
	size_t from;
	unsigned int to;

	for (from = 0; from < ARRAY_SIZE(states); from++) {
		for (to = 0; to < MIG_NR_STATES; to++) {
			go_to_start(client, states[from], &stream);
			check_way(client, states[from], to);
			if (mig_go(client, MIG_RUNNING))
				assert_done(client_reset(client));
		}
	}
	mig_stream_free(&stream);
}

static void resuming_without_a_stream_leads_nowhere(struct fixture *fixture)
{
	struct client *client = mig_new(fixture, fixture->data);
	unsigned int to;
	int data_fd;

	assert_done(mig_go(client, MIG_RESUMING));
	for (to = MIG_STOP; to < MIG_NR_STATES; to++) {
		if (to == MIG_RESUMING)
			continue;
		assert_true(mig_go_by(client->fd, to, &data_fd) < 0);
		assert_int_equal(data_fd, -1);
		mig_assert_state(client, MIG_RESUMING, mig_state_name(to));
	}
	assert_done(client_reset(client));
	mig_assert_state(client, MIG_RUNNING, "after the reset");
}

static void reset_leads_from_every_state_to_running(struct fixture *fixture)
{
	struct client *client = mig_new(fixture, fixture->data);
	struct mig_stream stream = save_and_go_on(client);
	uint8_t byte;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(states); i++) {
		go_to_start(client, states[i], &stream);
		assert_done(client_reset(client));
		mig_assert_state(client, MIG_RUNNING,
				 mig_state_name(states[i]));
		if (mig_model_is_saving(states[i])) {
			assert_int_equal(read(client->data_fd, &byte, 1), -1);
			assert_int_equal(errno, ENODEV);
		}
		/* It is as good as new. */
		assert_done(mig_load(client, &stream));
		assert_done(mig_go(client, MIG_RUNNING));
	}
	mig_stream_free(&stream);
}

static void whoever_opens_it_next_finds_it_running(struct fixture *fixture)
{
	struct client *client = mig_new(fixture, fixture->data);
	const char *uuid = fixture->functions[0].uuid;
	struct mig_stream stream = save_and_go_on(client);
	size_t i;
	int data_fd;

	for (i = 0; i < ARRAY_SIZE(states); i++) {
		go_to_start(client, states[i], &stream);
		data_fd = mig_take_fd(client);
		client_close(client);
		client = fixture_open_in(fixture, &fixture->spaces[0], uuid);
		mig_assert_state(client, MIG_RUNNING,
				 mig_state_name(states[i]));
		if (data_fd >= 0)
			close(data_fd);
	}
	assert_done(mig_load(client, &stream));
	mig_stream_free(&stream);
}

static void only_a_reset_leads_out_of_error(struct fixture *fixture)
{
	struct client *client = mig_new(fixture, "edu0");
	struct mig_stream stream = save_and_go_on(client);
	struct mig_stream wrong = save_wrong(client);
	unsigned int to;
	int data_fd;

	go_to_error(client, &wrong);
	for (to = 0; to < MIG_NR_STATES; to++) {
		assert_refused(mig_go_by(client->fd, to, &data_fd), EIO);
		assert_int_equal(data_fd, -1);
		mig_assert_state(client, MIG_ERROR, mig_state_name(to));
	}
	assert_refused(mig_go_by(client->fd, MIG_NR_STATES, &data_fd), EINVAL);
	assert_done(client_reset(client));
	mig_assert_state(client, MIG_RUNNING, "after the reset");
	assert_int_equal(edu_read(client, EDU_REG_ID), EDU_ID);
	assert_done(mig_load(client, &stream));
	assert_done(mig_go(client, MIG_RUNNING));
	mig_stream_free(&stream);
	mig_stream_free(&wrong);
}

static void error_ends_when_the_device_is_closed(struct fixture *fixture)
{
	struct client *client = mig_new(fixture, "edu0");
	struct mig_stream wrong = save_wrong(client);

	go_to_error(client, &wrong);
	client_close(client);
	client = fixture_open_in(fixture, &fixture->spaces[0],
				 fixture->functions[0].uuid);
	mig_assert_state(client, MIG_RUNNING, "opened anew");
	mig_stream_free(&wrong);
}

static void states_that_there_are_not_are_refused(struct fixture *fixture)
{
	static const uint32_t numbers[] = {
		MIG_ERROR, MIG_NR_STATES, MIG_NR_STATES + 1, 255, 256 + MIG_STOP,
		0x7fffffff, 0x80000000, 0xffffffff,
	};
	struct client *client = mig_new(fixture, fixture->data);
	size_t i;
	int data_fd;

	for (i = 0; i < ARRAY_SIZE(numbers); i++) {
		assert_refused(mig_go_by(client->fd, numbers[i], &data_fd),
			       EINVAL);
		assert_int_equal(data_fd, -1);
		mig_assert_state(client, MIG_RUNNING, "after the refusal");
	}
}

static void empty_trace(void)
{
	int fd = open(TRACING "/trace", O_WRONLY | O_TRUNC | O_CLOEXEC);

	assert_true(fd >= 0);
	close(fd);
}

/* The path that the driver's tracepoint tells of, as a line of states */
static void read_path(char *path, size_t size)
{
	char text[8192];
	const char *line = text;
	unsigned int from;
	unsigned int to;
	size_t used = 0;
	int nr_read;

	path[0] = '\0';
	assert_done(sysfs_read(text, sizeof(text), TRACING "/trace"));
	while ((line = strstr(line, "vmp_arc: "))) {
		nr_read = sscanf(line, "vmp_arc: %*s %u->%u", &from, &to);
		assert_int_equal(nr_read, 2);
		used += snprintf(path + used, size - used, " %s",
				 mig_state_name(to));
		line++;
	}
}

static void write_path(char *text, size_t size, const struct mig_path *path)
{
	size_t used = 0;
	unsigned int i;

	text[0] = '\0';
	for (i = 0; i < path->nr_states; i++)
		used += snprintf(text + used, size - used, " %s",
				 mig_state_name(path->states[i]));
}

static void every_way_is_the_one_that_the_rules_pick(struct fixture *fixture)
{
	struct client *client = mig_new(fixture, "ivshmem0");
	struct mig_stream stream = save_and_go_on(client);
	struct mig_path path;
	char expected[128];
	char is[128];
	unsigned int to;
	size_t from;

	mount("tracefs", TRACING, "tracefs", 0, NULL);
	if (!sysfs_exists("%s", ARC_EVENT))
		skip_because("this kernel has no tracepoints");
	fixture_set(fixture, "1", ARC_EVENT);
	for (from = 0; from < ARRAY_SIZE(states); from++) {
		for (to = 0; to < MIG_NR_STATES; to++) {
			path = mig_model_path(states[from], to);
			go_to_start(client, states[from], &stream);
			empty_trace();
			assert_int_equal(mig_go(client, to) < 0,
					 path.is_refused);
			read_path(is, sizeof(is));
			write_path(expected, sizeof(expected), &path);
			assert_string_equal(is, expected);
			if (mig_go(client, MIG_RUNNING))
				assert_done(client_reset(client));
		}
	}
	mig_stream_free(&stream);
}

static const struct {
	uint32_t feature;
	int get;	/* what asking whether it can be got must return */
	int set;	/* and set */
} features[] = {
	{ VFIO_DEVICE_FEATURE_MIGRATION, 0, -EINVAL },
	{ VFIO_DEVICE_FEATURE_MIG_DEVICE_STATE, 0, 0 },
	{ VFIO_DEVICE_FEATURE_MIG_DATA_SIZE, 0, -EINVAL },
	{ VFIO_DEVICE_FEATURE_MIG_PRECOPY_INFOv2, -EINVAL, 0 },
};

static void features_say_what_can_be_done_with_them(struct fixture *fixture)
{
	struct client *client = mig_new(fixture, fixture->data);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(features); i++) {
		assert_int_equal(client_probe_feature(client,
						      features[i].feature |
						      VFIO_DEVICE_FEATURE_GET),
				 features[i].get);
		assert_int_equal(client_probe_feature(client,
						      features[i].feature |
						      VFIO_DEVICE_FEATURE_SET),
				 features[i].set);
	}
	assert_done(client_set_feature(client,
				       VFIO_DEVICE_FEATURE_MIG_PRECOPY_INFOv2,
				       NULL, 0));
	assert_true(client->info.flags & VFIO_DEVICE_FLAGS_RESET);
}

static void arguments_that_are_too_short_are_refused(struct fixture *fixture)
{
	static const uint32_t flags[] = {
		VFIO_DEVICE_FEATURE_GET | VFIO_DEVICE_FEATURE_MIGRATION,
		VFIO_DEVICE_FEATURE_GET | VFIO_DEVICE_FEATURE_MIG_DEVICE_STATE,
		VFIO_DEVICE_FEATURE_SET | VFIO_DEVICE_FEATURE_MIG_DEVICE_STATE,
		VFIO_DEVICE_FEATURE_GET | VFIO_DEVICE_FEATURE_MIG_DATA_SIZE,
	};
	struct client *client = mig_new(fixture, fixture->data);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		struct {
			struct vfio_device_feature header;
			uint32_t data[2];
		} argument = {
			.header.argsz = sizeof(argument) - 1,
			.header.flags = flags[i],
			.data = { MIG_STOP },
		};

		assert_int_equal(ioctl(client->fd, VFIO_DEVICE_FEATURE,
				       &argument), -1);
		assert_int_equal(errno, EINVAL);
	}
	mig_assert_state(client, MIG_RUNNING, "after the refusals");
}

static void stream_is_no_longer_than_was_said(struct fixture *fixture)
{
	struct client *client = mig_new(fixture, fixture->data);
	long long said = mig_data_size(client);
	struct mig_stream stream = save_and_go_on(client);

	assert_done(said);
	assert_that((long long)stream.length <= said,
		    "%zu bytes came, of %lld", stream.length, said);
	/* It is an estimate, but not a wild one. */
	assert_true(said < (long long)stream.length + (2 << 20));
	mig_stream_free(&stream);
}

static void assert_refused_like(struct client *client, struct client *stock,
				uint32_t feature)
{
	int refusal = client_probe_feature(stock, feature);

	assert_true(refusal == -ENOTTY || refusal == -EINVAL);
	assert_int_equal(client_probe_feature(client, feature), refusal);
}

/* Of the last feature Linux 7.2 says itself, and EINVAL, that it is not there. */
static void function_without_a_backend_has_no_migration(struct fixture *fixture)
{
	struct function *other = fixture_bind_to(fixture, "e1000e0",
						 STOCK_DRIVER_NAME);
	struct space *space = fixture_space(fixture, other);
	struct client *stock = fixture_open_in(fixture, space, other->address);
	struct client *client = fixture_open(fixture,
					     mig_create(fixture, "nvme0"));
	uint64_t flags;
	size_t i;

	assert_refused(mig_flags(client, &flags), ENOTTY);
	assert_refused(mig_state(client), ENOTTY);
	assert_refused(mig_go(client, MIG_STOP), ENOTTY);
	for (i = 0; i < ARRAY_SIZE(features); i++)
		assert_refused_like(client, stock, features[i].feature |
						   VFIO_DEVICE_FEATURE_GET);
}

static const struct test tests[] = {
	MIG_TEST(features_say_what_can_be_done_with_them, "edu"),
	MIG_TEST(features_say_what_can_be_done_with_them, "ivshmem"),
	MIG_TEST(arguments_that_are_too_short_are_refused, "edu"),
	TEST(function_without_a_backend_has_no_migration),
	MIG_TEST(stream_is_no_longer_than_was_said, "edu"),
	MIG_TEST(stream_is_no_longer_than_was_said, "ivshmem"),
	MIG_TEST(states_that_there_are_not_are_refused, "edu"),
	MIG_TEST(states_that_there_are_not_are_refused, "ivshmem"),
	MIG_TEST(every_pair_of_states_goes_as_the_model_says, "edu"),
	MIG_TEST(every_pair_of_states_goes_as_the_model_says, "ivshmem"),
	TEST(every_way_is_the_one_that_the_rules_pick),
	MIG_TEST(resuming_without_a_stream_leads_nowhere, "edu"),
	MIG_TEST(resuming_without_a_stream_leads_nowhere, "ivshmem"),
	MIG_TEST(reset_leads_from_every_state_to_running, "edu"),
	MIG_TEST(reset_leads_from_every_state_to_running, "ivshmem"),
	MIG_TEST(whoever_opens_it_next_finds_it_running, "edu"),
	MIG_TEST(whoever_opens_it_next_finds_it_running, "ivshmem"),
	TEST(only_a_reset_leads_out_of_error),
	TEST(error_ends_when_the_device_is_closed),
};

SUITE("migration_arcs", tests)
