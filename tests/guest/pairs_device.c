// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an open device can be asked for, any two at once: by its client's threads,
 * and by its owner through sysfs. What opens and ends it is in pairs_owner.c.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "dirty.h"
#include "e1000.h"
#include "edu.h"
#include "pairs/device.h"
#include "region.h"
#include "setting.h"
#include "suite.h"
#include "test_backend.h"

struct pairs_subject pairs_subject;

/* A device, and how it comes to be open */
struct scene {
	struct client *(*open)(struct fixture *fixture);
	unsigned int reg;
	bool migrates;
	bool has_test_backend;
};

static struct client *open_e1000e(struct fixture *fixture)
{
	return fixture_new(fixture, "e1000e0");
}

static struct client *open_edu(struct fixture *fixture)
{
	return mig_new(fixture, "edu0");
}

static struct client *open_test_backend(struct fixture *fixture)
{
	return test_backend_new(fixture, "e1000e0", "");
}

static int restart(void)
{
	int ret = client_reset(pairs_subject.client);

	return ret ? ret : config_set_command(pairs_subject.client,
					      PCI_COMMAND_MEMORY |
					      PCI_COMMAND_MASTER, 0);
}

/* A reset takes a tenth of a second, so it is left out if it would do nothing. */
static int make_it_run(void)
{
	if (pairs_subject.stream.length) {
		int state = mig_state(pairs_subject.client);

		if (!pairs_forget_loads() && state == MIG_ERROR)
			return failure_set(EUCLEAN, "the device's state is %s",
					   mig_state_name(state));
		if (state != MIG_RUNNING)
			return restart();
	}
	return config_set_command(pairs_subject.client, PCI_COMMAND_MEMORY |
				  PCI_COMMAND_MASTER, 0);
}

static void choose_settings(void)
{
	static const char * const names[PAIRS_MAX_SETTINGS] = {
		"nointxmask", "disable_vga", "disable_idle_d3",
		"hot_reset_siblings",
	};
	unsigned int i;

	for (i = 0; i < PAIRS_MAX_SETTINGS; i++)
		if (setting_is_offered(pairs_subject.address, names[i]))
			pairs_subject.settings[i] = names[i];
}

static void begin(struct fixture *fixture, const struct scene *scene)
{
	struct client *client = scene->open(fixture);
	struct function *function = &fixture->functions[0];

	pairs_subject = (struct pairs_subject) {
		.client = client,
		.address = function->address,
		.uuid = function->uuid,
		.reg = scene->reg,
		.event = fixture_event(fixture),
		.has_test_backend = scene->has_test_backend,
	};
	choose_settings();
	if (pipe(pairs_subject.pipe))
		abort();
	assert_done(space_map(client->space,
			      fixture_memory(fixture, PAIRS_BYTES),
			      PAIRS_BYTES, PAIRS_IOVA));
	if (client->space->access == ACCESS_GROUP)
		assert_done(dirty_start(client->space));
	fixture_set(fixture, "auto", PCI_DEVICES "/%s/power/control",
		    function->address);
	if (scene->migrates)
		pairs_subject.stream = mig_save(client);
	assert_done(restart());
}

/* It can still be reset, loaded and saved. */
static void end(const struct scene *scene)
{
	struct mig_stream *before = &pairs_subject.stream;
	struct mig_stream after;

	close(pairs_subject.pipe[0]);
	close(pairs_subject.pipe[1]);
	assert_done(restart());
	if (!scene->migrates)
		return;
	assert_done(mig_load(pairs_subject.client, before));
	after = mig_save(pairs_subject.client);
	assert_int_equal(after.length, before->length);
	assert_memory_equal(after.bytes, before->bytes, after.length);
	mig_stream_free(&after);
	mig_stream_free(before);
}

static void make_all_pairs(struct fixture *fixture, unsigned int ms)
{
	const struct pair_table tables[] = {
		pairs_device_calls, pairs_migration_calls,
	};

	begin(fixture, fixture->data);
	pairs_run(&(struct pairs) {
		.tables = tables,
		.nr_tables = ARRAY_SIZE(tables),
		.prepare = make_it_run,
		.ms = ms,
	});
	end(fixture->data);
}

static void any_two_calls_go_together(struct fixture *fixture)
{
	make_all_pairs(fixture, 10);
}

/* For KCSAN, which watches about one of 100 accesses. */
static void any_two_calls_go_together_for_long(struct fixture *fixture)
{
	make_all_pairs(fixture, 500);
}

static const struct scene e1000e = {
	.open = open_e1000e,
	.reg = E1000_REG_MTA,
};

static const struct scene edu = {
	.open = open_edu,
	.reg = EDU_REG_LIVENESS,
	.migrates = true,
};

static const struct scene test_backend = {
	.open = open_test_backend,
	.reg = E1000_REG_MTA,
	.migrates = true,
	.has_test_backend = true,
};

#define ON(device) \
	{ .name = "any_two_calls_go_together_on_" #device, \
	  .run = any_two_calls_go_together, .limit_s = 240, \
	  .data = &(device) }

#define FOR_LONG_ON(device) \
	{ .name = "any_two_calls_go_together_for_long_on_" #device, \
	  .run = any_two_calls_go_together_for_long, .limit_s = 1200, \
	  .data = &(device), .is_long = true }

static const struct test tests[] = {
	ON(e1000e),
	ON(edu),
	ON(test_backend),
	FOR_LONG_ON(e1000e),
	FOR_LONG_ON(edu),
	FOR_LONG_ON(test_backend),
};

SUITE("pairs_device", tests)
