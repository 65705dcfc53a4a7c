/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is mounted here. Whose it is, is for the caller to say.
 */
#ifndef VMPCTL_MOUNTS_H
#define VMPCTL_MOUNTS_H

#include "hazards.h"

/**
 * struct mount - a line of mountinfo, as the kernel writes it: a blank is \040
 * @number: major:minor
 * @point: where
 * @type: of the file system, or ""
 * @source: what is mounted, or ""
 */
struct mount {
	char number[16];
	char point[256];
	char type[32];
	char source[256];
};

/*
 * Note as one that @label, of @bdf, is mounted, where @is_meant says so of a mount
 * and @what. Return: is it anywhere?
 */
bool mounts_find(struct hazards *hazards, const char *bdf, const char *label,
		 bool (*is_meant)(const struct mount *mount, const void *what),
		 const void *what);

#endif /* VMPCTL_MOUNTS_H */
