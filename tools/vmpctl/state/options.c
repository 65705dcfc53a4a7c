// SPDX-License-Identifier: GPL-2.0-only
/*
 * The command lines of save and load, which are alike.
 */
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

/* A whole number that is no less; -1 if it is none. */
static int to_number(const char *text, int least)
{
	char *end;
	long value;

	errno = 0;
	value = strtol(text, &end, 10);
	if (errno || end == text || *end || value < least || value > INT_MAX)
		return -1;
	return value;
}

enum status options_parse(const struct command *command, int argc, char **argv,
			  struct options *options, bool *has_help)
{
	static const struct option known[] = {
		{ "pid", required_argument, NULL, 'p' },
		{ "fd", required_argument, NULL, 'f' },
		{ "stop", no_argument, NULL, 's' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int option;

	*options = (struct options) { .fd = -1 };
	*has_help = false;
	opterr = 0;
	while ((option = getopt_long(argc, argv, "h", known, NULL)) != -1) {
		switch (option) {
		case 'p':
			options->pid = to_number(optarg, 1);
			if (options->pid < 0)
				return fail_usage(command, "\"%s\" is no process id",
						  optarg);
			break;
		case 'f':
			options->fd = to_number(optarg, 0);
			if (options->fd < 0)
				return fail_usage(command, "\"%s\" is no file descriptor",
						  optarg);
			break;
		case 's':
			options->may_stop = true;
			break;
		case 'j':
			options->is_json = true;
			break;
		case 'h':
			fputs(command->usage, stdout);
			*has_help = true;
			return STATUS_DONE;
		default:
			return fail_usage(command, "\"%s\" is no option, or lacks its argument",
					  argv[optind - 1]);
		}
	}
	if (argc - optind != 2)
		return fail_usage(command, "it takes a device and a FILE");
	if (options->fd >= 0 && !options->pid)
		return fail_usage(command, "--fd needs --pid");
	options->device = argv[optind];
	options->path = argv[optind + 1];
	return STATUS_DONE;
}
