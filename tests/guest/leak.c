// SPDX-License-Identifier: GPL-2.0-only
/*
 * That a life of an mdev, from bind to unbind, leaves nothing behind: no
 * memory, no reference, no line in the kernel's log.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "check.h"
#include "module.h"
#include "suite.h"
#include "sysfs.h"

#define ROUNDS 200

/*
 * SLUB knows exactly what is in use in full slabs only, and much is freed
 * after a grace period: numbers go up and down by more than one object a round
 * would add. A leak is what goes up in each of several runs of 200 rounds.
 */
#define MAX_RUNS 5

/* One object leaked a round would be 200. */
#define ALLOWED_OBJECTS 100

/* Other than slab: 200 leaked pages would be 800 KiB. */
#define ALLOWED_KIB 400

#define MAX_KINDS 128

/* One kind of memory that the kernel can leak. */
struct kind {
	char name[64];
	long amount;	/* objects or KiB */
	long allowed;	/* growth that is not suspicious */
	bool is_suspect;
};

/* What the kernel holds at one moment. */
struct holdings {
	struct kind kinds[MAX_KINDS];
	unsigned int nr_kinds;
};

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

static const char * const used_modules[4] = {
	DRIVER_NAME, "vfio-pci-core", "mdev", "vfio",
};

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
	assert_true(i < MAX_KINDS);
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

static void take_stock(struct holdings *holdings)
{
	memset(holdings, 0, sizeof(*holdings));
	count_objects(holdings);
	count_kib(holdings);
}

/* Suspect what grew in this run and in all before it; how many are left. */
static unsigned int find_suspects(const struct holdings *before,
				  struct holdings *after, bool is_first_run)
{
	unsigned int nr_suspects = 0;
	unsigned int i;

	assert_int_equal(after->nr_kinds, before->nr_kinds);
	for (i = 0; i < after->nr_kinds; i++) {
		const struct kind *former = &before->kinds[i];
		struct kind *kind = &after->kinds[i];

		assert_string_equal(kind->name, former->name);
		kind->is_suspect = (is_first_run || former->is_suspect) &&
			kind->amount - former->amount >= kind->allowed;
		nr_suspects += kind->is_suspect;
	}
	return nr_suspects;
}

static void fail_for_leak(const struct holdings *holdings)
{
	unsigned int i;

	for (i = 0; i < holdings->nr_kinds; i++) {
		if (holdings->kinds[i].is_suspect)
			fail_msg("%s grew in each of %d runs of %d rounds, to %ld",
				 holdings->kinds[i].name, MAX_RUNS, ROUNDS,
				 holdings->kinds[i].amount);
	}
}

static void count_uses(int uses[4])
{
	unsigned int i;

	for (i = 0; i < 4; i++)
		uses[i] = module_use_count(used_modules[i]);
}

static void assert_same_uses(const int before[4])
{
	unsigned int i;
	int after[4];

	count_uses(after);
	for (i = 0; i < 4; i++)
		assert_that(after[i] == before[i], "%s has %d users, and had %d",
			    used_modules[i], after[i], before[i]);
}

static bool line_has(const char *line, const char *text)
{
	const char *at = strstr(line, text);

	return at && at < strchr(line, '\n');
}

/* Other parts of the kernel may have their own reasons to say something. */
static bool is_about_us(const char *line)
{
	return line_has(line, "vfio") || line_has(line, "mdev") ||
	       line_has(line, "iommu") || line_has(line, "pci ") ||
	       line_has(line, "sysfs") || line_has(line, "kobject");
}

/* What the kernel itself says of each round: not a line is the driver's. */
static bool is_the_kernels_own(const char *line)
{
	static const char * const known[] = {
		"MDEV: Registered",	/* mdev_register_parent() */
		"MDEV: Unregistering",	/* mdev_unregister_parent() */
		"enabling device (",	/* pci_enable_resources() */
		"vfio_bar_restore: reset recovery - restoring BARs",
		": resetting",		/* vfio_pci_core since 6.13 */
		": reset done",
	};
	size_t i;

	/* Priorities 0 to 4 are warnings and worse. */
	for (i = 0; line[0] > '4' && i < ARRAY_SIZE(known); i++) {
		if (line_has(line, known[i]))
			return true;
	}
	return false;
}

static void assert_nothing_logged(struct kmsg *log)
{
	const char *line;

	kmsg_find(log, "", NULL, NULL);
	for (line = log->text; *line; line = strchr(line, '\n') + 1)
		assert_that(!is_about_us(line) || is_the_kernels_own(line),
			    "the kernel's log gained: %.*s",
			    (int)strcspn(line, "\n"), line);
}

/* Bind, create, open, close, remove, unbind. */
static void live_once(struct fixture *fixture, struct function *function)
{
	struct client client;
	struct space space;

	assert_done(pci_bind(function->address, DRIVER_NAME));
	assert_done(mdev_create(function->address, function->uuid));
	assert_done(space_open(&space, space_way(fixture->access),
			       function->address));
	assert_done(client_open(&client, &space, function->uuid));
	client_close(&client);
	space_close(&space);
	assert_done(mdev_remove(function->uuid));
	assert_done(pci_unbind(function->address));
}

static void open_in_vain(struct fixture *fixture, struct function *function)
{
	struct space *space = &fixture->spaces[0];

	assert_refused(space_open_device(space, function->address), ENODEV);
	assert_refused(space_open_device(space, function->uuid), ENODEV);
}

static void create_in_vain(struct fixture *fixture, struct function *function)
{
	char second[MDEV_UUID_SIZE];

	(void)fixture;
	mdev_new_uuid(second);
	assert_refused(mdev_create_now(function->address, second), EUSERS);
}

static void repeat(struct fixture *fixture, struct function *function,
		   void (*round)(struct fixture *, struct function *))
{
	int nr = ROUNDS;

	while (nr--)
		round(fixture, function);
}

/* KASAN keeps what is freed for a while, and so counts mean nothing. */
static bool has_kasan(void)
{
	char symbol[128];
	bool found = false;
	FILE *file;

	file = fopen("/proc/kallsyms", "re");
	while (file && !found && fscanf(file, "%*s %*s %127s%*[^\n]", symbol) == 1)
		found = !strcmp(symbol, "kasan_report");
	if (file)
		fclose(file);
	return found;
}

static void assert_leaves_nothing(struct fixture *fixture,
				  struct function *function,
				  void (*round)(struct fixture *,
						struct function *))
{
	struct holdings before;
	struct holdings after;
	unsigned int nr_suspects;
	int uses[4];
	int run = 0;

	if (has_kasan())
		skip_because("with KASAN, freed memory is counted as in use");
	count_uses(uses);
	/* Once for all that grows to a size and then stays. */
	repeat(fixture, function, round);
	take_stock(&after);
	do {
		before = after;
		repeat(fixture, function, round);
		take_stock(&after);
		nr_suspects = find_suspects(&before, &after, run == 0);
	} while (nr_suspects && ++run < MAX_RUNS);
	if (nr_suspects)
		fail_for_leak(&after);
	assert_same_uses(uses);
	assert_nothing_logged(&fixture->log);
}

static void lives_of_an_mdev_leave_nothing_behind(struct fixture *fixture)
{
	assert_leaves_nothing(fixture, fixture_take(fixture, "edu0"),
			      live_once);
}

static void refused_opens_leave_nothing_behind(struct fixture *fixture)
{
	struct function *edu = fixture_bind(fixture, "edu0");

	fixture_space(fixture, edu);
	assert_leaves_nothing(fixture, edu, open_in_vain);
}

static void refused_creates_leave_nothing_behind(struct fixture *fixture)
{
	assert_leaves_nothing(fixture, fixture_create(fixture, "edu0"),
			      create_in_vain);
}

static const struct test tests[] = {
	SLOW_TEST(lives_of_an_mdev_leave_nothing_behind, 600),
	SLOW_TEST(refused_opens_leave_nothing_behind, 120),
	SLOW_TEST(refused_creates_leave_nothing_behind, 120),
};

SUITE("leak", tests)
