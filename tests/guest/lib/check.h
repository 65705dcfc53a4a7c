/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Assertions on the library's steps, on top of cmocka's own.
 * They exist to print the failing step's text, which cmocka does not know.
 */
#ifndef LIB_CHECK_H
#define LIB_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "failure.h"

#ifndef ARRAY_SIZE
#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#endif

/* The step must succeed: return 0 or more. */
#define assert_done(step) do {						\
	long ret_ = (step);						\
									\
	if (ret_ < 0)							\
		fail_msg("%s failed: %s", #step, failure_text());	\
} while (0)

/* The step must fail, with exactly this errno (positive). */
#define assert_refused(step, error) do {				\
	long ret_ = (step);						\
									\
	if (ret_ >= 0)							\
		fail_msg("%s was allowed (%ld)", #step, ret_);		\
	if (ret_ != -(error))						\
		fail_msg("%s failed with \"%s\", not with \"%s\"",	\
			 #step, strerror(-ret_), strerror(error));	\
} while (0)

/* The condition must hold; the text says what was expected instead. */
#define assert_that(condition, ...) do {				\
	if (!(condition))						\
		fail_msg(__VA_ARGS__);					\
} while (0)

#endif
