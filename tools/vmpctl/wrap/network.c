// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the network cards of a function are used for: routes that are theirs, or
 * of a bridge, bond, VLAN or tunnel above them, and who talks through them.
 */
#include "network.h"

#include <arpa/inet.h>
#include <linux/if_arp.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "below.h"
#include "connections.h"
#include "function/inventory.h"
#include "sysroot.h"

#define NET "/sys/class/net"

/* A bridge above a VLAN above a bond is 3. */
#define MAX_DEPTH 8

/* What is sent by way of another interface, of which the kernel has no link. */
static const int tunnels[] = {
	ARPHRD_TUNNEL, ARPHRD_TUNNEL6, ARPHRD_SIT, ARPHRD_IPGRE, ARPHRD_IP6GRE,
};

/**
 * struct search - what is looked for
 * @hazards: where it is noted
 * @bdf: address of the function
 * @routes: all of them
 * @card: name of the function's network card
 */
struct search {
	struct hazards *hazards;
	const char *bdf;
	struct routes routes;
	const char *card;
};

static int number_of(const char *name, const char *file)
{
	int64_t number;

	sysroot_number(&number, NET "/%s/%s", name, file);
	return number;
}

/* Default routes before others, the main table's first. */
static bool is_better(const struct route *route, const struct route *than)
{
	if (!than)
		return true;
	if (!route->length != !than->length)
		return !route->length;
	return route->table == RT_TABLE_MAIN && than->table != RT_TABLE_MAIN;
}

/* What is not reached without this card: not its own network. */
static const struct route *find_route(const struct routes *routes,
				      int interface)
{
	const struct route *best = NULL;
	const struct route *route;
	size_t i;

	for (i = 0; i < routes->nr; i++) {
		route = &routes->route[i];
		if (route->interface == interface && !route->is_own &&
		    (!route->length || route->is_far) &&
		    is_better(route, best))
			best = route;
	}
	return best;
}

static bool find_routes(struct search *search, int interface,
			const char *label)
{
	const struct route *route = find_route(&search->routes, interface);
	char where[80] = "the default route";
	char to[INET6_ADDRSTRLEN];

	if (!route)
		return false;
	if (!route->length && route->table != RT_TABLE_MAIN)
		snprintf(where, sizeof(where), "the default route of table %u",
			 route->table);
	if (route->length)
		snprintf(where, sizeof(where), "the route to %s/%u",
			 inet_ntop(route->to.family, route->to.byte, to,
				   sizeof(to)), route->length);
	hazards_add(search->hazards,
		    route->length ? HAZARD_ROUTE : HAZARD_DEFAULT_ROUTE,
		    search->bdf, "%s goes through %s", where, label);
	return true;
}

static bool is_tunnel_above(const char *name, int interface)
{
	int type = number_of(name, "type");
	size_t i;

	for (i = 0; i < sizeof(tunnels) / sizeof(tunnels[0]); i++) {
		if (type == tunnels[i])
			return number_of(name, "iflink") == interface &&
			       number_of(name, "ifindex") != interface;
	}
	return false;
}

static bool is_above(const char *name, const char *below)
{
	return sysroot_has(NET "/%s/upper_%s", below, name) ||
	       is_tunnel_above(name, number_of(below, "ifindex"));
}

static void find_uses(struct search *search, const char *name,
		      unsigned int depth)
{
	struct names names = sysroot_list(NET);
	int interface = number_of(name, "ifindex");
	char label[80];
	bool is_found;
	size_t i;

	snprintf(label, sizeof(label), depth ? "%s, which is above %s" : "%s",
		 name, search->card);
	if (search->routes.error && !depth)
		hazards_add(search->hazards, HAZARD_ROUTE, search->bdf,
			    "what goes through %s cannot be seen: %s", name,
			    strerror(-search->routes.error));
	is_found = find_routes(search, interface, label);
	is_found |= connections_find(search->hazards, search->bdf,
				     &search->routes, interface, label);
	for (i = 0; i < names.nr && depth < MAX_DEPTH; i++) {
		if (!is_above(names.name[i], name))
			continue;
		find_uses(search, names.name[i], depth + 1);
		is_found = true;
	}
	names_free(&names);
	/* What is above a card, has it, even if nobody uses that. */
	if (depth && !is_found)
		hazards_add(search->hazards, HAZARD_ABOVE, search->bdf,
			    "%s is there, which is above %s", name,
			    search->card);
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
	struct search search = { .hazards = hazards, .bdf = bdf };
	struct names names = sysroot_list(NET);
	size_t i;

	if (has_hidden_card(bdf))
		hazards_add(hazards, HAZARD_OTHER_NAMESPACE, bdf,
			    "its network card is in another network namespace");

	search.routes = routes_read();
	for (i = 0; i < names.nr; i++) {
		search.card = names.name[i];
		if (is_below(bdf, "net", search.card))
			find_uses(&search, search.card, 0);
	}
	routes_free(&search.routes);
	names_free(&names);
}
