/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Waiting for a condition with a limit, and the clock for it.
 * No caller sleeps for luck: it names the condition it waits for.
 */
#ifndef LIB_WAIT_H
#define LIB_WAIT_H

#include <stdbool.h>

/* Long enough for every step in an emulated machine on a busy host. */
#define WAIT_LIMIT_MS 20000

/**
 * clock_now_ms() - Read the monotonic clock
 *
 * Return: Milliseconds since some moment in the past.
 */
long long clock_now_ms(void);

/**
 * patience() - How many times as long as usual everything may take
 *
 * Return: The number in the environment's VMP_PATIENCE, which is for slow
 * kernels and busy computers; 1 without it.
 */
int patience(void);

/**
 * wait_for() - Poll a condition until it holds or the time is up
 * @is_true: The condition
 * @arg: What it looks at
 * @limit_ms: Time limit, which patience() multiplies; the condition is looked at
 *            once more when it is up
 *
 * Return: Whether the condition held.
 */
bool wait_for(bool (*is_true)(void *arg), void *arg, int limit_ms);

#endif
