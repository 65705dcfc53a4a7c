/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A step that a process of its own makes.
 */
#ifndef LIB_PROCESS_H
#define LIB_PROCESS_H

/**
 * process_call() - Have a new process call a function, and wait for its end
 * @call: The function; it returns 0 or a -errno and makes no assertion
 * @arg: What it is given
 *
 * The new process has the descriptors of this one, and closes its own with its
 * end.
 *
 * Return: What @call returned, or -ECHILD if a signal ended the process.
 */
int process_call(int (*call)(void *arg), void *arg);

#endif
