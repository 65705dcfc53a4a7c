/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The text of the step that failed last, so that a failed test names it.
 * What a test does about a failure is in check.h.
 */
#ifndef LIB_FAILURE_H
#define LIB_FAILURE_H

#include <stdbool.h>

/**
 * failure_set() - Remember why a step failed
 * @error: errno value of the failure, positive
 * @format: What could not be done, in words; the errno's text is added
 *
 * The text is kept per thread, until the next failure in it.
 *
 * Return: -@error, so that the caller can return it.
 */
int failure_set(int error, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * failure_repeat() - Make an earlier text the last one again
 * @text: What failure_text() gave then, perhaps in another thread
 */
void failure_repeat(const char *text);

/**
 * failure_text() - The text that failure_set() kept last in this thread
 *
 * Return: A text, never NULL.
 */
const char *failure_text(void);

/**
 * failure_is_among() - Whether an errno is one of those that may be
 * @error: The errno, positive
 * @errors: Those that may be; zeros are of no account
 * @nr_errors: How many
 *
 * Return: Whether it is.
 */
bool failure_is_among(int error, const int *errors, unsigned int nr_errors);

#endif
