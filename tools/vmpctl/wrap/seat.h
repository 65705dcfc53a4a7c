/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a person in front of the machine has of a function: screen and keyboard.
 */
#ifndef VMPCTL_SEAT_H
#define VMPCTL_SEAT_H

#include "hazards.h"

/* Note if the console is on the screen of @bdf. */
void seat_find_console(struct hazards *hazards, const char *bdf);

/* Note keyboards, mice and the like that are behind @bdf. */
void seat_find_input(struct hazards *hazards, const char *bdf);

#endif /* VMPCTL_SEAT_H */
