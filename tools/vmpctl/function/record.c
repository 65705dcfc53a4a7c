// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is written down of a function while vmpctl has wrapped it.
 */
#include "record.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "inventory.h"
#include "sysroot.h"

#define DIRECTORY "/run/vmpctl"

/* Records are short; whatever else stands there is not read to its end. */
#define MAX_BYTES 4096

static const char *const words[] = {
	[DOING_NOTHING] = "nothing",
	[DOING_WRAP] = "wrap",
	[DOING_UNWRAP] = "unwrap",
	[DOING_DONE] = "done",
};

static enum doing doing_of(const char *word)
{
	enum doing doing;

	for (doing = DOING_DONE; doing > DOING_NOTHING; doing--) {
		if (!strcmp(word, words[doing]))
			break;
	}
	return doing;
}

/*
 * It becomes part of paths, and of what is printed. Some drivers have spaces in
 * their names, such as "SMI PCIe driver".
 */
static bool set_word(char *to, size_t size, const char *word)
{
	const char *at;

	if (!strcmp(word, ".") || !strcmp(word, ".."))
		return false;
	for (at = word; *at; at++) {
		if (!isprint((unsigned char)*at) || *at == '/')
			return false;
	}
	return snprintf(to, size, "%s", word) < (int)size;
}

static int parse(struct record *record, json_t *object)
{
	const char *override;
	const char *driver;
	const char *doing;
	const char *uuid;
	const char *step;
	int persistent;

	if (json_unpack(object, "{s:s, s:s, s:s, s:s, s:s, s:b}",
			"doing", &doing, "driver", &driver,
			"driver_override", &override, "mdev", &uuid,
			"step", &step, "persistent", &persistent))
		return -EBADMSG;
	if (!set_word(record->driver, sizeof(record->driver), driver) ||
	    !set_word(record->override, sizeof(record->override), override) ||
	    !set_word(record->step, sizeof(record->step), step) ||
	    !is_uuid(uuid) || doing_of(doing) == DOING_NOTHING)
		return -EBADMSG;
	snprintf(record->uuid, sizeof(record->uuid), "%s", uuid);
	record->is_persistent = persistent;
	record->doing = doing_of(doing);
	return 0;
}

int record_read(struct record *record, const char *bdf)
{
	char text[MAX_BYTES];
	json_t *object;
	int ret;

	*record = (struct record) { .doing = DOING_NOTHING };
	ret = sysroot_bytes(text, sizeof(text), DIRECTORY "/%s", bdf);
	if (ret < 0)
		return ret == -ENOENT || ret == -ENOTDIR ? 0 : ret;
	object = json_loadb(text, ret, 0, NULL);
	if (!object)
		return -EBADMSG;
	ret = parse(record, object);
	json_decref(object);
	if (ret)
		*record = (struct record) { .doing = DOING_NOTHING };
	return ret;
}

/* Everybody can read it, whatever root's umask is. */
static int make_directory(void)
{
	char path[PATH_MAX];
	int ret = sysroot_path(path, DIRECTORY);

	if (ret)
		return ret;
	if (mkdir(path, 0755))
		return errno == EEXIST ? 0 : -errno;
	return chmod(path, 0755) ? -errno : 0;
}

static int sync_directory(void)
{
	char path[PATH_MAX];
	int ret = sysroot_path(path, DIRECTORY);
	int fd;

	if (ret)
		return ret;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (fsync(fd))
		ret = -errno;
	close(fd);
	return ret;
}

static int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW |
		      O_CLOEXEC, 0644);
	size_t length = strlen(text);
	ssize_t written;
	int ret = 0;

	if (fd < 0)
		return -errno;
	written = write(fd, text, length);
	if (written != (ssize_t)length)
		ret = written < 0 ? -errno : -ENOSPC;
	else if (fchmod(fd, 0644) || fsync(fd))
		ret = -errno;
	close(fd);
	return ret;
}

int record_write(const struct record *record, const char *bdf)
{
	json_t *object = json_pack("{s:s, s:s, s:s, s:s, s:s, s:b}",
				   "doing", words[record->doing],
				   "driver", record->driver,
				   "driver_override", record->override,
				   "mdev", record->uuid, "step", record->step,
				   "persistent", record->is_persistent);
	char *text = object ? json_dumps(object, JSON_INDENT(2)) : NULL;
	char part[PATH_MAX];
	char path[PATH_MAX];
	int ret = text ? make_directory() : -ENOMEM;

	if (!ret)
		ret = sysroot_path(path, DIRECTORY "/%s", bdf);
	if (!ret)
		ret = sysroot_path(part, DIRECTORY "/%s.part", bdf);
	if (!ret)
		ret = write_file(part, text);
	if (!ret && rename(part, path))
		ret = -errno;
	if (!ret)
		ret = sync_directory();
	free(text);
	json_decref(object);
	return ret;
}

int record_remove(const char *bdf)
{
	char path[PATH_MAX];
	int ret = sysroot_path(path, DIRECTORY "/%s", bdf);

	if (ret)
		return ret;
	if (unlink(path))
		return errno == ENOENT ? 0 : -errno;
	return sync_directory();
}

/*
 * A file beside the record, which stays: whoever could read the record, which
 * is anybody, could lock it for ever. Its descriptor is inherited by programs
 * that are run, so that they go on alone if vmpctl is killed.
 */
int record_lock(const char *bdf)
{
	char path[PATH_MAX];
	int ret = make_directory();
	int fd;

	if (!ret)
		ret = sysroot_path(path, DIRECTORY "/%s.lock", bdf);
	if (ret)
		return ret;
	fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW, 0600);
	if (fd < 0)
		return -errno;
	if (flock(fd, LOCK_EX | LOCK_NB)) {
		ret = -errno;
		close(fd);
		return ret;
	}
	return fd;
}

bool record_find(const char *uuid, char *bdf, size_t size)
{
	struct names names = sysroot_list(DIRECTORY);
	struct record record;
	bool is_found = false;
	size_t i;

	for (i = 0; i < names.nr && !is_found; i++) {
		if (record_read(&record, names.name[i]) ||
		    strcasecmp(record.uuid, uuid))
			continue;
		is_found = snprintf(bdf, size, "%s", names.name[i]) < (int)size;
	}
	names_free(&names);
	return is_found;
}

const char *record_unfinished(const struct record *record)
{
	if (record->doing == DOING_WRAP || record->doing == DOING_UNWRAP)
		return words[record->doing];
	return "";
}
