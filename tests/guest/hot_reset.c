// SPDX-License-Identifier: GPL-2.0-only
/*
 * The setting hot_reset_siblings: a hot reset must not reach a sibling that is
 * open, of which QEMU on type1 does not know that it is one. nic0 and nic1 are
 * two functions of one bus, in one group, without a reset of their own.
 */
#include <errno.h>

#include "check.h"
#include "e1000.h"
#include "region.h"
#include "setting.h"
#include "suite.h"

#define BAR0 VFIO_PCI_BAR0_REGION_INDEX
#define MARK 0x00ff00ff

#define BY_DEVICE_ID "iommufd tells devices by ids, so nothing is refused"

/* Both cards, in one address space. */
struct pair {
	struct function *functions[2];
	struct space *space;
	struct client *clients[2];
};

static struct client *open_marked(struct fixture *fixture, struct space *space,
				  const char *name)
{
	struct client *client = fixture_open_in(fixture, space, name);

	assert_done(config_set_command(client, PCI_COMMAND_MEMORY, 0));
	assert_done(region_write32(client, BAR0, E1000_REG_MTA, MARK));
	return client;
}

static uint32_t read_mark(struct client *client)
{
	assert_done(config_set_command(client, PCI_COMMAND_MEMORY, 0));
	return region_read32(client, BAR0, E1000_REG_MTA);
}

static void create_pair(struct fixture *fixture, struct pair *pair)
{
	pair->functions[0] = fixture_create(fixture, "nic0");
	pair->functions[1] = fixture_create(fixture, "nic1");
	pair->space = fixture_space(fixture, pair->functions[0]);
}

static void open_pair(struct fixture *fixture, struct pair *pair)
{
	unsigned int i;

	for (i = 0; i < 2; i++)
		pair->clients[i] = open_marked(fixture, pair->space,
					       pair->functions[i]->uuid);
}

static void assert_hot_reset(struct client *client)
{
	struct hot_reset reset;

	assert_done(client_hot_reset_info(client, &reset, HOT_RESET_MAX));
	assert_int_equal(reset.header.count, 2);
	assert_done(client_hot_reset(client));
	assert_int_equal(read_mark(client), 0);
}

static void assert_no_hot_reset(struct client *client)
{
	struct hot_reset reset;

	assert_refused(client_hot_reset_info(client, &reset, HOT_RESET_MAX),
		       ENODEV);
	assert_refused(client_hot_reset(client), EBUSY);
	assert_int_equal(read_mark(client), MARK);
}

static void open_sibling_is_reset_only_by_device_id(struct fixture *fixture)
{
	struct pair pair;

	create_pair(fixture, &pair);
	open_pair(fixture, &pair);
	if (fixture->access == ACCESS_CDEV) {
		assert_hot_reset(pair.clients[0]);
		assert_int_equal(read_mark(pair.clients[1]), 0);
		return;
	}
	assert_no_hot_reset(pair.clients[0]);
	assert_int_equal(read_mark(pair.clients[1]), MARK);
	assert_done(kmsg_wait_for(&fixture->log, pair.functions[0]->address,
				  pair.functions[1]->address,
				  "hot_reset_siblings"));
	assert_no_hot_reset(pair.clients[1]);
}

static void closed_sibling_does_not_matter(struct fixture *fixture)
{
	struct pair pair;

	create_pair(fixture, &pair);
	open_pair(fixture, &pair);
	client_close(pair.clients[1]);
	assert_hot_reset(pair.clients[0]);
}

static void sibling_without_an_mdev_does_not_matter(struct fixture *fixture)
{
	struct function *nic = fixture_create(fixture, "nic0");

	fixture_bind(fixture, "nic1");
	assert_hot_reset(open_marked(fixture, fixture_space(fixture, nic),
				     nic->uuid));
}

static void setting_lets_the_reset_through(struct fixture *fixture)
{
	struct pair pair;

	create_pair(fixture, &pair);
	assert_done(setting_write(pair.functions[0]->address,
				  "hot_reset_siblings", true));
	open_pair(fixture, &pair);
	assert_hot_reset(pair.clients[0]);
	assert_int_equal(read_mark(pair.clients[1]), 0);
}

static void setting_of_the_sibling_is_not_asked(struct fixture *fixture)
{
	struct pair pair;

	create_pair(fixture, &pair);
	assert_done(setting_write(pair.functions[1]->address,
				  "hot_reset_siblings", true));
	open_pair(fixture, &pair);
	assert_no_hot_reset(pair.clients[0]);
	assert_hot_reset(pair.clients[1]);
}

static void setting_waits_for_the_next_user(struct fixture *fixture)
{
	struct pair pair;

	create_pair(fixture, &pair);
	open_pair(fixture, &pair);
	assert_done(setting_write(pair.functions[0]->address,
				  "hot_reset_siblings", true));
	assert_no_hot_reset(pair.clients[0]);
	client_close(pair.clients[0]);
	assert_hot_reset(open_marked(fixture, pair.space,
				     pair.functions[0]->uuid));
}

/* The second is of vfio-pci's. */
static void open_beside_vfio_pci(struct fixture *fixture,
				 struct client **clients)
{
	struct function *ours = fixture_create(fixture, "nic0");
	struct function *stock = fixture_take(fixture, "nic1");
	struct space *space = fixture_space(fixture, ours);

	fixture_reload_stock(fixture, NULL);
	assert_done(pci_bind(stock->address, STOCK_DRIVER_NAME));
	clients[0] = open_marked(fixture, space, ours->uuid);
	clients[1] = open_marked(fixture, space, stock->address);
}

/* QEMU knows such a sibling by its address. */
static void sibling_of_vfio_pci_is_its_users_affair(struct fixture *fixture)
{
	struct client *clients[2];

	open_beside_vfio_pci(fixture, clients);
	assert_hot_reset(clients[0]);
	assert_int_equal(read_mark(clients[1]), 0);
}

/* Not ours to refuse, and so docs/differences.md tells it. */
static void reset_that_is_asked_of_vfio_pci_is_not_refused(
	struct fixture *fixture)
{
	struct client *clients[2];

	open_beside_vfio_pci(fixture, clients);
	assert_hot_reset(clients[1]);
	assert_int_equal(read_mark(clients[0]), 0);
}

static const struct test tests[] = {
	TEST(open_sibling_is_reset_only_by_device_id),
	TEST(closed_sibling_does_not_matter),
	TEST(sibling_without_an_mdev_does_not_matter),
	TEST(setting_lets_the_reset_through),
	GROUP_TEST(setting_of_the_sibling_is_not_asked, BY_DEVICE_ID),
	GROUP_TEST(setting_waits_for_the_next_user, BY_DEVICE_ID),
	TEST(sibling_of_vfio_pci_is_its_users_affair),
	TEST(reset_that_is_asked_of_vfio_pci_is_not_refused),
};

SUITE("hot_reset", tests)
