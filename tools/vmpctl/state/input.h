/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A file that holds a stream, read from its beginning to its end.
 */
#ifndef VMPCTL_INPUT_H
#define VMPCTL_INPUT_H

#include <sys/types.h>

#include "command.h"
#include "survey.h"

/* What is read or written at once: as QEMU does. */
#define CHUNK_BYTES (1024 * 1024)

/**
 * struct input - the file
 * @path: its name
 * @fd: open, or -1
 * @bytes: its size
 * @chunk: room for CHUNK_BYTES
 */
struct input {
	const char *path;
	int fd;
	uint64_t bytes;
	unsigned char *chunk;
};

/* Open it. Return: STATUS_DONE or what fail() has said; close in any case. */
enum status input_open(struct input *input, const char *path);

void input_close(struct input *input);

/* Read on. Return: bytes in @chunk, 0 at the end, -1 with errno. */
ssize_t input_read(struct input *input);

/* Begin again. Return: STATUS_DONE or what fail() has said. */
enum status input_rewind(struct input *input);

/*
 * Read all of it. Return: STATUS_DONE if it is good; STATUS_REFUSED if not, of
 * which nothing is said yet; else what fail() has said.
 */
enum status input_survey(struct input *input, struct survey *survey);

#endif /* VMPCTL_INPUT_H */
