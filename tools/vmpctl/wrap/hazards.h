/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What could be hurt, and what is in the way: of which kinds it is, and a list.
 */
#ifndef VMPCTL_HAZARDS_H
#define VMPCTL_HAZARDS_H

#include <stdbool.h>
#include <stddef.h>

#define MAX_HAZARDS 32

/**
 * enum hazard_kind - what would be hurt
 * @HAZARD_MOUNTED: a file system that is mounted
 * @HAZARD_SWAP: memory that is swapped out
 * @HAZARD_HELD: a disk that another one is made of, or that is open exclusively
 * @HAZARD_OPEN: a device that a process has open, as guests have whole disks
 * @HAZARD_CONSOLE: the screen that the console is on
 * @HAZARD_INPUT: a keyboard, a mouse or the like
 * @HAZARD_DEFAULT_ROUTE: the way to the rest of the world
 * @HAZARD_ROUTE: the way to other networks
 * @HAZARD_ABOVE: a bridge, bond, VLAN or tunnel that is made of a network card
 * @HAZARD_CONNECTION: who talks through a network card
 * @HAZARD_OTHER_NAMESPACE: a network card that a container has
 * @HAZARD_SHARED_GROUP: nobody could open the function, or its neighbour
 * @HAZARD_IN_USE: a process that has it open through VFIO
 * @HAZARD_VFS: what its VFs are used for
 * @HAZARD_REFUSED: nothing; our driver does not take it
 */
enum hazard_kind {
	HAZARD_MOUNTED,
	HAZARD_SWAP,
	HAZARD_HELD,
	HAZARD_OPEN,
	HAZARD_CONSOLE,
	HAZARD_INPUT,
	HAZARD_DEFAULT_ROUTE,
	HAZARD_ROUTE,
	HAZARD_ABOVE,
	HAZARD_CONNECTION,
	HAZARD_OTHER_NAMESPACE,
	HAZARD_SHARED_GROUP,
	HAZARD_IN_USE,
	HAZARD_VFS,
	HAZARD_REFUSED,
};

/**
 * struct hazard - one thing that would be hurt
 * @kind: what
 * @code: a word for programs
 * @bdf: whose it is: the function, or another one of its group
 * @text: what, in words
 */
struct hazard {
	enum hazard_kind kind;
	const char *code;
	char bdf[16];
	char text[240];
};

/**
 * struct hazards - all of them
 * @hazard: the first ones
 * @nr: how many
 */
struct hazards {
	struct hazard hazard[MAX_HAZARDS];
	size_t nr;
};

/* Note one; what does not fit is left out. */
__attribute__((format(printf, 4, 5)))
void hazards_add(struct hazards *hazards, enum hazard_kind kind,
		 const char *bdf, const char *format, ...);

/* May --force go on in spite of it? */
bool hazard_can_be_forced(const struct hazard *hazard);

/* Is there one that stops us, which with @is_forced only some do? */
bool hazards_stop(const struct hazards *hazards, bool is_forced);

/* What is to be done about it. */
const char *hazard_remedy(const struct hazard *hazard);

#endif /* VMPCTL_HAZARDS_H */
