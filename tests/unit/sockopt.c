/* SPDX-License-Identifier: ISC */
/* Every row of the option table against a real socket of its kind. */
#include "mchat/network/sockopt.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tap.h"
#include "mchat/network/call.h"

/* Options that a fresh socket cannot read: they need a peer, a group, or
 * repair. */
static bool needs_more_to_read(const char *name)
{
	static const char *const names[] = {"SO_PEERNAME", "SO_PEERSEC",
		"IP_MSFILTER", "IP_MTU", "IPV6_MTU", "IPV6_PATHMTU",
		"MCAST_MSFILTER", "TCP_QUEUE_SEQ", "TCP_REPAIR_QUEUE",
		"TCP_REPAIR_WINDOW", "TCP_ZEROCOPY_RECEIVE"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(names[i], name) == 0)
			return true;
	}
	return false;
}

/* Linux accepts TCP_THIN_DUPACK and ignores it. */
static bool is_settable_flag(const struct sockopt *option)
{
	return option->type == SOCKOPT_FLAG && option->can_set &&
	       strcmp(option->name, "TCP_THIN_DUPACK") != 0;
}

static int open_socket(const struct sockopt *option)
{
	int domain = option->level == IPPROTO_IPV6 ? AF_INET6 : AF_INET;
	int type = option->sockets & SOCKOPT_ON_UDP ? SOCK_DGRAM : SOCK_STREAM;

	return socket(domain, type, 0);
}

static void test_row_is_whole(enum sockopt_id id)
{
	const struct sockopt *option = sockopt_info(id);
	enum sockopt_id found = SOCKOPT_COUNT;

	if (!tap_ok(option->name && option->level_name && option->summary,
		    "row %d is filled in", (int)id))
		return;
	tap_ok(sockopt_find(option->name, &found) && found == id,
		"%s is found under its name", option->name);
	tap_ok(option->sockets != 0 && (option->can_get || option->can_set),
		"%s applies to some socket and does something", option->name);
}

static void test_row_reads(enum sockopt_id id)
{
	const struct sockopt *option = sockopt_info(id);
	struct sockopt_value value;
	char text[SOCKOPT_TEXT_SIZE] = "";
	int fd = open_socket(option);

	if (fd < 0) {
		tap_skip(option->name, strerror(errno));
		return;
	}
	if (option->can_get && sockopt_get(fd, id, &value) < 0 &&
		errno == ENOPROTOOPT) {
		tap_skip(option->name, "this kernel does not know it");
	} else if (option->can_get) {
		tap_ok(sockopt_get(fd, id, &value) == 0, "%s is read",
			option->name);
		tap_ok(value.type == option->type &&
				sockopt_value_format(&value, text)[0] != '\0',
			"%s reads as its type: %s", option->name, text);
	} else {
		tap_ok(sockopt_get(fd, id, &value) < 0, "%s cannot be read",
			option->name);
	}
	close(fd);
}

/* Sets each flag to what it is not, and reads it back. */
static void test_flag_sets(enum sockopt_id id)
{
	const struct sockopt *option = sockopt_info(id);
	struct call_log log = {0};
	struct sockopt_value before;
	struct sockopt_value after;
	int fd = open_socket(option);

	if (fd < 0 || sockopt_get(fd, id, &before) < 0) {
		tap_skip(option->name, strerror(errno));
	} else if (sockopt_set_number(&log, fd, id, !before.number, "") < 0) {
		if (errno == EACCES || errno == EPERM)
			tap_skip(option->name, "needs privileges to set");
		else
			tap_ok(false, "%s: %s", option->name, strerror(errno));
	} else {
		sockopt_get(fd, id, &after);
		tap_ok(after.number == !before.number, "%s is set and read",
			option->name);
	}
	close(fd);
}

static void test_table(void)
{
	for (int i = 0; i < SOCKOPT_COUNT; i++) {
		enum sockopt_id id = (enum sockopt_id)i;
		const struct sockopt *option = sockopt_info(id);

		test_row_is_whole(id);
		if (!(option->sockets & SOCKOPT_ON_ALL))
			continue;
		if (!needs_more_to_read(option->name))
			test_row_reads(id);
		if (is_settable_flag(option))
			test_flag_sets(id);
	}
	enum sockopt_id none;

	tap_ok(!sockopt_find("SO_NOTHING", &none),
		"an unknown option is not found");
}

static void test_integers(void)
{
	static const struct {
		enum sockopt_id id;
		int asked;
		int expected;
	} cases[] = {
		{SOCKOPT_IP_TTL, 32, 32},
		{SOCKOPT_IP_MULTICAST_TTL, 0, 0},
		{SOCKOPT_IP_MULTICAST_TTL, 255, 255},
		{SOCKOPT_SO_RCVBUF, 20000, 40000}, /* Linux doubles */
		{SOCKOPT_SO_SNDBUF, 20000, 40000},
		{SOCKOPT_SO_RCVLOWAT, 5, 5},
		{SOCKOPT_IPV6_MULTICAST_HOPS, 7, 7},
		{SOCKOPT_IPV6_UNICAST_HOPS, 9, 9},
		{SOCKOPT_TCP_KEEPIDLE, 11, 11},
		{SOCKOPT_TCP_KEEPINTVL, 12, 12},
		{SOCKOPT_TCP_KEEPCNT, 3, 3},
	};
	struct call_log log = {0};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct sockopt *option = sockopt_info(cases[i].id);
		struct sockopt_value value = {0};
		int fd = open_socket(option);

		if (fd < 0) {
			tap_skip(option->name, strerror(errno));
			continue;
		}
		sockopt_set_number(&log, fd, cases[i].id, cases[i].asked, "");
		sockopt_get(fd, cases[i].id, &value);
		tap_is_int(value.number, cases[i].expected, option->name);
		close(fd);
	}
}

static void test_structures(void)
{
	struct call_log log = {0};
	struct sockopt_value linger = {
		.type = SOCKOPT_LINGER,
		.linger = {.is_on = true, .seconds = 5},
	};
	struct sockopt_value timeout = {
		.type = SOCKOPT_TIMEVAL,
		.time = {1500 * NS_PER_MS},
	};
	struct sockopt_value value = {0};
	char text[SOCKOPT_TEXT_SIZE];
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	sockopt_set(&log, fd, SOCKOPT_SO_LINGER, &linger, "");
	sockopt_get(fd, SOCKOPT_SO_LINGER, &value);
	tap_is_string(sockopt_value_format(&value, text), "on, 5 s",
		"SO_LINGER keeps both of its numbers");
	sockopt_set(&log, fd, SOCKOPT_SO_RCVTIMEO, &timeout, "");
	sockopt_get(fd, SOCKOPT_SO_RCVTIMEO, &value);
	tap_ok(value.time.ns >= 1500 * NS_PER_MS &&
			value.time.ns < 1520 * NS_PER_MS,
		"SO_RCVTIMEO keeps its time, rounded up to a tick");
	close(fd);
}

/* A call as it is written out, for whatever number the socket has. */
static const char *call(int fd, const char *rest, char out[CALL_TEXT_SIZE])
{
	snprintf(out, CALL_TEXT_SIZE, "setsockopt(%d, %s", fd, rest);
	return out;
}

static struct sockopt_value membership(enum sockopt_type type, unsigned index)
{
	struct sockopt_value value = {.type = type};

	address_parse("239.1.2.3", &value.membership.group);
	address_parse("127.0.0.1", &value.membership.source);
	address_parse("127.0.0.1", &value.membership.interface_address);
	value.membership.interface_index = index;
	return value;
}

static void test_device(void)
{
	struct sockopt_value lo = {.type = SOCKOPT_DEVICE, .device = "lo"};
	struct sockopt_value value = {0};
	struct call_log log = {0};
	char text[SOCKOPT_TEXT_SIZE];
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	sockopt_get(fd, SOCKOPT_SO_BINDTODEVICE, &value);
	tap_is_string(sockopt_value_format(&value, text), "any interface",
		"a fresh socket is bound to no device");
	tap_is_int(sockopt_set(&log, fd, SOCKOPT_SO_BINDTODEVICE, &lo, ""), 0,
		"it is bound to lo");
	sockopt_get(fd, SOCKOPT_SO_BINDTODEVICE, &value);
	tap_is_string(sockopt_value_format(&value, text), "lo",
		"the device that it is bound to is read back");
	close(fd);
}

static void test_memberships(void)
{
	struct sockopt_value any = membership(SOCKOPT_MEMBERSHIP, 1);
	struct sockopt_value one = membership(SOCKOPT_SOURCE_MEMBERSHIP, 1);
	struct sockopt_value interface = membership(SOCKOPT_ADDRESS, 1);
	struct sockopt_value value = {0};
	struct call_log log = {0};
	char text[SOCKOPT_TEXT_SIZE];
	char expected[CALL_TEXT_SIZE];
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	tap_ok(sockopt_set(&log, fd, SOCKOPT_IP_ADD_MEMBERSHIP, &any, "") == 0,
		"a group is joined on lo");
	tap_ok(sockopt_set(&log, fd, SOCKOPT_IP_ADD_MEMBERSHIP, &any, "") < 0 &&
			errno == EADDRINUSE,
		"joining twice is EADDRINUSE");
	tap_is_string(log.failed,
		call(fd, "IPPROTO_IP, IP_ADD_MEMBERSHIP, 239.1.2.3 on lo)",
			expected),
		"the failed call is remembered in full");
	tap_is_int(
		log.error, EADDRINUSE, "the failed call's error is remembered");
	tap_ok(sockopt_set(&log, fd, SOCKOPT_IP_DROP_MEMBERSHIP, &any, "") == 0,
		"the group is left");
	tap_ok(sockopt_set(&log, fd, SOCKOPT_IP_ADD_SOURCE_MEMBERSHIP, &one,
		       "") == 0,
		"the group is joined for one source");
	tap_ok(sockopt_set(&log, fd, SOCKOPT_IP_DROP_SOURCE_MEMBERSHIP, &one,
		       "") == 0,
		"the group is left for that source");
	tap_is_string(sockopt_value_format(&one, text),
		"239.1.2.3 from 127.0.0.1 on lo",
		"a membership for one source is written out");
	sockopt_set(&log, fd, SOCKOPT_IP_MULTICAST_IF, &interface, "");
	sockopt_get(fd, SOCKOPT_IP_MULTICAST_IF, &value);
	tap_is_string(sockopt_value_format(&value, text), "127.0.0.1",
		"IP_MULTICAST_IF reads back as the address");
	close(fd);
}

static void test_memberships_ipv6(void)
{
	struct sockopt_value any = {.type = SOCKOPT_MEMBERSHIP};
	struct sockopt_value one = {.type = SOCKOPT_SOURCE_MEMBERSHIP};
	struct sockopt_value interface = {.type = SOCKOPT_ADDRESS};
	struct sockopt_value value = {0};
	struct call_log log = {0};
	int fd = socket(AF_INET6, SOCK_DGRAM, 0);

	if (fd < 0) {
		tap_skip("IPv6 memberships", strerror(errno));
		return;
	}
	address_parse("ff12::4d43", &any.membership.group);
	any.membership.interface_index = 1;
	one.membership = any.membership;
	address_parse("::1", &one.membership.source);
	interface.membership.interface_index = 1;
	tap_ok(sockopt_set(&log, fd, SOCKOPT_IPV6_JOIN_GROUP, &any, "") == 0 &&
			sockopt_set(&log, fd, SOCKOPT_IPV6_LEAVE_GROUP, &any,
				"") == 0,
		"an IPv6 group is joined and left");
	tap_ok(sockopt_set(&log, fd, SOCKOPT_MCAST_JOIN_SOURCE_GROUP, &one,
		       "") == 0 &&
			sockopt_set(&log, fd, SOCKOPT_MCAST_LEAVE_SOURCE_GROUP,
				&one, "") == 0,
		"an IPv6 group is joined and left for one source");
	sockopt_set(&log, fd, SOCKOPT_IPV6_MULTICAST_IF, &interface, "");
	sockopt_get(fd, SOCKOPT_IPV6_MULTICAST_IF, &value);
	tap_is_int(value.membership.interface_index, 1,
		"IPV6_MULTICAST_IF reads back as the index");
	close(fd);
}

struct witness {
	unsigned calls;
	char last[512];
};

static void observe(void *context, const struct call_record *record)
{
	struct witness *witness = context;

	witness->calls++;
	snprintf(witness->last, sizeof(witness->last), "%s=%d|%s|%s|%s",
		record->text, record->result,
		record->before ? record->before : "-",
		record->after ? record->after : "-", record->why);
}

static void test_narration(void)
{
	struct witness witness = {0};
	struct call_log log = {.observe = observe, .context = &witness};
	struct sockopt_value join = membership(SOCKOPT_MEMBERSHIP, 1);
	char expected[CALL_TEXT_SIZE];
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	sockopt_set_number(&log, fd, SOCKOPT_IP_MULTICAST_TTL, 7, "far");
	tap_is_string(witness.last,
		call(fd, "IPPROTO_IP, IP_MULTICAST_TTL, 7)=0|1|7|far",
			expected),
		"before, asked, after and why are told");
	sockopt_set(&log, fd, SOCKOPT_IP_ADD_MEMBERSHIP, &join, "join");
	tap_is_string(witness.last,
		call(fd,
			"IPPROTO_IP, IP_ADD_MEMBERSHIP, "
			"239.1.2.3 on lo)=0|-|-|join",
			expected),
		"what cannot be read has no before and after");
	tap_is_int(sockopt_set_number(
			   &log, fd, SOCKOPT_IP_MULTICAST_TTL, 256, "too far"),
		-1, "a refused value is an error");
	tap_is_int(errno, EINVAL,
		"a refused value leaves errno as the kernel gave it");
	tap_is_int(witness.calls, 3, "each call is told once");
	close(fd);
}

int main(void)
{
	test_table();
	test_integers();
	test_structures();
	test_device();
	test_memberships();
	test_memberships_ipv6();
	test_narration();
	return tap_done();
}
