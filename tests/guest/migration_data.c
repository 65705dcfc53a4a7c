// SPDX-License-Identifier: GPL-2.0-only
/*
 * Data files: reading and writing in pieces of any size, the two kinds of end,
 * what they tell of what is to come, and what becomes of one that outlives its
 * session. What is in a stream is not of interest here.
 */
#include <errno.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "edu.h"
#include "irq.h"
#include "mig_stream.h"
#include "region.h"
#include "suite.h"
#include "wait.h"

#define HUGE_PIECE (16UL << 20)

static const size_t pieces[] = { 1, 7, 16, 4093, HUGE_PIECE };

/* So that reading it bytewise takes no minute: ivshmem's is long. */
static size_t smallest_piece(const struct mig_stream *stream)
{
	return stream->length > 100000 ? 113 : 1;
}

static struct mig_stream read_again(struct client *client, size_t piece)
{
	struct mig_stream stream = {};

	assert_done(edu_wait_until_idle(client));
	assert_done(mig_go(client, MIG_STOP_COPY));
	assert_done(mig_stream_read(&stream, client->data_fd, piece));
	assert_done(mig_go(client, MIG_STOP));
	return stream;
}

static void assert_same_stream(const struct mig_stream *is,
			       const struct mig_stream *expected, size_t piece)
{
	size_t at = 0;

	assert_int_equal(is->length, expected->length);
	while (at < is->length && is->bytes[at] == expected->bytes[at])
		at++;
	assert_that(at == is->length,
		    "in pieces of %zu it is another stream from byte %zu on",
		    piece, at);
}

static void stream_is_read_in_pieces_of_any_size(struct fixture *fixture)
{
	struct client *client = mig_new(fixture, fixture->data);
	struct mig_stream whole = read_again(client, HUGE_PIECE);
	size_t i;

	mig_stream_walk(&whole);
	for (i = 0; i < ARRAY_SIZE(pieces); i++) {
		struct mig_stream stream;

		if (pieces[i] < smallest_piece(&whole))
			continue;
		stream = read_again(client, pieces[i]);
		assert_same_stream(&stream, &whole, pieces[i]);
		mig_stream_free(&stream);
	}
	mig_stream_free(&whole);
}

static void stream_is_written_in_pieces_of_any_size(struct fixture *fixture)
{
	struct client *client = mig_new(fixture, fixture->data);
	struct mig_stream whole = read_again(client, HUGE_PIECE);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(pieces); i++) {
		struct mig_stream stream;

		if (pieces[i] < smallest_piece(&whole))
			continue;
		assert_done(mig_go(client, MIG_RESUMING));
		assert_done(mig_stream_write(&whole, client->data_fd,
					     pieces[i]));
		assert_done(mig_go(client, MIG_STOP));
		stream = read_again(client, HUGE_PIECE);
		assert_same_stream(&stream, &whole, pieces[i]);
		mig_stream_free(&stream);
	}
	mig_stream_free(&whole);
}

static void assert_ends(int data_fd, ssize_t expected, int error)
{
	uint8_t bytes[8];
	int i;

	/* As often as one asks */
	for (i = 0; i < 3; i++) {
		errno = 0;
		assert_int_equal(read(data_fd, bytes, sizeof(bytes)), expected);
		assert_int_equal(errno, error);
	}
}

/* All that came, in several parts, is one. The device is stopped then. */
static void assert_is_one_stream(struct client *client,
				 struct mig_stream *stream)
{
	mig_stream_walk(stream);
	assert_done(mig_go(client, MIG_STOP));
	assert_done(mig_load(client, stream));
	mig_stream_free(stream);
}

static void end_is_for_now_while_the_device_runs(struct fixture *fixture)
{
	struct client *client = mig_new(fixture, fixture->data);
	struct mig_stream stream = {};
	size_t length;

	assert_done(mig_go(client, MIG_PRE_COPY));
	assert_refused(mig_stream_read(&stream, client->data_fd, MIG_PIECE),
		       ENOMSG);
	assert_true(stream.length > 0);
	assert_ends(client->data_fd, -1, ENOMSG);
	assert_done(mig_go(client, MIG_PRE_COPY_P2P));
	assert_refused(mig_stream_read(&stream, client->data_fd, MIG_PIECE),
		       ENOMSG);
	assert_done(mig_go(client, MIG_PRE_COPY));
	assert_refused(mig_stream_read(&stream, client->data_fd, MIG_PIECE),
		       ENOMSG);
	length = stream.length;
	assert_done(mig_go(client, MIG_STOP_COPY));
	assert_done(mig_stream_read(&stream, client->data_fd, MIG_PIECE));
	assert_true(stream.length > length);
	assert_ends(client->data_fd, 0, 0);
	assert_is_one_stream(client, &stream);
}

static void stream_is_whole_without_any_read_before_the_stop(struct fixture *fixture)
{
	struct client *client = mig_new(fixture, fixture->data);
	struct mig_stream stream = {};

	assert_done(mig_go(client, MIG_PRE_COPY));
	assert_done(mig_go(client, MIG_STOP_COPY));
	assert_done(mig_stream_read(&stream, client->data_fd, MIG_PIECE));
	assert_is_one_stream(client, &stream);
}

static void part_of_a_record_read_before_the_stop_goes_on_behind(struct fixture *fixture)
{
	struct client *client = mig_new(fixture, fixture->data);
	struct mig_stream stream = {};
	uint8_t bytes[17];

	assert_done(mig_go(client, MIG_PRE_COPY));
	assert_int_equal(read(client->data_fd, bytes, sizeof(bytes)),
			 sizeof(bytes));
	mig_stream_append(&stream, bytes, sizeof(bytes));
	assert_done(mig_go(client, MIG_STOP_COPY));
	assert_done(mig_stream_read(&stream, client->data_fd, MIG_PIECE));
	assert_is_one_stream(client, &stream);
}

static short poll_now(int fd)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN | POLLOUT };

	assert_int_equal(poll(&poll_fd, 1, 0), 1);
	return poll_fd.revents;
}

static void poll_never_sleeps_for_what_a_read_would_tell(struct fixture *fixture)
{
	struct client *client = mig_new(fixture, fixture->data);
	struct mig_stream stream = {};

	assert_done(mig_go(client, MIG_PRE_COPY));
	assert_true(poll_now(client->data_fd) & POLLIN);
	assert_done(mig_go(client, MIG_STOP_COPY));
	assert_true(poll_now(client->data_fd) & POLLIN);
	assert_done(mig_stream_read(&stream, client->data_fd, MIG_PIECE));
	/* At the end, always */
	assert_true(poll_now(client->data_fd) & POLLIN);
	assert_done(mig_go(client, MIG_STOP));
	assert_true(poll_now(client->data_fd) & (POLLERR | POLLHUP));
	assert_done(mig_go(client, MIG_RESUMING));
	assert_true(poll_now(client->data_fd) & POLLOUT);
	assert_done(mig_stream_write(&stream, client->data_fd, MIG_PIECE));
	assert_true(poll_now(client->data_fd) & POLLOUT);
	assert_done(mig_go(client, MIG_STOP));
	assert_true(poll_now(client->data_fd) & (POLLERR | POLLHUP));
	mig_stream_free(&stream);
}

static struct vfio_precopy_info ask(int data_fd)
{
	struct vfio_precopy_info info = {
		.argsz = sizeof(info),
		.flags = 0xffffffff,
	};

	assert_done(mig_precopy_info(data_fd, &info));
	/* Whatever was in them, as asked for with the second version */
	assert_int_equal(info.flags, 0);
	return info;
}

static void initial_bytes_fall_to_nothing_as_they_are_read(struct fixture *fixture)
{
	struct client *client = mig_new(fixture, fixture->data);
	unsigned long long before;
	struct vfio_precopy_info info;
	uint64_t total = 0;
	uint64_t initial;
	uint8_t byte;

	assert_done(client_set_feature(client,
				       VFIO_DEVICE_FEATURE_MIG_PRECOPY_INFOv2,
				       NULL, 0));
	assert_done(mig_go(client, MIG_PRE_COPY));
	info = ask(client->data_fd);
	initial = info.initial_bytes;
	assert_true(initial > 0);
	do {
		before = info.initial_bytes;
		assert_int_equal(read(client->data_fd, &byte, 1), 1);
		total++;
		info = ask(client->data_fd);
		assert_that(info.initial_bytes < before ||
			    (!before && !info.initial_bytes),
			    "%llu bytes are left of %llu",
			    (unsigned long long)info.initial_bytes, before);
	} while (info.initial_bytes);
	/* What was announced is what came. */
	assert_int_equal(total, initial);
	assert_done(mig_go(client, MIG_PRE_COPY_P2P));
	assert_int_equal(ask(client->data_fd).initial_bytes, 0);
}

static void nothing_is_to_come_at_the_end_for_now(struct fixture *fixture)
{
	struct client *client = mig_new(fixture, fixture->data);
	struct mig_stream stream = {};
	struct vfio_precopy_info info;

	assert_done(mig_go(client, MIG_PRE_COPY));
	info = ask(client->data_fd);
	do {
		size_t before = stream.length;

		assert_refused(mig_stream_read(&stream, client->data_fd,
					       MIG_PIECE), ENOMSG);
		if (stream.length == before)
			break;
	} while (stream.length);
	/* It was not less than what came, but for records' headers. */
	assert_true(info.initial_bytes + info.dirty_bytes +
		    info.dirty_bytes / 16 + 4096 >= stream.length);
	info = ask(client->data_fd);
	assert_int_equal(info.initial_bytes, 0);
	assert_int_equal(info.dirty_bytes, 0);
	mig_stream_free(&stream);
}

static void what_is_to_come_is_told_in_precopy_only(struct fixture *fixture)
{
	struct client *client = mig_new(fixture, fixture->data);
	struct vfio_precopy_info info = { .argsz = sizeof(info) - 1 };
	int data_fd;

	assert_done(mig_go(client, MIG_PRE_COPY));
	assert_refused(mig_precopy_info(client->data_fd, &info), EINVAL);
	info.argsz = sizeof(info) + 64;
	assert_done(mig_precopy_info(client->data_fd, &info));
	assert_int_equal(ioctl(client->data_fd, VFIO_MIG_GET_PRECOPY_INFO + 1,
			       &info), -1);
	assert_int_equal(errno, ENOTTY);
	assert_int_equal(ioctl(client->data_fd, VFIO_MIG_GET_PRECOPY_INFO,
			       NULL), -1);
	assert_int_equal(errno, EFAULT);
	assert_done(mig_go(client, MIG_STOP_COPY));
	assert_refused(mig_precopy_info(client->data_fd, &info), EINVAL);
	data_fd = mig_take_fd(client);
	assert_done(mig_go(client, MIG_RESUMING));
	assert_true(mig_precopy_info(data_fd, &info) < 0);
	assert_true(mig_precopy_info(client->data_fd, &info) < 0);
	close(data_fd);
}

static void data_files_have_one_direction_and_no_position(struct fixture *fixture)
{
	struct client *client = mig_new(fixture, fixture->data);
	uint8_t bytes[8] = {};

	assert_done(mig_go(client, MIG_STOP_COPY));
	assert_int_equal(pread(client->data_fd, bytes, 8, 0), -1);
	assert_int_equal(errno, ESPIPE);
	assert_int_equal(lseek(client->data_fd, 0, SEEK_SET), -1);
	assert_int_equal(errno, ESPIPE);
	assert_int_equal(write(client->data_fd, bytes, 8), -1);
	assert_int_equal(errno, EBADF);
	assert_done(mig_go(client, MIG_RESUMING));
	assert_int_equal(pwrite(client->data_fd, bytes, 8, 0), -1);
	assert_int_equal(errno, ESPIPE);
	assert_int_equal(lseek(client->data_fd, 0, SEEK_CUR), -1);
	assert_int_equal(errno, ESPIPE);
	assert_int_equal(read(client->data_fd, bytes, 8), -1);
	assert_int_equal(errno, EBADF);
}

static void bad_pointer_costs_no_byte(struct fixture *fixture)
{
	struct client *client = mig_new(fixture, fixture->data);
	void *nowhere = mmap(NULL, 8, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
			     -1, 0);
	struct mig_stream stream = {};

	assert_done(mig_go(client, MIG_STOP_COPY));
	assert_int_equal(read(client->data_fd, nowhere, 8), -1);
	assert_int_equal(errno, EFAULT);
	assert_int_equal(read(client->data_fd, nowhere, 0), 0);
	assert_done(mig_stream_read(&stream, client->data_fd, MIG_PIECE));
	mig_stream_walk(&stream);
	assert_done(mig_go(client, MIG_RESUMING));
	assert_int_equal(write(client->data_fd, nowhere, 8), -1);
	assert_int_equal(errno, EFAULT);
	assert_int_equal(write(client->data_fd, nowhere, 0), 0);
	assert_done(mig_stream_write(&stream, client->data_fd, MIG_PIECE));
	assert_done(mig_go(client, MIG_STOP));
	mig_stream_free(&stream);
	munmap(nowhere, 8);
}

static const struct test tests[] = {
	MIG_TEST(stream_is_read_in_pieces_of_any_size, "edu"),
	MIG_TEST(stream_is_read_in_pieces_of_any_size, "ivshmem"),
	MIG_TEST(stream_is_written_in_pieces_of_any_size, "edu"),
	MIG_TEST(stream_is_written_in_pieces_of_any_size, "ivshmem"),
	MIG_TEST(end_is_for_now_while_the_device_runs, "edu"),
	MIG_TEST(end_is_for_now_while_the_device_runs, "ivshmem"),
	MIG_TEST(stream_is_whole_without_any_read_before_the_stop, "edu"),
	MIG_TEST(stream_is_whole_without_any_read_before_the_stop, "ivshmem"),
	MIG_TEST(part_of_a_record_read_before_the_stop_goes_on_behind, "edu"),
	MIG_TEST(part_of_a_record_read_before_the_stop_goes_on_behind, "ivshmem"),
	MIG_TEST(poll_never_sleeps_for_what_a_read_would_tell, "edu"),
	MIG_TEST(poll_never_sleeps_for_what_a_read_would_tell, "ivshmem"),
	MIG_TEST(initial_bytes_fall_to_nothing_as_they_are_read, "edu"),
	MIG_TEST(initial_bytes_fall_to_nothing_as_they_are_read, "ivshmem"),
	MIG_TEST(nothing_is_to_come_at_the_end_for_now, "edu"),
	MIG_TEST(nothing_is_to_come_at_the_end_for_now, "ivshmem"),
	MIG_TEST(what_is_to_come_is_told_in_precopy_only, "edu"),
	MIG_TEST(what_is_to_come_is_told_in_precopy_only, "ivshmem"),
	MIG_TEST(data_files_have_one_direction_and_no_position, "edu"),
	MIG_TEST(data_files_have_one_direction_and_no_position, "ivshmem"),
	MIG_TEST(bad_pointer_costs_no_byte, "edu"),
	MIG_TEST(bad_pointer_costs_no_byte, "ivshmem"),
};

SUITE("migration_data", tests)
