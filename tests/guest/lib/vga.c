// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's VGA arbiter.
 */
#include "vga.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "failure.h"

#define ARBITER "/dev/vga_arbiter"

/* Ask for one adapter; the answer is one line, repeated at each read. */
static int ask(int fd, const char *address, char *answer, size_t size)
{
	char command[64];
	ssize_t got;
	int len;

	len = snprintf(command, sizeof(command), "target PCI:%s", address);
	if (write(fd, command, len) != len)
		return failure_set(errno, "the VGA arbiter knows no %s",
				   address);
	got = read(fd, answer, size - 1);
	if (got < 0)
		return failure_set(errno, "cannot read " ARBITER);
	answer[got] = '\0';
	return 0;
}

int vga_decodes(char *text, size_t size, const char *address)
{
	char answer[256];
	char *decodes;
	int ret;
	int fd;

	fd = open(ARBITER, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return failure_set(errno, "cannot open " ARBITER);
	ret = ask(fd, address, answer, sizeof(answer));
	close(fd);
	if (ret)
		return ret;
	decodes = strstr(answer, "decodes=");
	if (!decodes || !strstr(answer, address))
		return failure_set(EPROTO, "the VGA arbiter says \"%s\"",
				   answer);
	decodes += strlen("decodes=");
	snprintf(text, size, "%.*s", (int)strcspn(decodes, ","), decodes);
	return 0;
}
