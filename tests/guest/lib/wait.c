// SPDX-License-Identifier: GPL-2.0-only
/*
 * Waiting for a condition with a limit.
 * What is waited for is the business of the other files.
 */
#include "wait.h"

#include <stdlib.h>
#include <time.h>

#define POLL_INTERVAL_NS (2 * 1000 * 1000)

long long clock_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

int patience(void)
{
	const char *asked = getenv("VMP_PATIENCE");
	int factor = asked ? atoi(asked) : 1;

	return factor < 1 ? 1 : factor;
}

bool wait_for(bool (*is_true)(void *arg), void *arg, int limit_ms)
{
	const struct timespec interval = { .tv_nsec = POLL_INTERVAL_NS };
	long long deadline = clock_now_ms() +
			     (long long)limit_ms * patience();

	while (!is_true(arg)) {
		if (clock_now_ms() >= deadline)
			return is_true(arg);
		nanosleep(&interval, NULL);
	}
	return true;
}
