/* SPDX-License-Identifier: ISC */
#include "mchat/lab/experiments.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "mchat/lab/lab_group.h"
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

void experiment_join(struct lab *lab)
{
	struct lab_group group = lab_group_open(lab);
	struct sockopt_value membership = lab_membership(&group);
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

	lab_step(lab, "It leaves.");
	lab_set_value(lab, group.receiver, SOCKOPT_IP_DROP_MEMBERSHIP,
		&membership, "leave");
	left = lab_try_group(lab, &group, "the same again");
	observe_group(lab, "left", left, &group);
	lab_expect(lab, before == 0 && joined == 1 && left == 0,
		"it comes only between joining and leaving");
}

/* ---- loop ---- */

/*
 * Every interface is in 224.0.0.1 already, so nothing is joined, and with TTL 0
 * nothing leaves the host.
 */
void experiment_loop(struct lab *lab)
{
	struct lab_group group = lab_group_open_on_lan(lab, "224.0.0.1");
	bool is_loopback = group.interface.is_loopback;
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
}

/* ---- ttl-multicast ---- */

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

void experiment_ttl_multicast(struct lab *lab)
{
	static const struct {
		int ttl;
		const char *key;
		const char *reach;
	} steps[] = {
		{1, "arrived_1", "this network"},
		{0, "arrived_0", "this host"},
		{32, "arrived_32", "this organisation, where routers allow it"},
	};
	struct lab_group group = lab_group_open(lab);
	struct sockopt_value membership = lab_membership(&group);
	int refused;

	lab_set_value(lab, group.receiver, SOCKOPT_IP_ADD_MEMBERSHIP,
		&membership, "join");
	lab_set(lab, group.receiver, SOCKOPT_IP_RECVTTL, 1,
		"tell the TTL that each arrives with");
	lab_step(lab, "IP_TTL does not count for multicast; by default it goes "
		      "no farther than the network.");
	lab_observe(lab, "default",
		lab_get(lab, group.sender, SOCKOPT_IP_MULTICAST_TTL, "not 64"));
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		int arrived;

		lab_step(lab, "%d: %s.", steps[i].ttl, steps[i].reach);
		lab_set(lab, group.sender, SOCKOPT_IP_MULTICAST_TTL,
			steps[i].ttl, "so far");
		lab_send_to(lab, group.sender, &group.address, "how far?",
			"to a member on this host");
		arrived =
			lab_has_failed(lab) ? -1 : received_ttl(group.receiver);
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

void experiment_interface(struct lab *lab)
{
	struct lab_group group = lab_group_open(lab);
	struct sockopt_value membership = lab_membership(&group);
	struct sockopt_value nobodys = {.type = SOCKOPT_ADDRESS};
	struct sockopt_value value = {0};
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

	lab_step(lab, "An address that no interface has is refused.");
	nobodys.membership.interface_address = lab_address(lab, "240.0.0.1", 0);
	refused = lab_try_set_value(lab, fresh, SOCKOPT_IP_MULTICAST_IF,
		&nobodys, "a reserved address");
	lab_observe_text(lab, "nobodys", refused ? error_name(refused) : "ok");
	lab_expect(lab, refused == EADDRNOTAVAIL, "EADDRNOTAVAIL");
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
		lab, group.sender, &group.address, "to all", "one datagram");
	for (int i = 0; i < RECEIVERS; i++)
		received += lab_count(lab, receivers[i]);
	lab_observe(lab, "sent", sent > 0);
	lab_observe(lab, "received", received);
	lab_expect(lab, without == EADDRINUSE && received == RECEIVERS,
		"EADDRINUSE without; with it, one copy for each");
}
