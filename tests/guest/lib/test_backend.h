/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The backend that does as a test tells it: modules/vmp_test_backend.c.
 */
#ifndef LIB_TEST_BACKEND_H
#define LIB_TEST_BACKEND_H

#include "../modules/vmp_test_backend.h"
#include "fixture.h"

#define TEST_BACKEND "vmp_test_backend"

/* What its operations fail with */
#define TEST_BACKEND_ERROR EREMOTEIO

/* Guest memory for it: so many pages of 4 KiB, from here on */
#define TEST_BACKEND_IOVA 0x200000
#define TEST_BACKEND_PAGES 64

/* An I/O address that nothing is mapped at */
#define TEST_BACKEND_HOLE 0x7000000

/**
 * test_backend_load() - Load it, for mdevs that are created later
 * @fixture: The fixture; unloads it, and puts back what else is changed
 * @parameters: Its parameters; the test fails if it refuses them
 */
void test_backend_load(struct fixture *fixture, const char *parameters);

/**
 * test_backend_new() - test_backend_load(), and open a device that has it
 * @fixture: The fixture
 * @id: The device's id: nvme0 or e1000e0
 * @parameters: As for test_backend_load()
 *
 * Return: The client, owned by the fixture.
 */
struct client *test_backend_new(struct fixture *fixture, const char *id,
				const char *parameters);

/**
 * test_backend_map() - Give its device guest memory, all TEST_BACKEND_PAGES
 * @fixture: The fixture, which owns the memory
 * @client: The device
 *
 * Return: The memory.
 */
uint8_t *test_backend_map(struct fixture *fixture, struct client *client);

/**
 * test_backend_fail() - Have operations fail from now on
 * @fixture: The fixture
 * @operations: A bit for each enum test_operation
 */
void test_backend_fail(struct fixture *fixture, unsigned int operations);

/**
 * test_backend_number() - Read one of its parameters
 * @parameter: The parameter, a number
 *
 * Return: The number.
 */
unsigned int test_backend_number(const char *parameter);

/**
 * test_backend_call() - Have it make a call
 * @client: The device
 * @call: Which
 * @place: Where: BAR << 32 | offset, or an I/O address
 * @value: What is written, or bytes; gets what was read
 *
 * Return: 0 or the -errno that the call returned.
 */
int test_backend_call(struct client *client, enum test_call call,
		      uint64_t place, uint64_t *value);

/**
 * test_backend_try() - test_backend_call() from a thread, in which none may fail
 * @client: The device
 * @call: Which
 * @place: As there
 * @value: What is written, or bytes
 *
 * Return: 0, or the -errno of the call, or of writing what is told to it.
 */
int test_backend_try(struct client *client, enum test_call call,
		     uint64_t place, uint64_t value);

/**
 * test_backend_value() - What it read last, and what it saves
 * @client: The device
 *
 * Return: The value.
 */
uint64_t test_backend_value(struct client *client);

#endif
