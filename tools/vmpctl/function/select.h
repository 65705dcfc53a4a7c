/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The function that the user names, by its address or its mdev.
 */
#ifndef VMPCTL_SELECT_H
#define VMPCTL_SELECT_H

#include "command.h"
#include "inventory.h"

/*
 * Find it: an address with or without domain and leading zeros, or a UUID.
 * Return: STATUS_DONE with @fn; or what fail() has said, and what the user may
 * have meant.
 */
enum status select_function(const struct inventory *inventory,
			    const char *name, const struct function **fn);

#endif /* VMPCTL_SELECT_H */
