/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The mediated device in sysfs: its type, its creation and its removal.
 * Opening it is in client.h.
 */
#ifndef LIB_MDEV_H
#define LIB_MDEV_H

#include <stdbool.h>
#include <stddef.h>

#define MDEV_DEVICES "/sys/bus/mdev/devices"

/* The driver under test, as sysfs and modprobe name it. */
#define DRIVER_NAME "vfio-mdev-pci"

/* The kernel's own driver, which it is compared with. */
#define STOCK_DRIVER_NAME "vfio-pci"

/* Room for a UUID's text and its end. */
#define MDEV_UUID_SIZE 37

/**
 * mdev_new_uuid() - Make a random UUID's text
 * @uuid: MDEV_UUID_SIZE bytes
 */
void mdev_new_uuid(char *uuid);

/**
 * mdev_type_name() - The type that a wrapped function must offer
 * @name: Where the name goes
 * @size: Bytes at @name
 * @address: The function
 *
 * The name is put together from the function's ids in sysfs, not read from
 * what the driver offers.
 */
void mdev_type_name(char *name, size_t size, const char *address);

/**
 * mdev_read_attribute() - Read an attribute of a function's mdev type
 * @text: Where the attribute's text goes
 * @size: Bytes at @text
 * @address: The function
 * @attribute: The attribute's name
 *
 * Return: 0 or a -errno.
 */
int mdev_read_attribute(char *text, size_t size, const char *address,
			const char *attribute);

/**
 * mdev_wait_until_available() - Wait until a function can have an mdev
 * @address: The function
 *
 * The mdev core counts an mdev until the last reference to it is gone, which
 * may be a moment after the write to ``remove`` returned.
 *
 * Return: 0 or -ETIMEDOUT.
 */
int mdev_wait_until_available(const char *address);

/**
 * mdev_create() - Create a mediated device once its predecessor is all gone
 * @address: The parent function
 * @uuid: Its name
 *
 * Return: 0 or the -errno of the write.
 */
int mdev_create(const char *address, const char *uuid);

/**
 * mdev_create_now() - Create a mediated device, without waiting for anything
 * @address: The parent function
 * @uuid: Its name
 *
 * Return: 0 or the -errno of the write.
 */
int mdev_create_now(const char *address, const char *uuid);

/**
 * mdev_remove() - Remove a mediated device; sleeps until its last fd is closed
 * @uuid: Its name
 *
 * Return: 0 or the -errno of the write.
 */
int mdev_remove(const char *uuid);

/**
 * mdev_exists() - Whether a mediated device of this name exists
 * @uuid: Its name
 *
 * Return: Whether there is one.
 */
bool mdev_exists(const char *uuid);

#endif
