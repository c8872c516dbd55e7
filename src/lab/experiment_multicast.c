/* SPDX-License-Identifier: ISC */
#include "mchat/lab/experiments.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "mchat/io/clock.h"
#include "mchat/lab/lab_group.h"
#include "mchat/lab/lab_network.h"
#include "mchat/lab/lab_socket.h"
#include "mchat/lab/lab_transfer.h"
#include "mchat/network/error.h"

/* ---- join ---- */

/* Tells how many came, and whether the kernel lists the group. */
static void observe_group(struct lab *lab, const char *when, int received,
	const struct lab_group *group)
{
	char key[32];

	lab_observe(lab, when, received);
	snprintf(key, sizeof(key), "igmp_%s", when);
	lab_observe(lab, key, lab_is_member(group));
}

/* ---- what joining and leaving send ---- */

/* A report has gone out by then, however busy the host is. */
#define REPORT_MS 5000

/* RFC 3376, 4.2: what a report begins with, and its records of groups. */
enum {
	IGMP_V3_REPORT = 0x22,
	IGMP_REPORT_SIZE = 8,
	IGMP_RECORD_SIZE = 8,
	IGMP_TO_INCLUDE = 3, /* no sources: the group is left */
	IGMP_TO_EXCLUDE = 4, /* none: the group is joined */
};

/* Whether the packet, from its IP header on, is a report whose first record is
 * of this kind and group. */
static bool is_report(const unsigned char *packet, size_t size, int kind,
	const struct address *group)
{
	size_t header = (size_t)(packet[0] & 15) * 4;
	const unsigned char *record = packet + header + IGMP_REPORT_SIZE;

	return size >= header + IGMP_REPORT_SIZE + IGMP_RECORD_SIZE &&
	       packet[9] == IPPROTO_IGMP && packet[header] == IGMP_V3_REPORT &&
	       record[0] == kind && memcmp(record + 4, group->bytes, 4) == 0;
}

/* Waits for such a report on the router's net0; tells where it was sent to. */
static bool see_report(struct lab *lab, int capture, int kind,
	const struct address *group, const char *key)
{
	struct instant start = clock_now();
	unsigned char packet[256];
	char text[96];

	while (!lab_has_failed(lab) && lab_ms_since(start) < REPORT_MS) {
		ssize_t size =
			recv(capture, packet, sizeof(packet), MSG_DONTWAIT);

		if (size < 0)
			poll(&(struct pollfd){.fd = capture, .events = POLLIN},
				1, 10);
		if (size < 20 || !is_report(packet, (size_t)size, kind, group))
			continue;
		snprintf(text, sizeof(text),
			"to %u.%u.%u.%u, TTL %u, record type %d", packet[16],
			packet[17], packet[18], packet[19], packet[8], kind);
		lab_observe_text(lab, key, text);
		return true;
	}
	lab_observe_text(lab, key, "none");
	return false;
}

/* At the router: a membership is told to it, with IGMP version 3. */
static void watch_reports(struct lab *lab, const struct lab_network *network)
{
	struct sockopt_value membership = {.type = SOCKOPT_MEMBERSHIP};
	int capture = lab_network_capture(lab, network, LAB_ROUTER, "net0");
	int member = lab_network_socket(
		lab, network, LAB_HERE, SOCK_DGRAM, "a member on net0");
	struct address group = lab_address(lab, "239.255.77.67", 0);
	bool has_joined;
	bool has_left;

	membership.membership.group = group;
	membership.membership.interface_address =
		lab_address(lab, LAB_HERE_NET0, 0);
	lab_step(lab, "On a network, joining sends an IGMP report, which the "
		      "router and the switches see: \"change to exclude no "
		      "source\" (record type 4), to 224.0.0.22.");
	lab_set_value(
		lab, member, SOCKOPT_IP_ADD_MEMBERSHIP, &membership, "join");
	has_joined = see_report(
		lab, capture, IGMP_TO_EXCLUDE, &group, "igmp_report");
	lab_step(lab, "So does leaving, when no other socket is in the group: "
		      "\"change to include no source\" (type 3).");
	lab_set_value(
		lab, member, SOCKOPT_IP_DROP_MEMBERSHIP, &membership, "leave");
	has_left =
		see_report(lab, capture, IGMP_TO_INCLUDE, &group, "igmp_leave");
	lab_expect(lab, has_joined && has_left,
		"a report when joining, and one when leaving");
}

/* Another socket at the group's address that does not join; the receiver has.
 */
static void listen_in(struct lab *lab, const struct lab_group *group)
{
	int bystander = lab_socket(lab, SOCK_DGRAM, "a bystander");
	int by_default;
	int alone;

	lab_step(lab, "A bystander is bound to the group, too, and never "
		      "joins.  By default (IP_MULTICAST_ALL) it hears what "
		      "others on this host have joined.");
	lab_set(lab, group->receiver, SOCKOPT_SO_REUSEADDR, 1, "share");
	lab_set(lab, bystander, SOCKOPT_SO_REUSEADDR, 1, "share");
	lab_bind(lab, bystander, &group->address, "the same");
	lab_get(lab, bystander, SOCKOPT_IP_MULTICAST_ALL, "the default");
	lab_try_group(lab, group, "the receiver has joined");
	by_default = lab_count(lab, bystander);
	lab_observe(lab, "bystander_default", by_default);
	lab_set(lab, bystander, SOCKOPT_IP_MULTICAST_ALL, 0,
		"only what this socket joins");
	lab_try_group(lab, group, "the same again");
	alone = lab_count(lab, bystander);
	lab_observe(lab, "bystander_all_off", alone);
	lab_expect(lab, by_default == 1 && alone == 0,
		"the bystander hears it by default, and not with 0");
	lab_close(lab, bystander, "the bystander goes");
}

void experiment_join(struct lab *lab)
{
	struct lab_group group = lab_group_open(lab);
	struct sockopt_value membership = lab_membership(&group);
	struct lab_network network;
	int before;
	int joined;
	int left;

	lab_set(lab, group.receiver, SOCKOPT_IP_MULTICAST_ALL, 0,
		"only what this socket joins");
	lab_step(lab, "The receiver is bound to the group, and that is not "
		      "enough.");
	before = lab_try_group(lab, &group, "nobody has joined");
	observe_group(lab, "before", before, &group);

	lab_step(lab, "It joins on one interface; /proc/net/igmp lists the "
		      "group there.");
	lab_set_value(lab, group.receiver, SOCKOPT_IP_ADD_MEMBERSHIP,
		&membership, "join");
	joined = lab_try_group(lab, &group, "the same again");
	observe_group(lab, "joined", joined, &group);
	listen_in(lab, &group);

	lab_step(lab, "It leaves.");
	lab_set_value(lab, group.receiver, SOCKOPT_IP_DROP_MEMBERSHIP,
		&membership, "leave");
	left = lab_try_group(lab, &group, "the same again");
	observe_group(lab, "left", left, &group);
	lab_expect(lab, before == 0 && joined == 1 && left == 0,
		"it comes only between joining and leaving");
	if (lab_network_open(lab, &network))
		watch_reports(lab, &network);
	lab_network_close(&network);
}

/* ---- loop ---- */

/*
 * Every interface is in 224.0.0.1 already, so nothing is joined, and with TTL 0
 * nothing leaves the host.
 */
/* On an interface of a network, where the host has none. */
static void loop_on_network(struct lab *lab, const struct lab_network *network)
{
	struct sockopt_value membership = {.type = SOCKOPT_MEMBERSHIP};
	struct address group = lab_address(lab, "239.255.77.67", 5000);
	int member = lab_network_socket(
		lab, network, LAB_HERE, SOCK_DGRAM, "a member on net0");
	int sender = lab_network_socket(
		lab, network, LAB_HERE, SOCK_DGRAM, "a sender beside it");
	int on;
	int off;

	membership.membership.group = group;
	membership.membership.interface_address =
		lab_address(lab, LAB_HERE_NET0, 0);
	lab_bind(lab, member, &group, "the group");
	lab_set_value(
		lab, member, SOCKOPT_IP_ADD_MEMBERSHIP, &membership, "join");
	lab_step(lab, "On the interface of a network it is silenced.");
	lab_send_to(lab, sender, &group, "hello", 0, "by the routes: net0");
	on = lab_count(lab, member);
	lab_set(lab, sender, SOCKOPT_IP_MULTICAST_LOOP, 0, "not here");
	lab_send_to(lab, sender, &group, "hello", 0, "the same again");
	off = lab_count(lab, member);
	lab_observe(lab, "net0_on", on);
	lab_observe(lab, "net0_off", off);
	lab_expect(lab, on == 1 && off == 0,
		"heard with it on, and not with it off");
}

/*
 * Every interface is in 224.0.0.1 already, so nothing is joined, and with TTL 0
 * nothing leaves the host.
 */
void experiment_loop(struct lab *lab)
{
	struct lab_group group = lab_group_open_on_lan(lab, "224.0.0.1");
	bool is_loopback = group.interface.is_loopback;
	struct lab_network network;
	int on;
	int off;

	lab_set(lab, group.sender, SOCKOPT_IP_MULTICAST_TTL, 0,
		"no farther than this host");
	lab_step(lab,
		"On %s, with IP_MULTICAST_LOOP on, as it is by default: "
		"members on this host hear what it sends.",
		group.interface.name);
	lab_get(lab, group.sender, SOCKOPT_IP_MULTICAST_LOOP, "the default");
	on = lab_try_group(lab, &group, "to a member on the same host");

	lab_step(lab, "Off: %s.",
		is_loopback
			? "the loopback interface itself is not silenced; an "
			  "interface of a network would be"
			: "only other hosts would hear it");
	lab_set(lab, group.sender, SOCKOPT_IP_MULTICAST_LOOP, 0, "not here");
	off = lab_try_group(lab, &group, "the same again");
	lab_observe_text(lab, "interface", group.interface.name);
	lab_observe(lab, "on", on);
	lab_observe(lab, "off", off);
	lab_expect(lab, on == 1 && off == (is_loopback ? 1 : 0),
		"heard with it on; with it off, on loopback only");
	if (!is_loopback)
		return;
	if (lab_network_open(lab, &network))
		loop_on_network(lab, &network);
	else
		lab_expect(lab, false,
			"an interface of a network, which could be silenced");
	lab_network_close(&network);
}

/* ---- ttl-multicast ---- */

/* Neither a default nor what multicast is given here. */
#define UNICAST_TTL 9

/* What was sent has come by then, however busy the host is. */
#define ARRIVAL_MS 5000

/* The TTL that the next datagram came with; -1 when none did. */
static int received_ttl(int fd)
{
	char bytes[LAB_TEXT_SIZE];
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec vector = {.iov_base = bytes, .iov_len = sizeof(bytes)};
	struct msghdr message = {
		.msg_iov = &vector,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	struct cmsghdr *header;
	int ttl = -1;

	if (recvmsg(fd, &message, MSG_DONTWAIT) < 0)
		return -1;
	header = CMSG_FIRSTHDR(&message);
	if (header && header->cmsg_level == IPPROTO_IP &&
		header->cmsg_type == IP_TTL)
		memcpy(&ttl, CMSG_DATA(header), sizeof(ttl));
	return ttl;
}

/* The TTL that a datagram to `to` arrives with. */
static int arriving_ttl(struct lab *lab, int sender, int receiver,
	const struct address *to, const char *why)
{
	lab_send_to(lab, sender, to, "how far?", 0, why);
	lab_is_readable(lab, receiver, ARRIVAL_MS, "it arrives");
	return lab_has_failed(lab) ? -1 : received_ttl(receiver);
}

/* IP_TTL is set, and counts for unicast. */
static void ignore_unicast_ttl(struct lab *lab, const struct lab_group *group)
{
	int other = lab_receiver(lab);
	struct address to = lab_name(lab, other);
	int multicast;
	int unicast;

	lab_step(lab,
		"IP_TTL does not count for multicast: with %d the same socket "
		"sends unicast with %d, and multicast with 1 as before.",
		UNICAST_TTL, UNICAST_TTL);
	lab_set(lab, other, SOCKOPT_IP_RECVTTL, 1, "tell the TTL here, too");
	lab_set(lab, group->sender, SOCKOPT_IP_TTL, UNICAST_TTL, "for unicast");
	unicast = arriving_ttl(
		lab, group->sender, other, &to, "unicast, to this host");
	multicast = arriving_ttl(lab, group->sender, group->receiver,
		&group->address, "to the group");
	lab_observe(lab, "unicast", unicast);
	lab_observe(lab, "multicast", multicast);
	lab_expect(lab, unicast == UNICAST_TTL && multicast == 1,
		"IP_TTL for unicast, and 1 for multicast");
}

void experiment_ttl_multicast(struct lab *lab)
{
	static const struct {
		int ttl;
		const char *key;
		const char *reach;
	} steps[] = {
		{1, "arrived_1", "this network"},
		{0, "arrived_0", "this host"},
		{32, "arrived_32",
			"this site, where routers keep to the old thresholds"},
	};
	struct lab_group group = lab_group_open(lab);
	struct sockopt_value membership = lab_membership(&group);
	int refused;

	lab_set_value(lab, group.receiver, SOCKOPT_IP_ADD_MEMBERSHIP,
		&membership, "join");
	lab_set(lab, group.receiver, SOCKOPT_IP_RECVTTL, 1,
		"tell the TTL that each arrives with");
	lab_step(lab, "By default it goes no farther than the network.");
	lab_observe(lab, "default",
		lab_get(lab, group.sender, SOCKOPT_IP_MULTICAST_TTL, "not 64"));
	ignore_unicast_ttl(lab, &group);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		int arrived;

		lab_step(lab, "%d: %s.", steps[i].ttl, steps[i].reach);
		lab_set(lab, group.sender, SOCKOPT_IP_MULTICAST_TTL,
			steps[i].ttl, "so far");
		arrived = arriving_ttl(lab, group.sender, group.receiver,
			&group.address, "to a member on this host");
		lab_observe(lab, steps[i].key, arrived);
		lab_expect(lab, arrived == steps[i].ttl,
			"it arrives with the TTL that was set");
	}
	refused = lab_try_set(lab, group.sender, SOCKOPT_IP_MULTICAST_TTL, 256,
		"it is one byte");
	lab_observe_text(lab, "ttl_256", refused ? error_name(refused) : "ok");
	lab_expect(lab, refused == EINVAL, "256 is refused");
}

/* ---- interface ---- */

/* Another address of lo (127.0.0.0/8), to tell our choice from the routes'. */
#define OTHER_LOOPBACK "127.0.0.2"

/* On lo alone: the choice is by address, and becomes the sender's address. */
static void interface_on_loopback(
	struct lab *lab, const struct lab_group *group)
{
	struct sockopt_value other = {.type = SOCKOPT_ADDRESS};
	struct address from = {0};
	char text[LAB_TEXT_SIZE];
	char where[ADDRESS_TEXT_SIZE];

	lab_step(lab, "An interface is chosen by an address of it, and what is "
		      "sent comes from that.  lo has all of 127.0.0.0/8:");
	other.membership.interface_address =
		lab_address(lab, OTHER_LOOPBACK, 0);
	lab_set_value(lab, group->sender, SOCKOPT_IP_MULTICAST_IF, &other,
		"by its other address");
	lab_send_to(lab, group->sender, &group->address, "to the group", 0,
		"the same again");
	lab_take(lab, group->receiver, "who sent it?", &from, text);
	lab_observe_text(lab, "from", address_format_host(&from, where));
	lab_expect(lab, strcmp(where, OTHER_LOOPBACK) == 0,
		"it came from the address that was chosen");
}

/* A member at the router, on one of the networks that both are on. */
static int member_at_router(struct lab *lab, const struct lab_network *network,
	const struct address *group, const char *address)
{
	struct sockopt_value membership = {.type = SOCKOPT_MEMBERSHIP};
	int fd = lab_network_socket(
		lab, network, LAB_ROUTER, SOCK_DGRAM, "a member");

	membership.membership.group = *group;
	membership.membership.interface_address = lab_address(lab, address, 0);
	lab_set(lab, fd, SOCKOPT_SO_REUSEADDR, 1, "there are two");
	lab_set(lab, fd, SOCKOPT_IP_MULTICAST_ALL, 0,
		"only what this socket joins");
	lab_bind(lab, fd, group, "the group");
	lab_set_value(lab, fd, SOCKOPT_IP_ADD_MEMBERSHIP, &membership,
		"on this network only");
	return fd;
}

/* With two networks: who is a member on one of them hears it, who is on the
 * other does not. */
static void interface_on_network(
	struct lab *lab, const struct lab_network *network)
{
	static const char *const here[] = {LAB_HERE_NET1, LAB_HERE_NET0};
	static const char *const texts[] = {"by net1", "by net0"};
	struct address group = lab_address(lab, "239.255.77.67", 5000);
	int members[2];
	int sender;
	char heard[2][LAB_TEXT_SIZE];
	int more = 0;

	members[0] = member_at_router(lab, network, &group, LAB_ROUTER_NET1);
	members[1] = member_at_router(lab, network, &group, LAB_ROUTER_NET0);
	sender = lab_network_socket(
		lab, network, LAB_HERE, SOCK_DGRAM, "a sender on both");
	lab_step(lab, "The routes lead by net0.  One datagram is sent by net1, "
		      "and one by net0.");
	for (int i = 0; i < 2; i++) {
		struct sockopt_value value = {.type = SOCKOPT_ADDRESS};

		value.membership.interface_address =
			lab_address(lab, here[i], 0);
		lab_set_value(
			lab, sender, SOCKOPT_IP_MULTICAST_IF, &value, texts[i]);
		lab_send_to(lab, sender, &group, texts[i], 0, texts[i]);
	}
	for (int i = 0; i < 2; i++) {
		lab_take(lab, members[i], "the member there", NULL, heard[i]);
		more += lab_count(lab, members[i]);
	}
	lab_observe_text(lab, "heard_on_net1", heard[0]);
	lab_observe_text(lab, "heard_on_net0", heard[1]);
	lab_observe(lab, "heard_besides", more);
	lab_expect(lab,
		strcmp(heard[0], texts[0]) == 0 &&
			strcmp(heard[1], texts[1]) == 0 && more == 0,
		"each came by the network that was chosen, and by no other");
}

void experiment_interface(struct lab *lab)
{
	struct lab_group group = lab_group_open(lab);
	struct sockopt_value membership = lab_membership(&group);
	struct sockopt_value nobodys = {.type = SOCKOPT_ADDRESS};
	struct sockopt_value value = {0};
	struct lab_network network;
	char text[SOCKOPT_TEXT_SIZE];
	int fresh;
	int received;
	int refused;

	lab_step(lab, "A fresh socket leaves it to the routes, which on a host "
		      "with several networks is a guess.");
	fresh = lab_socket(lab, SOCK_DGRAM, "another sender");
	lab_get_value(lab, fresh, SOCKOPT_IP_MULTICAST_IF, &value,
		"no address: as the routes say");

	lab_step(lab,
		"Ours was set to %s; what it sends goes out, and here in "
		"again, there.",
		group.interface.name);
	lab_get_value(lab, group.sender, SOCKOPT_IP_MULTICAST_IF, &value,
		"reads back as the address");
	lab_set_value(lab, group.receiver, SOCKOPT_IP_ADD_MEMBERSHIP,
		&membership, "a member on that interface only");
	received = lab_try_group(lab, &group, "by that interface");
	lab_observe_text(lab, "interface",
		lab_has_failed(lab) ? "" : sockopt_value_format(&value, text));
	lab_observe(lab, "received", received);
	lab_expect(lab, received == 1, "it came by the interface");
	interface_on_loopback(lab, &group);

	lab_step(lab, "An address that no interface has is refused.");
	nobodys.membership.interface_address = lab_address(lab, "240.0.0.1", 0);
	refused = lab_try_set_value(lab, fresh, SOCKOPT_IP_MULTICAST_IF,
		&nobodys, "a reserved address");
	lab_observe_text(lab, "nobodys", refused ? error_name(refused) : "ok");
	lab_expect(lab, refused == EADDRNOTAVAIL, "EADDRNOTAVAIL");
	if (lab_network_open(lab, &network))
		interface_on_network(lab, &network);
	lab_network_close(&network);
}

/* ---- reuse-udp ---- */

#define RECEIVERS 3

void experiment_reuse_udp(struct lab *lab)
{
	struct lab_group group = lab_group_open(lab);
	struct sockopt_value membership = lab_membership(&group);
	int receivers[RECEIVERS];
	int received = 0;
	int without;
	long sent;

	lab_step(lab, "The group's port is taken by a socket that did not say "
		      "SO_REUSEADDR.  A second one, which does:");
	receivers[0] = lab_socket(lab, SOCK_DGRAM, "a second receiver");
	lab_set(lab, receivers[0], SOCKOPT_SO_REUSEADDR, 1, "share");
	without = lab_try_bind(
		lab, receivers[0], &group.address, "the same port");
	lab_observe_text(lab, "without", without ? error_name(without) : "ok");
	lab_close(lab, group.receiver, "the one that does not share goes");

	lab_step(lab, "%d that all say it: each joins, each gets a copy.",
		RECEIVERS);
	for (int i = 0; i < RECEIVERS; i++) {
		if (i > 0) {
			receivers[i] =
				lab_socket(lab, SOCK_DGRAM, "a receiver");
			lab_set(lab, receivers[i], SOCKOPT_SO_REUSEADDR, 1,
				"share");
		}
		lab_bind(lab, receivers[i], &group.address, "the same port");
		lab_set_value(lab, receivers[i], SOCKOPT_IP_ADD_MEMBERSHIP,
			&membership, "join");
	}
	sent = lab_send_to(
		lab, group.sender, &group.address, "to all", 0, "one datagram");
	for (int i = 0; i < RECEIVERS; i++)
		received += lab_count(lab, receivers[i]);
	lab_observe(lab, "sent", sent > 0);
	lab_observe(lab, "received", received);
	lab_expect(lab, without == EADDRINUSE && received == RECEIVERS,
		"EADDRINUSE without; with it, one copy for each");
}
