/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which processes have device files open, as that of an IOMMU group.
 */
#ifndef VMPCTL_USERS_H
#define VMPCTL_USERS_H

#include <stddef.h>
#include <sys/types.h>

#define MAX_USERS 16

/**
 * struct users - who was found
 * @pid: processes that have it open
 * @nr: how many
 * @nr_hidden: processes that we may not look into
 */
struct users {
	pid_t pid[MAX_USERS];
	size_t nr;
	unsigned int nr_hidden;
};

/* Look into all processes: who has one of the @nr files @path open? */
struct users users_find_files(const char *const *path, size_t nr);

/*
 * The same for VFIO. @group: number of the group; @cdev: name of the
 * device below /dev/vfio/devices, or "".
 */
struct users users_find(int group, const char *cdev);

#endif /* VMPCTL_USERS_H */
