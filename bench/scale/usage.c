// SPDX-License-Identifier: GPL-2.0-only
/*
 * How much memory the kernel has in use.
 */
#include "usage.h"

#include <stdio.h>
#include <stdlib.h>

#include "check.h"
#include "sysfs.h"

#define KIB 1024

/* Objects and their size, by /proc/slabinfo. */
static uint64_t count_slab(void)
{
	unsigned long long objects;
	unsigned long long size;
	uint64_t bytes = 0;
	char line[512];
	FILE *file;

	file = fopen("/proc/slabinfo", "re");
	assert_non_null(file);
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%*s %llu %*u %llu", &objects, &size) == 2)
			bytes += objects * size;
	}
	fclose(file);
	assert_true(bytes > 0);
	return bytes;
}

static uint64_t read_field(const char *text, const char *name)
{
	const char *at = strstr(text, name);

	assert_non_null(at);
	return strtoull(strchr(at, ':') + 1, NULL, 10) * KIB;
}

static uint64_t count_pages(void)
{
	char text[8192];

	assert_done(sysfs_read(text, sizeof(text), "/proc/meminfo"));
	return read_field(text, "MemTotal") - read_field(text, "MemFree") -
	       read_field(text, "Buffers") - read_field(text, "\nCached") -
	       read_field(text, "AnonPages");
}

/* Directory entries and inodes of files that are not there any more */
static void give_back(void)
{
	assert_done(sysfs_write("3", "/proc/sys/vm/drop_caches"));
}

/* Shrinking takes the slabs from the CPUs, which count as full and are not. */
static void shrink_slabs(void)
{
	char line[512];
	char name[64];
	FILE *file;

	file = fopen("/proc/slabinfo", "re");
	assert_non_null(file);
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%63s %*u", name) == 1)
			sysfs_write("1", "/sys/kernel/slab/%s/shrink", name);
	}
	fclose(file);
}

void usage_take(struct usage *usage)
{
	give_back();
	shrink_slabs();
	usage->slab_bytes = count_slab();
	usage->all_bytes = count_pages();
}

static uint64_t difference(uint64_t after, uint64_t before)
{
	return after > before ? after - before : 0;
}

void usage_subtract(struct usage *used, const struct usage *after,
		    const struct usage *before)
{
	used->slab_bytes = difference(after->slab_bytes, before->slab_bytes);
	used->all_bytes = difference(after->all_bytes, before->all_bytes);
}
