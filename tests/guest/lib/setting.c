// SPDX-License-Identifier: GPL-2.0-only
/*
 * The settings of a wrapped function, and module parameters.
 * What each does is up to the tests.
 */
#include "setting.h"

#include <errno.h>
#include <stdio.h>

#include "pci.h"
#include "sysfs.h"

int setting_write(const char *address, const char *name, bool value)
{
	return sysfs_write(value ? "1" : "0", PCI_DEVICES "/%s/"
			   SETTINGS_DIRECTORY "/%s", address, name);
}

int setting_asked(const char *address, const char *name)
{
	long long value;
	int ret;

	ret = sysfs_read_number(&value, PCI_DEVICES "/%s/"
				SETTINGS_DIRECTORY "/%s", address, name);
	return ret ? ret : (int)value;
}

int setting_effective(const char *address, const char *name)
{
	char file[SETTING_NAME_SIZE];

	snprintf(file, sizeof(file), "%s_effective", name);
	return setting_asked(address, file);
}

bool setting_is_offered(const char *address, const char *name)
{
	return setting_effective(address, name) != -EOPNOTSUPP;
}

int setting_write_parameter(const char *module, const char *name, bool value)
{
	return sysfs_write(value ? "1" : "0",
			   "/sys/module/%s/parameters/%s", module, name);
}
