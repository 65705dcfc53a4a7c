/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kernel modules, looked for and loaded.
 */
#ifndef VMPCTL_MODULES_H
#define VMPCTL_MODULES_H

#include <stdbool.h>

#include "command.h"

/* Are our driver, and what opens its devices, there? */
bool modules_are_loaded(void);

/* Load them. Return: STATUS_DONE, or what fail() has said. */
enum status modules_load(void);

/* Load the drivers that say they are for the function @bdf, if there are any. */
void modules_load_for(const char *bdf);

#endif /* VMPCTL_MODULES_H */
