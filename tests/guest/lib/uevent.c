// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's uevents, as the kernel sends them; udev takes no part.
 */
#include "uevent.h"

#include <errno.h>
#include <linux/netlink.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "failure.h"

#define KERNEL_GROUP 1
#define RECEIVE_BYTES (1024 * 1024)

int uevent_listen(void)
{
	struct sockaddr_nl address = {
		.nl_family = AF_NETLINK,
		.nl_groups = KERNEL_GROUP,
	};
	int bytes = RECEIVE_BYTES;
	int fd;

	fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC,
		    NETLINK_KOBJECT_UEVENT);
	if (fd < 0)
		return failure_set(errno, "cannot make a uevent socket");
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes));
	if (bind(fd, (struct sockaddr *)&address, sizeof(address))) {
		int error = errno;

		close(fd);
		return failure_set(error, "cannot listen to uevents");
	}
	return fd;
}

int uevent_next(int fd, struct uevent *event, int limit_ms)
{
	struct pollfd socket = { .fd = fd, .events = POLLIN };
	ssize_t got;

	if (poll(&socket, 1, limit_ms) <= 0)
		return failure_set(ETIMEDOUT, "no uevent came");
	got = recv(fd, event->text, sizeof(event->text) - 1, 0);
	if (got < 0)
		return failure_set(errno, "cannot receive a uevent");
	event->text[got] = '\0';
	event->size = got;
	return 0;
}

const char *uevent_value(const struct uevent *event, const char *name)
{
	const char *end = event->text + event->size;
	const char *at = event->text;
	size_t len = strlen(name);

	while (at < end) {
		if (!strncmp(at, name, len) && at[len] == '=')
			return at + len + 1;
		at += strlen(at) + 1;
	}
	return "";
}
