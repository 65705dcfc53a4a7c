// SPDX-License-Identifier: GPL-2.0-only
/*
 * How many instructions something takes.
 *
 * QEMU's -icount lets the time-stamp counter advance with each instruction, in
 * user space and kernel alike, and with time while the processor sleeps. So what
 * sleeps is measured by what the scheduler saw run: /proc/schedstat has the sum
 * of all tasks' time, which leaves out the idle task's.
 */
#include "meter.h"

#include <fcntl.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>
#include <x86intrin.h>

#include "check.h"

/* Longer than a function takes to D3hot (10 ms) and what is queued for it */
#define SETTLE_NS (24 * 1000 * 1000)

/* More than this for a loop of a thousand is not what instructions take. */
#define LOOP 1000
#define LOOP_LIMIT 8000

static int schedstat_fd = -1;

static void spin(void *arg)
{
	unsigned int i;

	(void)arg;
	for (i = 0; i < LOOP; i++)
		__asm__ volatile("" : : : "memory");
}

void meter_open(void)
{
	uint64_t first = UINT64_MAX;
	unsigned int nr_same = 0;
	unsigned int i;

	schedstat_fd = open("/proc/schedstat", O_RDONLY | O_CLOEXEC);
	assert_that(schedstat_fd >= 0, "this kernel has no /proc/schedstat");
	for (i = 0; i < 8; i++) {
		uint64_t cost = meter_cost(METER_CLOCK, spin, NULL);

		nr_same += cost == first;
		first = cost < first ? cost : first;
	}
	assert_that(nr_same && first >= LOOP && first < LOOP_LIMIT,
		    "the clock does not count instructions; lab/vm --icount shift=0 --accel tcg lets it");
}

void meter_close(void)
{
	close(schedstat_fd);
	schedstat_fd = -1;
}

/* Nanoseconds that tasks ran until they were last switched from. */
static uint64_t run_time(void)
{
	unsigned long long ns;
	char text[4096];
	int nr_found;
	ssize_t got;
	char *line;

	got = pread(schedstat_fd, text, sizeof(text) - 1, 0);
	assert_true(got > 0);
	text[got] = '\0';
	line = strstr(text, "\ncpu0 ");
	assert_non_null(line);
	nr_found = sscanf(line, "\ncpu0 %*u %*u %*u %*u %*u %*u %llu", &ns);
	assert_int_equal(nr_found, 1);
	return ns;
}

/* Sleeping switches from this task, too. */
static void settle(void)
{
	const struct timespec time = { .tv_nsec = SETTLE_NS };

	nanosleep(&time, NULL);
}

static uint64_t busy_cost(void (*call)(void *arg), void *arg)
{
	uint64_t begun;

	settle();
	begun = run_time();
	call(arg);
	settle();
	return run_time() - begun;
}

static uint64_t clock_cost(void (*call)(void *arg), void *arg)
{
	uint64_t begun = __rdtsc();

	call(arg);
	return __rdtsc() - begun;
}

uint64_t meter_cost(enum meter meter, void (*call)(void *arg), void *arg)
{
	return meter == METER_BUSY ? busy_cost(call, arg) :
				     clock_cost(call, arg);
}

static uint64_t clock_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ULL + now.tv_nsec;
}

void meter_read(struct meter_reading *reading, void (*call)(void *arg),
		void *arg)
{
	uint64_t begun_ns;
	uint64_t begun;

	settle();
	begun = run_time();
	begun_ns = clock_now_ns();
	call(arg);
	reading->elapsed_ns = clock_now_ns() - begun_ns;
	settle();
	reading->instructions = run_time() - begun;
}
