// SPDX-License-Identifier: GPL-2.0-only
/*
 * A file that is there when it is complete, and not before.
 */
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "interrupt.h"

/* What a device holds is nobody's business but root's. */
#define MODE 0600

static const char make_room[] =
	"is there room, and may you write there? choose another FILE";

/*
 * One that a crash left behind is used again; but not somebody else's, nor one
 * that just got its name, if two vmpctl write the same file.
 */
static bool is_to_be_used(const struct output *output)
{
	struct stat named;
	struct stat opened;

	return !flock(output->fd, LOCK_EX | LOCK_NB) &&
	       !fstat(output->fd, &opened) && !lstat(output->part, &named) &&
	       opened.st_dev == named.st_dev && opened.st_ino == named.st_ino &&
	       S_ISREG(opened.st_mode) && opened.st_uid == geteuid() &&
	       opened.st_nlink == 1;
}

enum status output_open(struct output *output, const char *path)
{
	struct stat stat;

	output->path = path;
	output->fd = -1;
	if (snprintf(output->part, sizeof(output->part), "%s.part", path) >=
	    (int)sizeof(output->part))
		return fail(STATUS_UNREACHABLE, NULL, "the name is too long");
	if (!lstat(path, &stat) && !S_ISREG(stat.st_mode))
		return fail(STATUS_UNREACHABLE, "choose another FILE",
			    "%s is there, and is no file", path);

	output->fd = open(output->part, O_WRONLY | O_CREAT | O_CLOEXEC |
					O_NOFOLLOW | O_NONBLOCK, MODE);
	if (output->fd < 0)
		return fail(STATUS_UNREACHABLE, make_room, "cannot write %s: %m",
			    output->part);
	if (!is_to_be_used(output) || ftruncate(output->fd, 0) ||
	    fchmod(output->fd, MODE)) {
		close(output->fd);
		output->fd = -1;
		return fail(STATUS_UNREACHABLE, "wait, or choose another FILE",
			    "%s is somebody else's", output->part);
	}
	return STATUS_DONE;
}

enum status output_write(struct output *output, const void *data,
			 size_t length)
{
	ssize_t written;

	while (length) {
		written = write(output->fd, data, length);
		if (written < 0 && errno == EINTR) {
			if (interrupt_came())
				return STATUS_INTERRUPTED;
			continue;
		}
		if (written < 0)
			return fail(STATUS_FAILED, make_room,
				    "cannot write %s: %m", output->part);
		data = (const char *)data + written;
		length -= written;
	}
	return STATUS_DONE;
}

/* So that its name survives a crash, too. */
static int sync_directory(const char *path)
{
	char copy[PATH_MAX];
	int ret;
	int fd;

	snprintf(copy, sizeof(copy), "%s", path);
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	ret = fsync(fd);
	close(fd);
	return ret;
}

enum status output_keep(struct output *output)
{
	if (fsync(output->fd) || rename(output->part, output->path)) {
		fail(STATUS_FAILED, make_room, "cannot write %s: %m",
		     output->path);
		output_drop(output);
		return STATUS_FAILED;
	}
	close(output->fd);
	output->fd = -1;
	/* Some file systems cannot, and need not. */
	if (sync_directory(output->path) && errno != EINVAL)
		return fail(STATUS_FAILED, make_room,
			    "%s is written, but may not survive a crash: %m",
			    output->path);
	return STATUS_DONE;
}

void output_drop(struct output *output)
{
	if (output->fd < 0)
		return;
	unlink(output->part);
	close(output->fd);
	output->fd = -1;
}
