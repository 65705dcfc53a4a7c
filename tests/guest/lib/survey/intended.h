/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The differences from vfio-pci that are meant.
 */
#ifndef LIB_SURVEY_INTENDED_H
#define LIB_SURVEY_INTENDED_H

#include "space.h"

/**
 * struct intended - One difference that is meant
 * @subject: Which tests see it: a pattern (fnmatch) for the subject's name
 * @access: How the device must be opened
 * @key: Which answers differ: a pattern for their keys
 * @ours: What a wrapped function answers: a pattern
 * @reason: Why
 * @document: Where a user can read it: a file of the project and the anchor of
 *            a heading in it
 */
struct intended {
	const char *subject;
	enum access_mode access;
	const char *key;
	const char *ours;
	const char *reason;
	const char *document;
};

/* The last line has no key. */
extern const struct intended intended_differences[];

#endif
