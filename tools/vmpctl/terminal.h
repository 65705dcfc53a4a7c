/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Text for eyes: colours and widths of the terminal, if stdout is one.
 */
#ifndef VMPCTL_TERMINAL_H
#define VMPCTL_TERMINAL_H

/**
 * enum colour - what is to stand out, and how
 * @COLOUR_NONE: as the rest
 * @COLOUR_GOOD: all is well
 * @COLOUR_BAD: it is not
 * @COLOUR_NOTE: worth a look
 * @COLOUR_HEAD: a heading
 */
enum colour {
	COLOUR_NONE,
	COLOUR_GOOD,
	COLOUR_BAD,
	COLOUR_NOTE,
	COLOUR_HEAD,
};

/*
 * Print @text in @colour, and spaces until it is @width wide. Colours are for
 * terminals whose user has not set NO_COLOR.
 */
void terminal_cell(enum colour colour, unsigned int width, const char *text);

/*
 * Print @text as the end of a line of which @used columns are taken: on a
 * terminal, what would not fit is left out.
 */
void terminal_rest(unsigned int used, const char *text);

/*
 * Print @text in lines that fit, each indented by @indent; the first is
 * continued at column @used.
 */
void terminal_wrapped(unsigned int indent, unsigned int used,
		      const char *text);

#endif /* VMPCTL_TERMINAL_H */
