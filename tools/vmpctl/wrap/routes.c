// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's routes, of all tables: /proc/net/route has one table and one way
 * of each route, so the kernel is asked by netlink, see rtnetlink(7); libmnl does
 * the talking. What they mean is not decided here.
 */
#include "routes.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#include "sysroot.h"

/* Below a root of tests, what the kernel would answer. */
#define ANSWER "/proc/net/rtnetlink"

/* The kernel sends no more at once. */
static char answer[65536] __attribute__((aligned(MNL_ALIGNTO)));

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

static int take_attribute(const struct nlattr *attribute, void *data)
{
	bool is_number = mnl_attr_validate(attribute, MNL_TYPE_U32) >= 0;
	size_t length = mnl_attr_get_payload_len(attribute);
	struct route *route = data;

	switch (mnl_attr_get_type(attribute)) {
	case RTA_DST:
		if (length == bytes_of(route->to.family))
			memcpy(route->to.byte, mnl_attr_get_payload(attribute),
			       length);
		break;
	case RTA_TABLE:
		if (is_number)
			route->table = mnl_attr_get_u32(attribute);
		break;
	case RTA_OIF:
		if (is_number)
			route->interface = mnl_attr_get_u32(attribute);
		break;
	case RTA_GATEWAY:
	case RTA_VIA:
		route->is_far = true;
		break;
	}
	return MNL_CB_OK;
}

/* A route of several ways: each has attributes of its own. */
static void add_ways(struct routes *routes, struct route route,
		     const struct nlattr *ways)
{
	const struct rtnexthop *way = mnl_attr_get_payload(ways);
	int left = mnl_attr_get_payload_len(ways);

	while (left >= (int)sizeof(*way) && RTNH_OK(way, left)) {
		route.interface = way->rtnh_ifindex;
		route.is_far = false;
		mnl_attr_parse_payload(RTNH_DATA(way),
				       way->rtnh_len - RTNH_LENGTH(0),
				       take_attribute, &route);
		if (!(way->rtnh_flags & RTNH_F_DEAD))
			add(routes, &route);
		left -= RTNH_ALIGN(way->rtnh_len);
		way = RTNH_NEXT(way);
	}
}

static void add_route(struct routes *routes, const struct nlmsghdr *message)
{
	const struct rtmsg *body = mnl_nlmsg_get_payload(message);
	const struct nlattr *attribute;
	const struct nlattr *ways = NULL;
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
	mnl_attr_for_each(attribute, message, sizeof(*body)) {
		take_attribute(attribute, &route);
		if (mnl_attr_get_type(attribute) == RTA_MULTIPATH)
			ways = attribute;
	}
	if (ways)
		add_ways(routes, route, ways);
	else
		add(routes, &route);
}

static int take(const struct nlmsghdr *message, void *routes)
{
	if (message->nlmsg_type == RTM_NEWROUTE &&
	    mnl_nlmsg_get_payload_len(message) >= sizeof(struct rtmsg))
		add_route(routes, message);
	return MNL_CB_OK;
}

static int ask(const struct mnl_socket *socket)
{
	struct nlmsghdr *request = mnl_nlmsg_put_header(answer);

	request->nlmsg_type = RTM_GETROUTE;
	request->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	mnl_nlmsg_put_extra_header(request, sizeof(struct rtmsg));
	return mnl_socket_sendto(socket, request, request->nlmsg_len);
}

/* Return: more if there is more to come; -1 with errno. */
static int take_some(struct routes *routes, const struct mnl_socket *socket)
{
	ssize_t length;

	do {
		length = mnl_socket_recvfrom(socket, answer, sizeof(answer));
	} while (length < 0 && errno == EINTR);
	if (length < 0)
		return -1;
	return mnl_cb_run(answer, length, 0, mnl_socket_get_portid(socket),
			  take, routes);
}

static int read_kernel(struct routes *routes)
{
	struct mnl_socket *socket = mnl_socket_open2(NETLINK_ROUTE,
						     SOCK_CLOEXEC);
	int ret = -1;

	if (!socket)
		return -errno;
	if (mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) >= 0 &&
	    ask(socket) >= 0) {
		do {
			ret = take_some(routes, socket);
		} while (ret > MNL_CB_STOP);
	}
	if (ret < 0)
		ret = -errno;
	mnl_socket_close(socket);
	return ret;
}

static int read_file(struct routes *routes)
{
	int length = sysroot_bytes(answer, sizeof(answer), ANSWER);

	if (length < 0)
		return length;
	return mnl_cb_run(answer, length, 0, 0, take, routes) < 0 ? -errno : 0;
}

struct routes routes_read(void)
{
	struct routes routes = { .nr = 0 };

	routes.error = *sysroot() ? read_file(&routes) : read_kernel(&routes);
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
