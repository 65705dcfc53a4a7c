// SPDX-License-Identifier: GPL-2.0-only
/*
 * The text of the step that failed last.
 * Nothing here prints or ends a test.
 */
#include "failure.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static __thread char last_text[512];

int failure_set(int error, const char *format, ...)
{
	va_list args;
	size_t len;

	va_start(args, format);
	vsnprintf(last_text, sizeof(last_text), format, args);
	va_end(args);
	len = strlen(last_text);
	snprintf(last_text + len, sizeof(last_text) - len, ": %s",
		 strerror(error));
	return -error;
}

void failure_repeat(const char *text)
{
	snprintf(last_text, sizeof(last_text), "%s", text);
}

const char *failure_text(void)
{
	return last_text;
}

bool failure_is_among(int error, const int *errors, unsigned int nr_errors)
{
	unsigned int i;

	for (i = 0; i < nr_errors; i++) {
		if (error && error == errors[i])
			return true;
	}
	return false;
}
