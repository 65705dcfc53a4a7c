/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An NVMe controller that the kernel's own driver drives, and its virtual
 * functions: they do nothing until their primary controller has given them
 * queues and interrupts (NVM Express Base Specification, "Virtualization
 * Enhancements"). Driving a controller through VFIO is in nvme.h.
 */
#ifndef LIB_NVME_ADMIN_H
#define LIB_NVME_ADMIN_H

#include <stdint.h>

/* As many as one list of them can name. */
#define NVME_MAX_SECONDARIES 127

/**
 * struct nvme_secondary - A virtual function, as its primary controller sees it
 * @controller: Its CNTLID
 * @vf: The number of the virtual function, from 1
 */
struct nvme_secondary {
	uint16_t controller;
	uint16_t vf;
};

/**
 * nvme_admin_open() - Open the node of a controller, once its driver is ready
 * @address: The function, bound to the kernel's driver "nvme"
 *
 * Return: A file descriptor, or a -errno.
 */
int nvme_admin_open(const char *address);

/**
 * nvme_admin_list() - Ask which virtual functions a controller has
 * @fd: From nvme_admin_open()
 * @list: NVME_MAX_SECONDARIES of them
 *
 * Return: How many, or a -errno.
 */
int nvme_admin_list(int fd, struct nvme_secondary *list);

/**
 * nvme_admin_lend() - Give a virtual function what it needs, let it begin
 * @fd: From nvme_admin_open()
 * @controller: Its CNTLID
 *
 * It gets an admin queue, an I/O queue and an interrupt, and keeps them while it
 * is there.
 *
 * Return: 0 or a -errno.
 */
int nvme_admin_lend(int fd, uint16_t controller);

#endif
