/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Command lines: long options, of which a command has a table, and what is
 * left.
 */
#ifndef VMPCTL_ARGUMENTS_H
#define VMPCTL_ARGUMENTS_H

#include <stdbool.h>

#include "command.h"

/**
 * struct argument - an option
 * @name: without its dashes; NULL ends a table
 * @is_set: set if it was said; or NULL
 * @value: gets the word that follows it; NULL if none does
 */
struct argument {
	const char *name;
	bool *is_set;
	const char **value;
};

/**
 * arguments_take() - take the options out of a command line
 * @command: whose command line it is; --help prints its usage
 * @argc: as for main(), beginning with the command's name; gets the number of
 *	words that are left
 * @argv: likewise; gets those words
 * @known: the command's options
 * @status: gets what to return if there is no more to do
 *
 * Return: whether the command is to go on.
 */
bool arguments_take(const struct command *command, int *argc, char ***argv,
		    const struct argument *known, enum status *status);

#endif /* VMPCTL_ARGUMENTS_H */
