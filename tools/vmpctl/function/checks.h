/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What doctor looks at.
 */
#ifndef VMPCTL_CHECKS_H
#define VMPCTL_CHECKS_H

#include <stddef.h>

/**
 * enum grade - how bad it is
 * @GRADE_GOOD: it is as it should be
 * @GRADE_NOTE: it may be in somebody's way
 * @GRADE_BAD: a function cannot be wrapped, or not be used
 */
enum grade {
	GRADE_GOOD,
	GRADE_NOTE,
	GRADE_BAD,
};

/**
 * struct finding - what a check found
 * @code: the check, a word for programs
 * @grade: how bad it is
 * @text: what was found
 * @remedy: the command that mends it, or ""
 */
struct finding {
	const char *code;
	enum grade grade;
	char text[400];
	char remedy[200];
};

extern struct finding (*const checks[])(void);
extern const size_t nr_checks;

#endif /* VMPCTL_CHECKS_H */
