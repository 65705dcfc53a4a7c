/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A file that is there when it is complete, and not before: it is written
 * under another name.
 */
#ifndef VMPCTL_OUTPUT_H
#define VMPCTL_OUTPUT_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "command.h"

/**
 * struct output - the file
 * @path: its name
 * @part: the name until it is complete: @path.part
 * @fd: open for writing, or -1
 */
struct output {
	const char *path;
	char part[PATH_MAX];
	int fd;
};

/* Begin. Return: STATUS_DONE, or what fail() has said. */
enum status output_open(struct output *output, const char *path);

/* Write all of it. Return: STATUS_DONE, or what fail() has said. */
enum status output_write(struct output *output, const void *data,
			 size_t length);

/* It is complete. Return: STATUS_DONE; or what fail() has said: it is gone. */
enum status output_keep(struct output *output);

/* It is of no use: remove it. */
void output_drop(struct output *output);

#endif /* VMPCTL_OUTPUT_H */
