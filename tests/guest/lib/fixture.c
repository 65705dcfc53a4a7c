// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a test takes from the machine, and putting it back.
 * Running the tests is up to suite.c.
 */
#include "fixture.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "check.h"
#include "disguise.h"
#include "fail_call.h"
#include "irq.h"
#include "lab.h"
#include "module.h"
#include "sysfs.h"
#include "wait.h"

void skip_because(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	printf("# skipped: ");
	vprintf(format, args);
	printf("\n");
	va_end(args);
	skip();
	abort();	/* skip() does not return, but is not declared so */
}

int fixture_begin(struct fixture *fixture, enum access_mode access)
{
	memset(fixture, 0, sizeof(*fixture));
	fixture->access = access;
	return kmsg_open(&fixture->log);
}

static void check_room(unsigned int used)
{
	if (used >= FIXTURE_MAX)
		fail_msg("the test takes more than the fixture can hold");
}

struct function *fixture_take_address(struct fixture *fixture, const char *id,
				      const char *address)
{
	struct function *function = &fixture->functions[fixture->nr_functions];

	check_room(fixture->nr_functions);
	snprintf(function->id, sizeof(function->id), "%s", id);
	snprintf(function->address, sizeof(function->address), "%s", address);
	mdev_new_uuid(function->uuid);
	pci_driver_name(function->former_driver,
			sizeof(function->former_driver), address);
	fixture->nr_functions++;
	assert_done(pci_unbind(address));
	return function;
}

struct function *fixture_take(struct fixture *fixture, const char *id)
{
	char address[PCI_ADDRESS_SIZE];

	if (lab_address(address, id))
		skip_because("%s", failure_text());
	return fixture_take_address(fixture, id, address);
}

struct function *fixture_bind(struct fixture *fixture, const char *id)
{
	struct function *function = fixture_take(fixture, id);

	assert_done(pci_bind(function->address, DRIVER_NAME));
	return function;
}

void fixture_keep_module(struct fixture *fixture, const char *module)
{
	check_room(fixture->nr_modules);
	snprintf(fixture->modules[fixture->nr_modules++],
		 sizeof(fixture->modules[0]), "%s", module);
}

void fixture_load(struct fixture *fixture, const char *module)
{
	if (module_is_loaded(module))
		return;
	if (module_load_silently(module))
		skip_because("this kernel has no module %s", module);
	fixture_keep_module(fixture, module);
}

struct function *fixture_bind_to(struct fixture *fixture, const char *id,
				 const char *driver)
{
	struct function *function = fixture_take(fixture, id);

	fixture_load(fixture, driver);
	/* A driver that looks for such functions has it by now. */
	if (!pci_is_bound_to(function->address, driver))
		assert_done(pci_bind(function->address, driver));
	return function;
}

struct function *fixture_create(struct fixture *fixture, const char *id)
{
	struct function *function = fixture_bind(fixture, id);

	assert_done(mdev_create(function->address, function->uuid));
	return function;
}

struct space *fixture_space_by(struct fixture *fixture, enum space_way way,
			       const struct function *function)
{
	struct space *space = &fixture->spaces[fixture->nr_spaces];

	check_room(fixture->nr_spaces);
	assert_done(space_open(space, way, function->address));
	fixture->nr_spaces++;
	return space;
}

struct space *fixture_space(struct fixture *fixture,
			    const struct function *function)
{
	return fixture_space_by(fixture, space_way(fixture->access), function);
}

struct client *fixture_open_in(struct fixture *fixture, struct space *space,
			       const char *name)
{
	struct client *client = &fixture->clients[fixture->nr_clients];

	check_room(fixture->nr_clients);
	assert_done(client_open(client, space, name));
	fixture->nr_clients++;
	return client;
}

struct client *fixture_open(struct fixture *fixture,
			    const struct function *function)
{
	return fixture_open_in(fixture, fixture_space(fixture, function),
			       function->uuid);
}

struct client *fixture_new(struct fixture *fixture, const char *id)
{
	return fixture_open(fixture, fixture_create(fixture, id));
}

int fixture_event(struct fixture *fixture)
{
	check_room(fixture->nr_event_fds);
	fixture->event_fds[fixture->nr_event_fds] = event_new();
	return fixture->event_fds[fixture->nr_event_fds++];
}

uint8_t *fixture_memory(struct fixture *fixture, size_t size)
{
	struct memory *memory = &fixture->memories[fixture->nr_memories];

	check_room(fixture->nr_memories);
	memory->size = size;
	memory->bytes = mmap(NULL, size, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE,
			     -1, 0);
	if (memory->bytes == MAP_FAILED)
		fail_msg("no memory");
	fixture->nr_memories++;
	return memory->bytes;
}

void fixture_set(struct fixture *fixture, const char *text,
		 const char *format, ...)
{
	struct setting *setting = &fixture->settings[fixture->nr_settings];
	va_list args;

	check_room(fixture->nr_settings);
	va_start(args, format);
	vsnprintf(setting->path, sizeof(setting->path), format, args);
	va_end(args);
	assert_done(sysfs_read(setting->former, sizeof(setting->former), "%s",
			       setting->path));
	fixture->nr_settings++;
	assert_done(sysfs_write(text, "%s", setting->path));
}

void fixture_reload(struct fixture *fixture, const char *parameter)
{
	fixture->is_reloaded = true;
	assert_done(module_unload(DRIVER_NAME));
	assert_done(module_load(DRIVER_NAME, parameter));
}

static int load_stock_anew(const char *parameter)
{
	int ret = 0;

	if (module_is_loaded(STOCK_DRIVER_NAME))
		ret = module_unload(STOCK_DRIVER_NAME);
	return ret ? ret : module_load(STOCK_DRIVER_NAME, parameter);
}

void fixture_reload_stock(struct fixture *fixture, const char *parameter)
{
	fixture_load(fixture, STOCK_DRIVER_NAME);
	fixture->is_stock_reloaded = true;
	assert_done(load_stock_anew(parameter));
}

struct background *fixture_keep_step(struct fixture *fixture,
				     struct background *step)
{
	check_room(fixture->nr_steps);
	fixture->steps[fixture->nr_steps++] = step;
	return step;
}

struct background *fixture_remove(struct fixture *fixture,
				  const struct function *function)
{
	struct background *step = background_write("1", MDEV_DEVICES
						   "/%s/remove",
						   function->uuid);

	return fixture_keep_step(fixture, step);
}

static int unbind_step(void *arg)
{
	const char *address = arg;

	return pci_prepare_unbind(address) ?:
	       sysfs_write(address, PCI_DEVICES "/%s/driver/unbind", address);
}

struct background *fixture_unbind(struct fixture *fixture,
				  struct function *function)
{
	return fixture_keep_step(fixture,
				 background_call(unbind_step, function->address));
}

static void close_everything(struct fixture *fixture)
{
	unsigned int i;

	for (i = 0; i < fixture->nr_clients; i++)
		client_close(&fixture->clients[i]);
	for (i = 0; i < fixture->nr_spaces; i++)
		space_close(&fixture->spaces[i]);
	for (i = 0; i < fixture->nr_steps; i++)
		background_finish(fixture->steps[i]);
	for (i = 0; i < fixture->nr_event_fds; i++)
		close(fixture->event_fds[i]);
	for (i = 0; i < fixture->nr_memories; i++)
		munmap(fixture->memories[i].bytes, fixture->memories[i].size);
	fixture->nr_clients = 0;
	fixture->nr_spaces = 0;
	fixture->nr_steps = 0;
	fixture->nr_event_fds = 0;
	fixture->nr_memories = 0;
}

/* What a driver of the test's took with it need not be put back. */
static int put_back_settings(struct fixture *fixture)
{
	struct setting *setting;
	int failure = 0;
	int ret;

	while (fixture->nr_settings) {
		setting = &fixture->settings[--fixture->nr_settings];
		if (!sysfs_exists("%s", setting->path))
			continue;
		ret = sysfs_write(setting->former, "%s", setting->path);
		if (!failure)
			failure = ret;
	}
	return failure;
}

static int put_back(const struct function *function)
{
	int ret;

	if (function->is_absent)
		return 0;
	if (mdev_exists(function->uuid)) {
		ret = mdev_remove(function->uuid);
		if (ret)
			return ret;
	}
	ret = pci_unbind(function->address);
	if (ret)
		return ret;
	if (!function->former_driver[0])
		return 0;
	return sysfs_write(function->address, PCI_DRIVERS "/%s/bind",
			   function->former_driver);
}

/* The first failure is the one that tells. */
static void keep(int *failure, int ret)
{
	if (!*failure)
		*failure = ret;
}

static int put_back_driver(struct fixture *fixture)
{
	int failure = 0;

	if (fixture->is_reloaded && module_is_loaded(DRIVER_NAME))
		failure = module_unload(DRIVER_NAME);
	if (!module_is_loaded(DRIVER_NAME))
		keep(&failure, module_load(DRIVER_NAME, NULL));
	fixture->is_reloaded = false;
	return failure;
}

static int put_back_modules(struct fixture *fixture)
{
	int failure = 0;

	if (fixture->is_stock_reloaded)
		failure = load_stock_anew(NULL);
	fixture->is_stock_reloaded = false;
	while (fixture->nr_modules) {
		const char *module = fixture->modules[--fixture->nr_modules];

		if (module_is_loaded(module))
			keep(&failure, module_unload(module));
	}
	return failure;
}

int fixture_end(struct fixture *fixture)
{
	int failure = fail_call_disarm(NULL);

	close_everything(fixture);
	keep(&failure, put_back_settings(fixture));
	keep(&failure, put_back_driver(fixture));
	while (fixture->nr_functions)
		keep(&failure,
		     put_back(&fixture->functions[--fixture->nr_functions]));
	keep(&failure, disguise_take_off());
	keep(&failure, put_back_modules(fixture));
	kmsg_close(&fixture->log);
	return failure;
}
