/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a test takes from the machine, put back when the test ends, however it
 * ends: functions bound and mdevs created, clients, eventfds, memory, threads.
 * Each call here fails or skips the test that makes it; none returns an error.
 */
#ifndef LIB_FIXTURE_H
#define LIB_FIXTURE_H

#include "background.h"
#include "client.h"
#include "kmsg.h"
#include "mdev.h"
#include "pci.h"

#define FIXTURE_MAX 64

/**
 * struct function - A PCI function that the test took
 * @id: Its id in the machine
 * @address: Its PCI address
 * @uuid: The name of its mdev, made up when the function is taken
 * @former_driver: The driver it had, empty if none
 * @is_absent: The test unplugged it
 */
struct function {
	char id[32];
	char address[PCI_ADDRESS_SIZE];
	char uuid[MDEV_UUID_SIZE];
	char former_driver[64];
	bool is_absent;
};

/* Memory that devices can be given. */
struct memory {
	uint8_t *bytes;
	size_t size;
};

/* A file of sysfs that the test wrote, and what it held before. */
struct setting {
	char path[128];
	char former[64];
};

/**
 * struct fixture - What one test took
 * @access: The access mode of this run
 * @data: The line of data in the test's table line, NULL if it has none
 * @log: The kernel's log since the test began
 * @functions: Functions, in the order in which they were taken
 * @spaces: Address spaces
 * @clients: Opened devices
 * @steps: Writes to sysfs in the background
 * @event_fds: Eventfds
 * @memories: Memory
 * @settings: Files of sysfs
 * @modules: Modules that were not loaded
 * @nr_functions: How many @functions are taken
 * @nr_spaces: How many @spaces
 * @nr_clients: How many @clients
 * @nr_steps: How many @steps
 * @nr_event_fds: How many @event_fds
 * @nr_memories: How many @memories
 * @nr_settings: How many @settings
 * @nr_modules: How many @modules
 * @is_reloaded: The driver was loaded anew, with other parameters
 * @is_stock_reloaded: vfio-pci was
 */
struct fixture {
	enum access_mode access;
	const void *data;
	struct kmsg log;
	struct function functions[FIXTURE_MAX];
	struct space spaces[FIXTURE_MAX];
	struct client clients[FIXTURE_MAX];
	struct background *steps[FIXTURE_MAX];
	int event_fds[FIXTURE_MAX];
	struct memory memories[FIXTURE_MAX];
	struct setting settings[FIXTURE_MAX];
	char modules[FIXTURE_MAX][32];
	unsigned int nr_functions;
	unsigned int nr_spaces;
	unsigned int nr_clients;
	unsigned int nr_steps;
	unsigned int nr_event_fds;
	unsigned int nr_memories;
	unsigned int nr_settings;
	unsigned int nr_modules;
	bool is_reloaded;
	bool is_stock_reloaded;
};

/**
 * fixture_begin() - Begin a test
 * @fixture: Nothing taken yet
 * @access: The access mode of this run
 *
 * Return: 0 or a -errno.
 */
int fixture_begin(struct fixture *fixture, enum access_mode access);

/**
 * fixture_end() - Put everything back, whatever state the test left it in
 * @fixture: The fixture; may be ended already
 *
 * Return: 0, or the -errno of what could not be put back.
 */
int fixture_end(struct fixture *fixture);

/**
 * fixture_take() - Take a function of the machine, without a driver
 * @fixture: The fixture
 * @id: The device's id in the machine; the test is skipped if there is none
 *
 * Return: The function, owned by the fixture.
 */
struct function *fixture_take(struct fixture *fixture, const char *id);

/**
 * fixture_take_address() - Take a function that is not in the machine file
 * @fixture: The fixture
 * @id: A name for it
 * @address: Its PCI address
 *
 * Return: The function, owned by the fixture.
 */
struct function *fixture_take_address(struct fixture *fixture, const char *id,
				      const char *address);

/**
 * fixture_bind() - Take a function and bind it to the driver under test
 * @fixture: The fixture
 * @id: As for fixture_take()
 *
 * Return: The function, owned by the fixture.
 */
struct function *fixture_bind(struct fixture *fixture, const char *id);

/**
 * fixture_load() - Load a module; unloaded in the end if it was not before
 * @fixture: The fixture
 * @module: The module; the test is skipped if the kernel has none of this name
 */
void fixture_load(struct fixture *fixture, const char *module);

/**
 * fixture_keep_module() - Have the fixture unload a module in the end
 * @fixture: The fixture
 * @module: The module; it need not be loaded by then
 */
void fixture_keep_module(struct fixture *fixture, const char *module);

/**
 * fixture_bind_to() - Take a function and bind it to some driver
 * @fixture: The fixture
 * @id: As for fixture_take()
 * @driver: The driver, loaded as by fixture_load()
 *
 * Return: The function, owned by the fixture.
 */
struct function *fixture_bind_to(struct fixture *fixture, const char *id,
				 const char *driver);

/**
 * fixture_create() - Take a function, bind it and create its mdev
 * @fixture: The fixture
 * @id: As for fixture_take()
 *
 * Return: The function, owned by the fixture.
 */
struct function *fixture_create(struct fixture *fixture, const char *id);

/**
 * fixture_space_by() - Open an address space for a function, in a certain way
 * @fixture: The fixture
 * @way: The way, whatever the access mode of this run
 * @function: The function
 *
 * Return: The space, owned by the fixture.
 */
struct space *fixture_space_by(struct fixture *fixture, enum space_way way,
			       const struct function *function);

/**
 * fixture_space() - Open an address space for a function
 * @fixture: The fixture
 * @function: The function
 *
 * Return: The space, owned by the fixture.
 */
struct space *fixture_space(struct fixture *fixture,
			    const struct function *function);

/**
 * fixture_open_in() - Open a device in a space that is open
 * @fixture: The fixture
 * @space: The space
 * @name: As in space_open_device()
 *
 * Return: The client, owned by the fixture.
 */
struct client *fixture_open_in(struct fixture *fixture, struct space *space,
			       const char *name);

/**
 * fixture_open() - Open a function's mdev by its UUID, in a space of its own
 * @fixture: The fixture
 * @function: The function
 *
 * Return: The client, owned by the fixture.
 */
struct client *fixture_open(struct fixture *fixture,
			    const struct function *function);

/**
 * fixture_new() - fixture_create() and fixture_open() at once
 * @fixture: The fixture
 * @id: As for fixture_take()
 *
 * Return: The client, owned by the fixture.
 */
struct client *fixture_new(struct fixture *fixture, const char *id);

/**
 * fixture_event() - Make an eventfd
 * @fixture: The fixture
 *
 * Return: The eventfd, owned by the fixture.
 */
int fixture_event(struct fixture *fixture);

/**
 * fixture_memory() - Get memory that a device may be given, filled with zeros
 * @fixture: The fixture
 * @size: Bytes; whole pages are given
 *
 * Return: The memory, owned by the fixture.
 */
uint8_t *fixture_memory(struct fixture *fixture, size_t size);

/**
 * fixture_set() - Write to a file of sysfs; what it held is put back
 * @fixture: The fixture, which puts it back before it unbinds functions
 * @text: The text
 * @format: The file's path, a printf format
 */
void fixture_set(struct fixture *fixture, const char *text,
		 const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * fixture_reload() - Load the driver anew with a parameter
 * @fixture: The fixture
 * @parameter: One "name=value"
 */
void fixture_reload(struct fixture *fixture, const char *parameter);

/**
 * fixture_reload_stock() - Load vfio-pci anew with a parameter
 * @fixture: The fixture; loads it without parameters when the test ends
 * @parameter: One "name=value", or NULL
 *
 * No function may be bound to it. Skips the test if this kernel has none.
 */
void fixture_reload_stock(struct fixture *fixture, const char *parameter);

/**
 * fixture_keep_step() - Have the fixture wait for a write in the background
 * @fixture: The fixture
 * @step: From background_write()
 *
 * The fixture closes the clients first, so that a remover can return.
 *
 * Return: @step, owned by the fixture.
 */
struct background *fixture_keep_step(struct fixture *fixture,
				     struct background *step);

/**
 * fixture_remove() - Begin to remove a function's mdev, in the background
 * @fixture: The fixture; waits for the step as with fixture_keep_step()
 * @function: The function
 *
 * Return: The step.
 */
struct background *fixture_remove(struct fixture *fixture,
				  const struct function *function);

/**
 * fixture_unbind() - Begin to unbind a function, in the background
 * @fixture: The fixture; waits for the step as with fixture_keep_step()
 * @function: The function, with any driver; owned by the fixture
 *
 * It does as pci_prepare_unbind() first.
 *
 * Return: The step.
 */
struct background *fixture_unbind(struct fixture *fixture,
				  struct function *function);

/**
 * skip_because() - Skip the test that calls, and say why
 * @format: The reason
 */
void skip_because(const char *format, ...)
	__attribute__((format(printf, 1, 2), noreturn));

#endif
