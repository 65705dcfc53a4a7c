// SPDX-License-Identifier: GPL-2.0-only
/*
 * The mediated device in sysfs: its type, its creation and its removal.
 * Nothing here opens it.
 */
#include "mdev.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "failure.h"
#include "pci.h"
#include "sysfs.h"
#include "wait.h"

void mdev_new_uuid(char *uuid)
{
	if (sysfs_read(uuid, MDEV_UUID_SIZE, "/proc/sys/kernel/random/uuid"))
		abort();
}

void mdev_type_name(char *name, size_t size, const char *address)
{
	snprintf(name, size, "%s-%04x:%04x:%04x:%04x:%06x:%02x", DRIVER_NAME,
		 pci_read_id(address, "vendor"),
		 pci_read_id(address, "device"),
		 pci_read_id(address, "subsystem_vendor"),
		 pci_read_id(address, "subsystem_device"),
		 pci_read_id(address, "class"),
		 pci_read_id(address, "revision"));
}

static void type_path(char *path, size_t size, const char *address)
{
	char type[96];

	mdev_type_name(type, sizeof(type), address);
	snprintf(path, size, PCI_DEVICES "/%s/mdev_supported_types/%s",
		 address, type);
}

int mdev_read_attribute(char *text, size_t size, const char *address,
			const char *attribute)
{
	char path[PATH_MAX];

	type_path(path, sizeof(path), address);
	return sysfs_read(text, size, "%s/%s", path, attribute);
}

static bool instance_is_available(void *address)
{
	char count[16];

	return !mdev_read_attribute(count, sizeof(count), address,
				    "available_instances") &&
	       !strcmp(count, "1");
}

int mdev_wait_until_available(const char *address)
{
	if (wait_for(instance_is_available, (void *)address, WAIT_LIMIT_MS))
		return 0;
	return failure_set(ETIMEDOUT, "%s has no instance available",
			   address);
}

int mdev_create_now(const char *address, const char *uuid)
{
	char path[PATH_MAX];

	type_path(path, sizeof(path), address);
	return sysfs_write(uuid, "%s/create", path);
}

int mdev_create(const char *address, const char *uuid)
{
	int ret = mdev_wait_until_available(address);

	return ret ? ret : mdev_create_now(address, uuid);
}

int mdev_remove(const char *uuid)
{
	return sysfs_write("1", MDEV_DEVICES "/%s/remove", uuid);
}

bool mdev_exists(const char *uuid)
{
	return sysfs_exists(MDEV_DEVICES "/%s", uuid);
}
