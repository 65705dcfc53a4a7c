// SPDX-License-Identifier: GPL-2.0-only
/*
 * How a command says that something is wrong.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "command.h"

enum status fail(enum status status, const char *next, const char *format, ...)
{
	int error = errno;
	va_list args;

	/* What was printed before belongs before it. */
	fflush(stdout);
	fputs("vmpctl: ", stderr);
	va_start(args, format);
	errno = error;
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	if (next)
		fprintf(stderr, "  %s\n", next);
	return status;
}

enum status fail_usage(const struct command *command, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "vmpctl %s: ", command->name);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "\n  vmpctl %s --help shows what can be said\n",
		command->name);
	return STATUS_USAGE;
}
