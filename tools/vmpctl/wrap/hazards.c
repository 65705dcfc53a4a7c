// SPDX-License-Identifier: GPL-2.0-only
/*
 * What could be hurt, and what is in the way: of which kinds it is, and a list.
 * Who fills the list is in weigh.c.
 */
#include "hazards.h"

#include <stdarg.h>
#include <stdio.h>

static const struct {
	const char *code;
	const char *remedy;
	bool can_be_forced;
} kinds[] = {
	[HAZARD_MOUNTED] = { "mounted", "umount it", true },
	[HAZARD_SWAP] = { "swap", "swapoff it", true },
	[HAZARD_HELD] = { "held",
		"take it out of what holds it (vgchange -an, mdadm --stop, losetup -d)",
		true },
	[HAZARD_OPEN] = { "open", "end who has it open", true },
	[HAZARD_CONSOLE] = { "console",
		"if there is another way in, write 0 to the file bind of its /sys/class/vtconsole/vtcon*",
		true },
	[HAZARD_INPUT] = { "input", "plug it in elsewhere", true },
	[HAZARD_DEFAULT_ROUTE] = { "default_route",
		"let another network card have the default route", true },
	[HAZARD_ROUTE] = { "route", "let another network card have the route",
		true },
	[HAZARD_ABOVE] = { "above",
		"take it out of what is above it (ip link set CARD nomaster, ip link delete)",
		true },
	[HAZARD_CONNECTION] = { "connection",
		"end it, or let it go through another network card", true },
	[HAZARD_OTHER_NAMESPACE] = { "other_namespace",
		"end the container that has it, or move it back", true },
	[HAZARD_SHARED_GROUP] = { "shared_group",
		"unbind the others of its group, or give them to vfio-mdev-pci too",
		true },
	[HAZARD_IN_USE] = { "in_use", "end who uses it", false },
	[HAZARD_VFS] = { "vfs", "end their users, and write 0 to sriov_numvfs",
		false },
	[HAZARD_REFUSED] = { NULL, "vmpctl list shows which can be wrapped",
		false },
};

void hazards_add(struct hazards *hazards, enum hazard_kind kind,
		 const char *bdf, const char *format, ...)
{
	struct hazard *hazard = &hazards->hazard[hazards->nr];
	va_list args;
	char *at;

	if (hazards->nr == MAX_HAZARDS)
		return;
	hazards->nr++;
	hazard->kind = kind;
	hazard->code = kinds[kind].code;
	snprintf(hazard->bdf, sizeof(hazard->bdf), "%s", bdf);
	va_start(args, format);
	vsnprintf(hazard->text, sizeof(hazard->text), format, args);
	va_end(args);
	/* Whoever may mount has chosen the words. */
	for (at = hazard->text; *at; at++) {
		if (*at < ' ' || *at > '~')
			*at = '?';
	}
}

bool hazard_can_be_forced(const struct hazard *hazard)
{
	return kinds[hazard->kind].can_be_forced;
}

bool hazards_stop(const struct hazards *hazards, bool is_forced)
{
	size_t i;

	for (i = 0; i < hazards->nr; i++) {
		if (!is_forced || !hazard_can_be_forced(&hazards->hazard[i]))
			return true;
	}
	return false;
}

const char *hazard_remedy(const struct hazard *hazard)
{
	return kinds[hazard->kind].remedy;
}
