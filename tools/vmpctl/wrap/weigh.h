/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All that speaks against wrapping a function, or against giving it back.
 */
#ifndef VMPCTL_WEIGH_H
#define VMPCTL_WEIGH_H

#include "function/inventory.h"
#include "hazards.h"

/* All that speaks against wrapping @fn. */
void weigh_wrapping(struct hazards *hazards, const struct inventory *inventory,
		    const struct function *fn);

/* All that speaks against giving @fn back. */
void weigh_unwrapping(struct hazards *hazards, const struct function *fn);

#endif /* VMPCTL_WEIGH_H */
