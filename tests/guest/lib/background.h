/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A step that may sleep long, made in a thread of its own.
 */
#ifndef LIB_BACKGROUND_H
#define LIB_BACKGROUND_H

#include <stdbool.h>

struct background;

/**
 * background_write() - Begin to write a text to a file of sysfs
 * @text: The text
 * @format: The file's path, a printf format
 *
 * Return: The step; give it to background_finish().
 */
struct background *background_write(const char *text, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * background_call() - Begin to call a function
 * @call: The function; what it returns is what the step returns
 * @arg: What it is given; must live until background_finish()
 *
 * Return: The step; give it to background_finish().
 */
struct background *background_call(int (*call)(void *arg), void *arg);

/**
 * background_is_blocked() - Whether the step waits for a lock of the kernel
 * @step: The step
 *
 * Return: Whether its thread sleeps in a way that signals do not end.
 */
bool background_is_blocked(struct background *step);

/**
 * background_is_done() - Whether the step came to its end
 * @step: The step
 *
 * Return: Whether it did.
 */
bool background_is_done(struct background *step);

/**
 * background_wait() - Wait for the step's end
 * @step: The step
 * @limit_ms: Time limit
 *
 * Return: What the step returned, or -ETIMEDOUT.
 */
int background_wait(struct background *step, int limit_ms);

/**
 * background_finish() - Wait for the step's end, however long, and free it
 * @step: The step, or NULL
 */
void background_finish(struct background *step);

#endif
