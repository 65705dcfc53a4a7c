// SPDX-License-Identifier: GPL-2.0-only
/*
 * Prints a route as the kernel tells it by netlink, rtnetlink(7):
 *
 *	routes INTERFACE ADDRESS/LENGTH [WORD]...
 *
 * INTERFACE is a number. A WORD is "via" (through a gateway), "local",
 * "unreachable", "dead", table=N, or and=N for another interface of the route;
 * "short" leaves half of the interface's number out.
 */
#include <arpa/inet.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned char bytes[512] __attribute__((aligned(4)));

static void add(unsigned short type, const void *payload, size_t length)
{
	struct nlmsghdr *head = (void *)bytes;
	struct rtattr *attribute = (void *)(bytes + head->nlmsg_len);

	attribute->rta_type = type;
	attribute->rta_len = RTA_LENGTH(length);
	memcpy(RTA_DATA(attribute), payload, length);
	head->nlmsg_len += RTA_SPACE(length);
}

/* One way by @interface, one by @other. */
static void add_ways(int interface, int other)
{
	struct rtnexthop ways[2] = {
		{ .rtnh_len = sizeof(*ways), .rtnh_ifindex = interface },
		{ .rtnh_len = sizeof(*ways), .rtnh_ifindex = other },
	};

	add(RTA_MULTIPATH, ways, sizeof(ways));
}

int main(int argc, char **argv)
{
	struct nlmsghdr *head = (void *)bytes;
	struct rtmsg *body = NLMSG_DATA(head);
	unsigned char address[16];
	size_t length = sizeof(int);
	int interface;
	int other = 0;
	int table;
	char *slash;
	int i;

	if (argc < 3)
		return 2;
	slash = strchr(argv[2], '/');
	if (!slash)
		return 2;
	*slash = 0;
	interface = atoi(argv[1]);
	head->nlmsg_type = RTM_NEWROUTE;
	head->nlmsg_len = NLMSG_LENGTH(sizeof(*body));
	body->rtm_family = strchr(argv[2], ':') ? AF_INET6 : AF_INET;
	body->rtm_dst_len = atoi(slash + 1);
	body->rtm_table = RT_TABLE_MAIN;
	body->rtm_type = RTN_UNICAST;
	if (inet_pton(body->rtm_family, argv[2], address) != 1)
		return 2;
	if (body->rtm_dst_len)
		add(RTA_DST, address, body->rtm_family == AF_INET ? 4 : 16);
	for (i = 3; i < argc; i++) {
		if (!strcmp(argv[i], "via"))
			add(RTA_GATEWAY, address, 4);
		else if (!strcmp(argv[i], "local"))
			body->rtm_type = RTN_LOCAL;
		else if (!strcmp(argv[i], "unreachable"))
			body->rtm_type = RTN_UNREACHABLE;
		else if (!strcmp(argv[i], "dead"))
			body->rtm_flags |= RTNH_F_DEAD;
		else if (!strcmp(argv[i], "short"))
			length = 2;
		else if (sscanf(argv[i], "table=%d", &table) == 1)
			add(RTA_TABLE, &table, sizeof(table));
		else if (sscanf(argv[i], "and=%d", &other) != 1)
			return 2;
	}
	if (other)
		add_ways(other, interface);
	else
		add(RTA_OIF, &interface, length);
	return fwrite(bytes, 1, head->nlmsg_len, stdout) != head->nlmsg_len;
}
