/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who talks through a network interface.
 */
#ifndef VMPCTL_CONNECTIONS_H
#define VMPCTL_CONNECTIONS_H

#include "hazards.h"
#include "routes.h"

/*
 * Note connections, and file systems of other machines, that go through
 * @interface, which @label names. Return: was there any?
 */
bool connections_find(struct hazards *hazards, const char *bdf,
		      const struct routes *routes, int interface,
		      const char *label);

#endif /* VMPCTL_CONNECTIONS_H */
