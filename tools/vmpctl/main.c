// SPDX-License-Identifier: GPL-2.0-only
/*
 * vmpctl: what can be done with the state of devices that vfio-mdev-pci
 * wraps. This is the table of its commands; each has a file of its own.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "command.h"

static const struct command *const commands[] = {
	&inspect_command,
	&save_command,
	&load_command,
};

#define NR_COMMANDS (sizeof(commands) / sizeof(commands[0]))

enum status fail(enum status status, const char *next, const char *format, ...)
{
	int error = errno;
	va_list args;

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

static void print_usage(FILE *to)
{
	size_t i;

	fputs("Usage: vmpctl COMMAND [OPTION...] [ARGUMENT...]\n\n", to);
	for (i = 0; i < NR_COMMANDS; i++)
		fprintf(to, "  %-10s %s\n", commands[i]->name,
			commands[i]->about);
	fputs("\nvmpctl COMMAND --help says more of each; so does vmpctl(1).\n",
	      to);
}

static const struct command *find_command(const char *name)
{
	size_t i;

	for (i = 0; i < NR_COMMANDS; i++) {
		if (!strcmp(commands[i]->name, name))
			return commands[i];
	}
	return NULL;
}

int main(int argc, char **argv)
{
	const struct command *command;

	if (argc < 2) {
		print_usage(stderr);
		return STATUS_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
		print_usage(stdout);
		return STATUS_DONE;
	}
	command = find_command(argv[1]);
	if (!command)
		return fail(STATUS_USAGE, "vmpctl --help lists the commands",
			    "there is no command \"%s\"", argv[1]);
	return command->run(argc - 1, argv + 1);
}
