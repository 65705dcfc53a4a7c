// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a client reads and writes: config space, BARs by read, write and mmap,
 * the ROM, writes by eventfd. That all is as with vfio-pci: differential.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "check.h"
#include "edu.h"
#include "irq.h"
#include "nvme.h"
#include "region.h"
#include "suite.h"
#include "sysfs.h"
#include "wait.h"

#define BAR0 VFIO_PCI_BAR0_REGION_INDEX

/* Registers of Intel's 82574 */
#define E1000E_STATUS 0x08
#define E1000E_IO_BAR VFIO_PCI_BAR2_REGION_INDEX
#define E1000E_IO_ADDRESS 0x00
#define E1000E_IO_DATA 0x04

static void assert_config_like_the_hosts(struct client *client,
					 const struct function *function,
					 unsigned int offset,
					 unsigned int size)
{
	uint32_t expected = 0;
	uint32_t value;

	assert_done(pci_read_config(function->address, offset, &expected,
				    size));
	value = config_read(client, offset, size);
	assert_that(value == expected,
		    "%s: at %#x VFIO shows %#x and the host %#x",
		    function->id, offset, value, expected);
}

static void config_space_shows_the_functions_identity(struct fixture *fixture)
{
	static const char * const ids[] = { "edu0", "nvme0", "e1000e0" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ids); i++) {
		struct function *function = fixture_create(fixture, ids[i]);
		struct client *client = fixture_open(fixture, function);

		assert_config_like_the_hosts(client, function, PCI_VENDOR_ID,
					     2);
		assert_config_like_the_hosts(client, function, PCI_DEVICE_ID,
					     2);
		/* Class and revision */
		assert_config_like_the_hosts(client, function,
					     PCI_CLASS_REVISION, 4);
		assert_config_like_the_hosts(client, function,
					     PCI_SUBSYSTEM_VENDOR_ID, 4);
		assert_config_like_the_hosts(client, function,
					     PCI_INTERRUPT_PIN, 1);
	}
}

static void config_space_is_read_in_all_widths(struct fixture *fixture)
{
	struct client *client = fixture_new(fixture, "edu0");
	uint8_t bytes[64];

	assert_int_equal(config_read(client, PCI_VENDOR_ID, 1), 0x34);
	assert_int_equal(config_read(client, PCI_VENDOR_ID + 1, 1), 0x12);
	assert_int_equal(config_read(client, PCI_VENDOR_ID, 2), 0x1234);
	assert_int_equal(config_read(client, PCI_VENDOR_ID, 4), EDU_CONFIG_ID);
	assert_int_equal(region_read(client, VFIO_PCI_CONFIG_REGION_INDEX, 0,
				     bytes, sizeof(bytes)), sizeof(bytes));
	assert_int_equal(bytes[2] | bytes[3] << 8, 0x11e8);
}

static void sizing_a_bar_does_not_move_it(struct fixture *fixture)
{
	struct function *edu = fixture_create(fixture, "edu0");
	struct client *client = fixture_open(fixture, edu);
	uint32_t before;
	uint32_t after;

	assert_done(pci_read_config(edu->address, PCI_BASE_ADDRESS_0, &before,
				    sizeof(before)));
	assert_done(config_write(client, PCI_BASE_ADDRESS_0, 4, UINT32_MAX));
	/* The BAR has 1 MiB. */
	assert_int_equal(config_read(client, PCI_BASE_ADDRESS_0, 4),
			 0xfff00000);
	assert_done(pci_read_config(edu->address, PCI_BASE_ADDRESS_0, &after,
				    sizeof(after)));
	assert_int_equal(after, before);
	assert_int_equal(edu_read(client, EDU_REG_ID), EDU_ID);
}

static void read_only_config_stays_as_it_is(struct fixture *fixture)
{
	struct function *edu = fixture_create(fixture, "edu0");
	struct client *client = fixture_open(fixture, edu);

	assert_done(config_write(client, PCI_VENDOR_ID, 4, 0xdeadbeef));
	assert_done(config_write(client, PCI_CLASS_REVISION, 4, 0xdeadbeef));
	assert_int_equal(config_read(client, PCI_VENDOR_ID, 4), EDU_CONFIG_ID);
	assert_config_like_the_hosts(client, edu, PCI_CLASS_REVISION, 4);
}

static void memory_enable_opens_and_closes_the_bars(struct fixture *fixture)
{
	struct client *client = fixture_new(fixture, "edu0");
	uint32_t value;

	assert_done(config_set_command(client, 0, PCI_COMMAND_MEMORY));
	assert_refused(region_read(client, BAR0, EDU_REG_ID, &value, 4), EIO);
	assert_done(config_set_command(client, PCI_COMMAND_MEMORY, 0));
	assert_int_equal(edu_read(client, EDU_REG_ID), EDU_ID);
}

static sigjmp_buf after_bus_error;

static void on_bus_error(int signal)
{
	siglongjmp(after_bus_error, signal);
}

/* Whether reading memory raises SIGBUS. */
static bool read_faults(volatile uint32_t *memory)
{
	const struct sigaction action = { .sa_handler = on_bus_error };
	struct sigaction before;
	bool faulted;

	sigaction(SIGBUS, &action, &before);
	faulted = sigsetjmp(after_bus_error, 1);
	if (!faulted)
		(void)*memory;
	sigaction(SIGBUS, &before, NULL);
	return faulted;
}

static volatile uint32_t *map_registers(struct client *client, size_t *bytes)
{
	volatile uint32_t *registers = region_map(client, BAR0, bytes);

	assert_that(registers, "%s", failure_text());
	return registers;
}

static void mapping_faults_while_memory_is_disabled(struct fixture *fixture)
{
	struct client *client = fixture_new(fixture, "edu0");
	volatile uint32_t *registers;
	size_t bytes;

	assert_done(edu_start(client));
	registers = map_registers(client, &bytes);
	assert_int_equal(registers[0], EDU_ID);
	assert_done(config_set_command(client, 0, PCI_COMMAND_MEMORY));
	assert_true(read_faults(registers));
	assert_done(config_set_command(client, PCI_COMMAND_MEMORY, 0));
	assert_false(read_faults(registers));
	assert_int_equal(registers[0], EDU_ID);
	munmap((void *)registers, bytes);
}

/* Eight bytes of BAR 0 as the host's own sysfs shows them, without VFIO. */
static uint64_t read_by_sysfs(const struct function *function,
			      unsigned int offset)
{
	volatile uint32_t *registers;
	uint64_t value;
	char path[128];
	int fd;

	assert_done(sysfs_write("1", PCI_DEVICES "/%s/enable",
				function->address));
	snprintf(path, sizeof(path), PCI_DEVICES "/%s/resource0",
		 function->address);
	fd = open(path, O_RDWR | O_SYNC | O_CLOEXEC);
	assert_true(fd >= 0);
	registers = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
	close(fd);
	assert_true(registers != MAP_FAILED);
	value = registers[offset / 4] |
		(uint64_t)registers[offset / 4 + 1] << 32;
	munmap((void *)registers, 4096);
	assert_done(sysfs_write("0", PCI_DEVICES "/%s/enable",
				function->address));
	return value;
}

static void registers_read_the_same_in_all_widths(struct fixture *fixture)
{
	struct function *nvme = fixture_take(fixture, "nvme0");
	uint64_t cap = read_by_sysfs(nvme, NVME_REG_CAP);
	struct client *client;
	unsigned int width;
	unsigned int at;

	assert_true(cap != 0 && cap != UINT64_MAX);
	assert_done(pci_bind(nvme->address, DRIVER_NAME));
	assert_done(mdev_create(nvme->address, nvme->uuid));
	client = fixture_open(fixture, nvme);
	assert_done(config_set_command(client, PCI_COMMAND_MEMORY, 0));
	for (width = 1; width <= 8; width *= 2) {
		for (at = 0; at < 8; at += width) {
			uint64_t mask = width == 8 ? UINT64_MAX :
					(1ULL << width * 8) - 1;
			uint64_t value = 0;

			assert_int_equal(region_read(client, BAR0,
						     NVME_REG_CAP + at,
						     &value, width), width);
			assert_that(value == (cap >> at * 8 & mask),
				    "width %u at %u: %#llx", width, at,
				    (unsigned long long)value);
		}
	}
}

static void registers_take_writes_in_all_widths(struct fixture *fixture)
{
	struct client *client = fixture_new(fixture, "nvme0");
	const uint64_t whole = 0x1122334455667000;
	const uint32_t high = 0x99aabbcc;
	const uint16_t low = 0xd000;
	volatile uint32_t *registers;
	volatile uint32_t *queue;
	const uint8_t byte = 0;
	size_t bytes;

	assert_done(config_set_command(client, PCI_COMMAND_MEMORY, 0));
	registers = map_registers(client, &bytes);
	/* The admin queue's address holds what is written while disabled. */
	queue = registers + NVME_REG_ASQ / 4;
	assert_int_equal(region_write(client, BAR0, NVME_REG_ASQ, &whole, 8),
			 8);
	assert_int_equal(queue[0], (uint32_t)whole);
	assert_int_equal(queue[1], whole >> 32);
	assert_int_equal(region_write(client, BAR0, NVME_REG_ASQ + 4, &high,
				      4), 4);
	assert_int_equal(queue[1], high);
	assert_int_equal(region_write(client, BAR0, NVME_REG_ASQ, &low, 2), 2);
	assert_int_equal(queue[0] & 0xffff, low);
	/* The model takes a byte as two; both are the zeros it wants here. */
	assert_int_equal(region_write(client, BAR0, NVME_REG_ASQ, &byte, 1),
			 1);
	assert_int_equal(queue[0] & 0xff, 0);
	munmap((void *)registers, bytes);
}

static void mapped_registers_are_those_that_are_read(struct fixture *fixture)
{
	struct client *client = fixture_new(fixture, "edu0");
	volatile uint32_t *registers;
	size_t bytes;

	assert_done(edu_start(client));
	registers = map_registers(client, &bytes);
	assert_int_equal(bytes, 1 << 20);
	registers[EDU_REG_LIVENESS / 4] = 0x0f0f1234;
	assert_int_equal(edu_read(client, EDU_REG_LIVENESS),
			 (uint32_t)~0x0f0f1234);
	edu_write(client, EDU_REG_LIVENESS, 0xcafe);
	assert_int_equal(registers[EDU_REG_LIVENESS / 4], (uint32_t)~0xcafe);
	munmap((void *)registers, bytes);
}

static bool factorial_is_done(void *client)
{
	return !(edu_read(client, EDU_REG_STATUS) & EDU_STATUS_COMPUTING);
}

static void device_computes(struct fixture *fixture)
{
	struct client *client = fixture_new(fixture, "edu0");

	assert_done(edu_start(client));
	edu_write(client, EDU_REG_FACTORIAL, 10);
	assert_true(wait_for(factorial_is_done, client, WAIT_LIMIT_MS));
	assert_int_equal(edu_read(client, EDU_REG_FACTORIAL), 3628800);
}

static void io_ports_reach_the_same_device(struct fixture *fixture)
{
	struct client *client = fixture_new(fixture, "e1000e0");
	uint32_t status;

	assert_done(config_set_command(client, PCI_COMMAND_MEMORY |
				       PCI_COMMAND_IO, 0));
	status = region_read32(client, BAR0, E1000E_STATUS);
	assert_true(status != 0 && status != UINT32_MAX);
	assert_done(region_write32(client, E1000E_IO_BAR, E1000E_IO_ADDRESS,
				   E1000E_STATUS));
	assert_int_equal(region_read32(client, E1000E_IO_BAR, E1000E_IO_DATA),
			 status);
}

/* The ROM as the host's sysfs shows it, without VFIO; its size. */
static size_t read_rom_by_sysfs(const struct function *function,
				uint8_t *rom, size_t size)
{
	char path[128];
	size_t used = 0;
	ssize_t got;
	int fd;

	assert_done(sysfs_write("1", PCI_DEVICES "/%s/enable",
				function->address));
	assert_done(sysfs_write("1", PCI_DEVICES "/%s/rom",
				function->address));
	snprintf(path, sizeof(path), PCI_DEVICES "/%s/rom",
		 function->address);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	while ((got = read(fd, rom + used, size - used)) > 0)
		used += got;
	close(fd);
	assert_done(sysfs_write("0", PCI_DEVICES "/%s/rom",
				function->address));
	assert_done(sysfs_write("0", PCI_DEVICES "/%s/enable",
				function->address));
	return used;
}

static void rom_reads_as_the_host_reads_it(struct fixture *fixture)
{
	struct function *card = fixture_take(fixture, "e1000e0");
	uint8_t *expected = fixture_memory(fixture, 1 << 20);
	uint8_t *rom = fixture_memory(fixture, 1 << 20);
	struct client *client;
	size_t size;

	size = read_rom_by_sysfs(card, expected, 1 << 20);
	assert_true(size >= 512);
	assert_int_equal(expected[0] | expected[1] << 8, 0xaa55);
	assert_done(pci_bind(card->address, DRIVER_NAME));
	assert_done(mdev_create(card->address, card->uuid));
	client = fixture_open(fixture, card);
	assert_done(config_set_command(client, PCI_COMMAND_MEMORY, 0));
	assert_int_equal(region_read(client, VFIO_PCI_ROM_REGION_INDEX, 0, rom,
				     size), size);
	assert_memory_equal(rom, expected, size);
}

static void access_past_the_end_of_a_region_is_refused(
	struct fixture *fixture)
{
	struct client *client = fixture_new(fixture, "edu0");
	union region_info region;
	uint64_t data = 0;

	assert_done(edu_start(client));
	assert_done(region_query(client, BAR0, &region));
	assert_refused(region_read(client, BAR0, region.info.size, &data, 4),
		       EINVAL);
	assert_refused(region_write(client, BAR0, region.info.size, &data, 4),
		       EINVAL);
	/* What begins inside is cut at the end. */
	assert_int_equal(region_read(client, BAR0, region.info.size - 4, &data,
				     8), 4);
	assert_refused(region_read(client, VFIO_PCI_ROM_REGION_INDEX, 0,
				   &data, 4), EINVAL);
	assert_refused(region_query(client, client->info.num_regions,
				    &region), EINVAL);
}

static void only_bars_can_be_mapped(struct fixture *fixture)
{
	struct client *client = fixture_new(fixture, "e1000e0");
	union region_info region;
	size_t bytes;

	assert_done(region_query(client, VFIO_PCI_CONFIG_REGION_INDEX,
				 &region));
	assert_false(region.info.flags & VFIO_REGION_INFO_FLAG_MMAP);
	assert_null(region_map(client, VFIO_PCI_CONFIG_REGION_INDEX, &bytes));
	assert_null(region_map(client, VFIO_PCI_ROM_REGION_INDEX, &bytes));
	/* Port I/O */
	assert_null(region_map(client, E1000E_IO_BAR, &bytes));
}

static bool liveness_was_written(void *client)
{
	return edu_read(client, EDU_REG_LIVENESS) == (uint32_t)~0x600dcafe;
}

static void signalled_eventfd_writes_a_register(struct fixture *fixture)
{
	struct client *client = fixture_new(fixture, "edu0");
	int event = fixture_event(fixture);

	assert_done(edu_start(client));
	edu_write(client, EDU_REG_LIVENESS, 0);
	assert_done(client_write_on_event(client, BAR0, EDU_REG_LIVENESS,
					  0x600dcafe, event));
	assert_int_equal(edu_read(client, EDU_REG_LIVENESS), UINT32_MAX);
	event_signal(event);
	assert_true(wait_for(liveness_was_written, client, WAIT_LIMIT_MS));
	/* The same again is refused, as is taking away what is not there. */
	assert_refused(client_write_on_event(client, BAR0, EDU_REG_LIVENESS,
					     0x600dcafe, event), EEXIST);
	assert_done(client_write_on_event(client, BAR0, EDU_REG_LIVENESS,
					  0x600dcafe, -1));
	assert_refused(client_write_on_event(client, BAR0, EDU_REG_LIVENESS,
					     0x600dcafe, -1), ENODEV);
}

static const struct test tests[] = {
	TEST(config_space_shows_the_functions_identity),
	TEST(config_space_is_read_in_all_widths),
	TEST(sizing_a_bar_does_not_move_it),
	TEST(read_only_config_stays_as_it_is),
	TEST(memory_enable_opens_and_closes_the_bars),
	TEST(mapping_faults_while_memory_is_disabled),
	TEST(registers_read_the_same_in_all_widths),
	TEST(registers_take_writes_in_all_widths),
	TEST(mapped_registers_are_those_that_are_read),
	TEST(device_computes),
	TEST(io_ports_reach_the_same_device),
	TEST(rom_reads_as_the_host_reads_it),
	TEST(access_past_the_end_of_a_region_is_refused),
	TEST(only_bars_can_be_mapped),
	TEST(signalled_eventfd_writes_a_register),
};

SUITE("regions", tests)
