// SPDX-License-Identifier: GPL-2.0-only
/*
 * What memory the kernel holds. What is done meanwhile is a test's affair.
 */
#include "holdings.h"

#include <stdio.h>
#include <stdlib.h>

#include "check.h"
#include "sysfs.h"

/* One object leaked a round would be more. */
#define ALLOWED_OBJECTS 100

/* Other than slab: a page leaked a round would be more. */
#define ALLOWED_KIB 400

/*
 * Caches that a leak of ours would grow: what kmalloc gives, the nodes of
 * sysfs, open files, I/O addresses. Caches of files' contents, names and
 * inodes come and go as they like.
 */
static const char * const watched_caches[] = {
	"kmalloc-", "kernfs_node_cache", "filp", "iommu_",
};

static const char * const watched_fields[] = {
	"VmallocUsed", "Percpu", "SecPageTables",
};

bool holdings_can_be_counted(void)
{
	char symbol[128];
	bool found = false;
	FILE *file;

	file = fopen("/proc/kallsyms", "re");
	while (file && !found && fscanf(file, "%*s %*s %127s%*[^\n]", symbol) == 1)
		found = !strcmp(symbol, "kasan_report");
	if (file)
		fclose(file);
	return !found;
}

static bool is_watched(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(watched_caches); i++) {
		if (!strncmp(name, watched_caches[i],
			     strlen(watched_caches[i])))
			return true;
	}
	return false;
}

/* "kmalloc-rnd-03-1k" is one of several that kmalloc picks from at random. */
static void common_name(char *to, size_t size, const char *name)
{
	const char *variant = "kmalloc-rnd-";

	if (!strncmp(name, variant, strlen(variant)))
		snprintf(to, size, "kmalloc-%s", name + strlen(variant) + 3);
	else
		snprintf(to, size, "%s", name);
}

static void add(struct holdings *holdings, const char *name, long amount,
		long allowed)
{
	char common[64];
	unsigned int i;

	common_name(common, sizeof(common), name);
	for (i = 0; i < holdings->nr_kinds; i++) {
		if (!strcmp(holdings->kinds[i].name, common)) {
			holdings->kinds[i].amount += amount;
			return;
		}
	}
	assert_true(i < HOLDINGS_MAX_KINDS);
	strcpy(holdings->kinds[i].name, common);
	holdings->kinds[i].amount = amount;
	holdings->kinds[i].allowed = allowed;
	holdings->nr_kinds++;
}

/* Shrinking takes the slabs from the CPUs, which count as full and are not. */
static void count_objects(struct holdings *holdings)
{
	char line[512];
	char name[64];
	long objects;
	FILE *file;

	file = fopen("/proc/slabinfo", "re");
	assert_non_null(file);
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%63s %ld", name, &objects) == 2 &&
		    is_watched(name))
			sysfs_write("1", "/sys/kernel/slab/%s/shrink", name);
	}
	rewind(file);
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%63s %ld", name, &objects) == 2 &&
		    is_watched(name))
			add(holdings, name, objects, ALLOWED_OBJECTS);
	}
	fclose(file);
	assert_true(holdings->nr_kinds > 0);
}

static void count_kib(struct holdings *holdings)
{
	char text[8192];
	const char *at;
	size_t i;

	assert_done(sysfs_read(text, sizeof(text), "/proc/meminfo"));
	for (i = 0; i < ARRAY_SIZE(watched_fields); i++) {
		at = strstr(text, watched_fields[i]);
		if (at)
			add(holdings, watched_fields[i],
			    strtol(strchr(at, ':') + 1, NULL, 10),
			    ALLOWED_KIB);
	}
}

void holdings_take(struct holdings *holdings)
{
	memset(holdings, 0, sizeof(*holdings));
	count_objects(holdings);
	count_kib(holdings);
}

unsigned int holdings_suspect(const struct holdings *before,
			      struct holdings *after, bool is_first_run)
{
	unsigned int nr_suspects = 0;
	unsigned int i;

	assert_int_equal(after->nr_kinds, before->nr_kinds);
	for (i = 0; i < after->nr_kinds; i++) {
		const struct holding *former = &before->kinds[i];
		struct holding *kind = &after->kinds[i];

		assert_string_equal(kind->name, former->name);
		kind->is_suspect = (is_first_run || former->is_suspect) &&
			kind->amount - former->amount >= kind->allowed;
		nr_suspects += kind->is_suspect;
	}
	return nr_suspects;
}

void holdings_convict(const struct holdings *holdings)
{
	unsigned int i;

	for (i = 0; i < holdings->nr_kinds; i++) {
		if (holdings->kinds[i].is_suspect)
			fail_msg("%s grew in each of %d runs, to %ld",
				 holdings->kinds[i].name, HOLDINGS_RUNS,
				 holdings->kinds[i].amount);
	}
}
