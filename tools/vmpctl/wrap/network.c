// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the network cards of a function are used for: is a default route theirs,
 * or of a bridge, bond or VLAN above them?
 */
#include "network.h"

#include <linux/ipv6_route.h>
#include <linux/route.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "below.h"
#include "function/inventory.h"
#include "sysroot.h"

/* A bridge above a VLAN above a bond is 3. */
#define MAX_DEPTH 8

#define ANY_IPV6 "00000000000000000000000000000000"

/* Lines of /proc/net/route; its head has no flags. */
static bool is_default_ipv4(const char *line, const char *name)
{
	char destination[16];
	char interface[20];
	char mask[16];
	unsigned int flags;

	return sscanf(line, "%19s %15s %*s %x %*s %*s %*s %15s", interface,
		      destination, &flags, mask) == 4 &&
	       !strcmp(interface, name) && !strcmp(destination, "00000000") &&
	       !strcmp(mask, "00000000") && (flags & RTF_UP) &&
	       !(flags & RTF_REJECT);
}

/* Lines of /proc/net/ipv6_route. */
static bool is_default_ipv6(const char *line, const char *name)
{
	char destination[40];
	char interface[20];
	unsigned int length;
	unsigned int flags;

	return sscanf(line, "%39s %x %*s %*s %*s %*s %*s %*s %x %19s",
		      destination, &length, &flags, interface) == 4 &&
	       !strcmp(interface, name) && !strcmp(destination, ANY_IPV6) &&
	       !length && (flags & RTF_UP) && !(flags & RTF_REJECT);
}

static const struct {
	const char *file;
	bool (*is_default)(const char *line, const char *name);
} tables[] = {
	{ "/proc/net/route", is_default_ipv4 },
	{ "/proc/net/ipv6_route", is_default_ipv6 },
};

static bool has_default_route(const char *name)
{
	bool is_found = false;
	char *line = NULL;
	size_t size = 0;
	FILE *file;
	size_t i;

	for (i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		file = sysroot_open("%s", tables[i].file);
		while (file && getline(&line, &size, file) > 0)
			is_found |= tables[i].is_default(line, name);
		if (file)
			fclose(file);
	}
	free(line);
	return is_found;
}

static void find_routes(struct hazards *hazards, const char *bdf,
			const char *card, const char *name, unsigned int depth)
{
	static const char upper[] = "upper_";
	struct names names = sysroot_list("/sys/class/net/%s", name);
	size_t i;

	if (has_default_route(name) && !depth)
		hazards_add(hazards, HAZARD_DEFAULT_ROUTE, bdf,
			    "the default route goes through %s", name);
	else if (has_default_route(name))
		hazards_add(hazards, HAZARD_DEFAULT_ROUTE, bdf,
			    "the default route goes through %s, which is above %s",
			    name, card);
	for (i = 0; i < names.nr && depth < MAX_DEPTH; i++) {
		if (!strncmp(names.name[i], upper, strlen(upper)))
			find_routes(hazards, bdf, card,
				    names.name[i] + strlen(upper), depth + 1);
	}
	names_free(&names);
}

static bool is_empty_directory(const char *bdf, const char *name,
			       const char *part)
{
	struct names names;
	bool is_empty;

	if (!sysroot_has(PCI_DEVICES "/%s/%s%s", bdf, name, part))
		return false;
	names = sysroot_list(PCI_DEVICES "/%s/%s%s", bdf, name, part);
	is_empty = !names.nr;
	names_free(&names);
	return is_empty;
}

/*
 * A card that was given to a container is not seen, but its directory "net" is,
 * which is empty then: of the function itself, or of virtio's device below it.
 */
static bool has_hidden_card(const char *bdf)
{
	struct names below = sysroot_list(PCI_DEVICES "/%s", bdf);
	bool is_found = false;
	const char *name;
	const char *part;
	size_t i;

	for (i = 0; i < below.nr && !is_found; i++) {
		name = below.name[i];
		if (strcmp(name, "net") && strncmp(name, "virtio", 6))
			continue;
		part = strcmp(name, "net") ? "/net" : "";
		is_found = is_empty_directory(bdf, name, part);
	}
	names_free(&below);
	return is_found;
}

void network_find_uses(struct hazards *hazards, const char *bdf)
{
	struct names names = sysroot_list("/sys/class/net");
	size_t i;

	if (has_hidden_card(bdf))
		hazards_add(hazards, HAZARD_OTHER_NAMESPACE, bdf,
			    "its network card is in another network namespace");

	for (i = 0; i < names.nr; i++) {
		if (is_below(bdf, "net", names.name[i]))
			find_routes(hazards, bdf, names.name[i], names.name[i],
				    0);
	}
	names_free(&names);
}
