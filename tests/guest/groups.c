// SPDX-License-Identifier: GPL-2.0-only
/*
 * IOMMU groups of several functions, each with a driver of its own: ours,
 * vfio-pci, another, or none. What two wrapped functions of a group share is in
 * dma.c and names.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "check.h"
#include "e1000.h"
#include "edu.h"
#include "irq.h"
#include "process.h"
#include "region.h"
#include "suite.h"
#include "sysfs.h"
#include "uapi.h"
#include "wait.h"

#define PAGE 4096
#define IOVA 0x200000

/* The ordinary driver of nic0 and nic1, which wants DMA of the kernel's own. */
#define NIC_DRIVER "e1000"

#define BY_GROUP "a device node is not opened through a group"

/* Each function copies a page of its own to another, both engines at once. */
static void assert_both_copy(struct fixture *fixture, struct client *one,
			     struct client *other)
{
	uint8_t *memory = fixture_memory(fixture, 4 * PAGE);

	memset(memory, 0x11, PAGE);
	memset(memory + PAGE, 0x22, PAGE);
	assert_done(space_map(one->space, memory, 4 * PAGE, IOVA));
	assert_done(edu_start(one));
	assert_done(edu_start(other));
	assert_done(edu_copy(one, EDU_FROM_MEMORY, IOVA, PAGE));
	assert_done(edu_copy(other, EDU_FROM_MEMORY, IOVA + PAGE, PAGE));
	assert_done(edu_copy(one, EDU_TO_MEMORY, IOVA + 2 * PAGE, PAGE));
	assert_done(edu_copy(other, EDU_TO_MEMORY, IOVA + 3 * PAGE, PAGE));
	assert_memory_equal(memory, memory + 2 * PAGE, 2 * PAGE);
}

/* One function wrapped, the other on vfio-pci, in one space. */
static void assert_pair_works(struct fixture *fixture, const char *ours,
			      const char *stocks, bool is_ours_first)
{
	struct function *one = fixture_create(fixture, ours);
	struct function *other = fixture_bind_to(fixture, stocks,
						 STOCK_DRIVER_NAME);
	struct space *space = fixture_space(fixture, one);
	struct client *client;
	struct client *sibling;

	if (is_ours_first) {
		client = fixture_open_in(fixture, space, one->uuid);
		sibling = fixture_open_in(fixture, space, other->address);
	} else {
		sibling = fixture_open_in(fixture, space, other->address);
		client = fixture_open_in(fixture, space, one->uuid);
	}
	assert_both_copy(fixture, client, sibling);
	/* The end of one is not the end of the other. */
	client_close(is_ours_first ? client : sibling);
	client = is_ours_first ? sibling : client;
	assert_done(edu_copy(client, EDU_FROM_MEMORY, IOVA, PAGE));
	assert_done(edu_copy(client, EDU_TO_MEMORY, IOVA + 2 * PAGE, PAGE));
}

static void wrapped_function_shares_its_space_with_one_on_vfio_pci(
	struct fixture *fixture)
{
	assert_pair_works(fixture, "edu1", "edu2", true);
}

static void function_on_vfio_pci_shares_its_space_with_a_wrapped_one(
	struct fixture *fixture)
{
	assert_pair_works(fixture, "edu2", "edu1", false);
}

/* A network card whose interrupt is that of the line it shares. */
struct card {
	struct client *client;
	int event;
};

static void enable_intx(struct fixture *fixture, struct card *card)
{
	card->event = fixture_event(fixture);
	assert_done(config_set_command(card->client, PCI_COMMAND_MEMORY, 0));
	assert_done(irq_connect(card->client, VFIO_PCI_INTX_IRQ_INDEX, 0,
				&card->event, 1));
	assert_done(region_write32(card->client, VFIO_PCI_BAR0_REGION_INDEX,
				   E1000_REG_IMS, E1000_CAUSE_LINK));
}

static void assert_alone_is_interrupted(struct card *card, struct card *other)
{
	uint32_t pending;

	assert_done(region_write32(card->client, VFIO_PCI_BAR0_REGION_INDEX,
				   E1000_REG_ICS, E1000_CAUSE_LINK));
	assert_int_equal(event_wait(card->event, WAIT_LIMIT_MS), 1);
	assert_int_equal(event_wait(other->event, IRQ_SILENCE_MS), 0);
	pending = region_read32(card->client, VFIO_PCI_BAR0_REGION_INDEX,
				E1000_REG_ICR);
	assert_true(pending & E1000_CAUSE_LINK);
	assert_done(irq_act(card->client, VFIO_PCI_INTX_IRQ_INDEX,
			    VFIO_IRQ_SET_ACTION_UNMASK, 0, 1));
	assert_int_equal(event_wait(card->event, IRQ_SILENCE_MS), 0);
}

static void functions_on_one_line_get_their_own_interrupts(
	struct fixture *fixture)
{
	struct function *one = fixture_create(fixture, "nic0");
	struct function *other = fixture_bind_to(fixture, "nic1",
						 STOCK_DRIVER_NAME);
	struct space *space = fixture_space(fixture, one);
	struct card ours = {
		.client = fixture_open_in(fixture, space, one->uuid),
	};
	struct card stocks = {
		.client = fixture_open_in(fixture, space, other->address),
	};

	assert_int_equal(pci_read_id(one->address, "irq"),
			 pci_read_id(other->address, "irq"));
	enable_intx(fixture, &ours);
	enable_intx(fixture, &stocks);
	assert_alone_is_interrupted(&ours, &stocks);
	assert_alone_is_interrupted(&stocks, &ours);
	client_close(stocks.client);
	assert_done(region_write32(ours.client, VFIO_PCI_BAR0_REGION_INDEX,
				   E1000_REG_ICS, E1000_CAUSE_LINK));
	assert_int_equal(event_wait(ours.event, WAIT_LIMIT_MS), 1);
}

/* Through the group's node alone; -1 if it cannot be asked. */
static int group_flags(const struct function *function)
{
	struct vfio_group_status status = { .argsz = sizeof(status) };
	char path[64];
	int fd;
	int ret;

	snprintf(path, sizeof(path), "/dev/vfio/%d",
		 pci_group(function->address));
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return -1;
	ret = ioctl(fd, VFIO_GROUP_GET_STATUS, &status);
	close(fd);
	return ret ? -1 : (int)status.flags;
}

/* What the kernel says to a client that does not ask for the status first. */
static int try_container(const struct function *function)
{
	int container = open("/dev/vfio/vfio", O_RDWR | O_CLOEXEC);
	char path[64];
	int group;
	int ret = 0;

	snprintf(path, sizeof(path), "/dev/vfio/%d",
		 pci_group(function->address));
	group = open(path, O_RDWR | O_CLOEXEC);
	if (ioctl(group, VFIO_GROUP_SET_CONTAINER, &container))
		ret = -errno;
	close(group);
	close(container);
	return ret;
}

/* Open a function in a space of its own and close it; 0 or the -errno. */
static int try_open(enum access_mode access, const struct function *function,
		    const char *name)
{
	struct client client;
	struct space space;
	int ret;

	ret = space_open(&space, space_way(access), function->address);
	if (ret)
		return ret;
	ret = client_open(&client, &space, name);
	if (!ret)
		client_close(&client);
	space_close(&space);
	return ret;
}

static void assert_refused_in_silence(struct fixture *fixture,
				      const struct function *function,
				      const char *name)
{
	struct kmsg log;
	bool is_logged;

	assert_done(kmsg_open(&log));
	assert_refused(try_open(fixture->access, function, name), EPERM);
	if (fixture->access == ACCESS_GROUP) {
		assert_int_equal(group_flags(function), 0);
		assert_refused(try_container(function), EPERM);
	}
	is_logged = kmsg_find(&log, function->address, NULL, NULL);
	kmsg_close(&log);
	assert_false(is_logged);
}

static void ordinary_driver_of_a_sibling_keeps_the_group_shut(
	struct fixture *fixture)
{
	struct function *sibling = fixture_bind_to(fixture, "nic1",
						   NIC_DRIVER);
	struct function *card = fixture_create(fixture, "nic0");

	assert_refused_in_silence(fixture, card, card->uuid);
	assert_done(pci_unbind(sibling->address));
	assert_done(try_open(fixture->access, card, card->uuid));
	assert_done(pci_bind(sibling->address, NIC_DRIVER));
	assert_refused_in_silence(fixture, card, card->uuid);
}

/* What is refused to ours is refused to vfio-pci, and in the same words. */
static void ordinary_driver_keeps_vfio_pci_out_likewise(
	struct fixture *fixture)
{
	struct function *card = fixture_bind_to(fixture, "nic0",
						STOCK_DRIVER_NAME);

	fixture_bind_to(fixture, "nic1", NIC_DRIVER);
	assert_refused_in_silence(fixture, card, card->address);
}

static void ordinary_driver_is_refused_while_a_sibling_is_open(
	struct fixture *fixture)
{
	struct function *sibling = fixture_bind_to(fixture, "nic1",
						   NIC_DRIVER);
	struct client *client;

	assert_done(pci_unbind(sibling->address));
	client = fixture_new(fixture, "nic0");
	/* iommu_device_use_default_domain() in drivers/iommu/iommu.c */
	assert_refused(pci_bind(sibling->address, NIC_DRIVER), EBUSY);
	assert_false(pci_is_bound_to(sibling->address, NIC_DRIVER));
	/* The client noticed nothing of it. */
	assert_done(config_set_command(client, PCI_COMMAND_MEMORY, 0));
	assert_done(region_write32(client, VFIO_PCI_BAR0_REGION_INDEX,
				   E1000_REG_MTA, 0x12340000));
	assert_int_equal(region_read32(client, VFIO_PCI_BAR0_REGION_INDEX,
				       E1000_REG_MTA), 0x12340000);
	client_close(client);
	space_close(client->space);
	assert_done(pci_bind(sibling->address, NIC_DRIVER));
}

static void assert_group_is_open(struct fixture *fixture,
				 const struct function *function)
{
	if (fixture->access == ACCESS_GROUP)
		assert_int_equal(group_flags(function),
				 VFIO_GROUP_FLAGS_VIABLE);
	assert_done(try_open(fixture->access, function, function->uuid));
}

static void driver_without_dma_of_its_own_keeps_the_group_open(
	struct fixture *fixture)
{
	struct function *card = fixture_create(fixture, "nic0");

	fixture_bind_to(fixture, "nic1", "pci-stub");
	assert_group_is_open(fixture, card);
}

static void sibling_without_a_driver_keeps_the_group_open(
	struct fixture *fixture)
{
	struct function *card = fixture_create(fixture, "nic0");

	fixture_take(fixture, "nic1");
	assert_group_is_open(fixture, card);
}

/* An attempt that another process makes. */
struct attempt {
	enum access_mode access;
	const struct function *function;
	const char *name;
};

static int make_attempt(void *arg)
{
	struct attempt *attempt = arg;

	return try_open(attempt->access, attempt->function, attempt->name);
}

/* A group has one user: by group its node is busy, by cdev its DMA is. */
static void assert_second_client_refused(struct fixture *fixture,
					 const struct function *function,
					 const char *name)
{
	int error = fixture->access == ACCESS_GROUP ? EBUSY : EPERM;
	struct attempt attempt = { fixture->access, function, name };

	assert_refused(process_call(make_attempt, &attempt), error);
	assert_refused(make_attempt(&attempt), error);
}

static void sibling_of_an_open_function_is_refused_to_others(
	struct fixture *fixture)
{
	struct function *one = fixture_create(fixture, "edu1");
	struct function *other = fixture_create(fixture, "edu2");
	struct attempt attempt = { fixture->access, other, other->uuid };
	struct client *client = fixture_open(fixture, one);

	assert_second_client_refused(fixture, other, other->uuid);
	client_close(client);
	space_close(client->space);
	assert_done(process_call(make_attempt, &attempt));
	assert_done(make_attempt(&attempt));
}

static void sibling_on_vfio_pci_is_refused_to_others_likewise(
	struct fixture *fixture)
{
	struct function *one = fixture_create(fixture, "edu1");
	struct function *other = fixture_bind_to(fixture, "edu2",
						 STOCK_DRIVER_NAME);
	struct space *space;
	struct client *client = fixture_open(fixture, one);

	assert_second_client_refused(fixture, other, other->address);
	client_close(client);
	space_close(client->space);
	space = fixture_space(fixture, other);
	fixture_open_in(fixture, space, other->address);
	assert_second_client_refused(fixture, one, one->uuid);
}

static void second_container_for_a_group_is_refused(struct fixture *fixture)
{
	struct function *edu = fixture_create(fixture, "edu1");
	struct client *client = fixture_open(fixture, edu);
	int container = open("/dev/vfio/vfio", O_RDWR | O_CLOEXEC);
	int ret = ioctl(client->space->group_fd, VFIO_GROUP_SET_CONTAINER,
			&container);
	int error = errno;

	close(container);
	assert_int_equal(ret, -1);
	assert_int_equal(error, EINVAL);
	assert_done(edu_start(client));
	assert_int_equal(edu_read(client, EDU_REG_ID), EDU_ID);
}

/* While a client has one function, the other goes from driver to driver. */
static void sibling_changes_drivers_under_an_open_function(
	struct fixture *fixture)
{
	struct function *one = fixture_create(fixture, "edu1");
	struct function *other = fixture_bind_to(fixture, "edu2",
						 STOCK_DRIVER_NAME);
	struct space *space = fixture_space(fixture, one);
	struct client *client = fixture_open_in(fixture, space, one->uuid);
	int request = fixture_event(fixture);
	struct client *sibling;

	assert_done(irq_connect(client, VFIO_PCI_REQ_IRQ_INDEX, 0, &request,
				1));
	sibling = fixture_open_in(fixture, space, other->address);
	assert_both_copy(fixture, client, sibling);
	client_close(sibling);
	assert_done(space_unmap(space, 4 * PAGE, IOVA));

	assert_done(pci_unbind(other->address));
	assert_done(pci_bind(other->address, DRIVER_NAME));
	assert_done(mdev_create(other->address, other->uuid));
	sibling = fixture_open_in(fixture, space, other->uuid);
	assert_both_copy(fixture, client, sibling);
	client_close(sibling);
	assert_done(mdev_remove(other->uuid));
	assert_done(pci_unbind(other->address));
	/* Nobody wanted the client's own function meanwhile. */
	assert_int_equal(event_wait(request, 0), 0);
}

static const struct test tests[] = {
	TEST(wrapped_function_shares_its_space_with_one_on_vfio_pci),
	TEST(function_on_vfio_pci_shares_its_space_with_a_wrapped_one),
	TEST(functions_on_one_line_get_their_own_interrupts),
	TEST(ordinary_driver_of_a_sibling_keeps_the_group_shut),
	TEST(ordinary_driver_keeps_vfio_pci_out_likewise),
	TEST(ordinary_driver_is_refused_while_a_sibling_is_open),
	TEST(driver_without_dma_of_its_own_keeps_the_group_open),
	TEST(sibling_without_a_driver_keeps_the_group_open),
	TEST(sibling_of_an_open_function_is_refused_to_others),
	TEST(sibling_on_vfio_pci_is_refused_to_others_likewise),
	GROUP_TEST(second_container_for_a_group_is_refused, BY_GROUP),
	TEST(sibling_changes_drivers_under_an_open_function),
};

SUITE("groups", tests)
