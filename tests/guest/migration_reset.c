// SPDX-License-Identifier: GPL-2.0-only
/*
 * Root's reset, by the PCI device's file "reset": it comes without any lock of
 * vfio's, in the middle of whatever a migration does. What it overtakes must
 * not pass for done.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "edu.h"
#include "mig_stream.h"
#include "suite.h"
#include "sysfs.h"

/* Alone behind a port: the kernel can reset it by its bus. */
#define DEVICE "hotplug0"

/* How many arcs say that one was within: more than begin and end. */
#define ENOUGH 3

/* One would do; who resets, and who is reset, may wait for a processor. */
#define MAX_RESETS 100

/* Root, who resets so many times, unless something goes wrong. */
static struct {
	const struct function *function;
	int nr_wanted;
	atomic_bool is_over;
	atomic_int nr_resets;
	atomic_int error;
	pthread_t thread;
} root;

static void *reset_by_root(void *unused)
{
	(void)unused;
	while (!root.is_over && root.nr_resets < root.nr_wanted) {
		int ret = sysfs_write("1", PCI_DEVICES "/%s/reset",
				      root.function->address);

		if (ret) {
			root.error = -ret;
			break;
		}
		root.nr_resets++;
	}
	root.is_over = true;
	return NULL;
}

static void begin_resets(const struct fixture *fixture, int nr)
{
	root.function = &fixture->functions[0];
	root.nr_wanted = nr;
	root.is_over = false;
	root.nr_resets = 0;
	root.error = 0;
	assert_int_equal(pthread_create(&root.thread, NULL, reset_by_root,
					NULL), 0);
}

static void end_resets(struct client *client)
{
	root.is_over = true;
	pthread_join(root.thread, NULL);
	assert_that(!root.error, "root's reset: %s", strerror(root.error));
	mig_assert_state(client, MIG_RUNNING, "when the resets are over");
}

/*
 * Arcs, as fast as they go, while one reset after the other is under way, until
 * one reset has refused enough in a row: only the first of these can have seen
 * it begin, and only the last one its end. Returns whether there were enough,
 * or how an arc ended that was not refused.
 */
static int take_arcs(struct client *client)
{
	unsigned int nr_refused = 0;
	int nr_resets = 0;

	while (nr_refused < ENOUGH && !root.is_over) {
		bool runs = mig_state(client) == MIG_RUNNING;
		int ret = mig_go(client, runs ? MIG_STOP : MIG_RUNNING);

		if (ret && ret != -EAGAIN)
			return ret;
		nr_refused = ret && nr_resets == root.nr_resets ?
			     nr_refused + 1 : 0;
		nr_resets = root.nr_resets;
	}
	return nr_refused == ENOUGH;
}

static void arc_within_a_reset_of_roots_is_refused(struct fixture *fixture)
{
	struct client *client = mig_new(fixture, DEVICE);
	struct mig_stream stream;
	int ret;

	begin_resets(fixture, MAX_RESETS);
	ret = take_arcs(client);
	end_resets(client);
	assert_done(ret);
	assert_that(ret, "none of %d resets refused %d arcs", root.nr_resets,
		    ENOUGH);
	stream = mig_save(client);
	assert_done(mig_load(client, &stream));
	mig_stream_free(&stream);
}

/*
 * A good stream is loaded byte by byte while one reset is made. Returns whether
 * a byte was refused while the session went on: a reset that is over has ended
 * it. A device that is being reset may seem to be asleep, which is EIO and says
 * nothing here.
 */
static bool is_byte_refused(struct client *client, struct fixture *fixture,
			    const struct mig_stream *stream)
{
	bool is_refused = false;
	size_t at = 0;

	assert_done(mig_go(client, MIG_RESUMING));
	begin_resets(fixture, 1);
	while (!is_refused && !root.is_over && at < stream->length) {
		if (write(client->data_fd, stream->bytes + at, 1) == 1)
			at++;
		else
			is_refused = errno == ENODEV &&
				     mig_state(client) == MIG_RESUMING;
	}
	end_resets(client);
	return is_refused;
}

static void piece_within_a_reset_of_roots_is_refused(struct fixture *fixture)
{
	struct client *client = mig_new(fixture, DEVICE);
	struct mig_stream stream = mig_save(client);
	int nr_resets = 0;

	while (!is_byte_refused(client, fixture, &stream))
		assert_that(++nr_resets < MAX_RESETS,
			    "none of %d resets refused a byte", nr_resets);
	assert_done(mig_load(client, &stream));
	mig_stream_free(&stream);
}

static const struct test tests[] = {
	TEST(arc_within_a_reset_of_roots_is_refused),
	TEST(piece_within_a_reset_of_roots_is_refused),
};

SUITE("migration_reset", tests)
