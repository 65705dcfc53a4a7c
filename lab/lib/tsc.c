// SPDX-License-Identifier: GPL-2.0-only
/*
 * Prints how often this computer's time-stamp counter counts in a millisecond,
 * which is its frequency in kHz. QEMU's emulated processors read the same counter.
 */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <x86intrin.h>

#define MEASURE_NS (200 * 1000 * 1000)
#define NR_TRIES 1000

struct moment {
	uint64_t ns;
	uint64_t ticks;
};

static uint64_t clock_ns(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC_RAW, &time);
	return time.tv_sec * 1000000000ULL + time.tv_nsec;
}

/* Of many readings of both the one that took the least: nobody came between. */
static struct moment look(void)
{
	struct moment best = { 0 };
	uint64_t least = UINT64_MAX;
	int i;

	for (i = 0; i < NR_TRIES; i++) {
		uint64_t before = __rdtsc();
		uint64_t ns = clock_ns();
		uint64_t after = __rdtsc();

		if (after - before < least) {
			least = after - before;
			best.ns = ns;
			best.ticks = before + least / 2;
		}
	}
	return best;
}

int main(void)
{
	struct moment begin = look();
	const struct timespec wait = { .tv_nsec = MEASURE_NS };
	struct moment end;

	nanosleep(&wait, NULL);
	end = look();
	printf("%.0f\n", (end.ticks - begin.ticks) * 1e6 / (end.ns - begin.ns));
	return 0;
}
