// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands to an NVMe controller by way of its driver's node.
 */
#include "nvme_admin.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/nvme_ioctl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

#include "check.h"
#include "pci.h"
#include "sysfs.h"
#include "wait.h"

#define OP_IDENTIFY 0x06
#define OP_VIRTUALIZATION_MANAGEMENT 0x1c

#define IDENTIFY_SECONDARIES 0x15

/* The list of secondary controllers: a count, then 32 bytes for each. */
#define LIST_BYTES 4096
#define LIST_ENTRY_BYTES 32
#define ENTRY_CONTROLLER 0
#define ENTRY_VF 8

#define ACTION_ASSIGN 0x8
#define ACTION_ONLINE 0x9

#define RESOURCE_QUEUES 0
#define RESOURCE_INTERRUPTS 1

static bool is_live(void *name)
{
	char state[32];

	return !sysfs_read(state, sizeof(state), "/sys/class/nvme/%s/state",
			   (const char *)name) && !strcmp(state, "live");
}

/* The driver's name for a controller, such as "nvme0". */
static int find_name(char *name, size_t size, const char *address)
{
	struct dirent *entry;
	char path[PATH_MAX];
	int ret = -ENOENT;
	DIR *dir;

	snprintf(path, sizeof(path), PCI_DEVICES "/%s/nvme", address);
	dir = opendir(path);
	while (dir && ret && (entry = readdir(dir))) {
		if (strncmp(entry->d_name, "nvme", 4))
			continue;
		snprintf(name, size, "%s", entry->d_name);
		ret = 0;
	}
	if (dir)
		closedir(dir);
	if (ret)
		return failure_set(ENOENT, "%s has no nvme", path);
	return 0;
}

int nvme_admin_open(const char *address)
{
	char name[64];
	char path[80];
	int ret;
	int fd;

	ret = find_name(name, sizeof(name), address);
	if (ret)
		return ret;
	if (!wait_for(is_live, name, WAIT_LIMIT_MS))
		return failure_set(ETIMEDOUT, "%s does not come to life", name);
	snprintf(path, sizeof(path), "/dev/%s", name);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return failure_set(errno, "cannot open %s", path);
	return fd;
}

static int submit(int fd, struct nvme_admin_cmd *command)
{
	int status = ioctl(fd, NVME_IOCTL_ADMIN_CMD, command);

	if (status < 0)
		return failure_set(errno, "the driver refused command %#x",
				   command->opcode);
	if (status)
		return failure_set(EIO, "command %#x ended with status %#x",
				   command->opcode, status);
	return 0;
}

static uint16_t read16(const uint8_t *bytes)
{
	return bytes[0] | bytes[1] << 8;
}

int nvme_admin_list(int fd, struct nvme_secondary *list)
{
	uint8_t data[LIST_BYTES] = { };
	struct nvme_admin_cmd command = {
		.opcode = OP_IDENTIFY,
		.addr = (uintptr_t)data,
		.data_len = sizeof(data),
		.cdw10 = IDENTIFY_SECONDARIES,
	};
	const uint8_t *entry = data;
	unsigned int i;
	int ret;

	ret = submit(fd, &command);
	if (ret)
		return ret;
	if (data[0] > NVME_MAX_SECONDARIES)
		return failure_set(EPROTO, "a list of %u controllers", data[0]);
	for (i = 0; i < data[0]; i++) {
		entry += LIST_ENTRY_BYTES;
		list[i].controller = read16(entry + ENTRY_CONTROLLER);
		list[i].vf = read16(entry + ENTRY_VF);
	}
	return data[0];
}

static int manage(int fd, uint16_t controller, unsigned int action,
		  unsigned int resource, unsigned int count)
{
	struct nvme_admin_cmd command = {
		.opcode = OP_VIRTUALIZATION_MANAGEMENT,
		.cdw10 = controller << 16 | resource << 8 | action,
		.cdw11 = count,
	};

	return submit(fd, &command);
}

int nvme_admin_lend(int fd, uint16_t controller)
{
	static const struct {
		unsigned int action;
		unsigned int resource;
		unsigned int count;
	} steps[] = {
		{ ACTION_ASSIGN, RESOURCE_QUEUES, 2 },
		{ ACTION_ASSIGN, RESOURCE_INTERRUPTS, 1 },
		{ ACTION_ONLINE, 0, 0 },
	};
	unsigned int i;
	int ret = 0;

	for (i = 0; !ret && i < ARRAY_SIZE(steps); i++)
		ret = manage(fd, controller, steps[i].action,
			     steps[i].resource, steps[i].count);
	return ret;
}
