// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which processes have device files open.
 */
#include "users.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sysroot.h"

/* Links of descriptors are whole paths, of which the end may be anything. */
static bool leads_to(const char *pid, const char *fd, const char *wanted)
{
	char path[PATH_MAX];
	char target[64];
	ssize_t length;

	if (sysroot_path(path, "/proc/%s/fd/%s", pid, fd))
		return false;
	length = readlink(path, target, sizeof(target) - 1);
	if (length < 0)
		return false;
	target[length] = 0;
	return !strcmp(target, wanted);
}

static bool has_open(const char *pid, const char *const *path, size_t nr)
{
	struct names fds = sysroot_list("/proc/%s/fd", pid);
	bool is_found = false;
	size_t i;
	size_t j;

	for (i = 0; i < fds.nr && !is_found; i++) {
		for (j = 0; j < nr && !is_found; j++)
			is_found = leads_to(pid, fds.name[i], path[j]);
	}
	names_free(&fds);
	return is_found;
}

/* Who may not look into a process does not see that nothing is there. */
static bool is_hidden(const char *pid)
{
	char path[PATH_MAX];

	return !sysroot_path(path, "/proc/%s/fd", pid) &&
	       access(path, R_OK | X_OK) && errno == EACCES;
}

struct users users_find_files(const char *const *path, size_t nr)
{
	struct names processes = sysroot_list("/proc");
	struct users users = { .nr = 0 };
	const char *pid;
	size_t i;

	for (i = 0; i < processes.nr && users.nr < MAX_USERS; i++) {
		pid = processes.name[i];
		if (pid[strspn(pid, "0123456789")])
			continue;
		if (is_hidden(pid))
			users.nr_hidden++;
		else if (has_open(pid, path, nr))
			users.pid[users.nr++] = atoi(pid);
	}
	names_free(&processes);
	return users;
}

struct users users_find(int group, const char *cdev)
{
	char device[80];
	char file[32];
	const char *const paths[] = { file, device };

	snprintf(file, sizeof(file), "/dev/vfio/%d", group);
	snprintf(device, sizeof(device), "/dev/vfio/devices/%s", cdev);
	return users_find_files(paths, *cdev ? 2 : 1);
}
