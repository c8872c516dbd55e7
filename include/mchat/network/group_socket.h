/* SPDX-License-Identifier: ISC */
/* The two sockets of a group, each opened with the options that it needs. */
#ifndef MCHAT_NETWORK_GROUP_SOCKET_H
#define MCHAT_NETWORK_GROUP_SOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/address.h"
#include "mchat/network/group_family.h"
#include "mchat/network/sockopt.h"

struct call_log;
struct interface;

struct group_config {
	struct address address; /* of the group, with the port */
	int hop_limit;          /* 0 to 255: IP_MULTICAST_TTL and its twin */
	bool has_loopback;      /* other members on this host hear us */
	bool receives;          /* open the receiving socket, and join */
	bool sends;             /* open the sending socket */
	bool takes_bursts; /* have the kernel join datagrams (UDP_GRO); then
			    * what is lost in the buffer is not counted exactly
			    */
	const struct interface *only;  /* as group_bind has it; borrowed */
	const struct address *sources; /* to receive from, and from this host;
					* of either family; borrowed */
	size_t source_count;           /* 0: from any */
	int receive_buffer; /* bytes to ask for; 0: GROUP_RECEIVE_BUFFER */
	int send_buffer;    /* bytes to ask for; 0: the system's default */
};

/* What is asked of SO_RCVBUF by default: the kernel's default keeps about 256
 * small datagrams, and a full-speed sender makes those in a millisecond. */
#define GROUP_RECEIVE_BUFFER (4 * 1024 * 1024)

/* How many times what is asked of a buffer the kernel grants, and reports: some
 * for its own records of each packet (socket(7)).  And how that is told
 * wherever a size is shown. */
#ifdef __linux__
#define GROUP_BUFFER_FACTOR 2
#else
#define GROUP_BUFFER_FACTOR 1
#endif
#define GROUP_BUFFER_NOTE "(Linux doubles what is asked)"

/* "TTL", or "hop limit", as the family calls it. */
const char *group_hop_limit_name(const struct address *group);

/* Options that both sockets set and can do without, at most. */
#define GROUP_REFUSALS_MAX 16

/* Options that the system refused, and that the group does without: not every
 * system that runs Linux programs has them all (WSL 1, gVisor). */
struct group_refusals {
	enum sockopt_id options[GROUP_REFUSALS_MAX]; /* none twice */
	size_t count;
	int error; /* errno of the last */
};

bool group_has_refusal(
	const struct group_refusals *refused, enum sockopt_id id);

/*
 * Opens the socket that receives the group.  Over IPv4 it is bound to it, and
 * to `only` where that is not NULL.  Over IPv6 it is bound to the port alone,
 * as a bound group of the link's scope would bind it to one device (ipv6(7));
 * what is for another group, or came in by an interface where the group is not
 * joined, is to be left out by who receives.  Adds to *refused what it has to
 * do without.  Returns the descriptor, owned by the caller, or -1 with errno;
 * `log` then names the call.
 */
int group_socket_receiving(struct call_log *log,
	const struct group_config *config, const struct interface *only,
	struct group_refusals *refused);

/* The same for the one that sends, and the port that it got.  It sends by the
 * only interface that is configured where the system refuses the family's
 * option to choose one, and has no other then. */
int group_socket_sending(struct call_log *log,
	const struct group_config *config, struct group_refusals *refused,
	uint16_t *out_port);

#endif
