/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The command lines of save and load, which are alike.
 */
#ifndef VMPCTL_OPTIONS_H
#define VMPCTL_OPTIONS_H

#include <stdbool.h>
#include <sys/types.h>

#include "command.h"

/**
 * struct options - what the user said
 * @device: UUID or PCI address
 * @path: the file
 * @pid: --pid, 0 if not said
 * @fd: --fd, -1 if not said
 * @may_stop: --stop
 * @is_json: --json
 */
struct options {
	const char *device;
	const char *path;
	pid_t pid;
	int fd;
	bool may_stop;
	bool is_json;
};

/**
 * options_parse() - take a command line apart
 * @command: whose it is
 * @argc: as for main(), beginning with the command's name
 * @argv: likewise
 * @options: gets what was said
 * @has_help: --help was said, and answered
 *
 * Return: STATUS_DONE or STATUS_USAGE.
 */
enum status options_parse(const struct command *command, int argc, char **argv,
			  struct options *options, bool *has_help);

/* The options' part of --help. */
#define OPTIONS_USAGE							\
	"  --pid PID   the process that has the device open (default: look\n" \
	"              for it)\n"						\
	"  --fd N      its file descriptor of the device (default: look)\n"	\
	"  --stop      stop a device that is running, and set it going again\n" \
	"              afterwards\n"					\
	"  --json      print a JSON object\n"

#endif /* VMPCTL_OPTIONS_H */
