/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the disks of a function are used for.
 */
#ifndef VMPCTL_DISKS_H
#define VMPCTL_DISKS_H

#include "hazards.h"

/* Note what is mounted, swapped on or held of the disks behind @bdf. */
void disks_find_uses(struct hazards *hazards, const char *bdf);

#endif /* VMPCTL_DISKS_H */
