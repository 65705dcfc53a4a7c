// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two calls at once, each over and over.
 */
#include "pairs.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "background.h"
#include "check.h"
#include "wait.h"

/* How often each call is made alone. */
#define ALONE_ROUNDS 4

/* What two calls may take together until both have been made. */
#define HANG_LIMIT_MS 60000

struct pair;

/* One of the two threads. */
struct side {
	const struct pair_call *call;
	struct pair *pair;
	atomic_uint rounds;
	atomic_uint successes;
	char complaint[512];	/* read when the thread has ended */
};

struct pair {
	struct side sides[2];
	pthread_barrier_t start;	/* both threads', and the test's */
	atomic_bool is_over;
	long long end_ms;	/* when it may end */
};

/* What is offered, and what all pairs came to. */
struct tally {
	const struct pair_call *calls[PAIR_MAX_CALLS];
	unsigned int nr_calls;
	unsigned int nr_pairs;
	unsigned int nr_vain;	/* of which one side never succeeded */
	unsigned long nr_rounds;
	unsigned long nr_successes;
};

static _Thread_local unsigned int this_round;

unsigned int pairs_round(void)
{
	return this_round;
}

/* Until the other side is done as well, or one call ends as it may not. */
static int run_side(void *arg)
{
	struct side *side = arg;
	atomic_bool *is_over = &side->pair->is_over;

	pthread_barrier_wait(&side->pair->start);
	while (!atomic_load(is_over)) {
		int ret = side->call->run();

		if (ret < 0 && !failure_is_among(-ret, side->call->errors,
						 PAIR_MAX_ERRORS)) {
			snprintf(side->complaint, sizeof(side->complaint),
				 "%s: %s (%s)", side->call->name,
				 strerror(-ret), failure_text());
			atomic_store(is_over, true);
		}
		if (ret >= 0)
			atomic_fetch_add(&side->successes, 1);
		atomic_fetch_add(&side->rounds, 1);
		this_round++;
	}
	return 0;
}

static bool is_enough(void *arg)
{
	struct pair *pair = arg;

	if (atomic_load(&pair->is_over))
		return true;
	return clock_now_ms() >= pair->end_ms &&
	       atomic_load(&pair->sides[0].rounds) &&
	       atomic_load(&pair->sides[1].rounds);
}

static void run_pair(struct pair *pair, unsigned int ms)
{
	struct background *threads[2];
	bool came_to_an_end;
	unsigned int i;

	for (i = 0; i < 2; i++)
		threads[i] = background_call(run_side, &pair->sides[i]);
	pthread_barrier_wait(&pair->start);
	pair->end_ms = clock_now_ms() + ms;
	came_to_an_end = wait_for(is_enough, pair, HANG_LIMIT_MS);
	atomic_store(&pair->is_over, true);
	for (i = 0; i < 2; i++) {
		/* What hangs for ever is what the suite has a limit for. */
		if (!came_to_an_end)
			printf("# \"%s\" beside \"%s\": made %u times\n",
			       pair->sides[i].call->name,
			       pair->sides[!i].call->name,
			       atomic_load(&pair->sides[i].rounds));
		background_finish(threads[i]);
	}
	assert_true(came_to_an_end);
	for (i = 0; i < 2; i++)
		assert_that(!pair->sides[i].complaint[0], "beside \"%s\", %s",
			    pair->sides[!i].call->name,
			    pair->sides[i].complaint);
}

/* The last one, of which threads may be left if time was up. */
static struct pair *last;

static void end_last(void)
{
	if (last)
		atomic_store(&last->is_over, true);
}

static struct pair *begin_pair(const struct pair_call *one,
			       const struct pair_call *other)
{
	struct pair *pair = calloc(1, sizeof(*pair));

	if (!pair || pthread_barrier_init(&pair->start, NULL, 3))
		abort();
	pair->sides[0].call = one;
	pair->sides[1].call = other;
	pair->sides[0].pair = pair;
	pair->sides[1].pair = pair;
	last = pair;
	return pair;
}

static void make_pair(const struct pairs *pairs, struct tally *tally,
		      const struct pair_call *one,
		      const struct pair_call *other)
{
	struct pair *pair;
	unsigned int i;

	assert_done(pairs->prepare());
	pair = begin_pair(one, other);
	run_pair(pair, pairs->ms);
	tally->nr_pairs++;
	if (!pair->sides[0].successes || !pair->sides[1].successes)
		tally->nr_vain++;
	for (i = 0; i < 2; i++) {
		tally->nr_rounds += pair->sides[i].rounds;
		tally->nr_successes += pair->sides[i].successes;
	}
	last = NULL;
	pthread_barrier_destroy(&pair->start);
	free(pair);
}

static void make_alone(const struct pairs *pairs, const struct pair_call *call)
{
	assert_done(pairs->prepare());
	for (this_round = 0; this_round < ALONE_ROUNDS; this_round++) {
		int ret = call->run();

		assert_that(ret >= 0, "alone, %s: %s (%s)", call->name,
			    strerror(-ret), failure_text());
	}
	this_round = 0;
}

static void find_calls(const struct pair_table *table, struct tally *tally)
{
	unsigned int i;

	for (i = 0; i < table->nr_calls; i++) {
		const struct pair_call *call = &table->calls[i];

		if (call->is_offered && !call->is_offered())
			continue;
		assert_true(tally->nr_calls < PAIR_MAX_CALLS);
		tally->calls[tally->nr_calls++] = call;
	}
}

void pairs_run(const struct pairs *pairs)
{
	struct tally tally = { .nr_calls = 0 };
	unsigned int i, k;

	end_last();
	for (i = 0; i < pairs->nr_tables; i++)
		find_calls(&pairs->tables[i], &tally);
	for (i = 0; i < tally.nr_calls; i++)
		make_alone(pairs, tally.calls[i]);
	for (i = 0; i < tally.nr_calls; i++) {
		for (k = 0; k <= i; k++)
			make_pair(pairs, &tally, tally.calls[i],
				  tally.calls[k]);
	}
	assert_done(pairs->prepare());
	printf("# %u pairs of %u kinds of calls: %lu calls, %lu succeeded; %u in vain\n",
	       tally.nr_pairs, tally.nr_calls, tally.nr_rounds,
	       tally.nr_successes, tally.nr_vain);
	/* One that has the device's lock all the time may keep others out. */
	assert_that(tally.nr_vain * 2 <= tally.nr_pairs,
		    "in %u of %u pairs one call never succeeded",
		    tally.nr_vain, tally.nr_pairs);
}
