/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who has a device open: its file descriptor, taken out of another process.
 */
#ifndef VMPCTL_HOLDER_H
#define VMPCTL_HOLDER_H

#include <sys/types.h>

#include "target.h"

/**
 * struct holder - a process that has the device open
 * @pid: the process, 0 if nobody has it open
 * @number: the file descriptor in that process
 * @fd: our copy of it, -1 if nobody has it open
 */
struct holder {
	pid_t pid;
	int number;
	int fd;
};

/**
 * holder_find() - take a copy of the device's file descriptor
 * @holder: gets it; @fd is to be closed
 * @target: the device
 * @pid: process to look into, 0 for all
 * @number: its file descriptor, -1 to look for it
 *
 * Which of several descriptors is the device's is found out without harm to
 * any: by what the kernel says of them, by their config space, and at last by
 * taking a step of the migration protocol that the guest does not notice, and
 * looking whether the driver says that it was this device that took it.
 *
 * Return: STATUS_DONE, also if nobody has it open; or what fail() has said.
 */
enum status holder_find(struct holder *holder, const struct target *target,
			pid_t pid, int number);

#endif /* VMPCTL_HOLDER_H */
