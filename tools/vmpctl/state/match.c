// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whether a descriptor of a VFIO device is one of a certain device's. VFIO has
 * no question for that; newer kernels say it in /proc.
 */
#include "match.h"

#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "state.h"

/* Linux 6.2 and newer. */
#ifndef VFIO_MIGRATION_PRE_COPY
#define VFIO_MIGRATION_PRE_COPY (1 << 2)
#endif
#define STATE_PRE_COPY 6

enum answer {
	NO,
	YES,
	UNKNOWN,
};

/* Since 6.17 the kernel names the device. */
static enum answer ask_proc(const struct target *target, pid_t pid, int number)
{
	static const char key[] = "vfio-device-syspath:";
	enum answer answer = UNKNOWN;
	char line[PATH_MAX];
	char *base;
	FILE *file;

	snprintf(line, sizeof(line), "/proc/%d/fdinfo/%d", pid, number);
	file = fopen(line, "re");
	if (!file)
		return UNKNOWN;
	while (fgets(line, sizeof(line), file)) {
		if (strncmp(line, key, sizeof(key) - 1))
			continue;
		line[strcspn(line, "\n")] = 0;
		base = strrchr(line, '/');
		answer = base && !strcmp(base + 1, target->bdf) ? YES : NO;
	}
	fclose(file);
	return answer;
}

static uint32_t get(const unsigned char *config, unsigned int offset,
		    unsigned int bytes)
{
	uint32_t value = 0;

	while (bytes--)
		value = value << 8 | config[offset + bytes];
	return value;
}

static bool has_ids(const struct target *target, int fd)
{
	struct vfio_region_info info = {
		.argsz = sizeof(info),
		.index = VFIO_PCI_CONFIG_REGION_INDEX,
	};
	unsigned char config[PCI_STD_HEADER_SIZEOF];

	if (ioctl(fd, VFIO_DEVICE_GET_REGION_INFO, &info) ||
	    pread(fd, config, sizeof(config), info.offset) != sizeof(config))
		return false;
	return get(config, PCI_VENDOR_ID, 2) == target->vendor &&
	       get(config, PCI_DEVICE_ID, 2) == target->device &&
	       get(config, PCI_SUBSYSTEM_VENDOR_ID, 2) ==
		       target->subsystem_vendor &&
	       get(config, PCI_SUBSYSTEM_ID, 2) == target->subsystem_device &&
	       get(config, PCI_CLASS_REVISION, 4) == target->class_revision;
}

/* Does the driver say that the device is in this state? */
static bool is_in(const struct target *target, uint32_t state)
{
	char name[32];

	return target_state(target, name, sizeof(name)) &&
	       !strcmp(name, state_name(state));
}

/*
 * Take a step to a state that only prepares to save, and back, and look
 * whether the driver's file goes with it.
 */
static bool goes_along(const struct target *target, int fd, uint32_t state)
{
	uint32_t other = state == VFIO_DEVICE_STATE_STOP ?
			 VFIO_DEVICE_STATE_STOP_COPY : STATE_PRE_COPY;
	uint64_t flags;
	int data_fd;
	bool goes;

	if (state_flags(fd, &flags))
		return false;
	if (other == STATE_PRE_COPY && !(flags & VFIO_MIGRATION_PRE_COPY))
		return false;
	if (state_set(fd, other, &data_fd))
		return false;
	goes = is_in(target, other);
	state_set(fd, state, NULL);
	close(data_fd);
	return goes && is_in(target, state);
}

bool match_fd(const struct target *target, int fd, pid_t pid, int number)
{
	enum answer answer = ask_proc(target, pid, number);
	uint32_t state;

	if (answer != UNKNOWN)
		return answer == YES;
	if (!has_ids(target, fd) || state_get(fd, &state) ||
	    !is_in(target, state))
		return false;
	/* What is in another state is about to be migrated: ask no more. */
	if (state != VFIO_DEVICE_STATE_STOP &&
	    state != VFIO_DEVICE_STATE_RUNNING)
		return true;
	return goes_along(target, fd, state);
}
