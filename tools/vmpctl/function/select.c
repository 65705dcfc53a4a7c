// SPDX-License-Identifier: GPL-2.0-only
/*
 * The function that the user names, by its address or its mdev.
 */
#include "select.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "similar.h"

/* "1:0.0" and "0000:01:00.0" are the same address. */
static bool set_address(char bdf[16], const char *name)
{
	unsigned int domain = 0;
	unsigned int bus;
	unsigned int slot;
	unsigned int number;
	int end = -1;

	if (sscanf(name, "%8x:%2x:%2x.%1x%n", &domain, &bus, &slot, &number,
		   &end) != 4 || name[end]) {
		domain = 0;
		end = -1;
		if (sscanf(name, "%2x:%2x.%1x%n", &bus, &slot, &number,
			   &end) != 3 || name[end])
			return false;
	}
	snprintf(bdf, 16, "%04x:%02x:%02x.%x", domain, bus, slot, number);
	return true;
}

static const struct function *find(const struct inventory *inventory,
				   const char *bdf, const char *uuid)
{
	size_t i;

	for (i = 0; i < inventory->nr; i++) {
		if (!strcmp(inventory->function[i].bdf, bdf) ||
		    (*uuid && !strcasecmp(inventory->function[i].uuid, uuid)))
			return &inventory->function[i];
	}
	return NULL;
}

/* An address is most often written without its domain. */
static void offer_all(struct similar *similar,
		      const struct inventory *inventory)
{
	const struct function *fn;
	size_t i;

	for (i = 0; i < inventory->nr; i++) {
		fn = &inventory->function[i];
		similar_offer(similar, fn->bdf);
		if (!strncmp(fn->bdf, "0000:", 5))
			similar_offer(similar, fn->bdf + 5);
		if (*fn->uuid)
			similar_offer(similar, fn->uuid);
	}
}

enum status select_function(const struct inventory *inventory,
			    const char *name, const struct function **fn)
{
	struct similar similar = similar_to(name);
	bool is_mdev = is_uuid(name);
	char next[96] = "vmpctl list --all shows those that are there";
	char bdf[16] = "";
	bool is_address = set_address(bdf, name);

	*fn = find(inventory, bdf, is_mdev ? name : "");
	if (*fn)
		return STATUS_DONE;

	offer_all(&similar, inventory);
	if (similar.best)
		snprintf(next, sizeof(next), "did you mean %s?", similar.best);
	if (is_mdev)
		return fail(STATUS_UNREACHABLE, next,
			    "there is no mdev %s of " WRAPPER, name);
	if (is_address)
		return fail(STATUS_UNREACHABLE, next,
			    "there is no PCI function %s", bdf);
	return fail(STATUS_USAGE, next,
		    "\"%s\" is neither a PCI address nor the UUID of an mdev",
		    name);
}
