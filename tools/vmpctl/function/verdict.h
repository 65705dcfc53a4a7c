/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Can a function be wrapped, and if not, why.
 */
#ifndef VMPCTL_VERDICT_H
#define VMPCTL_VERDICT_H

#include "inventory.h"

#define MAX_OBSTACLES 5

/**
 * enum state - how a function stands to our driver
 * @STATE_FREE: it could be wrapped
 * @STATE_REFUSED: it cannot be
 * @STATE_BOUND: it is bound to our driver, but has no mdev
 * @STATE_WRAPPED: it has an mdev
 */
enum state {
	STATE_FREE,
	STATE_REFUSED,
	STATE_BOUND,
	STATE_WRAPPED,
};

/**
 * struct obstacle - why a function cannot be wrapped, or cannot be used
 * @code: a word for programs
 * @text: the reason; module/admission.c has the same words
 */
struct obstacle {
	const char *code;
	const char *text;
};

/**
 * struct verdict - what is to be said of a function
 * @state: how it stands
 * @obstacle: what is in the way
 * @nr: how many there are
 */
struct verdict {
	enum state state;
	struct obstacle obstacle[MAX_OBSTACLES];
	size_t nr;
};

/* The state in a word, for programs and for eyes. */
const char *state_word(enum state state);

/* May a group be used by VFIO while a function in it has this driver? */
bool driver_is_ordinary(const char *driver);

struct verdict verdict_of(const struct inventory *inventory,
			  const struct function *fn);

#endif /* VMPCTL_VERDICT_H */
