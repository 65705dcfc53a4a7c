// SPDX-License-Identifier: GPL-2.0-only
/*
 * The machine the tests run in: where its devices are, and its monitor.
 * What a test does with a device is not known here.
 */
#include "lab.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "failure.h"
#include "pci.h"
#include "wait.h"

#define DEVICES_FILE "/run/lab/devices"
#define MONITOR_PORT "/dev/virtio-ports/lab.qmp"
#define REPLY_LIMIT_MS 15000

struct monitor {
	int fd;
	size_t used;		/* bytes in line */
	char line[16384];	/* what was read and not yet taken */
};

int lab_address(char *address, const char *id)
{
	char name[64];
	char bdf[PCI_ADDRESS_SIZE];
	int ret = -ENODEV;
	FILE *file;

	file = fopen(DEVICES_FILE, "re");
	if (!file)
		return failure_set(ENODEV, "cannot open %s", DEVICES_FILE);
	while (ret && fscanf(file, "%63s %15s%*[^\n]", name, bdf) == 2) {
		if (strcmp(name, id))
			continue;
		memcpy(address, bdf, PCI_ADDRESS_SIZE);
		ret = 0;
	}
	fclose(file);
	if (ret)
		failure_set(ENODEV, "the machine has no device %s", id);
	return ret;
}

static int send_line(struct monitor *monitor, const char *text)
{
	char line[1024];
	int len = snprintf(line, sizeof(line), "%s\n", text);

	if (write(monitor->fd, line, len) != len)
		return failure_set(errno, "cannot write to %s", MONITOR_PORT);
	return 0;
}

/* Take one line out of what the monitor sent; -ETIMEDOUT if none comes. */
static int take_line(struct monitor *monitor, char *text, size_t size,
		     int limit_ms)
{
	struct pollfd port = { .fd = monitor->fd, .events = POLLIN };
	long long deadline = clock_now_ms() + limit_ms;
	size_t len;
	char *end;
	ssize_t got;

	while (!(end = memchr(monitor->line, '\n', monitor->used))) {
		int left_ms = deadline - clock_now_ms();

		if (left_ms <= 0 || monitor->used == sizeof(monitor->line))
			return -ETIMEDOUT;
		if (poll(&port, 1, left_ms) <= 0)
			return -ETIMEDOUT;
		got = read(monitor->fd, monitor->line + monitor->used,
			   sizeof(monitor->line) - monitor->used);
		if (got <= 0)
			return -ETIMEDOUT;
		monitor->used += got;
	}
	len = end - monitor->line;
	snprintf(text, size, "%.*s", (int)len, monitor->line);
	monitor->used -= len + 1;
	memmove(monitor->line, end + 1, monitor->used);
	return 0;
}

/* Wait for the answer to the command with this id; events are passed over. */
static int take_reply(struct monitor *monitor, const char *id, char *reply,
		      size_t size)
{
	long long deadline = clock_now_ms() + REPLY_LIMIT_MS;

	while (clock_now_ms() < deadline) {
		if (take_line(monitor, reply, size, REPLY_LIMIT_MS))
			break;
		if (!strstr(reply, id))
			continue;
		return strstr(reply, "\"error\"") ? -EIO : 0;
	}
	return failure_set(ETIMEDOUT, "the machine's monitor did not answer");
}

int lab_monitor(const char *command, char *reply, size_t size)
{
	static unsigned int last_id;
	struct monitor *monitor;
	char text[1024];
	char id[32];
	int ret;

	/* The control port gives the greeting to each one who opens it. */
	monitor = calloc(1, sizeof(*monitor));
	if (!monitor)
		abort();
	monitor->fd = open(MONITOR_PORT, O_RDWR | O_CLOEXEC);
	if (monitor->fd < 0) {
		free(monitor);
		return failure_set(ENODEV, "cannot open %s", MONITOR_PORT);
	}
	/* An error here only says that the monitor was greeted before. */
	snprintf(id, sizeof(id), "\"tests-%d-%u\"", getpid(), ++last_id);
	snprintf(text, sizeof(text),
		 "{\"execute\":\"qmp_capabilities\",\"id\":%s}", id);
	ret = send_line(monitor, text);
	if (!ret)
		ret = take_reply(monitor, id, reply, size);
	if (!ret || ret == -EIO) {
		snprintf(id, sizeof(id), "\"tests-%d-%u\"", getpid(),
			 ++last_id);
		snprintf(text, sizeof(text), "{\"id\":%s,%s", id, command + 1);
		ret = send_line(monitor, text);
	}
	if (!ret)
		ret = take_reply(monitor, id, reply, size);
	if (ret == -EIO)
		failure_set(EIO, "the monitor refused %s: %s", command, reply);
	close(monitor->fd);
	free(monitor);
	return ret;
}

int lab_unplug(const char *id)
{
	char reply[2048];
	char text[256];

	snprintf(text, sizeof(text),
		 "{\"execute\":\"device_del\",\"arguments\":{\"id\":\"%s\"}}",
		 id);
	return lab_monitor(text, reply, sizeof(reply));
}

int lab_plug(const char *id, const char *model, const char *bus)
{
	char reply[2048];
	char text[256];

	snprintf(text, sizeof(text),
		 "{\"execute\":\"device_add\",\"arguments\":{\"driver\":\"%s\",\"id\":\"%s\",\"bus\":\"%s\"}}",
		 model, id, bus);
	return lab_monitor(text, reply, sizeof(reply));
}

int lab_inject_error(const char *id, const char *error)
{
	char reply[2048];
	char text[256];
	int ret;

	snprintf(text, sizeof(text),
		 "{\"execute\":\"human-monitor-command\",\"arguments\":{\"command-line\":\"pcie_aer_inject_error %s %s\"}}",
		 id, error);
	ret = lab_monitor(text, reply, sizeof(reply));
	if (ret)
		return ret;
	if (!strstr(reply, "OK id: "))
		return failure_set(EINVAL, "the monitor refused %s: %s", text,
				   reply);
	return 0;
}
