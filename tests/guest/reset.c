// SPDX-License-Identifier: GPL-2.0-only
/*
 * Resets by the client, by bus, and between two clients; seen in registers.
 */
#include <errno.h>
#include <stdlib.h>

#include "check.h"
#include "e1000.h"
#include "edu.h"
#include "lab.h"
#include "nvme.h"
#include "region.h"
#include "suite.h"
#include "sysfs.h"

#define BAR0 VFIO_PCI_BAR0_REGION_INDEX

/* A register that keeps a mark until the function is reset. */
struct marked {
	const char *id;
	unsigned int offset;
	uint32_t mark;
};

/* The controller's entry sizes, without enabling it */
static const struct marked nvme_mark = { "nvme0", NVME_REG_CC, 0x00460000 };
static const struct marked card_mark = { "e1000e0", E1000_REG_MTA, 0x00ff00ff };

static uint32_t read_mark(struct client *client, const struct marked *marked)
{
	assert_done(config_set_command(client, PCI_COMMAND_MEMORY, 0));
	return region_read32(client, BAR0, marked->offset);
}

static void set_mark(struct client *client, const struct marked *marked)
{
	assert_done(config_set_command(client, PCI_COMMAND_MEMORY, 0));
	assert_done(region_write32(client, BAR0, marked->offset,
				   marked->mark));
	assert_int_equal(read_mark(client, marked), marked->mark);
}

static void assert_reset_clears(struct fixture *fixture,
				const struct marked *marked)
{
	struct client *client = fixture_new(fixture, marked->id);

	assert_true(client->info.flags & VFIO_DEVICE_FLAGS_RESET);
	set_mark(client, marked);
	assert_done(client_reset(client));
	assert_int_equal(read_mark(client, marked), 0);
}

static void reset_clears_the_controller(struct fixture *fixture)
{
	assert_reset_clears(fixture, &nvme_mark);
}

/* The card's model keeps its registers in D3, so choose its other method. */
static void choose_reset(const char *method)
{
	char address[PCI_ADDRESS_SIZE];

	if (lab_address(address, card_mark.id))
		skip_because("%s", failure_text());
	assert_done(sysfs_write(method, PCI_DEVICES "/%s/reset_method",
				address));
}

static void reset_clears_the_network_card(struct fixture *fixture)
{
	choose_reset("bus");
	assert_reset_clears(fixture, &card_mark);
	choose_reset("default");
}

static void controller_works_after_a_reset(struct fixture *fixture)
{
	struct client *client = fixture_new(fixture, "nvme0");
	struct nvme nvme;

	assert_done(nvme_start(&nvme, client, 0x100000));
	assert_done(nvme_identify(&nvme));
	assert_done(client_reset(client));
	nvme_stop(&nvme);
	assert_done(nvme_start(&nvme, client, 0x100000));
	assert_done(nvme_identify(&nvme));
	assert_memory_equal(nvme.data + 4, "vmp-nvme0", 9);
	nvme_stop(&nvme);
}

static void function_without_reset_says_so(struct fixture *fixture)
{
	struct client *client = fixture_new(fixture, "edu1");

	/* Behind a conventional bridge with a sibling: no way to reset it. */
	assert_false(client->info.flags & VFIO_DEVICE_FLAGS_RESET);
	assert_refused(client_reset(client), EINVAL);
}

static void next_client_sees_no_trace_of_the_last(struct fixture *fixture)
{
	struct function *nvme = fixture_create(fixture, "nvme0");
	struct space *space = fixture_space(fixture, nvme);
	struct client *client = fixture_open_in(fixture, space, nvme->uuid);

	set_mark(client, &nvme_mark);
	client_close(client);
	client = fixture_open_in(fixture, space, nvme->uuid);
	assert_int_equal(read_mark(client, &nvme_mark), 0);
}

static void next_mdev_sees_no_trace_of_the_last(struct fixture *fixture)
{
	struct function *card = fixture_create(fixture, "e1000e0");
	struct space *space = fixture_space(fixture, card);
	struct client *client = fixture_open_in(fixture, space, card->uuid);

	choose_reset("bus");
	set_mark(client, &card_mark);
	client_close(client);
	assert_done(mdev_remove(card->uuid));
	assert_done(mdev_create(card->address, card->uuid));
	client = fixture_open_in(fixture, space, card->uuid);
	assert_int_equal(read_mark(client, &card_mark), 0);
	choose_reset("default");
}

static bool names_function(const struct hot_reset *reset,
			   const struct function *function)
{
	unsigned int bus = strtoul(function->address + 5, NULL, 16);
	unsigned int slot = strtoul(function->address + 8, NULL, 16);
	unsigned int i;

	for (i = 0; i < reset->header.count; i++) {
		if (reset->devices[i].bus == bus &&
		    reset->devices[i].devfn >> 3 == slot)
			return true;
	}
	return false;
}

static void hot_reset_info_names_all_that_it_would_reset(
	struct fixture *fixture)
{
	struct function *one = fixture_create(fixture, "edu1");
	struct function *other = fixture_create(fixture, "edu2");
	struct client *client = fixture_open(fixture, one);
	struct hot_reset reset;

	assert_done(client_hot_reset_info(client, &reset, HOT_RESET_MAX));
	assert_int_equal(reset.header.count, 2);
	assert_true(names_function(&reset, one));
	assert_true(names_function(&reset, other));
	if (fixture->access == ACCESS_GROUP)
		assert_int_equal(reset.devices[0].group_id,
				 pci_group(one->address));
	assert_refused(client_hot_reset_info(client, &reset, 1), ENOSPC);
	assert_int_equal(reset.header.count, 2);
}

static void hot_reset_clears_the_controller(struct fixture *fixture)
{
	struct function *nvme = fixture_create(fixture, "nvme0");
	struct client *client = fixture_open(fixture, nvme);
	struct hot_reset reset;

	assert_done(client_hot_reset_info(client, &reset, HOT_RESET_MAX));
	assert_int_equal(reset.header.count, 1);
	assert_true(names_function(&reset, nvme));
	set_mark(client, &nvme_mark);
	assert_done(client_hot_reset(client));
	assert_int_equal(read_mark(client, &nvme_mark), 0);
}

static void hot_reset_is_refused_on_the_root_bus(struct fixture *fixture)
{
	struct client *client = fixture_new(fixture, "edu0");
	struct hot_reset reset;

	assert_refused(client_hot_reset_info(client, &reset, HOT_RESET_MAX),
		       ENODEV);
	assert_true(client_hot_reset(client) < 0);
}

static const struct test tests[] = {
	TEST(reset_clears_the_controller),
	TEST(reset_clears_the_network_card),
	TEST(controller_works_after_a_reset),
	TEST(function_without_reset_says_so),
	TEST(next_client_sees_no_trace_of_the_last),
	TEST(next_mdev_sees_no_trace_of_the_last),
	TEST(hot_reset_info_names_all_that_it_would_reset),
	TEST(hot_reset_clears_the_controller),
	TEST(hot_reset_is_refused_on_the_root_bus),
};

SUITE("reset", tests)
