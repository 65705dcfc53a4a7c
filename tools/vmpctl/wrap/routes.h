/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's routes, of all tables.
 */
#ifndef VMPCTL_ROUTES_H
#define VMPCTL_ROUTES_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct address - of IPv4 or IPv6
 * @family: AF_INET or AF_INET6
 * @byte: the address, its first 4 or all 16
 */
struct address {
	int family;
	unsigned char byte[16];
};

/**
 * struct route - one way to somewhere
 * @to: where to: the addresses whose first bits are these
 * @length: how many bits, 0 for a default route
 * @table: in which table it stands; RT_TABLE_MAIN or another one
 * @interface: the number of the network interface that it goes through
 * @is_own: there is an address of the machine's own
 * @is_far: it goes on through a gateway
 */
struct route {
	struct address to;
	unsigned int length;
	unsigned int table;
	int interface;
	bool is_own;
	bool is_far;
};

/**
 * struct routes - all of them
 * @route: the routes; those of several ways are several
 * @nr: how many
 * @error: 0, or -errno if the kernel has not told all
 */
struct routes {
	struct route *route;
	size_t nr;
	int error;
};

/* Ask the kernel. To be freed. */
struct routes routes_read(void);

void routes_free(struct routes *routes);

/* Do the routes that say most of @address go through @interface? */
bool routes_lead(const struct routes *routes, const struct address *address,
		 int interface);

#endif /* VMPCTL_ROUTES_H */
