// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading and writing files of sysfs.
 * The meaning of the files is not known here.
 */
#include "sysfs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "failure.h"
#include "wait.h"

bool sysfs_is_verbose;

#define FORMAT_PATH(path, format) do {				\
	va_list args_;						\
								\
	va_start(args_, format);				\
	vsnprintf(path, sizeof(path), format, args_);		\
	va_end(args_);						\
} while (0)

int sysfs_write(const char *text, const char *format, ...)
{
	size_t len = strlen(text);
	char path[PATH_MAX];
	ssize_t written;
	int error;
	int fd;

	FORMAT_PATH(path, format);
	if (sysfs_is_verbose)
		fprintf(stderr, "# echo '%s' > %s\n", text, path);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return failure_set(errno, "cannot open %s", path);
	written = write(fd, text, len);
	error = errno;
	close(fd);
	if (written < 0)
		return failure_set(error, "cannot write '%s' to %s", text,
				   path);
	if ((size_t)written != len)
		return failure_set(EIO, "only %zd bytes of '%s' went to %s",
				   written, text, path);
	return 0;
}

static int read_path(char *text, size_t size, const char *path)
{
	size_t used = 0;
	ssize_t got;
	int error;
	int fd;

	text[0] = '\0';
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return failure_set(errno, "cannot open %s", path);
	do {
		got = read(fd, text + used, size - 1 - used);
		if (got > 0)
			used += got;
	} while (got > 0 && used < size - 1);
	error = errno;
	close(fd);
	if (got < 0)
		return failure_set(error, "cannot read %s", path);
	if (used && text[used - 1] == '\n')
		used--;
	text[used] = '\0';
	return 0;
}

int sysfs_read(char *text, size_t size, const char *format, ...)
{
	char path[PATH_MAX];

	FORMAT_PATH(path, format);
	return read_path(text, size, path);
}

int sysfs_read_number(long long *number, const char *format, ...)
{
	char path[PATH_MAX];
	char text[64];
	char *end;
	int ret;

	FORMAT_PATH(path, format);
	ret = read_path(text, sizeof(text), path);
	if (ret)
		return ret;
	*number = strtoll(text, &end, 0);
	if (end == text || *end)
		return failure_set(EINVAL, "%s holds '%s', not a number",
				   path, text);
	return 0;
}

bool sysfs_exists(const char *format, ...)
{
	char path[PATH_MAX];

	FORMAT_PATH(path, format);
	return access(path, F_OK) == 0;
}

static int read_link_path(char *target, size_t size, const char *path)
{
	ssize_t len = readlink(path, target, size - 1);

	if (len < 0) {
		target[0] = '\0';
		return failure_set(errno, "cannot read the link %s", path);
	}
	target[len] = '\0';
	return 0;
}

int sysfs_read_link(char *target, size_t size, const char *format, ...)
{
	char path[PATH_MAX];

	FORMAT_PATH(path, format);
	return read_link_path(target, size, path);
}

int sysfs_link_name(char *name, size_t size, const char *format, ...)
{
	char target[PATH_MAX];
	char path[PATH_MAX];
	char *slash;
	int ret;

	FORMAT_PATH(path, format);
	name[0] = '\0';
	ret = read_link_path(target, sizeof(target), path);
	if (ret)
		return ret;
	slash = strrchr(target, '/');
	snprintf(name, size, "%s", slash ? slash + 1 : target);
	return 0;
}

int sysfs_count_entries(const char *format, ...)
{
	char path[PATH_MAX];
	struct dirent *entry;
	int count = 0;
	DIR *dir;

	FORMAT_PATH(path, format);
	dir = opendir(path);
	if (!dir)
		return failure_set(errno, "cannot list %s", path);
	while ((entry = readdir(dir))) {
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			count++;
	}
	closedir(dir);
	return count;
}

static bool is_skipped(const char *name, const char * const *skipped)
{
	for (; *skipped; skipped++) {
		if (!strncmp(name, *skipped, strlen(*skipped)))
			return true;
	}
	return false;
}

static int read_tree_path(const char *path, const char * const *skipped)
{
	char below[PATH_MAX];
	struct dirent *entry;
	char text[4096];
	int count = 0;
	DIR *dir;
	int ret;

	dir = opendir(path);
	if (!dir)
		return failure_set(errno, "cannot list %s", path);
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.' ||
		    is_skipped(entry->d_name, skipped))
			continue;
		if ((size_t)snprintf(below, sizeof(below), "%s/%s", path,
				     entry->d_name) >= sizeof(below))
			continue;
		ret = 0;
		if (entry->d_type == DT_DIR)
			ret = read_tree_path(below, skipped);
		else if (entry->d_type == DT_REG)
			ret = !read_path(text, sizeof(text), below);
		if (ret > 0)
			count += ret;
	}
	closedir(dir);
	return count;
}

int sysfs_read_tree(const char * const *skipped, const char *format, ...)
{
	char path[PATH_MAX];

	FORMAT_PATH(path, format);
	return read_tree_path(path, skipped);
}

static bool path_is_present(void *path)
{
	return access(path, F_OK) == 0;
}

static bool path_is_gone(void *path)
{
	return !path_is_present(path);
}

int sysfs_wait_until_present(bool is_present, int limit_ms,
			     const char *format, ...)
{
	char path[PATH_MAX];

	FORMAT_PATH(path, format);
	if (wait_for(is_present ? path_is_present : path_is_gone, path,
		     limit_ms))
		return 0;
	return failure_set(ETIMEDOUT, "%s %s", path,
			   is_present ? "did not appear" : "did not go away");
}
