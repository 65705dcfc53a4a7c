// SPDX-License-Identifier: GPL-2.0-only
/*
 * VFIO's migration states of an open device, by VFIO_DEVICE_FEATURE.
 */
#include "state.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>

/* Linux 6.2 and newer; what is older says that it does not know it. */
#ifndef VFIO_DEVICE_FEATURE_MIG_DATA_SIZE
#define VFIO_DEVICE_FEATURE_MIG_DATA_SIZE 9
#endif
#define STATE_PRE_COPY 6
#define STATE_PRE_COPY_P2P 7

/* All that is asked for here has 16 bytes at most. */
struct feature {
	struct vfio_device_feature head;
	union {
		struct vfio_device_feature_mig_state state;
		struct vfio_device_feature_migration migration;
		__u64 data_bytes;
	};
};

static int call(int device_fd, struct feature *feature, uint32_t flags,
		size_t bytes)
{
	feature->head.argsz = sizeof(feature->head) + bytes;
	feature->head.flags = flags;
	return ioctl(device_fd, VFIO_DEVICE_FEATURE, feature) ? -errno : 0;
}

int state_get(int device_fd, uint32_t *state)
{
	struct feature feature = { .state.data_fd = -1 };
	int ret = call(device_fd, &feature,
		       VFIO_DEVICE_FEATURE_GET |
		       VFIO_DEVICE_FEATURE_MIG_DEVICE_STATE,
		       sizeof(feature.state));

	if (!ret)
		*state = feature.state.device_state;
	return ret;
}

int state_set(int device_fd, uint32_t state, int *data_fd)
{
	struct feature feature = {
		.state = { .device_state = state, .data_fd = -1 },
	};
	int ret = call(device_fd, &feature,
		       VFIO_DEVICE_FEATURE_SET |
		       VFIO_DEVICE_FEATURE_MIG_DEVICE_STATE,
		       sizeof(feature.state));

	if (data_fd)
		*data_fd = ret ? -1 : feature.state.data_fd;
	return ret;
}

int state_flags(int device_fd, uint64_t *flags)
{
	struct feature feature = { .migration.flags = 0 };
	int ret = call(device_fd, &feature,
		       VFIO_DEVICE_FEATURE_GET | VFIO_DEVICE_FEATURE_MIGRATION,
		       sizeof(feature.migration));

	if (!ret)
		*flags = feature.migration.flags;
	return ret;
}

uint64_t state_data_bytes(int device_fd)
{
	struct feature feature = { .data_bytes = 0 };
	int ret = call(device_fd, &feature,
		       VFIO_DEVICE_FEATURE_GET |
		       VFIO_DEVICE_FEATURE_MIG_DATA_SIZE,
		       sizeof(feature.data_bytes));

	return ret ? 0 : feature.data_bytes;
}

const char *state_name(uint32_t state)
{
	static const char *const names[] = {
		[VFIO_DEVICE_STATE_ERROR] = "ERROR",
		[VFIO_DEVICE_STATE_STOP] = "STOP",
		[VFIO_DEVICE_STATE_RUNNING] = "RUNNING",
		[VFIO_DEVICE_STATE_STOP_COPY] = "STOP_COPY",
		[VFIO_DEVICE_STATE_RESUMING] = "RESUMING",
		[VFIO_DEVICE_STATE_RUNNING_P2P] = "RUNNING_P2P",
		[STATE_PRE_COPY] = "PRE_COPY",
		[STATE_PRE_COPY_P2P] = "PRE_COPY_P2P",
	};

	if (state >= sizeof(names) / sizeof(names[0]))
		return "unknown";
	return names[state];
}
