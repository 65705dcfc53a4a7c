// SPDX-License-Identifier: GPL-2.0-only
/*
 * Command lines: long options, of which a command has a table.
 */
#include "arguments.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "similar.h"

#define MAX_OPTIONS 8

/* What getopt_long() returns for the option with an index. */
#define FIRST_VALUE 256

static void set_options(struct option *options, const struct argument *known)
{
	unsigned int i;

	for (i = 0; known[i].name && i < MAX_OPTIONS; i++)
		options[i] = (struct option) {
			.name = known[i].name,
			.has_arg = known[i].value ? required_argument :
						    no_argument,
			.val = FIRST_VALUE + i,
		};
	options[i] = (struct option) { "help", no_argument, NULL, 'h' };
}

/* @option: what getopt_long() has returned. */
static enum status refuse(const struct command *command, int option,
			  const char *word, const struct argument *known)
{
	struct similar similar = similar_to(word + strspn(word, "-"));
	size_t length = strcspn(similar.typed, "=");

	if (option == ':')
		return fail_usage(command, "%s lacks its argument", word);
	for (; known->name; known++) {
		similar_offer(&similar, known->name);
		if (strlen(known->name) == length &&
		    !strncmp(known->name, similar.typed, length))
			return fail_usage(command, "--%s takes no argument",
					  known->name);
	}
	if (similar.best && similar.distance)
		return fail_usage(command, "\"%s\" is no option; did you mean --%s?",
				  word, similar.best);
	return fail_usage(command, "\"%s\" is no option", word);
}

bool arguments_take(const struct command *command, int *argc, char ***argv,
		    const struct argument *known, enum status *status)
{
	struct option options[MAX_OPTIONS + 2] = { 0 };
	const struct argument *argument;
	int option;

	set_options(options, known);
	opterr = 0;
	while ((option = getopt_long(*argc, *argv, ":h", options, NULL)) != -1) {
		if (option == 'h') {
			fputs(command->usage, stdout);
			*status = STATUS_DONE;
			return false;
		}
		if (option < FIRST_VALUE) {
			*status = refuse(command, option, (*argv)[optind - 1],
					 known);
			return false;
		}
		argument = &known[option - FIRST_VALUE];
		if (argument->is_set)
			*argument->is_set = true;
		if (argument->value)
			*argument->value = optarg;
	}
	*argc -= optind;
	*argv += optind;
	return true;
}
