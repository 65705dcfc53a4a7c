// SPDX-License-Identifier: GPL-2.0-only
/*
 * From binding a function to letting it go: bind, create, open, reset, close,
 * remove, unbind.
 */
#include "operations.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "migration.h"
#include "module.h"
#include "pci.h"
#include "sysfs.h"
#include "test_module.h"

/* ../floor */
#define EMPTY_MODULE "empty_mdev"
#define EMPTY_TYPE "vfio-pci-empty"

#define MIGRATION_PARAMETER "/sys/module/vfio_mdev_pci/parameters/migration"

static long open_device(struct subject *subject)
{
	int fd = ioctl(subject->space->group_fd, VFIO_GROUP_GET_DEVICE_FD,
		       subject_name(subject));

	subject->file_fd = fd;
	return fd < 0;
}

static long close_device(struct subject *subject)
{
	return close(subject->file_fd);
}

static void do_open(struct subject *subject)
{
	assert_int_equal(open_device(subject), 0);
}

static void do_close(struct subject *subject)
{
	assert_int_equal(close_device(subject), 0);
}

/* The device that the fixture has opened would be in the way. */
static void begin_opening(struct subject *subject)
{
	client_close(subject->client);
}

static long reset_device(struct subject *subject)
{
	return ioctl(subject->client->fd, VFIO_DEVICE_RESET);
}

static long write_text(int fd, const char *text)
{
	return write(fd, text, strlen(text)) == (ssize_t)strlen(text) ? 0 : -1;
}

static int open_file(const char *path)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	assert_that(fd >= 0, "there is no %s", path);
	return fd;
}

static int driver_file(const struct subject *subject, const char *file)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), PCI_DRIVERS "/%s/%s",
		 subject_driver(subject), file);
	return open_file(path);
}

static long bind_function(struct subject *subject)
{
	return write_text(subject->bind_fd, subject->function->address);
}

static long unbind_function(struct subject *subject)
{
	return write_text(subject->unbind_fd, subject->function->address);
}

/* Opening the file is part of it: it is new with each bind. */
static long write_to_new_file(const char *path, const char *text)
{
	int fd = open_file(path);
	long ret = write_text(fd, text);

	close(fd);
	return ret;
}

static long create_mdev(struct subject *subject)
{
	return write_to_new_file(subject->create_path, subject->function->uuid);
}

static long remove_mdev(struct subject *subject)
{
	return write_to_new_file(subject->remove_path, "1");
}

static long prepare_function(struct subject *subject)
{
	long ret = bind_function(subject);

	return ret || subject->way == WAY_STOCK ? ret : create_mdev(subject);
}

static long retire_function(struct subject *subject)
{
	long ret = subject->way == WAY_STOCK ? 0 : remove_mdev(subject);

	return ret ? ret : unbind_function(subject);
}

static void do_bind(struct subject *subject)
{
	assert_int_equal(bind_function(subject), 0);
}

static void do_unbind(struct subject *subject)
{
	assert_int_equal(unbind_function(subject), 0);
}

static void do_prepare(struct subject *subject)
{
	assert_int_equal(prepare_function(subject), 0);
}

static void do_retire(struct subject *subject)
{
	assert_int_equal(retire_function(subject), 0);
}

/* With the module's parameter "migration" off, create looks for no backend. */
static void look_for_backends(const struct subject *subject, const char *value)
{
	if (BY(subject->way) & BY_OURS)
		assert_done(sysfs_write(value, MIGRATION_PARAMETER));
}

static void do_not_look(struct subject *subject)
{
	look_for_backends(subject, "0");
}

static void do_retire_and_look(struct subject *subject)
{
	do_retire(subject);
	look_for_backends(subject, "1");
}

static void find_files(struct subject *subject)
{
	const struct function *function = subject->function;
	char type[96];

	if (subject->way == WAY_EMPTY)
		snprintf(type, sizeof(type), EMPTY_TYPE);
	else
		mdev_type_name(type, sizeof(type), function->address);
	snprintf(subject->create_path, sizeof(subject->create_path),
		 PCI_DEVICES "/%s/mdev_supported_types/%s/create",
		 function->address, type);
	snprintf(subject->remove_path, sizeof(subject->remove_path),
		 MDEV_DEVICES "/%s/remove", function->uuid);
	subject->bind_fd = driver_file(subject, "bind");
	subject->unbind_fd = driver_file(subject, "unbind");
}

static void load_drivers(struct subject *subject)
{
	struct fixture *fixture = subject->fixture;

	/* As it is when a user loads the driver, but not for most tests. */
	if (BY(subject->way) & BY_OURS) {
		mig_turn_on(fixture);
		return;
	}
	fixture_load(fixture, STOCK_DRIVER_NAME);
	if (subject->way == WAY_EMPTY) {
		test_module_load(EMPTY_MODULE, " ");
		fixture_keep_module(fixture, EMPTY_MODULE);
	}
}

static void begin_binding(struct subject *subject)
{
	load_drivers(subject);
	subject->function = fixture_take(subject->fixture, subject->kind->id);
	assert_done(pci_override(subject->function->address,
				 subject_driver(subject)));
	find_files(subject);
}

static void end_binding(struct subject *subject)
{
	close(subject->bind_fd);
	close(subject->unbind_fd);
}

static const struct operation opening_operations[] = {
	{ .name = "open", .run = open_device, .after = do_close,
	  .meter = METER_BUSY },
	{ .name = "close", .run = close_device, .before = do_open,
	  .meter = METER_BUSY },
};

static const struct operation reset_operations[] = {
	{ .name = "reset", .run = reset_device, .meter = METER_BUSY },
};

static const struct operation binding_operations[] = {
	{ .name = "bind, and create", .run = prepare_function,
	  .after = do_retire, .meter = METER_BUSY },
	{ .name = "bind, and create with migration=0", .run = prepare_function,
	  .before = do_not_look, .after = do_retire_and_look,
	  .meter = METER_BUSY, .ways = BY(WAY_STOCK) | BY_OURS },
	{ .name = "remove, and unbind", .run = retire_function,
	  .before = do_prepare, .meter = METER_BUSY },
	{ .name = "bind alone", .run = bind_function, .after = do_unbind,
	  .meter = METER_BUSY },
	{ .name = "create", .run = create_mdev, .before = do_bind,
	  .after = do_retire, .meter = METER_BUSY, .ways = BY_MDEV },
	{ .name = "remove", .run = remove_mdev, .before = do_prepare,
	  .after = do_unbind, .meter = METER_BUSY, .ways = BY_MDEV },
	{ .name = "unbind alone", .run = unbind_function, .before = do_bind,
	  .meter = METER_BUSY },
};

const struct kind opening = {
	.id = "nvme0",
	.group = "open and close",
	.start = begin_opening,
	OPERATIONS(opening_operations),
};

const struct kind reset = {
	.id = "nvme0",
	.group = "reset",
	OPERATIONS(reset_operations),
};

const struct kind binding = {
	.id = "nvme0",
	.group = "bind and unbind",
	.start = begin_binding,
	.stop = end_binding,
	.is_closed = true,
	OPERATIONS(binding_operations),
};
