/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which files of a function's devices are open.
 */
#ifndef VMPCTL_FILES_H
#define VMPCTL_FILES_H

#include "hazards.h"

/* Note what processes have open of the files in /dev that @bdf has made. */
void files_find_uses(struct hazards *hazards, const char *bdf);

#endif /* VMPCTL_FILES_H */
