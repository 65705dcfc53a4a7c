// SPDX-License-Identifier: GPL-2.0-only
/*
 * The backend that does as a test tells it, by its window and its parameters.
 */
#include "test_backend.h"

#include <errno.h>
#include <stdio.h>

#include "check.h"
#include "migration.h"
#include "region.h"
#include "sysfs.h"
#include "test_module.h"

#define PARAMETERS "/sys/module/" TEST_BACKEND "/parameters"

#define WINDOW_BAR VFIO_PCI_BAR0_REGION_INDEX

void test_backend_load(struct fixture *fixture, const char *parameters)
{
	mig_turn_on(fixture);
	assert_done(test_module_try(TEST_BACKEND, "%s", parameters));
	fixture_keep_module(fixture, TEST_BACKEND);
}

struct client *test_backend_new(struct fixture *fixture, const char *id,
				const char *parameters)
{
	test_backend_load(fixture, parameters);
	return mig_new(fixture, id);
}

uint8_t *test_backend_map(struct fixture *fixture, struct client *client)
{
	size_t bytes = TEST_BACKEND_PAGES * 4096;
	uint8_t *memory = fixture_memory(fixture, bytes);

	assert_done(space_map(client->space, memory, bytes,
			      TEST_BACKEND_IOVA));
	return memory;
}

void test_backend_fail(struct fixture *fixture, unsigned int operations)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", operations);
	fixture_set(fixture, text, PARAMETERS "/fail");
}

unsigned int test_backend_number(const char *parameter)
{
	long long number;

	assert_done(sysfs_read_number(&number, PARAMETERS "/%s", parameter));
	return number;
}

static int write_window(struct client *client, unsigned int at, uint64_t value)
{
	int ret = region_write(client, WINDOW_BAR, TEST_WINDOW + at, &value,
			       sizeof(value));

	return ret < 0 ? ret : 0;
}

uint64_t test_backend_value(struct client *client)
{
	uint64_t value;

	assert_int_equal(region_read(client, WINDOW_BAR,
				     TEST_WINDOW + TEST_VALUE, &value,
				     sizeof(value)), sizeof(value));
	return value;
}

int test_backend_try(struct client *client, enum test_call call,
		     uint64_t place, uint64_t value)
{
	int ret = write_window(client, TEST_PLACE, place);

	if (!ret)
		ret = write_window(client, TEST_VALUE, value);
	return ret ? ret : write_window(client, TEST_CALL, call);
}

int test_backend_call(struct client *client, enum test_call call,
		      uint64_t place, uint64_t *value)
{
	int ret;

	assert_done(write_window(client, TEST_PLACE, place));
	assert_done(write_window(client, TEST_VALUE, *value));
	ret = write_window(client, TEST_CALL, call);
	*value = test_backend_value(client);
	return ret;
}
