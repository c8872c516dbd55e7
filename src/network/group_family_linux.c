/* SPDX-License-Identifier: ISC */
#include "mchat/network/group_family.h"

static const struct group_family ipv4 = {
	.hop_limit = SOCKOPT_IP_MULTICAST_TTL,
	.loop = SOCKOPT_IP_MULTICAST_LOOP,
	.interface = SOCKOPT_IP_MULTICAST_IF,
	.has_interface_by_index = true,
	.is_exact = true, /* with .all off */
	.leaves_reuseport_set = true,
	.join = SOCKOPT_IP_ADD_MEMBERSHIP,
	.leave = SOCKOPT_IP_DROP_MEMBERSHIP,
	.join_source = SOCKOPT_IP_ADD_SOURCE_MEMBERSHIP,
	.packet_info = SOCKOPT_IP_PKTINFO,
	.receive_hop_limit = SOCKOPT_IP_RECVTTL,
	.all = SOCKOPT_IP_MULTICAST_ALL,
	.device = SOCKOPT_SO_BINDTODEVICE,
#ifdef UDP_GRO
	.bursts = SOCKOPT_UDP_GRO,
#else
	.bursts = SOCKOPT_NONE,
#endif
	.losses = SOCKOPT_SO_RXQ_OVFL,
	.mtu_discover = SOCKOPT_IP_MTU_DISCOVER,
	.mtu_discover_off = IP_PMTUDISC_DONT,
	.path_mtu = SOCKOPT_IP_MTU,
	.receive_errors = SOCKOPT_IP_RECVERR,
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
	.all = SOCKOPT_IPV6_MULTICAST_ALL,
	.device = SOCKOPT_SO_BINDTODEVICE,
#ifdef UDP_GRO
	.bursts = SOCKOPT_UDP_GRO,
#else
	.bursts = SOCKOPT_NONE,
#endif
	.losses = SOCKOPT_SO_RXQ_OVFL,
	.mtu_discover = SOCKOPT_IPV6_MTU_DISCOVER,
	.mtu_discover_off = IPV6_PMTUDISC_DONT,
	.path_mtu = SOCKOPT_IPV6_MTU,
	.receive_errors = SOCKOPT_IPV6_RECVERR,
	.report = "ask the network for the group, by MLD",
};

const struct group_family *group_family_of(const struct address *address)
{
	return address->family == ADDRESS_IPV6 ? &ipv6 : &ipv4;
}
