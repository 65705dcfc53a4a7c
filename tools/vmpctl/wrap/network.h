/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the network cards of a function are used for.
 */
#ifndef VMPCTL_NETWORK_H
#define VMPCTL_NETWORK_H

#include "hazards.h"

/* Note the cards behind @bdf that a default route goes through. */
void network_find_uses(struct hazards *hazards, const char *bdf);

#endif /* VMPCTL_NETWORK_H */
