// SPDX-License-Identifier: GPL-2.0-only
/*
 * Error paths of migration: each allocation and each copy that an operation
 * has the kernel make fails once. The source can go on and has lost nothing;
 * a target is in RESUMING or ERROR, and a reset leads on; and what failed
 * succeeds when it is tried again. Traps and dirty pages are in
 * fail_nth_traps.c.
 */
#include <errno.h>
#include <stdio.h>

#include "fail_nth.h"
#include "mig_subject.h"
#include "suite.h"

static void assert_goes_on(void *arg)
{
	mig_subject_assert_goes_on(arg);
}

static void assert_source_unharmed(void *arg, int error)
{
	(void)error;
	mig_subject_assert_goes_on(arg);
}

static void run_again(void *arg)
{
	mig_subject_restart(arg);
}

/* Arcs */

static void go_to_resuming(struct mig_subject *subject)
{
	assert_done(mig_go(subject->client, MIG_RESUMING));
	subject->nr_given = 0;
	assert_done(mig_subject_give(subject, MIG_PIECE));
}

static void go_to_begin_of_arc(void *arg)
{
	struct mig_subject *subject = arg;

	mig_subject_restart(subject);
	if (subject->from == MIG_RESUMING)
		go_to_resuming(subject);
	else
		assert_done(mig_go(subject->client, subject->from));
}

static int take_arc(void *arg)
{
	struct mig_subject *subject = arg;

	return mig_go(subject->client, subject->to);
}

static bool is_for_target(const struct mig_subject *subject)
{
	return subject->from == MIG_RESUMING || subject->to == MIG_RESUMING;
}

/* The answer alone may have got lost: then the arc was taken. */
static void assert_before_or_behind_arc(void *arg, int error)
{
	struct mig_subject *subject = arg;
	int state = mig_state(subject->client);

	assert_done(state);
	if (is_for_target(subject) && state == MIG_ERROR)
		return;
	assert_that(state == (int)subject->from ||
		    (error == EFAULT && state == (int)subject->to),
		    "%s to %s failed with \"%s\", and the state is %s",
		    mig_state_name(subject->from), mig_state_name(subject->to),
		    strerror(error), mig_state_name(state));
	if (state != MIG_RESUMING)
		mig_subject_assert_goes_on(subject);
}

static void assert_behind_arc(void *arg)
{
	struct mig_subject *subject = arg;

	mig_assert_state(subject->client, subject->to, "behind the arc");
	if (subject->to != MIG_RESUMING)
		mig_subject_assert_goes_on(subject);
}

static void sweep_arc(struct mig_subject *subject, enum mig_state from,
		      enum mig_state to)
{
	char name[64];
	const struct fail_nth_sweep sweep = {
		.name = name,
		.prepare = go_to_begin_of_arc,
		.run = take_arc,
		.check_failed = assert_before_or_behind_arc,
		.check_done = assert_behind_arc,
	};

	snprintf(name, sizeof(name), "%s: %s to %s", mig_subject_name(subject),
		 mig_state_name(from), mig_state_name(to));
	subject->from = from;
	subject->to = to;
	fail_nth_run(&sweep, subject);
}

/* Those that are one arc; what is more is several of these. */
static void each_arc_can_fail(struct fixture *fixture)
{
	struct mig_subject subject = mig_subject_begin(fixture);
	unsigned int from, to;
	struct mig_path path;

	mig_subject_keep_stream(&subject);
	for (from = MIG_STOP; from < MIG_NR_STATES; from++) {
		for (to = MIG_STOP; to < MIG_NR_STATES; to++) {
			path = mig_model_path(from, to);
			if (path.nr_states == 1 && !path.is_refused)
				sweep_arc(&subject, from, to);
		}
	}
	mig_stream_free(&subject.stream);
}

static int ask_state(void *arg)
{
	struct mig_subject *subject = arg;

	return mig_state(subject->client);
}

static int ask_data_size(void *arg)
{
	struct mig_subject *subject = arg;
	long long size = mig_data_size(subject->client);

	return size < 0 ? size : 0;
}

static int ask_flags(void *arg)
{
	struct mig_subject *subject = arg;
	uint64_t flags;

	return mig_flags(subject->client, &flags);
}

/* Streams */

static void go_to_stop_copy(void *arg)
{
	struct mig_subject *subject = arg;

	mig_subject_restart(subject);
	subject->nr_taken = 0;
	assert_done(mig_go(subject->client, MIG_STOP_COPY));
}

static int take_all(void *arg)
{
	return mig_subject_take(arg);
}

static void assert_taken_all(void *arg)
{
	struct mig_subject *subject = arg;
	struct mig_stream stream = {
		.bytes = subject->taken,
		.length = subject->nr_taken,
	};

	mig_stream_walk(&stream);
	mig_subject_assert_goes_on(subject);
}

/* Who reads on gets all that he has not got. */
static void assert_nothing_of_it_is_lost(void *arg, int error)
{
	struct mig_subject *subject = arg;

	(void)error;
	mig_assert_state(subject->client, MIG_STOP_COPY, "behind a read");
	assert_done(mig_subject_take(subject));
	assert_taken_all(subject);
}

static void state_that_cannot_be_read_is_read_again(struct fixture *fixture)
{
	static const struct fail_nth_sweep read_state = {
		.name = "read the state", .run = ask_state,
	};
	static const struct fail_nth_sweep read_flags = {
		.name = "read the flags", .run = ask_flags,
	};
	static const struct fail_nth_sweep read_size = {
		.name = "read the stream's length", .run = ask_data_size,
	};
	struct mig_subject subject = mig_subject_begin(fixture);

	fail_nth_run(&read_state, &subject);
	fail_nth_run(&read_flags, &subject);
	if (!client_probe_feature(subject.client, VFIO_DEVICE_FEATURE_GET |
				  VFIO_DEVICE_FEATURE_MIG_DATA_SIZE))
		fail_nth_run(&read_size, &subject);
}

static void reading_the_stream_can_fail(struct fixture *fixture)
{
	static const struct fail_nth_sweep save = {
		.name = "save",
		.prepare = go_to_stop_copy,
		.run = take_all,
		.check_failed = assert_nothing_of_it_is_lost,
		.check_done = assert_taken_all,
	};
	struct mig_subject subject = mig_subject_begin(fixture);

	fail_nth_run(&save, &subject);
}

static void start_migration(void *arg)
{
	struct mig_subject *subject = arg;

	mig_subject_restart(subject);
	subject->nr_taken = 0;
}

/* As a VMM migrates a device that runs */
static int migrate_away(void *arg)
{
	struct mig_subject *subject = arg;
	struct vfio_precopy_info info = { .argsz = sizeof(info) };
	int ret;

	ret = mig_go(subject->client, MIG_PRE_COPY);
	if (!ret)
		ret = mig_precopy_info(subject->client->data_fd, &info);
	if (!ret)
		ret = mig_subject_take(subject);
	if (!ret)
		ret = mig_go(subject->client, MIG_PRE_COPY_P2P);
	if (!ret)
		ret = mig_go(subject->client, MIG_STOP_COPY);
	if (!ret)
		ret = mig_subject_take(subject);
	return ret;
}

static void all_of_a_migration_can_fail(struct fixture *fixture)
{
	static const struct fail_nth_sweep migration = {
		.name = "precopy and save",
		.prepare = start_migration,
		.run = migrate_away,
		.check_failed = assert_source_unharmed,
		.check_done = assert_taken_all,
	};
	struct mig_subject subject = mig_subject_begin(fixture);

	fail_nth_run(&migration, &subject);
}

static void start_to_load(void *arg)
{
	struct mig_subject *subject = arg;

	mig_subject_restart(subject);
	subject->nr_given = 0;
}

/* In small pieces, so that some end within a record */
static int load_all(void *arg)
{
	struct mig_subject *subject = arg;
	int ret = mig_go(subject->client, MIG_RESUMING);

	if (!ret)
		ret = mig_subject_give(subject, 1000);
	return ret ? ret : mig_go(subject->client, MIG_STOP);
}

/* What set_state() passes through on the way to RESUMING. */
static bool is_before_resuming(int state)
{
	return state == MIG_RUNNING || state == MIG_RUNNING_P2P ||
	       state == MIG_STOP;
}

static void assert_target_is_to_be_reset(void *arg, int error)
{
	struct mig_subject *subject = arg;
	int state = mig_state(subject->client);

	assert_done(state);
	assert_that(state == MIG_RESUMING || state == MIG_ERROR ||
		    (error == EFAULT && state == MIG_STOP) ||
		    (!subject->nr_given && is_before_resuming(state)),
		    "loading failed with \"%s\", and the state is %s",
		    strerror(error), mig_state_name(state));
	mig_subject_restart(subject);
}

static void writing_the_stream_can_fail(struct fixture *fixture)
{
	static const struct fail_nth_sweep load = {
		.name = "load",
		.prepare = start_to_load,
		.run = load_all,
		.check_failed = assert_target_is_to_be_reset,
		.check_done = assert_goes_on,
	};
	struct mig_subject subject = mig_subject_begin(fixture);

	mig_subject_keep_stream(&subject);
	fail_nth_run(&load, &subject);
	mig_stream_free(&subject.stream);
}

/* What else is done to a device that migrates */

static int reset_it(void *arg)
{
	struct mig_subject *subject = arg;

	return client_reset(subject->client);
}

/* Out of the states that it must be good for */
static void reset_can_fail(struct fixture *fixture)
{
	static const struct fail_nth_sweep reset = {
		.name = "reset",
		.prepare = go_to_begin_of_arc,
		.run = reset_it,
		.check_done = run_again,
	};
	static const enum mig_state states[] = {
		MIG_RUNNING, MIG_PRE_COPY, MIG_STOP_COPY, MIG_RESUMING,
	};
	struct mig_subject subject = mig_subject_begin(fixture);
	size_t i;

	mig_subject_keep_stream(&subject);
	for (i = 0; i < ARRAY_SIZE(states); i++) {
		subject.from = states[i];
		fail_nth_run(&reset, &subject);
	}
	mig_stream_free(&subject.stream);
}

#define ON(function, device) \
	{ .name = #function "_on_" device, .run = (function), \
	  .limit_s = 400, .data = device "0" }

static const struct test tests[] = {
	ON(state_that_cannot_be_read_is_read_again, "edu"),
	ON(state_that_cannot_be_read_is_read_again, "ivshmem"),
	ON(each_arc_can_fail, "edu"),
	ON(each_arc_can_fail, "ivshmem"),
	ON(reading_the_stream_can_fail, "edu"),
	ON(reading_the_stream_can_fail, "ivshmem"),
	ON(all_of_a_migration_can_fail, "edu"),
	ON(all_of_a_migration_can_fail, "ivshmem"),
	ON(writing_the_stream_can_fail, "edu"),
	ON(writing_the_stream_can_fail, "ivshmem"),
	/* That of ivshmem needs no memory, and copies nothing. */
	ON(reset_can_fail, "edu"),
};

SUITE("fail_nth_migration", tests)
