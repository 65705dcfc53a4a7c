// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files of the kernel and of the system, all below one root.
 */
#include "sysroot.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Whatever stands for the file must not make us wait: a pipe, say. */
#define READ_FLAGS (O_RDONLY | O_CLOEXEC | O_NONBLOCK)

/* Fills @path from what follows @format; for functions that are like printf() */
#define set_path(path, format)						\
	({								\
		va_list args;						\
		int ret;						\
									\
		va_start(args, format);					\
		ret = set_path_args(path, format, args);		\
		va_end(args);						\
		ret;							\
	})

const char *sysroot(void)
{
	static char root[PATH_MAX];
	static bool is_known;
	const char *said;
	size_t length;

	if (is_known)
		return root;
	said = getenv("VMPCTL_ROOT");
	if (said)
		snprintf(root, sizeof(root), "%s", said);
	for (length = strlen(root); length && root[length - 1] == '/'; length--)
		root[length - 1] = 0;
	is_known = true;
	return root;
}

__attribute__((format(printf, 2, 0)))
static int set_path_args(char path[PATH_MAX], const char *format, va_list args)
{
	int root = snprintf(path, PATH_MAX, "%s", sysroot());
	int rest = vsnprintf(path + root, PATH_MAX - root, format, args);

	return rest < PATH_MAX - root ? 0 : -ENAMETOOLONG;
}

int sysroot_path(char path[PATH_MAX], const char *format, ...)
{
	return set_path(path, format);
}

bool sysroot_has(const char *format, ...)
{
	char path[PATH_MAX];

	return !set_path(path, format) && !access(path, F_OK);
}

/* From @path to its first @size bytes. */
static int read_bytes(const char *path, void *bytes, size_t size)
{
	int fd = open(path, READ_FLAGS);
	ssize_t got;

	if (fd < 0)
		return -errno;
	got = read(fd, bytes, size);
	if (got < 0)
		got = -errno;
	close(fd);
	return got;
}

static void make_printable(char *text)
{
	for (; *text; text++) {
		if (*text < ' ' || *text > '~')
			*text = '?';
	}
}

static int read_line(const char *path, char *text, size_t size)
{
	int got = read_bytes(path, text, size - 1);

	text[got > 0 ? got : 0] = 0;
	text[strcspn(text, "\n")] = 0;
	make_printable(text);
	return got < 0 ? got : 0;
}

int sysroot_read(char *text, size_t size, const char *format, ...)
{
	char path[PATH_MAX];
	int ret = set_path(path, format);

	*text = 0;
	return ret ? ret : read_line(path, text, size);
}

int sysroot_number(int64_t *number, const char *format, ...)
{
	char path[PATH_MAX];
	char text[32];
	char *end;
	int ret = set_path(path, format);

	*number = 0;
	if (!ret)
		ret = read_line(path, text, sizeof(text));
	if (ret)
		return ret;
	errno = 0;
	*number = strtoll(text, &end, 0);
	if (errno || end == text || *end) {
		*number = 0;
		return -EINVAL;
	}
	return 0;
}

int sysroot_bytes(void *bytes, size_t size, const char *format, ...)
{
	char path[PATH_MAX];
	int ret = set_path(path, format);

	return ret ? ret : read_bytes(path, bytes, size);
}

int sysroot_link(char *base, size_t size, const char *format, ...)
{
	char path[PATH_MAX];
	char target[PATH_MAX];
	const char *slash;
	ssize_t length;
	int ret = set_path(path, format);

	*base = 0;
	if (ret)
		return ret;
	length = readlink(path, target, sizeof(target) - 1);
	if (length < 0)
		return -errno;
	target[length] = 0;
	slash = strrchr(target, '/');
	if (snprintf(base, size, "%s", slash ? slash + 1 : target) >= (int)size) {
		*base = 0;
		return -ENAMETOOLONG;
	}
	make_printable(base);
	return 0;
}

int sysroot_real(char real[PATH_MAX], const char *format, ...)
{
	char path[PATH_MAX];
	int ret = set_path(path, format);

	if (!ret && !realpath(path, real))
		ret = -errno;
	return ret;
}

static int is_not_hidden(const struct dirent *entry)
{
	return *entry->d_name != '.';
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

struct names sysroot_list(const char *format, ...)
{
	struct names names = { NULL, 0 };
	struct dirent **entries;
	char path[PATH_MAX];
	int nr;
	int i;

	if (set_path(path, format))
		return names;
	nr = scandir(path, &entries, is_not_hidden, by_bytes);
	if (nr < 0)
		return names;
	names.name = calloc(nr + 1, sizeof(*names.name));
	for (i = 0; i < nr; i++) {
		if (names.name) {
			names.name[names.nr] = strdup(entries[i]->d_name);
			if (names.name[names.nr])
				names.nr++;
		}
		free(entries[i]);
	}
	free(entries);
	return names;
}

void names_free(struct names *names)
{
	size_t i;

	for (i = 0; i < names->nr; i++)
		free(names->name[i]);
	free(names->name);
	*names = (struct names) { NULL, 0 };
}

FILE *sysroot_open(const char *format, ...)
{
	char path[PATH_MAX];
	int ret = set_path(path, format);
	FILE *file;
	int fd;

	errno = -ret;
	if (ret)
		return NULL;
	fd = open(path, READ_FLAGS);
	if (fd < 0)
		return NULL;
	file = fdopen(fd, "r");
	if (!file)
		close(fd);
	return file;
}

int sysroot_write(const char *text, const char *format, ...)
{
	char path[PATH_MAX];
	int ret = set_path(path, format);
	ssize_t written;
	int fd;

	if (ret)
		return ret;
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	written = write(fd, text, strlen(text));
	ret = written < 0 ? -errno : 0;
	close(fd);
	return ret;
}
