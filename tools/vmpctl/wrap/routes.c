// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's routes, of all tables: /proc/net/route has one table and one way
 * of each route, so the kernel is asked by netlink, see rtnetlink(7). What they
 * mean is not decided here.
 */
#include "routes.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sysroot.h"

/* Below a root of tests, what the kernel would answer. */
#define ANSWER "/proc/net/rtnetlink"

/* The kernel sends no more at once. */
#define MAX_BYTES 65536

static size_t bytes_of(int family)
{
	return family == AF_INET ? 4 : 16;
}

static void add(struct routes *routes, const struct route *route)
{
	struct route *longer;

	longer = realloc(routes->route, (routes->nr + 1) * sizeof(*longer));
	if (!longer)
		return;
	routes->route = longer;
	longer[routes->nr++] = *route;
}

static bool has_number(const struct rtattr *attribute, void *number)
{
	if (RTA_PAYLOAD(attribute) < 4)
		return false;
	memcpy(number, RTA_DATA(attribute), 4);
	return true;
}

/* A route of several ways: each has attributes of its own. */
static void add_ways(struct routes *routes, struct route route,
		     const struct rtattr *ways)
{
	const struct rtnexthop *way = RTA_DATA(ways);
	int left = RTA_PAYLOAD(ways);
	const struct rtattr *attribute;
	int length;

	while (left >= (int)sizeof(*way) && RTNH_OK(way, left)) {
		route.interface = way->rtnh_ifindex;
		route.is_far = false;
		attribute = RTNH_DATA(way);
		length = way->rtnh_len - RTNH_LENGTH(0);
		for (; RTA_OK(attribute, length);
		     attribute = RTA_NEXT(attribute, length))
			route.is_far |= attribute->rta_type == RTA_GATEWAY ||
					attribute->rta_type == RTA_VIA;
		if (!(way->rtnh_flags & RTNH_F_DEAD))
			add(routes, &route);
		left -= RTNH_ALIGN(way->rtnh_len);
		way = RTNH_NEXT(way);
	}
}

static void take_attribute(struct route *route, const struct rtattr *attribute)
{
	switch (attribute->rta_type) {
	case RTA_DST:
		if (RTA_PAYLOAD(attribute) == bytes_of(route->to.family))
			memcpy(route->to.byte, RTA_DATA(attribute),
			       RTA_PAYLOAD(attribute));
		break;
	case RTA_TABLE:
		has_number(attribute, &route->table);
		break;
	case RTA_OIF:
		has_number(attribute, &route->interface);
		break;
	case RTA_GATEWAY:
	case RTA_VIA:
		route->is_far = true;
		break;
	}
}

static void add_route(struct routes *routes, const struct nlmsghdr *message)
{
	const struct rtmsg *body = NLMSG_DATA(message);
	const struct rtattr *attribute = RTM_RTA(body);
	const struct rtattr *ways = NULL;
	int left = RTM_PAYLOAD(message);
	struct route route = {
		.to.family = body->rtm_family,
		.length = body->rtm_dst_len,
		.table = body->rtm_table,
		.is_own = body->rtm_type == RTN_LOCAL,
	};

	if ((body->rtm_family != AF_INET && body->rtm_family != AF_INET6) ||
	    (body->rtm_type != RTN_UNICAST && !route.is_own) ||
	    body->rtm_dst_len > 8 * bytes_of(body->rtm_family) ||
	    body->rtm_flags & RTNH_F_DEAD)
		return;
	for (; RTA_OK(attribute, left); attribute = RTA_NEXT(attribute, left)) {
		take_attribute(&route, attribute);
		if (attribute->rta_type == RTA_MULTIPATH)
			ways = attribute;
	}
	if (ways)
		add_ways(routes, route, ways);
	else
		add(routes, &route);
}

/* Return: is there more to come? */
static bool take(struct routes *routes, const void *answer, int length)
{
	const struct nlmsghdr *message = answer;

	for (; NLMSG_OK(message, length);
	     message = NLMSG_NEXT(message, length)) {
		if (message->nlmsg_type == NLMSG_ERROR)
			routes->error = -EIO;
		if (message->nlmsg_type == NLMSG_DONE ||
		    message->nlmsg_type == NLMSG_ERROR)
			return false;
		if (message->nlmsg_type == RTM_NEWROUTE &&
		    message->nlmsg_len >= NLMSG_LENGTH(sizeof(struct rtmsg)))
			add_route(routes, message);
	}
	return true;
}

/* Return: a descriptor from which the answer can be read, or -1 with errno. */
static int ask(void)
{
	const struct {
		struct nlmsghdr head;
		struct rtmsg body;
	} request = {
		.head.nlmsg_len = sizeof(request),
		.head.nlmsg_type = RTM_GETROUTE,
		.head.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
		.body.rtm_family = AF_UNSPEC,
	};
	char path[PATH_MAX];
	int fd;

	if (*sysroot())
		return sysroot_path(path, ANSWER) ? -1 :
		       open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (fd >= 0 && send(fd, &request, sizeof(request), 0) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

struct routes routes_read(void)
{
	static char answer[MAX_BYTES] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct routes routes = { .nr = 0 };
	int fd = ask();
	ssize_t length;

	if (fd < 0) {
		routes.error = -errno;
		return routes;
	}
	do {
		length = read(fd, answer, sizeof(answer));
	} while ((length < 0 && errno == EINTR) ||
		 (length > 0 && take(&routes, answer, length)));
	if (length < 0)
		routes.error = -errno;
	close(fd);
	return routes;
}

void routes_free(struct routes *routes)
{
	free(routes->route);
	*routes = (struct routes) { .nr = 0 };
}

static bool has_prefix(const struct address *address,
		       const struct address *prefix, unsigned int length)
{
	unsigned int whole = length / 8;
	unsigned int rest = length % 8;

	return address->family == prefix->family &&
	       !memcmp(address->byte, prefix->byte, whole) &&
	       (!rest || (address->byte[whole] ^ prefix->byte[whole]) >>
			 (8 - rest) == 0);
}

bool routes_lead(const struct routes *routes, const struct address *address,
		 int interface)
{
	const struct route *route;
	bool is_found = false;
	int longest = -1;
	size_t i;

	for (i = 0; i < routes->nr; i++) {
		route = &routes->route[i];
		if ((int)route->length < longest ||
		    !has_prefix(address, &route->to, route->length))
			continue;
		if ((int)route->length > longest)
			is_found = false;
		longest = route->length;
		is_found |= route->interface == interface;
	}
	return is_found;
}
