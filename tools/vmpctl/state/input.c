// SPDX-License-Identifier: GPL-2.0-only
/*
 * A file that holds a stream, read from its beginning to its end.
 */
#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "interrupt.h"

enum status input_open(struct input *input, const char *path)
{
	struct stat stat;

	*input = (struct input) { .path = path, .fd = -1 };
	input->chunk = malloc(CHUNK_BYTES);
	if (!input->chunk)
		return fail(STATUS_FAILED, NULL, "there is no memory left");

	input->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (input->fd < 0 || fstat(input->fd, &stat))
		return fail(STATUS_UNREACHABLE, NULL, "cannot open %s: %m",
			    path);
	if (S_ISDIR(stat.st_mode))
		return fail(STATUS_UNREACHABLE, NULL, "%s is a directory",
			    path);
	input->bytes = stat.st_size;
	return STATUS_DONE;
}

void input_close(struct input *input)
{
	if (input->fd >= 0)
		close(input->fd);
	free(input->chunk);
}

ssize_t input_read(struct input *input)
{
	ssize_t got;

	do {
		got = read(input->fd, input->chunk, CHUNK_BYTES);
	} while (got < 0 && errno == EINTR && !interrupt_came());
	return got;
}

enum status input_rewind(struct input *input)
{
	if (!lseek(input->fd, 0, SEEK_SET))
		return STATUS_DONE;
	return fail(STATUS_UNREACHABLE, "put it into a file first",
		    "%s cannot be read twice: %m", input->path);
}

enum status input_survey(struct input *input, struct survey *survey)
{
	bool is_good = true;
	ssize_t got = 0;

	while (is_good && !interrupt_came()) {
		got = input_read(input);
		if (got <= 0)
			break;
		is_good = survey_feed(survey, input->chunk, got);
	}
	if (interrupt_came())
		return fail(STATUS_INTERRUPTED, NULL, "interrupted");
	if (got < 0)
		return fail(STATUS_FAILED, NULL, "cannot read %s: %m",
			    input->path);
	return survey_finish(survey) ? STATUS_DONE : STATUS_REFUSED;
}
