// SPDX-License-Identifier: GPL-2.0-only
/*
 * What must be gone when no function is bound to a driver of VFIO's any more.
 */
#include "leftovers.h"

#include "check.h"
#include "mdev.h"
#include "sysfs.h"

/* Each is there as long as the module that makes it is loaded. */
static const char * const directories[] = {
	MDEV_DEVICES,
	"/sys/class/mdev_bus",
	"/sys/class/vfio",
	"/sys/class/vfio-dev",
};

void leftovers_assert_none(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(directories); i++) {
		int count = sysfs_count_entries("%s", directories[i]);

		assert_that(count <= 0, "%s has %d entries", directories[i],
			    count);
	}
}
