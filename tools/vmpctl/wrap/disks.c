// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the disks of a function are used for: each disk and partition, and what
 * dm, LVM, md and loop devices have made of them.
 */
#include "disks.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "below.h"
#include "mounts.h"
#include "sysroot.h"

#define BLOCK "/sys/class/block"

/* LVM on dm-crypt on md on a partition is 4. */
#define MAX_DEPTH 8

/**
 * struct disk - a block device that is looked at
 * @name: the kernel's
 * @number: major:minor
 * @label: what it is called in what is said, with what it is made of
 * @bdf: address of the function behind it
 */
struct disk {
	const char *name;
	char number[16];
	char label[128];
	const char *bdf;
};

static const char *base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* A file system may have numbers of its own, as btrfs; then the name tells. */
static bool is_on(const struct mount *mount, const void *what)
{
	const struct disk *disk = what;

	return !strcmp(mount->number, disk->number) ||
	       (!strncmp(mount->source, "/dev/", 5) &&
		!strcmp(base(mount->source), disk->name));
}

static bool find_mounts(struct hazards *hazards, const struct disk *disk)
{
	return mounts_find(hazards, disk->bdf, disk->label, is_on, disk);
}

static bool find_swap(struct hazards *hazards, const struct disk *disk)
{
	FILE *file = sysroot_open("/proc/swaps");
	bool is_found = false;
	char name[256];
	char *line = NULL;
	size_t size = 0;

	while (file && getline(&line, &size, file) > 0) {
		if (sscanf(line, "%255s", name) == 1 &&
		    !strcmp(base(name), disk->name))
			is_found = true;
	}
	free(line);
	if (file)
		fclose(file);
	if (is_found)
		hazards_add(hazards, HAZARD_SWAP, disk->bdf,
			    "%s is swapped on", disk->label);
	return is_found;
}

/* Of the devices of one btrfs, mounts name one. */
static bool find_btrfs(struct hazards *hazards, const struct disk *disk)
{
	struct names names = sysroot_list("/sys/fs/btrfs");
	bool is_found = false;
	size_t i;

	for (i = 0; i < names.nr && !is_found; i++)
		is_found = sysroot_has("/sys/fs/btrfs/%s/devices/%s",
				       names.name[i], disk->name);
	names_free(&names);
	if (is_found)
		hazards_add(hazards, HAZARD_MOUNTED, disk->bdf,
			    "%s is part of a btrfs that is mounted",
			    disk->label);
	return is_found;
}

/* In sysfs a slash is a "!". */
static void set_device(char *device, size_t size, const char *name)
{
	char *at;

	snprintf(device, size, "/dev/%s", name);
	for (at = device; *at; at++) {
		if (*at == '!')
			*at = '/';
	}
}

/*
 * What else may be: ZFS, or a mount in another namespace. All of them open the
 * disk exclusively, and so do we for an instant, if we may.
 */
static void find_claim(struct hazards *hazards, const char *bdf,
		       const char *name)
{
	struct stat stat;
	char path[PATH_MAX];
	char device[80];
	int fd;

	set_device(device, sizeof(device), name);
	if (sysroot_path(path, "%s", device))
		return;
	fd = open(path, O_RDONLY | O_EXCL | O_NONBLOCK | O_CLOEXEC);
	if (fd >= 0) {
		close(fd);
		return;
	}
	if (errno == EBUSY && !lstat(path, &stat) && S_ISBLK(stat.st_mode))
		hazards_add(hazards, HAZARD_HELD, bdf,
			    "%s is in use by something that vmpctl does not know",
			    name);
}

/* "dm-0 (debian-root)", if it has a name that people know. */
static void set_label(struct disk *disk, const char *below)
{
	char known[64];

	snprintf(disk->label, sizeof(disk->label), "%.31s", disk->name);
	if (!sysroot_read(known, sizeof(known), BLOCK "/%s/dm/name",
			  disk->name))
		snprintf(disk->label, sizeof(disk->label), "%.31s (%s)",
			 disk->name, known);
	if (below)
		snprintf(disk->label + strlen(disk->label),
			 sizeof(disk->label) - strlen(disk->label),
			 ", made of %.31s,", below);
}

/* Of a loop device, its disk does not know that it holds it. */
static bool is_loop_of(const char *loop, const char *name)
{
	char device[80];
	char file[80];

	set_device(device, sizeof(device), name);
	return !sysroot_read(file, sizeof(file), BLOCK "/%s/loop/backing_file",
			     loop) && !strcmp(file, device);
}

/* What is made of the disk @name. */
static struct names list_holders(const char *name)
{
	struct names holders = sysroot_list(BLOCK "/%s/holders", name);
	struct names blocks = sysroot_list(BLOCK);
	char **longer = realloc(holders.name, (holders.nr + blocks.nr + 1) *
				sizeof(*longer));
	size_t i;

	if (longer)
		holders.name = longer;
	for (i = 0; longer && i < blocks.nr; i++) {
		if (!is_loop_of(blocks.name[i], name))
			continue;
		holders.name[holders.nr++] = blocks.name[i];
		blocks.name[i] = NULL;
	}
	names_free(&blocks);
	return holders;
}

static void find_uses(struct hazards *hazards, const char *bdf,
		      const char *name, const char *below, unsigned int depth)
{
	struct names holders = list_holders(name);
	struct disk disk = { .name = name, .bdf = bdf };
	bool is_used;
	size_t i;

	set_label(&disk, below);
	sysroot_read(disk.number, sizeof(disk.number), BLOCK "/%s/dev", name);
	is_used = find_mounts(hazards, &disk) || find_btrfs(hazards, &disk);
	is_used |= find_swap(hazards, &disk);
	for (i = 0; i < holders.nr; i++) {
		if (depth < MAX_DEPTH)
			find_uses(hazards, bdf, holders.name[i], name,
				  depth + 1);
		is_used = true;
	}
	names_free(&holders);
	/* What is made of a disk holds it, even if nobody uses that. */
	if (below && !is_used)
		hazards_add(hazards, HAZARD_HELD, bdf, "%s is there",
			    disk.label);
}

void disks_find_uses(struct hazards *hazards, const char *bdf)
{
	struct names names = sysroot_list(BLOCK);
	size_t nr_before = hazards->nr;
	size_t i;

	for (i = 0; i < names.nr; i++) {
		if (is_below(bdf, "block", names.name[i]))
			find_uses(hazards, bdf, names.name[i], NULL, 0);
	}
	/* A disk is claimed, too, when one of its partitions is. */
	for (i = 0; i < names.nr && hazards->nr == nr_before; i++) {
		if (is_below(bdf, "block", names.name[i]))
			find_claim(hazards, bdf, names.name[i]);
	}
	names_free(&names);
}
