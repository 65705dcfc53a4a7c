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

/* Alone behind a port: the kernel can reset it by its bus, in a tenth of a second. */
#define DEVICE "hotplug0"

/* What of a reset's time is asked for: more than its beginning and its end. */
#define ENOUGH 3

/* Root, who resets as long as he is wanted. */
static struct {
	const struct function *function;
	atomic_bool is_over;
	atomic_int nr_resets;
	atomic_int error;
} root;

static void *reset_by_root(void *unused)
{
	(void)unused;
	while (!atomic_load(&root.is_over)) {
		int ret = sysfs_write("1", PCI_DEVICES "/%s/reset",
				      root.function->address);

		if (ret) {
			atomic_store(&root.error, -ret);
			break;
		}
		atomic_fetch_add(&root.nr_resets, 1);
	}
	return NULL;
}

static pthread_t begin_resets(const struct function *function)
{
	pthread_t thread;

	root.function = function;
	atomic_store(&root.is_over, false);
	atomic_store(&root.nr_resets, 0);
	atomic_store(&root.error, 0);
	assert_int_equal(pthread_create(&thread, NULL, reset_by_root, NULL), 0);
	return thread;
}

static void end_resets(pthread_t thread)
{
	atomic_store(&root.is_over, true);
	pthread_join(thread, NULL);
	assert_that(!root.error, "root's reset: %s", strerror(root.error));
}

/*
 * Arcs, as fast as they go, while one reset after the other is under way: how
 * many in a row were overtaken, at most. Only the first of these can have seen
 * the reset begin, and only the last one its end.
 */
static unsigned int most_refused_in_a_row(struct client *client)
{
	unsigned int nr_in_a_row = 0;
	unsigned int most = 0;

	while (!root.error && most < ENOUGH && root.nr_resets < 100) {
		int state = mig_state(client);
		int ret = mig_go(client, state == MIG_RUNNING ? MIG_STOP :
							       MIG_RUNNING);

		assert_that(!ret || ret == -EAGAIN, "an arc: %s",
			    strerror(-ret));
		nr_in_a_row = ret ? nr_in_a_row + 1 : 0;
		if (nr_in_a_row > most)
			most = nr_in_a_row;
	}
	return most;
}

static void arc_within_a_reset_of_roots_is_refused(struct fixture *fixture)
{
	struct client *client = mig_new(fixture, DEVICE);
	struct mig_stream stream;
	unsigned int nr_refused;
	pthread_t thread;

	thread = begin_resets(&fixture->functions[0]);
	nr_refused = most_refused_in_a_row(client);
	end_resets(thread);
	assert_that(nr_refused >= ENOUGH,
		    "%d resets refused no more than %u arcs in a row",
		    root.nr_resets, nr_refused);
	mig_assert_state(client, MIG_RUNNING, "when the resets are over");
	stream = mig_save(client);
	assert_done(mig_load(client, &stream));
	mig_stream_free(&stream);
}

static const struct test tests[] = {
	TEST(arc_within_a_reset_of_roots_is_refused),
};

SUITE("migration_reset", tests)
