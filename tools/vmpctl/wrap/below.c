// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which devices a function has made: their paths in sysfs lead through it.
 */
#include "below.h"

#include <stdio.h>
#include <string.h>

#include "sysroot.h"

static bool leads_through(const char *path, const char *bdf)
{
	char part[24];

	snprintf(part, sizeof(part), "/%s/", bdf);
	return strstr(path, part);
}

/*
 * A namespace of NVMe's that several controllers may reach belongs to none of
 * them, but to their subsystem, which has links to them:
 * .../nvme-subsystem/nvme-subsys0/nvme0n1 and .../nvme-subsys0/nvme0.
 */
static bool has_controller(const char *path, const char *bdf)
{
	static const char part[] = "/nvme-subsystem/";
	const char *subsystem = strstr(path, part);
	struct names names;
	char real[PATH_MAX];
	bool is_found = false;
	int length;
	size_t i;

	if (!subsystem)
		return false;
	subsystem += strlen(part);
	length = strcspn(subsystem, "/");
	names = sysroot_list("/sys/class/nvme-subsystem/%.*s", length,
			     subsystem);
	for (i = 0; i < names.nr && !is_found; i++)
		is_found = !strncmp(names.name[i], "nvme", 4) &&
			   !sysroot_real(real,
					 "/sys/class/nvme-subsystem/%.*s/%s",
					 length, subsystem, names.name[i]) &&
			   leads_through(real, bdf);
	names_free(&names);
	return is_found;
}

bool path_is_below(const char *real, const char *bdf)
{
	return leads_through(real, bdf) || has_controller(real, bdf);
}

bool is_below(const char *bdf, const char *class, const char *name)
{
	char real[PATH_MAX];

	return !sysroot_real(real, "/sys/class/%s/%s", class, name) &&
	       path_is_below(real, bdf);
}
