// SPDX-License-Identifier: GPL-2.0-only
/*
 * vmpctl: what can be done with functions that vfio-mdev-pci wraps or could
 * wrap, and with the state of their devices. This is the table of its
 * commands; each has a file of its own.
 */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "similar.h"

static const struct command *const commands[] = {
	&list_command,
	&show_command,
	&client_command,
	&set_command,
	&doctor_command,
	&inspect_command,
	&save_command,
	&load_command,
};

#define NR_COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void print_usage(FILE *to)
{
	size_t i;

	fputs("Usage: vmpctl COMMAND [OPTION...] [ARGUMENT...]\n\n", to);
	for (i = 0; i < NR_COMMANDS; i++)
		fprintf(to, "  %-10s %s\n", commands[i]->name,
			commands[i]->about);
	fputs("\nvmpctl COMMAND --help says more of each; so does vmpctl(8).\n",
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

static enum status refuse_command(const char *name)
{
	struct similar similar = similar_to(name);
	char next[64] = "vmpctl --help lists the commands";
	size_t i;

	for (i = 0; i < NR_COMMANDS; i++)
		similar_offer(&similar, commands[i]->name);
	if (similar.best)
		snprintf(next, sizeof(next), "did you mean %s?", similar.best);
	return fail(STATUS_USAGE, next, "there is no command \"%s\"", name);
}

int main(int argc, char **argv)
{
	const struct command *command;
	enum status status;

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
		return refuse_command(argv[1]);

	status = command->run(argc - 1, argv + 1);
	/* What a program reads of us must not be short without a word. */
	if (fflush(stdout) || ferror(stdout))
		return fail(STATUS_FAILED, NULL, "cannot write to stdout: %m");
	return status;
}
