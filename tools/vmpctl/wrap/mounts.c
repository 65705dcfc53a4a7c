// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is mounted here, see proc_pid_mountinfo(5). Whose it is, is for the caller
 * to say.
 */
#include "mounts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sysroot.h"

static bool set_mount(struct mount *mount, const char *line)
{
	const char *rest = strstr(line, " - ");

	*mount = (struct mount) { .number = "" };
	if (rest)
		sscanf(rest, " - %31s %255s", mount->type, mount->source);
	return sscanf(line, "%*s %*s %15s %*s %255s", mount->number,
		      mount->point) == 2;
}

bool mounts_find(struct hazards *hazards, const char *bdf, const char *label,
		 bool (*is_meant)(const struct mount *mount, const void *what),
		 const void *what)
{
	FILE *file = sysroot_open("/proc/self/mountinfo");
	struct mount first = { .point = "" };
	struct mount mount;
	unsigned int nr = 0;
	char *line = NULL;
	size_t size = 0;

	while (file && getline(&line, &size, file) > 0) {
		if (set_mount(&mount, line) && is_meant(&mount, what) && !nr++)
			first = mount;
	}
	free(line);
	if (file)
		fclose(file);
	if (nr == 1)
		hazards_add(hazards, HAZARD_MOUNTED, bdf,
			    "%s is mounted on %.120s", label, first.point);
	else if (nr)
		hazards_add(hazards, HAZARD_MOUNTED, bdf,
			    "%s is mounted on %.120s and in %u more places",
			    label, first.point, nr - 1);
	return nr;
}
