// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runtime power management: an idle function sleeps, an open one is awake, and
 * its client can have it sleep, until it uses it.
 */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>

#include "check.h"
#include "irq.h"
#include "nvme.h"
#include "power.h"
#include "region.h"
#include "suite.h"

static void idle_function_sleeps(struct fixture *fixture)
{
	struct function *nvme = fixture_bind(fixture, "nvme0");

	power_assert_asleep(nvme->address);
	assert_done(mdev_create(nvme->address, nvme->uuid));
	power_assert_asleep(nvme->address);
}

static void open_function_is_awake_until_closed(struct fixture *fixture)
{
	struct function *nvme = fixture_create(fixture, "nvme0");
	struct client *client = fixture_open(fixture, nvme);

	power_assert_awake(nvme->address);
	assert_int_equal(region_read32(client, VFIO_PCI_BAR0_REGION_INDEX,
				       NVME_REG_VS) >> 16, 1);
	client_close(client);
	power_assert_asleep(nvme->address);
}

static void unbound_function_is_awake(struct fixture *fixture)
{
	struct function *nvme = fixture_bind(fixture, "nvme0");

	power_assert_asleep(nvme->address);
	assert_done(pci_unbind(nvme->address));
	power_assert_awake(nvme->address);
}

static void removed_mdev_leaves_the_function_asleep(struct fixture *fixture)
{
	struct function *nvme = fixture_create(fixture, "nvme0");

	client_close(fixture_open(fixture, nvme));
	assert_done(mdev_remove(nvme->uuid));
	power_assert_asleep(nvme->address);
}

static void client_can_have_its_function_sleep(struct fixture *fixture)
{
	struct function *nvme = fixture_create(fixture, "nvme0");
	struct client *client = fixture_open(fixture, nvme);

	assert_done(client_probe_feature(client, VFIO_DEVICE_FEATURE_SET |
					 VFIO_DEVICE_FEATURE_LOW_POWER_ENTRY));
	assert_done(client_set_feature(client,
				       VFIO_DEVICE_FEATURE_LOW_POWER_ENTRY,
				       NULL, 0));
	power_assert_asleep(nvme->address);
	assert_done(client_set_feature(client,
				       VFIO_DEVICE_FEATURE_LOW_POWER_EXIT,
				       NULL, 0));
	power_assert_awake(nvme->address);
	assert_int_equal(region_read32(client, VFIO_PCI_BAR0_REGION_INDEX,
				       NVME_REG_VS) >> 16, 1);
}

static void access_to_a_sleeping_function_wakes_it(struct fixture *fixture)
{
	struct function *nvme = fixture_create(fixture, "nvme0");
	struct client *client = fixture_open(fixture, nvme);

	assert_done(client_set_feature(client,
				       VFIO_DEVICE_FEATURE_LOW_POWER_ENTRY,
				       NULL, 0));
	power_assert_asleep(nvme->address);
	assert_int_equal(config_read(client, PCI_VENDOR_ID, 2),
			 pci_read_id(nvme->address, "vendor"));
	assert_int_equal(region_read32(client, VFIO_PCI_BAR0_REGION_INDEX,
				       NVME_REG_VS) >> 16, 1);
	/* It may sleep again until it is told that it is over. */
	assert_done(client_set_feature(client,
				       VFIO_DEVICE_FEATURE_LOW_POWER_EXIT,
				       NULL, 0));
	power_assert_awake(nvme->address);
}

static void sleep_of_one_client_does_not_outlive_it(struct fixture *fixture)
{
	struct function *nvme = fixture_create(fixture, "nvme0");
	struct space *space = fixture_space(fixture, nvme);
	struct client *client = fixture_open_in(fixture, space, nvme->uuid);

	assert_done(client_set_feature(client,
				       VFIO_DEVICE_FEATURE_LOW_POWER_ENTRY,
				       NULL, 0));
	client_close(client);
	fixture_open_in(fixture, space, nvme->uuid);
	power_assert_awake(nvme->address);
}

/* Where a sleeping function is touched, and what it is expected to do then. */
struct touch {
	const char *name;
	int (*run)(struct client *client, volatile uint8_t *registers);
	bool wakes;
};

static int read_config_space(struct client *client,
			     volatile uint8_t *registers)
{
	(void)registers;
	return config_read(client, PCI_STATUS, 2) == 0xffff ? -EIO : 0;
}

static int write_config_space(struct client *client,
			      volatile uint8_t *registers)
{
	(void)registers;
	return config_write(client, PCI_CACHE_LINE_SIZE, 1, 0);
}

static int read_register(struct client *client, volatile uint8_t *registers)
{
	(void)registers;
	return region_read32(client, VFIO_PCI_BAR0_REGION_INDEX,
			     NVME_REG_VS) >> 16 == 1 ? 0 : -EIO;
}

static int write_register(struct client *client, volatile uint8_t *registers)
{
	(void)registers;
	return region_write32(client, VFIO_PCI_BAR0_REGION_INDEX, NVME_REG_CC,
			      0);
}

static int ask_for_an_irq(struct client *client, volatile uint8_t *registers)
{
	struct vfio_irq_info info;

	(void)registers;
	return irq_query(client, VFIO_PCI_MSIX_IRQ_INDEX, &info);
}

static int ask_for_a_region(struct client *client, volatile uint8_t *registers)
{
	union region_info info;

	(void)registers;
	return region_query(client, VFIO_PCI_BAR0_REGION_INDEX, &info);
}

static int reset_it(struct client *client, volatile uint8_t *registers)
{
	(void)registers;
	return client_reset(client);
}

static sigjmp_buf before_fault;

static void on_bus_error(int number)
{
	siglongjmp(before_fault, number);
}

/* Nothing can wait in a page fault: the client gets a signal instead. */
static int read_mapping(struct client *client, volatile uint8_t *registers)
{
	struct sigaction action = { .sa_handler = on_bus_error };
	struct sigaction former;
	int number;

	(void)client;
	sigaction(SIGBUS, &action, &former);
	number = sigsetjmp(before_fault, 1);
	if (!number)
		(void)*(volatile uint32_t *)(registers + NVME_REG_VS);
	sigaction(SIGBUS, &former, NULL);
	return -number;
}

/* vfio_pci_rw(), vfio_device_fops_unl_ioctl(), vfio_pci_mmap_fault() */
static const struct touch touches[] = {
	{ "read of config space", read_config_space, true },
	{ "write to config space", write_config_space, true },
	{ "read of a register", read_register, true },
	{ "write to a register", write_register, true },
	{ "question for an interrupt", ask_for_an_irq, true },
	{ "question for a region", ask_for_a_region, true },
	{ "reset", reset_it, true },
	{ "read of a mapping", read_mapping, false },
};

/* What came of each touch: its own result, and whether the wakeup was told. */
struct awakening {
	int ret;
	unsigned int nr_events;
};

static void have_it_sleep(const struct function *function,
			  struct client *client, int event)
{
	const uint32_t feature =
		VFIO_DEVICE_FEATURE_LOW_POWER_ENTRY_WITH_WAKEUP;
	struct vfio_device_low_power_entry_with_wakeup entry = {
		.wakeup_eventfd = event,
	};

	assert_done(client_set_feature(client, feature, &entry,
				       sizeof(entry)));
	power_assert_asleep(function->address);
}

static void have_it_wake(const struct function *function,
			 struct client *client)
{
	assert_done(client_set_feature(client,
				       VFIO_DEVICE_FEATURE_LOW_POWER_EXIT,
				       NULL, 0));
	power_assert_awake(function->address);
}

static void touch_asleep(struct fixture *fixture,
			 const struct function *function, const char *name,
			 struct awakening *awakenings)
{
	struct space *space = fixture_space(fixture, function);
	struct client *client = fixture_open_in(fixture, space, name);
	int event = fixture_event(fixture);
	uint8_t *registers;
	size_t bytes;
	size_t i;

	assert_done(config_set_command(client, PCI_COMMAND_MEMORY, 0));
	registers = region_map(client, VFIO_PCI_BAR0_REGION_INDEX, &bytes);
	assert_non_null(registers);
	for (i = 0; i < ARRAY_SIZE(touches); i++) {
		have_it_sleep(function, client, event);
		awakenings[i].ret = touches[i].run(client, registers);
		awakenings[i].nr_events = event_wait(event, IRQ_SILENCE_MS);
		if (awakenings[i].nr_events)
			power_assert_awake(function->address);
		else
			power_assert_asleep(function->address);
		have_it_wake(function, client);
		event_wait(event, 0);
	}
	/* Awake again, the mapping is as good as before. */
	assert_int_equal(*(volatile uint32_t *)(registers + NVME_REG_VS) >> 16,
			 1);
	munmap(registers, bytes);
	client_close(client);
	space_close(space);
}

static void each_use_wakes_a_sleeping_function_as_under_vfio_pci(
	struct fixture *fixture)
{
	struct function *nvme = fixture_bind_to(fixture, "nvme0",
						STOCK_DRIVER_NAME);
	struct awakening stocks[ARRAY_SIZE(touches)];
	struct awakening ours[ARRAY_SIZE(touches)];
	size_t i;

	touch_asleep(fixture, nvme, nvme->address, stocks);
	assert_done(pci_unbind(nvme->address));
	assert_done(pci_bind(nvme->address, DRIVER_NAME));
	assert_done(mdev_create(nvme->address, nvme->uuid));
	touch_asleep(fixture, nvme, nvme->uuid, ours);
	for (i = 0; i < ARRAY_SIZE(touches); i++) {
		assert_that(ours[i].ret == stocks[i].ret &&
			    ours[i].nr_events == stocks[i].nr_events,
			    "%s: returned %d and woke %u, not %d and %u",
			    touches[i].name, ours[i].ret, ours[i].nr_events,
			    stocks[i].ret, stocks[i].nr_events);
		assert_that(ours[i].ret == (touches[i].wakes ? 0 : -SIGBUS) &&
			    ours[i].nr_events == touches[i].wakes,
			    "%s: returned %d and woke %u", touches[i].name,
			    ours[i].ret, ours[i].nr_events);
	}
}

static const struct test tests[] = {
	TEST(idle_function_sleeps),
	TEST(open_function_is_awake_until_closed),
	TEST(unbound_function_is_awake),
	TEST(removed_mdev_leaves_the_function_asleep),
	TEST(client_can_have_its_function_sleep),
	TEST(access_to_a_sleeping_function_wakes_it),
	TEST(sleep_of_one_client_does_not_outlive_it),
	TEST(each_use_wakes_a_sleeping_function_as_under_vfio_pci),
};

SUITE("power", tests)
