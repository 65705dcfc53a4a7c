// SPDX-License-Identifier: GPL-2.0-only
/*
 * A client's side of VFIO's migration protocol, version 2.
 * What the states mean is in mig_model.c, what a stream is in mig_stream.c.
 */
#include "migration.h"

#include <errno.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "check.h"
#include "module.h"
#include "region.h"
#include "sysfs.h"

#define ALL_FLAGS (VFIO_MIGRATION_STOP_COPY | VFIO_MIGRATION_P2P | \
		   VFIO_MIGRATION_PRE_COPY)

#define SWITCH "/sys/module/vfio_mdev_pci/parameters/migration"

struct state_argument {
	struct vfio_device_feature header;
	struct vfio_device_feature_mig_state state;
};

static const struct {
	const char *id;		/* its first letters */
	const char *module;
} backends[] = {
	{ "edu", "vmp-edu" },
	{ "hotplug", "vmp-edu" },
	{ "ivshmem", "vmp-ivshmem" },
};

static int feature(int device_fd, void *argument)
{
	return ioctl(device_fd, VFIO_DEVICE_FEATURE, argument) ? -errno : 0;
}

int mig_flags(struct client *client, uint64_t *flags)
{
	struct {
		struct vfio_device_feature header;
		struct vfio_device_feature_migration migration;
	} argument = {
		.header.argsz = sizeof(argument),
		.header.flags = VFIO_DEVICE_FEATURE_GET |
				VFIO_DEVICE_FEATURE_MIGRATION,
	};
	int ret = feature(client->fd, &argument);

	*flags = argument.migration.flags;
	return ret ? failure_set(-ret, "cannot read the migration's flags") : 0;
}

int mig_state(struct client *client)
{
	struct state_argument argument = {
		.header.argsz = sizeof(argument),
		.header.flags = VFIO_DEVICE_FEATURE_GET |
				VFIO_DEVICE_FEATURE_MIG_DEVICE_STATE,
	};
	int ret = feature(client->fd, &argument);

	if (ret)
		return failure_set(-ret, "cannot read the migration's state");
	return argument.state.device_state;
}

int mig_go_by(int device_fd, uint32_t state, int *data_fd)
{
	struct state_argument argument = {
		.header.argsz = sizeof(argument),
		.header.flags = VFIO_DEVICE_FEATURE_SET |
				VFIO_DEVICE_FEATURE_MIG_DEVICE_STATE,
		.state.device_state = state,
		.state.data_fd = -1,
	};
	int ret = feature(device_fd, &argument);

	*data_fd = ret ? -1 : argument.state.data_fd;
	if (ret)
		return failure_set(-ret, "cannot go to %s",
				   mig_state_name(state));
	return 0;
}

int mig_go(struct client *client, uint32_t state)
{
	int data_fd;
	int ret = mig_go_by(client->fd, state, &data_fd);

	if (data_fd < 0)
		return ret;
	if (client->data_fd >= 0)
		close(client->data_fd);
	client->data_fd = data_fd;
	return 0;
}

int mig_take_fd(struct client *client)
{
	int data_fd = client->data_fd;

	client->data_fd = -1;
	return data_fd;
}

long long mig_data_size(struct client *client)
{
	struct {
		struct vfio_device_feature header;
		struct vfio_device_feature_mig_data_size size;
	} argument = {
		.header.argsz = sizeof(argument),
		.header.flags = VFIO_DEVICE_FEATURE_GET |
				VFIO_DEVICE_FEATURE_MIG_DATA_SIZE,
	};
	int ret = feature(client->fd, &argument);

	if (ret)
		return failure_set(-ret, "cannot ask for the stream's length");
	return argument.size.stop_copy_length;
}

int mig_precopy_info(int data_fd, struct vfio_precopy_info *info)
{
	if (!ioctl(data_fd, VFIO_MIG_GET_PRECOPY_INFO, info))
		return 0;
	return failure_set(errno, "cannot ask the data file what is to come");
}

void mig_assert_state(struct client *client, enum mig_state state,
		      const char *where)
{
	int is = mig_state(client);

	assert_done(is);
	if (is != (int)state)
		fail_msg("%s: the state is %s, not %s", where,
			 mig_state_name(is), mig_state_name(state));
}

static void load_backend(struct fixture *fixture, const char *id)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(backends); i++)
		if (!strncmp(id, backends[i].id, strlen(backends[i].id)))
			fixture_load(fixture, backends[i].module);
}

/* Elsewhere in the tests, functions are as they are without a backend. */
void mig_turn_on(struct fixture *fixture)
{
	char value[8];

	assert_done(sysfs_read(value, sizeof(value), SWITCH));
	if (value[0] != 'Y' && value[0] != '1')
		fixture_set(fixture, "1", SWITCH);
}

struct function *mig_create(struct fixture *fixture, const char *id)
{
	mig_turn_on(fixture);
	load_backend(fixture, id);
	return fixture_create(fixture, id);
}

struct client *mig_new(struct fixture *fixture, const char *id)
{
	struct client *client = fixture_open(fixture, mig_create(fixture, id));
	uint64_t flags;

	assert_done(mig_flags(client, &flags));
	assert_int_equal(flags, ALL_FLAGS);
	assert_done(config_set_command(client, PCI_COMMAND_MEMORY |
				       PCI_COMMAND_MASTER, 0));
	return client;
}
