// SPDX-License-Identifier: GPL-2.0-only
/*
 * The device that the user names: what sysfs says of it.
 */
#include "target.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PCI_DEVICES "/sys/bus/pci/devices"
#define MDEV_DEVICES "/sys/bus/mdev/devices"
#define UUID_LENGTH 36

/* Do the characters of @text stand where those of @form do; x: a digit? */
static bool has_form(const char *text, const char *form)
{
	for (; *form; text++, form++) {
		if (*form == 'x' ? !isxdigit((unsigned char)*text) :
				   *text != *form)
			return false;
	}
	return !*text;
}

static bool is_uuid(const char *text)
{
	return has_form(text, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx");
}

/* Kernels write both in lower case. */
static void set_lower(char *to, size_t size, const char *prefix,
		      const char *text)
{
	snprintf(to, size, "%s%s", prefix, text);
	for (; *to; to++)
		*to = tolower((unsigned char)*to);
}

static bool exists(const char *directory, const char *name, const char *below)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s%s", directory, name, below);
	return !access(path, F_OK);
}

/* The first word of a file of the function's; false if it cannot be read. */
static bool read_word(const struct target *target, const char *name,
		      char *word, size_t size)
{
	char path[PATH_MAX];
	FILE *file;
	bool is_read;

	snprintf(path, sizeof(path), PCI_DEVICES "/%s/%s", target->bdf, name);
	file = fopen(path, "re");
	if (!file)
		return false;
	is_read = fgets(word, size, file);
	fclose(file);
	if (is_read)
		word[strcspn(word, "\n")] = 0;
	return is_read;
}

static uint32_t read_number(const struct target *target, const char *name)
{
	char word[32];

	if (!read_word(target, name, word, sizeof(word)))
		return 0;
	return strtoul(word, NULL, 0);
}

static bool base_of_link(const char *path, char *base, size_t size)
{
	char target[PATH_MAX];

	if (!realpath(path, target))
		return false;
	snprintf(base, size, "%s", strrchr(target, '/') + 1);
	return true;
}

/* From the mdev to its function. */
static enum status find_by_uuid(struct target *target, const char *name)
{
	char path[PATH_MAX];

	set_lower(target->uuid, sizeof(target->uuid), "", name);
	if (!exists(MDEV_DEVICES, target->uuid, ""))
		return fail(STATUS_UNREACHABLE,
			    "mdevctl list shows those that are there",
			    "there is no mdev %s", target->uuid);

	snprintf(path, sizeof(path), MDEV_DEVICES "/%s/..", target->uuid);
	/* sysfs has a link there, so this is not MDEV_DEVICES. */
	if (!exists(MDEV_DEVICES, target->uuid, "/vfio_mdev_pci") ||
	    !base_of_link(path, target->bdf, sizeof(target->bdf)))
		return fail(STATUS_UNREACHABLE,
			    "vmpctl is for functions that vfio-mdev-pci wraps",
			    "mdev %s is another driver's", target->uuid);
	return STATUS_DONE;
}

static bool find_mdev_of(struct target *target)
{
	char path[PATH_MAX];
	struct dirent *entry;
	DIR *directory;

	snprintf(path, sizeof(path), PCI_DEVICES "/%s", target->bdf);
	directory = opendir(path);
	if (!directory)
		return false;
	while ((entry = readdir(directory))) {
		if (!is_uuid(entry->d_name))
			continue;
		memcpy(target->uuid, entry->d_name, UUID_LENGTH + 1);
		break;
	}
	closedir(directory);
	return entry;
}

/* From the function to its mdev. */
static enum status find_by_address(struct target *target, const char *domain,
				   const char *name)
{
	set_lower(target->bdf, sizeof(target->bdf), domain, name);
	if (!exists(PCI_DEVICES, target->bdf, ""))
		return fail(STATUS_UNREACHABLE,
			    "lspci -D shows those that are there",
			    "there is no PCI function %s", target->bdf);
	if (!exists(PCI_DEVICES, target->bdf, "/vfio_mdev_pci"))
		return fail(STATUS_UNREACHABLE,
			    "driverctl set-override ADDRESS vfio-mdev-pci does that",
			    "%s is not bound to vfio-mdev-pci", target->bdf);
	if (!find_mdev_of(target))
		return fail(STATUS_UNREACHABLE,
			    "mdevctl start creates one",
			    "%s has no mdev", target->bdf);
	return STATUS_DONE;
}

static void read_cdev(struct target *target)
{
	char path[PATH_MAX];
	struct dirent *entry;
	DIR *directory;

	snprintf(path, sizeof(path), MDEV_DEVICES "/%s/vfio-dev",
		 target->uuid);
	directory = opendir(path);
	if (!directory)
		return;
	while ((entry = readdir(directory))) {
		if (!strncmp(entry->d_name, "vfio", 4))
			snprintf(target->cdev, sizeof(target->cdev),
				 "/dev/vfio/devices/%.40s", entry->d_name);
	}
	closedir(directory);
}

static enum status read_all(struct target *target)
{
	char path[PATH_MAX];
	char number[16];

	snprintf(path, sizeof(path), MDEV_DEVICES "/%s/iommu_group",
		 target->uuid);
	if (!base_of_link(path, number, sizeof(number)))
		return fail(STATUS_UNREACHABLE,
			    "was the mdev removed just now?",
			    "%s has no IOMMU group: %m", target->uuid);
	target->group = strtoul(number, NULL, 10);
	read_cdev(target);

	target->vendor = read_number(target, "vendor");
	target->device = read_number(target, "device");
	target->subsystem_vendor = read_number(target, "subsystem_vendor");
	target->subsystem_device = read_number(target, "subsystem_device");
	target->class_revision = read_number(target, "class") << 8 |
				 read_number(target, "revision");

	if (!read_word(target, "vfio_mdev_pci/migration_backend",
		       target->backend, sizeof(target->backend)))
		return fail(STATUS_UNREACHABLE,
			    "load a newer vfio-mdev-pci",
			    "this vfio-mdev-pci does not migrate devices");
	if (!strcmp(target->backend, "none"))
		return fail(STATUS_UNREACHABLE,
			    "load one (modprobe vmp-...), then remove the mdev and create it again",
			    "no backend migrates %s (%04x:%04x)", target->bdf,
			    target->vendor, target->device);
	return STATUS_DONE;
}

enum status target_find(struct target *target, const char *name)
{
	enum status status;

	*target = (struct target) { .uuid = "" };
	if (is_uuid(name))
		status = find_by_uuid(target, name);
	else if (has_form(name, "xxxx:xx:xx.x"))
		status = find_by_address(target, "", name);
	else if (has_form(name, "xx:xx.x"))
		status = find_by_address(target, "0000:", name);
	else
		status = fail(STATUS_USAGE,
			      "a UUID has 32 hexadecimal digits and 4 dashes, an address is like 0000:01:00.0",
			      "\"%s\" is neither the UUID of an mdev nor a PCI address",
			      name);
	return status ? status : read_all(target);
}

bool target_state(const struct target *target, char *name, size_t size)
{
	return read_word(target, "vfio_mdev_pci/migration_state", name, size);
}

const char *target_mismatch(const struct target *target,
			    const struct vmp_identity *identity)
{
	if (strncmp(target->backend, identity->backend,
		    sizeof(identity->backend)))
		return "the backend";
	if (target->vendor != le16toh(identity->vendor))
		return "the vendor id";
	if (target->device != le16toh(identity->device))
		return "the device id";
	if (target->subsystem_vendor != le16toh(identity->subsystem_vendor))
		return "the subsystem vendor id";
	if (target->subsystem_device != le16toh(identity->subsystem_device))
		return "the subsystem id";
	if (target->class_revision != le32toh(identity->class_revision))
		return "the class or revision";
	return NULL;
}
