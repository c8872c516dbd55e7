/* SPDX-License-Identifier: ISC */
/*
 * RFC 3678 and 3542, and what the BSDs have had from the beginning.  Elsewhere
 * routers may cut what is sent to a group, without being asked; and whether a
 * socket also gets what another joined is not to be chosen.
 */
#include "mchat/network/group_family.h"

static const struct group_family ipv4 = {
	.hop_limit = SOCKOPT_IP_MULTICAST_TTL,
	.loop = SOCKOPT_IP_MULTICAST_LOOP,
	.interface = SOCKOPT_IP_MULTICAST_IF,
	.join = SOCKOPT_MCAST_JOIN_GROUP,
	.leave = SOCKOPT_MCAST_LEAVE_GROUP,
	.join_source = SOCKOPT_IP_ADD_SOURCE_MEMBERSHIP,
#if defined(IP_RECVIF)
	.packet_info = SOCKOPT_IP_RECVIF,
#elif defined(IP_PKTINFO)
	.packet_info = SOCKOPT_IP_PKTINFO,
#else
	.packet_info = SOCKOPT_NONE,
#endif
	.receive_hop_limit = SOCKOPT_IP_RECVTTL,
	.all = SOCKOPT_NONE,
	.device = SOCKOPT_NONE,
	.bursts = SOCKOPT_NONE,
	.losses = SOCKOPT_NONE,
	.mtu_discover = SOCKOPT_NONE,
	.path_mtu = SOCKOPT_NONE,
	.receive_errors = SOCKOPT_NONE,
	.loopback = "lo0",
	.report = "ask the network for the group, by IGMP",
};

static const struct group_family ipv6 = {
	.hop_limit = SOCKOPT_IPV6_MULTICAST_HOPS,
	.loop = SOCKOPT_IPV6_MULTICAST_LOOP,
	.interface = SOCKOPT_IPV6_MULTICAST_IF,
	.has_interface_by_index = true,
	.join = SOCKOPT_IPV6_JOIN_GROUP,
	.leave = SOCKOPT_IPV6_LEAVE_GROUP,
	.join_source = SOCKOPT_MCAST_JOIN_SOURCE_GROUP,
	.packet_info = SOCKOPT_IPV6_RECVPKTINFO,
	.receive_hop_limit = SOCKOPT_IPV6_RECVHOPLIMIT,
	.all = SOCKOPT_NONE,
	.device = SOCKOPT_NONE,
	.bursts = SOCKOPT_NONE,
	.losses = SOCKOPT_NONE,
	.mtu_discover = SOCKOPT_NONE,
	.path_mtu = SOCKOPT_NONE,
	.receive_errors = SOCKOPT_NONE,
	.loopback = "lo0",
	.report = "ask the network for the group, by MLD",
};

const struct group_family *group_family_of(const struct address *address)
{
	return address->family == ADDRESS_IPV6 ? &ipv6 : &ipv4;
}
