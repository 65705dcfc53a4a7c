// SPDX-License-Identifier: GPL-2.0-only
/*
 * Legacy VGA: the region, the claim that the VGA arbiter hears of, and the
 * setting disable_vga, over which vfio-pci's parameter has no power.
 *
 * vga0 is alone behind a bridge, which can keep legacy cycles from it. vga1
 * has a sibling behind its bridge, vga3 is on the root bus.
 */
#include <errno.h>
#include <string.h>

#include "check.h"
#include "region.h"
#include "setting.h"
#include "suite.h"
#include "vga.h"

#define VGA VFIO_PCI_VGA_REGION_INDEX

/* A VGA's Miscellaneous Output Register, to be read here; never absent. */
#define VGA_PORT_MISC 0x3cc

#define DECODES_SIZE 16

/* What a client and the host see of legacy VGA. */
struct view {
	char decodes_when_bound[DECODES_SIZE];
	int query;		/* what the region's query returned */
	uint32_t flags;
	uint64_t size;
	int read;		/* what a read of it returned */
	char decodes_when_unbound[DECODES_SIZE];
};

static void assert_decodes(const struct function *function,
			   const char *expected)
{
	char decodes[DECODES_SIZE];

	assert_done(vga_decodes(decodes, sizeof(decodes), function->address));
	assert_string_equal(decodes, expected);
}

static void look_at_region(struct client *client, struct view *view)
{
	union region_info region;
	uint8_t byte;

	assert_done(config_set_command(client, PCI_COMMAND_MEMORY |
				       PCI_COMMAND_IO, 0));
	view->query = region_query(client, VGA, &region);
	if (!view->query) {
		view->flags = region.info.flags;
		view->size = region.info.size;
	}
	view->read = region_read(client, VGA, VGA_PORT_MISC, &byte, 1);
}

/* Look at an adapter that a driver has, and give it back. */
static void look(struct fixture *fixture, const struct function *adapter,
		 const char *name, struct view *view)
{
	struct space *space;
	struct client *client;

	assert_done(vga_decodes(view->decodes_when_bound, DECODES_SIZE,
				adapter->address));
	space = fixture_space(fixture, adapter);
	client = fixture_open_in(fixture, space, name);
	look_at_region(client, view);
	client_close(client);
	space_close(space);
	assert_done(pci_unbind(adapter->address));
	assert_done(vga_decodes(view->decodes_when_unbound, DECODES_SIZE,
				adapter->address));
}

static void look_under_ours(struct fixture *fixture,
			    const struct function *adapter, bool disable_vga,
			    struct view *view)
{
	assert_done(pci_bind(adapter->address, DRIVER_NAME));
	assert_done(setting_write(adapter->address, "disable_vga",
				  disable_vga));
	assert_done(mdev_create(adapter->address, adapter->uuid));
	look(fixture, adapter, adapter->uuid, view);
}

/* Whatever vfio-pci's parameter is, ours is as vfio-pci is with the same. */
static void compare(struct fixture *fixture, const char *id, bool disable_vga,
		    const char *decodes)
{
	static const char * const parameters[] = {
		"disable_vga=0", "disable_vga=1",
	};
	struct function *adapter = fixture_take(fixture, id);
	struct view stock = { };
	struct view ours = { };
	unsigned int i;

	fixture_reload_stock(fixture, parameters[disable_vga]);
	assert_done(pci_bind(adapter->address, STOCK_DRIVER_NAME));
	look(fixture, adapter, adapter->address, &stock);
	assert_string_equal(stock.decodes_when_bound, decodes);
	assert_int_equal(stock.query, disable_vga ? -EINVAL : 0);

	for (i = 0; i < 2; i++) {
		fixture_reload_stock(fixture, parameters[i]);
		look_under_ours(fixture, adapter, disable_vga, &ours);
		assert_memory_equal(&ours, &stock, sizeof(ours));
	}
}

static void legacy_vga_is_offered_as_by_vfio_pci(struct fixture *fixture)
{
	compare(fixture, "vga0", false, "io+mem");
}

static void disabled_vga_is_not_offered_and_not_claimed(
	struct fixture *fixture)
{
	compare(fixture, "vga0", true, "none");
}

static void adapter_with_a_sibling_keeps_its_claim(struct fixture *fixture)
{
	compare(fixture, "vga1", true, "io+mem");
}

static void adapter_on_the_root_bus_keeps_its_claim(struct fixture *fixture)
{
	compare(fixture, "vga3", true, "io+mem");
}

static void parameter_decides_the_claim_when_bound(struct fixture *fixture)
{
	struct function *adapter;

	fixture_reload(fixture, "disable_vga=1");
	adapter = fixture_bind(fixture, "vga0");
	assert_decodes(adapter, "none");
	assert_done(pci_unbind(adapter->address));
	assert_decodes(adapter, "io+mem");
}

static void claim_follows_the_setting(struct fixture *fixture)
{
	struct function *adapter = fixture_create(fixture, "vga0");
	struct client *client;

	assert_decodes(adapter, "io+mem");
	assert_done(setting_write(adapter->address, "disable_vga", true));
	assert_decodes(adapter, "none");
	client = fixture_open(fixture, adapter);
	assert_done(setting_write(adapter->address, "disable_vga", false));
	assert_decodes(adapter, "none");
	client_close(client);
	assert_decodes(adapter, "io+mem");
}

static void user_keeps_the_region_that_was_there(struct fixture *fixture)
{
	struct function *adapter = fixture_create(fixture, "vga0");
	struct client *client = fixture_open(fixture, adapter);
	struct view before = { };
	struct view after = { };

	look_at_region(client, &before);
	assert_int_equal(before.query, 0);
	assert_int_equal(before.read, 1);
	assert_done(setting_write(adapter->address, "disable_vga", true));
	look_at_region(client, &after);
	assert_memory_equal(&before, &after, sizeof(before));
}

static const struct test tests[] = {
	TEST(legacy_vga_is_offered_as_by_vfio_pci),
	TEST(disabled_vga_is_not_offered_and_not_claimed),
	TEST(adapter_with_a_sibling_keeps_its_claim),
	TEST(adapter_on_the_root_bus_keeps_its_claim),
	TEST(parameter_decides_the_claim_when_bound),
	TEST(claim_follows_the_setting),
	TEST(user_keeps_the_region_that_was_there),
};

SUITE("vga", tests)
