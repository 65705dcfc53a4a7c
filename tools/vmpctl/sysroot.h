/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files of the kernel and of the system, all below one root: "/", or what the
 * environment variable VMPCTL_ROOT says, for tests. Each path is given as for
 * printf(), and begins with a slash.
 *
 * What is read may be anything: it comes back as printable ASCII.
 */
#ifndef VMPCTL_SYSROOT_H
#define VMPCTL_SYSROOT_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/**
 * struct names - what is in a directory
 * @name: the names, sorted by their bytes
 * @nr: how many
 */
struct names {
	char **name;
	size_t nr;
};

/* The root without a slash at its end: "" if it is the machine's own. */
const char *sysroot(void);

/*
 * The path below the root, in @path. Return: 0 or -ENAMETOOLONG.
 */
__attribute__((format(printf, 2, 3)))
int sysroot_path(char path[PATH_MAX], const char *format, ...);

/* Is it there? A link that leads nowhere is not. */
__attribute__((format(printf, 1, 2)))
bool sysroot_has(const char *format, ...);

/*
 * The first line of a file, without its end, in @text of @size bytes. On an
 * error it is "". Return: 0 or -errno.
 */
__attribute__((format(printf, 3, 4)))
int sysroot_read(char *text, size_t size, const char *format, ...);

/* The number that a file holds alone. Return: 0 or -errno; -EINVAL if none. */
__attribute__((format(printf, 2, 3)))
int sysroot_number(int64_t *number, const char *format, ...);

/* The first bytes of a file as they are. Return: how many, or -errno. */
__attribute__((format(printf, 3, 4)))
int sysroot_bytes(void *bytes, size_t size, const char *format, ...);

/*
 * The last component of what a link says, in @base of @size bytes, "" on an
 * error. Return: 0 or -errno.
 */
__attribute__((format(printf, 3, 4)))
int sysroot_link(char *base, size_t size, const char *format, ...);

/* What is in a directory: nothing if it cannot be read. To be freed. */
__attribute__((format(printf, 1, 2)))
struct names sysroot_list(const char *format, ...);

void names_free(struct names *names);

/* A file for reading line by line. Return: NULL with errno. */
__attribute__((format(printf, 1, 2)))
FILE *sysroot_open(const char *format, ...);

/* Write @text into a file that is there. Return: 0 or -errno. */
__attribute__((format(printf, 2, 3)))
int sysroot_write(const char *text, const char *format, ...);

#endif /* VMPCTL_SYSROOT_H */
