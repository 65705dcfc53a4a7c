// SPDX-License-Identifier: GPL-2.0-only
/*
 * All that speaks against wrapping a function, or against giving it back. Disks,
 * network cards and users are looked for in files of their own.
 */
#include "weigh.h"

#include <stdio.h>
#include <string.h>

#include "disks.h"
#include "files.h"
#include "function/verdict.h"
#include "network.h"
#include "occupancy.h"
#include "seat.h"
#include "shares.h"

/* What its devices are used for. */
static void (*const searches[])(struct hazards *hazards, const char *bdf) = {
	disks_find_uses,
	shares_find_uses,
	network_find_uses,
	seat_find_console,
	seat_find_input,
	files_find_uses,
};

static void add_uses(struct hazards *hazards, const char *bdf)
{
	size_t i;

	for (i = 0; i < sizeof(searches) / sizeof(searches[0]); i++)
		searches[i](hazards, bdf);
}

static void add_refusals(struct hazards *hazards, const struct function *fn,
			 const struct verdict *verdict)
{
	size_t i;

	for (i = 0; i < verdict->nr; i++) {
		if (verdict->obstacle[i].is_outside)
			continue;
		hazards_add(hazards, HAZARD_REFUSED, fn->bdf, "%s",
			    verdict->obstacle[i].text);
		hazards->hazard[hazards->nr - 1].code =
			verdict->obstacle[i].code;
	}
}

/* What a neighbour has would be hurt, too, when it is to make way. */
static void add_neighbours(struct hazards *hazards,
			   const struct inventory *inventory,
			   const struct function *fn)
{
	const struct function *other;
	size_t i;

	for (i = 0; i < inventory->nr; i++) {
		other = &inventory->function[i];
		if (!function_is_beside(fn, other) ||
		    !driver_is_ordinary(other->driver))
			continue;
		hazards_add(hazards, HAZARD_SHARED_GROUP, other->bdf,
			    "it shares its IOMMU group %d with %s, whose driver is %s: no guest could open it",
			    fn->group, other->bdf, other->driver);
		add_uses(hazards, other->bdf);
	}
}

static void add_users(struct hazards *hazards, const struct function *fn)
{
	char users[160];

	if (occupancy_of(fn, users, sizeof(users)))
		hazards_add(hazards, HAZARD_IN_USE, fn->bdf,
			    "its IOMMU group %d is in use by %s", fn->group,
			    users);
}

void weigh_wrapping(struct hazards *hazards, const struct inventory *inventory,
		    const struct function *fn)
{
	struct verdict verdict = verdict_of(inventory, fn);

	hazards->nr = 0;
	add_refusals(hazards, fn, &verdict);
	if (strstr(fn->driver, "vfio"))
		add_users(hazards, fn);
	add_uses(hazards, fn->bdf);
	add_neighbours(hazards, inventory, fn);
}

void weigh_unwrapping(struct hazards *hazards, const struct function *fn)
{
	hazards->nr = 0;
	if (!function_is_bound(fn))
		return;
	add_users(hazards, fn);
	if (fn->nr_vfs)
		hazards_add(hazards, HAZARD_VFS, fn->bdf,
			    "its %u SR-IOV VFs would go with it", fn->nr_vfs);
}
