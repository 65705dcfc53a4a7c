/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the file systems that a function shares by virtio are used for.
 */
#ifndef VMPCTL_SHARES_H
#define VMPCTL_SHARES_H

#include "hazards.h"

/* Note the file systems of 9p and virtiofs behind @bdf that are mounted. */
void shares_find_uses(struct hazards *hazards, const char *bdf);

#endif /* VMPCTL_SHARES_H */
