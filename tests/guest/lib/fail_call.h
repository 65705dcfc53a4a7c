/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Calls that the driver under test makes and that fail when a test wants it,
 * also on kernels without fault injection. By the test module "fail_call".
 */
#ifndef LIB_FAIL_CALL_H
#define LIB_FAIL_CALL_H

#include <errno.h>

/* What xa_store() returns if there is no memory: xa_mk_internal(-ENOMEM) */
#define FAIL_CALL_XA_NO_MEMORY (-ENOMEM * 4 + 2)

/**
 * fail_call_arm() - Have one of the driver's calls of a function fail
 * @function: The kernel's function
 * @nth: Which of the calls from now on, from 0
 * @value: What it returns to the driver
 *
 * Skips the test if the module fail_call was not built for this kernel.
 */
void fail_call_arm(const char *function, unsigned int nth, long value);

/**
 * fail_call_hold_up() - Hold up the first call of a function
 * @caller: The module whose call is meant, as /proc/modules has it
 * @function: The kernel's function
 *
 * It sleeps until fail_call_let_go(), or for a minute; the caller must be one that
 * may sleep. Ends with fail_call_disarm(). Skips the test as fail_call_arm() does.
 */
void fail_call_hold_up(const char *caller, const char *function);

/**
 * fail_call_let_go() - Let the call go on that fail_call_hold_up() is about
 *
 * Return: 0 or a -errno.
 */
int fail_call_let_go(void);

/**
 * fail_call_count() - Count all calls of a function, and let them through
 * @function: The function, also one of the driver's
 *
 * Ends with fail_call_disarm(). Skips the test as fail_call_arm() does.
 */
void fail_call_count(const char *function);

/**
 * fail_call_disarm() - Let all calls through again
 * @nr_calls: Where the number of calls since then goes, or NULL
 *
 * Does nothing if they are.
 *
 * Return: 0 or a -errno.
 */
int fail_call_disarm(unsigned int *nr_calls);

#endif
