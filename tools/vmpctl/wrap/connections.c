// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who talks through a network interface: TCP connections from its addresses, the
 * kernel's own among them (NFS, iSCSI, NBD), and mounts of other machines'.
 */
#include "connections.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sysroot.h"

/* In /proc/net/tcp; include/net/tcp_states.h in the kernel. */
#define ESTABLISHED 1

/* By one of its ports, at either end. What is of disks comes first. */
static const struct {
	unsigned int port;
	const char *name;
} services[] = {
	{ 3260, "iSCSI" },
	{ 10809, "NBD" },
	{ 4420, "NVMe over TCP" },
	{ 2049, "NFS" },
	{ 445, "SMB" },
	{ 22, "ssh" },
	{ 0, "a TCP connection" },
};

#define NR_SERVICES (sizeof(services) / sizeof(services[0]))

/* Of the same service: the first, and how many. */
struct peers {
	char name[INET6_ADDRSTRLEN];
	unsigned int nr;
};

/* Numbers as they lie in memory, but written as numbers. */
static bool set_address(struct address *address, const char *hex)
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };
	size_t words = strlen(hex) / 8;
	uint32_t word;
	size_t i;

	if (words != 1 && words != 4)
		return false;
	for (i = 0; i < words; i++) {
		if (sscanf(hex + 8 * i, "%8x", &word) != 1)
			return false;
		memcpy(address->byte + 4 * i, &word, 4);
	}
	address->family = words == 1 ? AF_INET : AF_INET6;
	if (words == 4 && !memcmp(address->byte, mapped, sizeof(mapped))) {
		address->family = AF_INET;
		memmove(address->byte, address->byte + sizeof(mapped), 4);
	}
	return true;
}

static size_t service_of(unsigned int port, unsigned int other)
{
	size_t i;

	for (i = 0; i < NR_SERVICES - 1; i++) {
		if (port == services[i].port || other == services[i].port)
			break;
	}
	return i;
}

/* A line of /proc/net/tcp or tcp6. */
static void take_line(struct peers *peers, const struct routes *routes,
		      int interface, const char *line)
{
	unsigned int own_port;
	struct address other;
	unsigned int state;
	unsigned int port;
	struct address own;
	char own_hex[33];
	char hex[33];
	size_t i;

	if (sscanf(line, "%*s %32[0-9A-F]:%x %32[0-9A-F]:%x %x", own_hex,
		   &own_port, hex, &port, &state) != 5 ||
	    state != ESTABLISHED || !set_address(&own, own_hex) ||
	    !set_address(&other, hex) ||
	    !routes_lead(routes, &own, interface))
		return;
	i = service_of(own_port, port);
	if (!peers[i].nr++)
		inet_ntop(other.family, other.byte, peers[i].name,
			  sizeof(peers[i].name));
}

static bool find_tcp(struct hazards *hazards, const char *bdf,
		     const struct routes *routes, int interface,
		     const char *label)
{
	static const char *const tables[] = { "/proc/net/tcp", "/proc/net/tcp6" };
	struct peers peers[NR_SERVICES] = { 0 };
	bool is_found = false;
	char more[32] = "";
	char line[256];
	FILE *file;
	size_t i;

	for (i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		file = sysroot_open("%s", tables[i]);
		while (file && fgets(line, sizeof(line), file))
			take_line(peers, routes, interface, line);
		if (file)
			fclose(file);
	}
	for (i = 0; i < NR_SERVICES; i++) {
		if (!peers[i].nr)
			continue;
		if (peers[i].nr > 1)
			snprintf(more, sizeof(more), " (and %u more)",
				 peers[i].nr - 1);
		hazards_add(hazards, HAZARD_CONNECTION, bdf,
			    "%s with %s%s goes through %s", services[i].name,
			    peers[i].name, more, label);
		*more = 0;
		is_found = true;
	}
	return is_found;
}

/* NFS and others say whose it is: "addr=192.0.2.1" among the options. */
static bool set_server(struct address *address, const char *options)
{
	const char *at = strstr(options, ",addr=");
	char text[INET6_ADDRSTRLEN];

	if (!at || sscanf(at, ",addr=%45[0-9a-fA-F.:]", text) != 1)
		return false;
	address->family = strchr(text, ':') ? AF_INET6 : AF_INET;
	return inet_pton(address->family, text, address->byte) == 1;
}

static bool find_mounts(struct hazards *hazards, const char *bdf,
			const struct routes *routes, int interface,
			const char *label)
{
	FILE *file = sysroot_open("/proc/self/mountinfo");
	struct address server;
	bool is_found = false;
	char source[80];
	char point[80];
	char *line = NULL;
	size_t size = 0;
	const char *rest;

	while (file && getline(&line, &size, file) > 0) {
		rest = strstr(line, " - ");
		if (!rest || sscanf(line, "%*s %*s %*s %*s %79s", point) != 1 ||
		    sscanf(rest, " - %*s %79s", source) != 1 ||
		    !set_server(&server, rest) ||
		    !routes_lead(routes, &server, interface))
			continue;
		hazards_add(hazards, HAZARD_MOUNTED, bdf,
			    "%s is mounted on %s, through %s", source, point,
			    label);
		is_found = true;
	}
	free(line);
	if (file)
		fclose(file);
	return is_found;
}

bool connections_find(struct hazards *hazards, const char *bdf,
		      const struct routes *routes, int interface,
		      const char *label)
{
	bool is_found = find_mounts(hazards, bdf, routes, interface, label);

	return find_tcp(hazards, bdf, routes, interface, label) || is_found;
}
