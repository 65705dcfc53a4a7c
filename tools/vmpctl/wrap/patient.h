/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What may take long, or for ever, done by a child: the kernel's answer to a
 * write, and other programs. We wait for a while.
 */
#ifndef VMPCTL_PATIENT_H
#define VMPCTL_PATIENT_H

#include <stdbool.h>

/*
 * Write @text into the file @format below the root. Ctrl-C does not reach the
 * child. Return: 0 or -errno; -ETIMEDOUT if the kernel has not answered by now;
 * the child waits on, which cannot be taken back.
 */
__attribute__((format(printf, 2, 3)))
int patient_write(const char *text, const char *format, ...);

/*
 * The same of @what, which returns 0 or -errno, with @arg.
 */
int patient_call(int (*what)(const char *), const char *arg);

/*
 * Run @argv, with the path of the program first, in a clean environment; what
 * it prints goes to stderr. Return: its exit status, or -errno, or -ETIMEDOUT as
 * above.
 */
int patient_run(const char *const argv[]);

/* How long we wait for anything, in milliseconds. */
long patient_ms(void);

/* What is to be said of what these have returned. */
const char *patient_error(int ret);

/*
 * Is there a child that still waits? What it does may come to pass at any time,
 * so nothing is certain until then.
 */
bool patient_has_child(void);

#endif /* VMPCTL_PATIENT_H */
