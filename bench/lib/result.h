/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A result: a line on stdout that begins with RESULT_MARK and goes on with an
 * object in JSON, of which "measure" says what it is.
 */
#ifndef BENCH_RESULT_H
#define BENCH_RESULT_H

#include <stdint.h>

#define RESULT_MARK "# bench: "

/**
 * result_begin() - Begin a line
 * @measure: What was measured
 */
void result_begin(const char *measure);

/**
 * result_text() - Add a text
 * @name: Its name
 * @text: It, without anything that JSON wants escaped
 */
void result_text(const char *name, const char *text);

/**
 * result_number() - Add a number
 * @name: Its name, with its unit at the end
 * @number: It
 */
void result_number(const char *name, uint64_t number);

/**
 * result_end() - End the line
 */
void result_end(void);

#endif
