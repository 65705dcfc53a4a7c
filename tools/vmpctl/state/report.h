/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A survey of a stream, printed: for eyes, or as JSON.
 */
#ifndef VMPCTL_REPORT_H
#define VMPCTL_REPORT_H

#include "survey.h"

/* As text, on stdout. @path: how the stream is called. */
void report_text(const struct survey *survey, const char *path);

/* As one JSON object, on stdout. */
void report_json(const struct survey *survey, const char *path);

#endif /* VMPCTL_REPORT_H */
