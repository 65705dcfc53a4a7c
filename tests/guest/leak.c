// SPDX-License-Identifier: GPL-2.0-only
/*
 * That a life of an mdev, from bind to unbind, leaves nothing behind: no
 * memory, no reference, no line in the kernel's log.
 */
#include <errno.h>
#include <stdio.h>

#include "check.h"
#include "holdings.h"
#include "module.h"
#include "suite.h"

static const char * const used_modules[4] = {
	DRIVER_NAME, "vfio-pci-core", "mdev", "vfio",
};

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
	int nr = HOLDINGS_ROUNDS;

	while (nr--)
		round(fixture, function);
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

	if (!holdings_can_be_counted())
		skip_because("with KASAN, freed memory is counted as in use");
	count_uses(uses);
	/* Once for all that grows to a size and then stays. */
	repeat(fixture, function, round);
	holdings_take(&after);
	do {
		before = after;
		repeat(fixture, function, round);
		holdings_take(&after);
		nr_suspects = holdings_suspect(&before, &after, run == 0);
	} while (nr_suspects && ++run < HOLDINGS_RUNS);
	holdings_convict(&after);
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
