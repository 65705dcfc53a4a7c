// SPDX-License-Identifier: GPL-2.0-only
/*
 * A device in our hands: taken from its owner or opened, stopped, and in the
 * end as it was.
 */
#include "device.h"

#include <errno.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "group.h"
#include "state.h"

#define SEE_LOG "dmesg says what the driver and the backend make of it"

static void close_all(struct device *device)
{
	close(device->owner.fd);
	if (device->is_ours)
		group_close(device->group_fd, device->container_fd);
}

static enum status get_hold(struct device *device,
			    const struct options *options)
{
	enum status status;

	status = target_find(&device->target, options->device);
	if (!status)
		status = holder_find(&device->owner, &device->target,
				     options->pid, options->fd);
	if (status || device->owner.fd >= 0)
		return status;

	device->is_ours = true;
	return group_open_device(&device->target, &device->group_fd,
				 &device->container_fd, &device->owner.fd);
}

static enum status halt(struct device *device, uint32_t state)
{
	int ret = state_set(device->owner.fd, VFIO_DEVICE_STATE_STOP, NULL);

	errno = -ret;
	if (ret)
		return fail(STATUS_FAILED, SEE_LOG, "cannot stop %s: %m",
			    device->target.uuid);
	device->was_running = !device->is_ours &&
			      state == VFIO_DEVICE_STATE_RUNNING;
	return STATUS_DONE;
}

/* In state STOP, as the owner left it or because we may stop it. */
static enum status settle(struct device *device, bool may_stop)
{
	const char *uuid = device->target.uuid;
	uint32_t state;
	int ret;

	ret = state_get(device->owner.fd, &state);
	errno = -ret;
	if (ret)
		return fail(STATUS_UNREACHABLE,
			    "is a backend for it loaded? then create the mdev again",
			    "%s does not migrate: %m", uuid);
	if (state == VFIO_DEVICE_STATE_STOP)
		return STATUS_DONE;
	if (state == VFIO_DEVICE_STATE_ERROR)
		return fail(STATUS_UNREACHABLE, "reset it, or its machine",
			    "%s is in state ERROR", uuid);
	if (state != VFIO_DEVICE_STATE_RUNNING)
		return fail(STATUS_UNREACHABLE,
			    "wait until that is over",
			    "%s is being migrated by process %d (state %s)",
			    uuid, device->owner.pid, state_name(state));
	if (!device->is_ours && !may_stop)
		return fail(STATUS_UNREACHABLE,
			    "pause the machine (QEMU: stop), or use --stop",
			    "%s is running, in process %d", uuid,
			    device->owner.pid);
	return halt(device, state);
}

enum status device_take(struct device *device, const struct options *options)
{
	enum status status;

	*device = (struct device) { .owner.fd = -1 };
	status = get_hold(device, options);
	if (status)
		return status;
	status = settle(device, options->may_stop);
	if (status)
		close_all(device);
	return status;
}

enum status device_put_back(struct device *device, enum status status)
{
	int ret = 0;

	if (device->was_running)
		ret = state_set(device->owner.fd, VFIO_DEVICE_STATE_RUNNING,
				NULL);
	errno = -ret;
	if (ret)
		fail(STATUS_FAILED, SEE_LOG, "cannot set %s going again: %m",
		     device->target.uuid);
	close_all(device);
	return ret && !status ? STATUS_FAILED : status;
}

int device_reset(struct device *device)
{
	if (ioctl(device->owner.fd, VFIO_DEVICE_RESET))
		return -errno;
	return state_set(device->owner.fd, VFIO_DEVICE_STATE_STOP, NULL);
}
