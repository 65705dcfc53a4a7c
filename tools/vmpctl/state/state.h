/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * VFIO's migration states of an open device; see <linux/vfio.h>.
 */
#ifndef VMPCTL_STATE_H
#define VMPCTL_STATE_H

#include <linux/vfio.h>
#include <stdbool.h>
#include <stdint.h>

/* Which state it is in. Return: 0 or -errno. */
int state_get(int device_fd, uint32_t *state);

/*
 * Bring it into another. @data_fd gets the data file of that state, -1 if it
 * has none; may be NULL if it has none. Return: 0 or -errno.
 */
int state_set(int device_fd, uint32_t state, int *data_fd);

/* Its VFIO_MIGRATION_* flags. Return: 0 or -errno. */
int state_flags(int device_fd, uint64_t *flags);

/* How many bytes saving it would give; 0 if the kernel does not say. */
uint64_t state_data_bytes(int device_fd);

/* The state's name, without VFIO_DEVICE_STATE_. */
const char *state_name(uint32_t state);

#endif /* VMPCTL_STATE_H */
