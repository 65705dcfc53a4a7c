// SPDX-License-Identifier: GPL-2.0-only
/*
 * Text for eyes: colours and widths of the terminal, if stdout is one.
 */
#include "terminal.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Where lines of words are broken if stdout is no terminal. */
#define DEFAULT_WIDTH 80

static const char *const escapes[] = {
	[COLOUR_NONE] = "",
	[COLOUR_GOOD] = "\033[32m",
	[COLOUR_BAD] = "\033[31m",
	[COLOUR_NOTE] = "\033[33m",
	[COLOUR_HEAD] = "\033[1m",
};

static bool has_colour(void)
{
	const char *no_color = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && !(no_color && *no_color) &&
	       term && strcmp(term, "dumb");
}

/* 0 if it is no terminal, or does not say. */
static unsigned int width_of_terminal(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size))
		return 0;
	return size.ws_col;
}

void terminal_cell(enum colour colour, unsigned int width, const char *text)
{
	bool is_coloured = colour != COLOUR_NONE && has_colour();
	unsigned int length = strlen(text);

	printf("%s%s%s", is_coloured ? escapes[colour] : "", text,
	       is_coloured ? "\033[0m" : "");
	if (length < width)
		printf("%*s", width - length, "");
}

/* A character of UTF-8 is not cut in two. */
static size_t length_within(const char *text, unsigned int columns)
{
	size_t i;

	for (i = 0; text[i]; i++) {
		if ((text[i] & 0xc0) == 0x80)
			continue;
		if (!columns)
			break;
		columns--;
	}
	return i;
}

void terminal_rest(unsigned int used, const char *text)
{
	unsigned int width = width_of_terminal();
	size_t length = strlen(text);

	if (width)
		length = length_within(text, width > used ? width - used : 0);
	printf("%.*s\n", (int)length, text);
}

void terminal_wrapped(unsigned int indent, unsigned int used,
		      const char *text)
{
	unsigned int width = width_of_terminal();
	bool is_first = true;
	size_t length;

	if (!width)
		width = DEFAULT_WIDTH;
	for (;;) {
		text += strspn(text, " ");
		length = strcspn(text, " ");
		if (!length)
			break;
		if (!is_first && used + 1 + length > width) {
			printf("\n%*s", indent, "");
			used = indent;
		} else if (!is_first) {
			putchar(' ');
			used++;
		}
		printf("%.*s", (int)length, text);
		used += length;
		text += length;
		is_first = false;
	}
	putchar('\n');
}
