// SPDX-License-Identifier: GPL-2.0-only
/*
 * Error paths of an open device: each allocation and each copy that a call has
 * the kernel make fails once, and the call then succeeds. The device migrates
 * not; fail_nth_migration.c has one that does.
 */
#include <errno.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "check.h"
#include "edu.h"
#include "fail_nth.h"
#include "irq.h"
#include "region.h"
#include "suite.h"

#define BAR0 VFIO_PCI_BAR0_REGION_INDEX
#define NR_VECTORS 2

/**
 * struct user - A device and what its user has
 * @client: The device
 * @events: Eventfds
 * @index: An index of interrupts
 * @bytes: Of a mapping
 */
struct user {
	struct client *client;
	int events[NR_VECTORS];
	unsigned int index;
	size_t bytes;
};

static struct user open_device(struct fixture *fixture, const char *id)
{
	struct user user = {};
	size_t i;

	fail_nth_require();
	user.client = fixture_new(fixture, id);
	assert_done(config_set_command(user.client, PCI_COMMAND_MEMORY |
				       PCI_COMMAND_MASTER, 0));
	for (i = 0; i < NR_VECTORS; i++)
		user.events[i] = fixture_event(fixture);
	return user;
}

/* Information */

static int get_info(void *arg)
{
	struct user *user = arg;
	struct vfio_device_info info = { .argsz = sizeof(info) };

	return ioctl(user->client->fd, VFIO_DEVICE_GET_INFO, &info) ? -errno :
								      0;
}

static int get_region_info(void *arg)
{
	struct user *user = arg;
	union region_info region;

	return region_query(user->client, BAR0, &region);
}

static int get_irq_info(void *arg)
{
	struct user *user = arg;
	struct vfio_irq_info info;

	return irq_query(user->client, VFIO_PCI_MSIX_IRQ_INDEX, &info);
}

static int get_hot_reset_info(void *arg)
{
	struct user *user = arg;
	struct hot_reset reset;

	return client_hot_reset_info(user->client, &reset, HOT_RESET_MAX);
}

static int probe_feature(void *arg)
{
	struct user *user = arg;

	return client_probe_feature(user->client, VFIO_DEVICE_FEATURE_SET |
				    VFIO_DEVICE_FEATURE_LOW_POWER_ENTRY);
}

/* Interrupts */

static unsigned int nr_vectors(const struct user *user)
{
	return user->index == VFIO_PCI_MSIX_IRQ_INDEX ? NR_VECTORS : 1;
}

static int connect_index(void *arg)
{
	struct user *user = arg;

	return irq_connect(user->client, user->index, 0, user->events,
			   nr_vectors(user));
}

/*
 * The vectors have been in use before one is connected: if its directory in
 * /proc/irq cannot be filled, the kernel does not mind, but
 * unregister_irq_proc() warns.
 */
static void have_vectors(void *arg)
{
	struct user *user = arg;
	int none[NR_VECTORS];
	unsigned int i;

	for (i = 0; i < NR_VECTORS; i++)
		none[i] = -1;
	assert_done(connect_index(user));
	assert_done(irq_connect(user->client, user->index, 0, none,
				nr_vectors(user)));
}

/* The client's own trigger goes the way that the device's goes. */
static void assert_connected(void *arg)
{
	struct user *user = arg;

	assert_done(irq_act(user->client, user->index,
			    VFIO_IRQ_SET_ACTION_TRIGGER, 0, 1));
	assert_int_equal(event_wait(user->events[0], 10000), 1);
	assert_done(irq_disable(user->client, user->index));
}

static void disconnect(void *arg)
{
	struct user *user = arg;
	int none = -1;

	assert_done(irq_connect(user->client, user->index, 0, &none, 1));
}

static void sweep_index(struct user *user, const char *name,
			unsigned int index, void (*check_done)(void *arg))
{
	const struct fail_nth_sweep connect = {
		.name = name,
		.prepare = index == VFIO_PCI_MSI_IRQ_INDEX ||
			   index == VFIO_PCI_MSIX_IRQ_INDEX ?
			   have_vectors : NULL,
		.run = connect_index,
		.check_done = check_done,
	};

	user->index = index;
	fail_nth_run(&connect, user);
}

/* A second one would be refused. */
static void let_go_of_unmask(void *arg)
{
	struct user *user = arg;

	assert_done(irq_connect_unmask(user->client, -1));
}

static int unmask_on_event(void *arg)
{
	struct user *user = arg;

	return irq_connect_unmask(user->client, user->events[1]);
}

static void interrupts_can_fail(struct fixture *fixture)
{
	static const struct fail_nth_sweep unmask = {
		.name = "unmask by eventfd",
		.prepare = let_go_of_unmask,
		.run = unmask_on_event,
	};
	struct user nvme = open_device(fixture, "nvme0");
	struct user edu = open_device(fixture, "edu0");

	sweep_index(&nvme, "MSI-X", VFIO_PCI_MSIX_IRQ_INDEX, assert_connected);
	sweep_index(&nvme, "error interrupt", VFIO_PCI_ERR_IRQ_INDEX,
		    disconnect);
	sweep_index(&nvme, "request interrupt", VFIO_PCI_REQ_IRQ_INDEX,
		    disconnect);
	sweep_index(&edu, "MSI", VFIO_PCI_MSI_IRQ_INDEX, assert_connected);
	sweep_index(&edu, "INTx", VFIO_PCI_INTX_IRQ_INDEX, assert_connected);
	edu.index = VFIO_PCI_INTX_IRQ_INDEX;
	assert_done(connect_index(&edu));
	fail_nth_run(&unmask, &edu);
}

/* Regions */

static int read_config(void *arg)
{
	struct user *user = arg;
	uint32_t id;
	int ret = region_read(user->client, VFIO_PCI_CONFIG_REGION_INDEX,
			      PCI_VENDOR_ID, &id, sizeof(id));

	return ret < 0 ? ret : 0;
}

static int write_config(void *arg)
{
	struct user *user = arg;

	return config_set_command(user->client, PCI_COMMAND_MASTER, 0);
}

static int read_bar(void *arg)
{
	struct user *user = arg;
	uint32_t value;
	int ret = region_read(user->client, BAR0, 0x1c, &value,
			      sizeof(value));

	return ret < 0 ? ret : 0;
}

static int write_bar(void *arg)
{
	struct user *user = arg;
	uint32_t value = 0;
	int ret = region_write(user->client, BAR0, 0x0c, &value,
			       sizeof(value));

	return ret < 0 ? ret : 0;
}

/* A fault that finds no memory for tables is taken again. */
static int map_and_look(void *arg)
{
	struct user *user = arg;
	volatile uint32_t *bar = region_map(user->client, BAR0, &user->bytes);
	bool is_dead;

	if (!bar)
		return -errno;
	is_dead = bar[0] == UINT32_MAX;
	munmap((void *)bar, user->bytes);
	return is_dead ? -EIO : 0;
}

static int write_on_event(void *arg)
{
	struct user *user = arg;

	return client_write_on_event(user->client, BAR0, 0x0c, 0,
				     user->events[0]);
}

static void remove_write_on_event(void *arg)
{
	struct user *user = arg;

	assert_done(client_write_on_event(user->client, BAR0, 0x0c, 0, -1));
}

static int hot_reset_it(void *arg)
{
	struct user *user = arg;

	return client_hot_reset(user->client);
}

static void enable_memory(void *arg)
{
	struct user *user = arg;

	assert_done(config_set_command(user->client, PCI_COMMAND_MEMORY |
				       PCI_COMMAND_MASTER, 0));
}

static void calls_can_fail(struct fixture *fixture)
{
	static const struct fail_nth_sweep calls[] = {
		{ .name = "device information", .run = get_info },
		{ .name = "region information", .run = get_region_info },
		{ .name = "interrupt information", .run = get_irq_info },
		{ .name = "hot reset information", .run = get_hot_reset_info },
		{ .name = "feature", .run = probe_feature },
		{ .name = "config read", .run = read_config },
		{ .name = "config write", .run = write_config },
		{ .name = "BAR mapped", .run = map_and_look },
		{ .name = "BAR read", .run = read_bar },
		{ .name = "BAR write", .run = write_bar },
		{ .name = "write on eventfd", .run = write_on_event,
		  .check_done = remove_write_on_event },
		{ .name = "hot reset", .run = hot_reset_it,
		  .check_done = enable_memory },
	};
	struct user nvme = open_device(fixture, "nvme0");
	size_t i;

	for (i = 0; i < ARRAY_SIZE(calls); i++)
		fail_nth_run(&calls[i], &nvme);
}

static const struct test tests[] = {
	SLOW_TEST(calls_can_fail, 300),
	SLOW_TEST(interrupts_can_fail, 300),
};

SUITE("fail_nth_device", tests)
