/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the kernel's log gained since a moment.
 */
#ifndef LIB_KMSG_H
#define LIB_KMSG_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct kmsg - The kernel's log from the moment it was opened
 * @fd: /dev/kmsg, read to what @text holds
 * @text: The records, one a line, as ``priority;text``
 * @used: Bytes in @text
 */
struct kmsg {
	int fd;
	char *text;
	size_t used;
};

/**
 * kmsg_open() - Begin to collect what the log gains from now on
 * @log: The collection
 *
 * Return: 0 or a -errno.
 */
int kmsg_open(struct kmsg *log);

/**
 * kmsg_close() - Forget the collection
 * @log: The collection; may be closed already
 */
void kmsg_close(struct kmsg *log);

/**
 * kmsg_find() - Look for a record that holds all of some texts
 * @log: The collection; records logged meanwhile are added to it
 * @first: A text
 * @second: Another one, or NULL
 * @third: Another one, or NULL
 *
 * Return: Where the record begins in @log->text, or NULL. Valid until the
 * next call with @log.
 */
const char *kmsg_find(struct kmsg *log, const char *first, const char *second,
		      const char *third);

/**
 * kmsg_wait_for() - Wait for a record that holds all of some texts
 * @log: The collection
 * @first: A text
 * @second: Another one, or NULL
 * @third: Another one, or NULL
 *
 * Return: 0, or -ETIMEDOUT after WAIT_LIMIT_MS.
 */
int kmsg_wait_for(struct kmsg *log, const char *first, const char *second,
		  const char *third);

#endif
