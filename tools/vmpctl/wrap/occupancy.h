/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Is a function in use through VFIO, and by whom.
 */
#ifndef VMPCTL_OCCUPANCY_H
#define VMPCTL_OCCUPANCY_H

#include "function/inventory.h"
#include "function/users.h"

/*
 * Is its group, or the function, open? Then @users, of @size bytes, gets who
 * has it, "qemu (process 4711)", as far as can be seen.
 */
bool occupancy_of(const struct function *fn, char *users, size_t size);

/*
 * Open its group, which keeps all others from opening it. Return: a descriptor;
 * -EBUSY if somebody has it; another -errno if there is no file for the group.
 */
int occupancy_hold(const struct function *fn);

/* Who @users are, "qemu (process 4711)", in @text of @size bytes. */
void occupancy_name(const struct users *users, char *text, size_t size);

#endif /* VMPCTL_OCCUPANCY_H */
