/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reading and writing files of sysfs, every write echoed when asked for.
 * What the files mean is known to pci.h, mdev.h and module.h.
 */
#ifndef LIB_SYSFS_H
#define LIB_SYSFS_H

#include <stdbool.h>
#include <stddef.h>

/* Whether each write is echoed to stderr before it is made. */
extern bool sysfs_is_verbose;

/**
 * sysfs_write() - Write a text to a file in one write call
 * @text: The text; no newline is added
 * @format: The file's path, a printf format
 *
 * Return: 0, or the -errno of open or write.
 */
int sysfs_write(const char *text, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * sysfs_read() - Read a text file, without its last newline
 * @text: Where the text goes, always terminated
 * @size: Bytes at @text
 * @format: The file's path, a printf format
 *
 * Return: 0, or the -errno of open or read.
 */
int sysfs_read(char *text, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * sysfs_read_number() - Read a file that holds one number, in C notation
 * @number: Where the number goes
 * @format: The file's path, a printf format
 *
 * Return: 0, the -errno of open or read, or -EINVAL if it is no number.
 */
int sysfs_read_number(long long *number, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * sysfs_exists() - Whether a path leads to something; links are followed
 * @format: The path, a printf format
 *
 * Return: Whether it does.
 */
bool sysfs_exists(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

/**
 * sysfs_read_link() - Read a link once, without following what it names
 * @target: Where the link's text goes
 * @size: Bytes at @target
 * @format: The link's path, a printf format
 *
 * Return: 0 or the -errno of readlink.
 */
int sysfs_read_link(char *target, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * sysfs_link_name() - The last component of what a link names
 * @name: Where the component goes
 * @size: Bytes at @name
 * @format: The link's path, a printf format
 *
 * Return: 0 or the -errno of readlink.
 */
int sysfs_link_name(char *name, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * sysfs_count_entries() - How many entries a directory has
 * @format: The directory's path, a printf format
 *
 * Return: The number without "." and "..", or the -errno of opendir.
 */
int sysfs_count_entries(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

/**
 * sysfs_read_tree() - Read what can be read below a directory
 * @skipped: Beginnings of names to leave out, ended by NULL
 * @format: The directory's path, a printf format; links in it are not followed
 *
 * Entries that go away meanwhile, and files that refuse, are passed over.
 *
 * Return: How many files were read, or the -errno of opening the directory.
 */
int sysfs_read_tree(const char * const *skipped, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * sysfs_wait_until_present() - Wait until a path exists, or is gone
 * @is_present: What to wait for
 * @limit_ms: Time limit
 * @format: The path, a printf format
 *
 * Return: 0, or -ETIMEDOUT.
 */
int sysfs_wait_until_present(bool is_present, int limit_ms,
			     const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
