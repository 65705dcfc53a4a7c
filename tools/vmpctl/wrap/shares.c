// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the file systems that a function shares by virtio are used for: 9p and
 * virtiofs. They have no block device; a mount names the tag of virtio's device.
 */
#include "shares.h"

#include <stdio.h>
#include <string.h>

#include "below.h"
#include "mounts.h"
#include "sysroot.h"

#define DEVICES "/sys/bus/virtio/devices"

/* What virtio's drivers for file systems are called, and their mounts' type. */
static const struct {
	const char *driver;
	const char *type;
} kinds[] = {
	{ "9pnet_virtio", "9p" },
	{ "virtiofs", "virtiofs" },
};

/**
 * struct share - a file system that is looked for among mounts
 * @type: of its mounts
 * @tag: their source, or "" if the kernel does not tell it
 */
struct share {
	const char *type;
	char tag[256];
};

static const char *type_of(const char *device)
{
	char driver[32];
	size_t i;

	sysroot_link(driver, sizeof(driver), DEVICES "/%s/driver", device);
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (!strcmp(driver, kinds[i].driver))
			return kinds[i].type;
	}
	return NULL;
}

/* Of virtiofs, Linux tells it since 6.9, by the number of virtio's device. */
static void read_tag(struct share *share, const char *device)
{
	int number;

	if (!sysroot_read(share->tag, sizeof(share->tag),
			  DEVICES "/%s/mount_tag", device) ||
	    sscanf(device, "virtio%d", &number) != 1)
		return;
	sysroot_read(share->tag, sizeof(share->tag), "/sys/fs/virtiofs/%d/tag",
		     number);
}

/* In a mount, a blank is \040; in @tag, what is not ASCII is "?". */
static bool is_tag(const char *source, const char *tag)
{
	unsigned int byte;
	int length;

	for (; *source && *tag; source += length, tag++) {
		if (sscanf(source, "\\%3o%n", &byte, &length) != 1) {
			byte = (unsigned char)*source;
			length = 1;
		}
		if (byte < ' ' || byte > '~')
			byte = '?';
		if (byte != (unsigned char)*tag)
			return false;
	}
	return !*source && !*tag;
}

static bool is_of(const struct mount *mount, const void *what)
{
	const struct share *share = what;

	return !strcmp(mount->type, share->type) &&
	       (!*share->tag || is_tag(mount->source, share->tag));
}

static void find_uses(struct hazards *hazards, const char *bdf,
		      const char *device)
{
	struct share share = { .type = type_of(device) };
	char label[80];

	if (!share.type)
		return;
	read_tag(&share, device);
	if (*share.tag)
		snprintf(label, sizeof(label), "%.40s, by %s,", share.tag,
			 device);
	else
		snprintf(label, sizeof(label), "a %s, maybe by %s,", share.type,
			 device);
	mounts_find(hazards, bdf, label, is_of, &share);
}

void shares_find_uses(struct hazards *hazards, const char *bdf)
{
	struct names names = sysroot_list(DEVICES);
	char real[PATH_MAX];
	size_t i;

	for (i = 0; i < names.nr; i++) {
		if (!sysroot_real(real, DEVICES "/%s", names.name[i]) &&
		    path_is_below(real, bdf))
			find_uses(hazards, bdf, names.name[i]);
	}
	names_free(&names);
}
