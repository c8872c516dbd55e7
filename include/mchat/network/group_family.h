/* SPDX-License-Identifier: ISC */
/* The options that do one job in each address family; a system may have none
 * for a job: SOCKOPT_NONE. */
#ifndef MCHAT_NETWORK_GROUP_FAMILY_H
#define MCHAT_NETWORK_GROUP_FAMILY_H

#include <stdbool.h>

#include "mchat/base/address.h"
#include "mchat/network/sockopt.h"

struct group_family {
	enum sockopt_id hop_limit;
	enum sockopt_id loop;
	enum sockopt_id interface;   /* to send by */
	bool has_interface_by_index; /* so that the source is the address that
				      * it has when a datagram leaves, in every
				      * case */
	bool is_exact; /* a socket gets what it joined, where it joined it; else
			* who receives is to look at the interface */
	bool leaves_reuseport_set; /* see bind_to_device in group_socket.c */
	enum sockopt_id join;
	enum sockopt_id leave;
	enum sockopt_id join_source;
	enum sockopt_id packet_info;
	enum sockopt_id receive_hop_limit;
	enum sockopt_id all;    /* also what other sockets joined */
	enum sockopt_id device; /* nothing but what comes in there */
	enum sockopt_id bursts; /* many datagrams as one */
	enum sockopt_id losses; /* counts what did not fit into the buffer */
	enum sockopt_id mtu_discover;
	int mtu_discover_off; /* its value: routers may cut */
	enum sockopt_id path_mtu;
	enum sockopt_id receive_errors;
	const char *loopback; /* the interface that own datagrams may come back
			       * by; NULL: by where they left */
	const char *report; /* the protocol that asks the network for groups */
};

const struct group_family *group_family_of(const struct address *address);

#endif
