// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loops that run all at once until time is up.
 * Nothing here knows what the loops do.
 */
#include "storm.h"

#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "sysfs.h"
#include "wait.h"

#define MAX_KINDS 8
#define MAX_OPERATIONS 8

/* Past this, an operation hangs: nobody keeps a device for even a second. */
#define HANG_LIMIT_MS 120000

/* How much longer it may take until each operation succeeded once. */
#define PATIENCE_MS 300000

/* No operation: the loop is between two. */
#define IDLE (-1)

/* How often one operation was tried, how long it took, how it failed last. */
struct count {
	atomic_uint tries;
	atomic_uint successes;
	atomic_uint longest_ms;
	char failure[256];	/* written by whichever loop was last */
};

struct storm_loop {
	const struct storm_kind *kind;
	unsigned int number;
	unsigned int seed;	/* rand_r()'s, the loop's own */
	struct count *counts;	/* one for each of the kind's operations */
	struct background *thread;
	atomic_int tid;
	atomic_int operation;	/* its index, or IDLE */
	atomic_llong began_ms;	/* when @operation began */
};

static struct {
	struct storm_loop loops[FIXTURE_MAX];
	unsigned int nr_loops;
	struct count counts[MAX_KINDS][MAX_OPERATIONS];
	const struct storm_kind *kinds;
	long long end_ms;	/* when it may end */
	atomic_bool is_over;
	atomic_uint nr_complaints;
	char complaint[512];	/* the first */
} storm;

unsigned int storm_number(const struct storm_loop *loop)
{
	return loop->number;
}

unsigned int storm_draw(struct storm_loop *loop, unsigned int below)
{
	return rand_r(&loop->seed) % below;
}

int storm_complain(const char *format, ...)
{
	va_list args;

	if (atomic_fetch_add(&storm.nr_complaints, 1))
		return -EIO;
	va_start(args, format);
	vsnprintf(storm.complaint, sizeof(storm.complaint), format, args);
	va_end(args);
	return -EIO;
}

static unsigned int weigh(const struct storm_operation *operation)
{
	return operation->weight ? operation->weight : 1;
}

static unsigned int draw_operation(struct storm_loop *loop)
{
	const struct storm_operation *operations = loop->kind->operations;
	unsigned int total = 0;
	unsigned int drawn;
	unsigned int i;

	for (i = 0; operations[i].name; i++)
		total += weigh(&operations[i]);
	drawn = storm_draw(loop, total);
	for (i = 0; drawn >= weigh(&operations[i]); i++)
		drawn -= weigh(&operations[i]);
	return i;
}

static void keep_longest(struct count *count, unsigned int ms)
{
	unsigned int longest = atomic_load(&count->longest_ms);

	while (ms > longest &&
	       !atomic_compare_exchange_weak(&count->longest_ms, &longest, ms))
		;
}

static void run_operation(struct storm_loop *loop, unsigned int index)
{
	struct count *count = &loop->counts[index];
	long long began_ms = clock_now_ms();

	atomic_store(&loop->began_ms, began_ms);
	atomic_store(&loop->operation, index);
	atomic_fetch_add(&count->tries, 1);
	if (loop->kind->operations[index].run(loop) >= 0)
		atomic_fetch_add(&count->successes, 1);
	else
		snprintf(count->failure, sizeof(count->failure), "%s",
			 failure_text());
	atomic_store(&loop->operation, IDLE);
	keep_longest(count, clock_now_ms() - began_ms);
}

/* Not to wait for anything: so that loops meet in ever other ways. */
static void pause_for(unsigned int ms)
{
	const struct timespec pause = {
		.tv_sec = ms / 1000,
		.tv_nsec = ms % 1000 * 1000000L,
	};

	nanosleep(&pause, NULL);
}

static int run_loop(void *arg)
{
	struct storm_loop *loop = arg;

	atomic_store(&loop->tid, gettid());
	while (!atomic_load(&storm.is_over)) {
		run_operation(loop, draw_operation(loop));
		pause_for(storm_draw(loop, loop->kind->pause_ms));
	}
	return 0;
}

static void assert_few_operations(const struct storm_kind *kind)
{
	unsigned int nr = 0;

	while (kind->operations[nr].name)
		nr++;
	assert_true(nr <= MAX_OPERATIONS);
}

static unsigned int choose_seed(void)
{
	const char *given = getenv("STORM_SEED");
	unsigned int seed = given ? strtoul(given, NULL, 0) :
				    (unsigned int)time(NULL);

	printf("# STORM_SEED=%u\n", seed);
	return seed;
}

static void start_loops(struct fixture *fixture,
			const struct storm_kind *kinds, unsigned int seconds)
{
	unsigned int seed = choose_seed();
	unsigned int kind;
	unsigned int i;

	memset(&storm, 0, sizeof(storm));
	storm.kinds = kinds;
	storm.end_ms = clock_now_ms() + seconds * 1000LL;
	for (kind = 0; kinds[kind].name; kind++) {
		assert_true(kind < MAX_KINDS);
		assert_few_operations(&kinds[kind]);
		for (i = 0; i < kinds[kind].nr_loops; i++) {
			struct storm_loop *loop;

			assert_true(storm.nr_loops < FIXTURE_MAX);
			loop = &storm.loops[storm.nr_loops++];
			loop->kind = &kinds[kind];
			loop->number = i;
			loop->seed = seed + storm.nr_loops * 7919;
			loop->operation = IDLE;
			loop->counts = storm.counts[kind];
			loop->thread = fixture_keep_step(
				fixture, background_call(run_loop, loop));
		}
	}
}

static struct storm_loop *find_hanging(void)
{
	long long now = clock_now_ms();
	unsigned int i;

	for (i = 0; i < storm.nr_loops; i++) {
		struct storm_loop *loop = &storm.loops[i];

		if (atomic_load(&loop->operation) != IDLE &&
		    now - atomic_load(&loop->began_ms) > HANG_LIMIT_MS)
			return loop;
	}
	return NULL;
}

/* The first operation that never succeeded, and how often it was tried. */
static const struct storm_operation *find_vain(const struct count **count)
{
	const struct storm_operation *op;
	unsigned int kind;
	unsigned int i;

	for (kind = 0; storm.kinds[kind].name; kind++) {
		op = storm.kinds[kind].operations;
		for (i = 0; op->name; i++, op++) {
			*count = &storm.counts[kind][i];
			if (!(*count)->successes)
				return op;
		}
	}
	return NULL;
}

static bool may_end(void)
{
	const struct count *count;

	return clock_now_ms() >= storm.end_ms && !find_vain(&count);
}

static bool may_end_or_hangs(void *arg)
{
	(void)arg;
	return find_hanging() || may_end();
}

static bool have_all_ended(void)
{
	unsigned int i;

	for (i = 0; i < storm.nr_loops; i++) {
		if (!background_is_done(storm.loops[i].thread))
			return false;
	}
	return true;
}

static bool have_ended_or_hangs(void *arg)
{
	(void)arg;
	return find_hanging() || have_all_ended();
}

static const char *operation_name(struct storm_loop *loop)
{
	int index = atomic_load(&loop->operation);

	return index == IDLE ? "(idle)" : loop->kind->operations[index].name;
}

/* What each loop is at, and where in the kernel. */
static void print_loops(void)
{
	char stack[4096];
	unsigned int i;

	for (i = 0; i < storm.nr_loops; i++) {
		struct storm_loop *loop = &storm.loops[i];

		sysfs_read(stack, sizeof(stack), "/proc/self/task/%d/stack",
			   atomic_load(&loop->tid));
		fprintf(stderr, "# %s %u: %s for %lld ms\n%s\n",
			loop->kind->name, loop->number, operation_name(loop),
			clock_now_ms() - atomic_load(&loop->began_ms), stack);
	}
}

static void assert_nothing_hangs(void)
{
	struct storm_loop *hanging = find_hanging();

	if (!hanging)
		return;
	atomic_store(&storm.is_over, true);
	print_loops();
	fail_msg("%s hangs: \"%s\" takes over %d s", hanging->kind->name,
		 operation_name(hanging), HANG_LIMIT_MS / 1000);
}

static void report(void)
{
	const struct storm_operation *op;
	const struct storm_kind *kind;
	const struct count *count;

	for (kind = storm.kinds; kind->name; kind++) {
		count = storm.counts[kind - storm.kinds];
		for (op = kind->operations; op->name; op++, count++)
			printf("# %s: %s: %u of %u, the longest %u ms; last error: %s\n",
			       kind->name, op->name, count->successes,
			       count->tries, count->longest_ms,
			       count->failure);
	}
}

static void assert_success(void)
{
	const struct storm_operation *op;
	const struct count *count;

	assert_that(!storm.nr_complaints, "%u times, first: %s",
		    storm.nr_complaints, storm.complaint);
	op = find_vain(&count);
	if (op)
		fail_msg("\"%s\" never succeeded in %u tries", op->name,
			 count->tries);
}

void storm_run(struct fixture *fixture, const struct storm_kind *kinds,
	       unsigned int seconds)
{
	start_loops(fixture, kinds, seconds);
	wait_for(may_end_or_hangs, NULL, seconds * 1000 + PATIENCE_MS);
	assert_nothing_hangs();
	atomic_store(&storm.is_over, true);
	wait_for(have_ended_or_hangs, NULL, 2 * HANG_LIMIT_MS);
	assert_nothing_hangs();
	assert_that(have_all_ended(), "the loops do not end");
	report();
	assert_success();
}
