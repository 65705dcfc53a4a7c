// SPDX-License-Identifier: GPL-2.0-only
/*
 * Is a function in use through VFIO, and by whom. The kernel lets one process
 * have a group open, for as long as any of its devices is in use.
 */
#include "occupancy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "function/details.h"
#include "sysroot.h"

int occupancy_hold(const struct function *fn)
{
	char path[PATH_MAX];
	int fd;

	if (fn->group == NO_GROUP ||
	    sysroot_path(path, "/dev/vfio/%d", fn->group))
		return -ENOENT;
	fd = open(path, O_RDWR | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

void occupancy_name(const struct users *users, char *text, size_t size)
{
	char name[32];
	size_t used = 0;
	size_t i;

	for (i = 0; i < users->nr && used < size; i++) {
		sysroot_read(name, sizeof(name), "/proc/%d/comm",
			     users->pid[i]);
		used += snprintf(text + used, size - used, "%s%s%sprocess %d%s",
				 used ? ", " : "", name, *name ? " (" : "",
				 users->pid[i], *name ? ")" : "");
	}
	if (!users->nr)
		snprintf(text, size, "a process that cannot be seen from here");
}

bool occupancy_of(const struct function *fn, char *users, size_t size)
{
	struct users found;
	char cdev[32];
	int fd;

	details_read_cdev(cdev, sizeof(cdev), fn);
	found = users_find(fn->group, cdev);
	fd = occupancy_hold(fn);
	if (fd >= 0)
		close(fd);
	if (!found.nr && fd != -EBUSY)
		return false;
	occupancy_name(&found, users, size);
	return true;
}
