/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's uevents, in the order in which the kernel sent them.
 */
#ifndef LIB_UEVENT_H
#define LIB_UEVENT_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct uevent - One event
 * @text: "action@path", then the variables, each ended by a null byte
 * @size: Bytes in @text
 */
struct uevent {
	char text[8192];
	size_t size;
};

/**
 * uevent_listen() - Begin to listen
 *
 * Return: A file descriptor to close when done, or a -errno.
 */
int uevent_listen(void);

/**
 * uevent_next() - Take the next event
 * @fd: From uevent_listen()
 * @event: Where the event goes
 * @limit_ms: Time limit
 *
 * Return: 0, -ETIMEDOUT, or -ENOBUFS if events were lost.
 */
int uevent_next(int fd, struct uevent *event, int limit_ms);

/**
 * uevent_value() - The value of one of an event's variables
 * @event: The event
 * @name: The variable's name
 *
 * Return: The value, or "" if the event has no such variable.
 */
const char *uevent_value(const struct uevent *event, const char *name);

#endif
