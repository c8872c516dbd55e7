/* SPDX-License-Identifier: ISC */
#include "mchat/doctor/cause.h"

static const struct {
	const char *id;
	const char *meaning;
} causes[CAUSES] = {
	[CAUSE_INTERFACE_DOWN] = {"interface-down",
		"the network interface is down"},
	[CAUSE_NO_CARRIER] = {"no-carrier",
		"there is no link: a cable, or a Wi-Fi connection, is missing"},
	[CAUSE_DORMANT] = {"dormant",
		"the link waits for a login (802.1X, Wi-Fi)"},
	[CAUSE_NO_ADDRESS] = {"no-address",
		"the network interface has no address"},
	[CAUSE_FAMILY] = {"family",
		"this host, or another, lacks the address family of the group"},
	[CAUSE_MULTICAST_OFF] = {"multicast-off",
		"multicast is switched off on the network interface"},
	[CAUSE_PORT_TAKEN] = {"port-taken",
		"another program has the port to itself"},
	[CAUSE_MEMBERSHIP_LIMIT] = {"membership-limit",
		"the kernel's limit of memberships is reached"},
	[CAUSE_FIREWALL_OUT] = {"firewall-out",
		"a firewall on this host keeps what mchat sends from leaving"},
	[CAUSE_FIREWALL_IN] = {"firewall-in",
		"a firewall on this host drops what others send"},
	[CAUSE_BELOW_IP] = {"below-ip",
		"something below IP on this host drops datagrams"},
	[CAUSE_FIREWALL_IGMP] = {"firewall-igmp",
		"a firewall on this host drops IGMP, so that switches do not "
		"learn that it listens"},
	[CAUSE_RP_FILTER] = {"rp-filter",
		"the kernel drops datagrams from addresses that it would not "
		"answer by the same interface"},
	[CAUSE_DUPLICATE_ADDRESS] = {"duplicate-address",
		"two hosts have the same address"},
	[CAUSE_CLIENT_ISOLATION] = {"client-isolation",
		"the Wi-Fi keeps its clients from one another"},
	[CAUSE_WRONG_NETWORK] = {"wrong-network",
		"this is another network than that of the others"},
	[CAUSE_ROUTER_NO_MULTICAST] = {"router-no-multicast",
		"a router between does not forward multicast"},
	[CAUSE_TTL] = {"ttl",
		"a router is between, and the TTL is too small to cross it"},
	[CAUSE_SWITCH_DROPS_MULTICAST] = {"switch-drops-multicast",
		"a switch or Wi-Fi between drops multicast"},
	[CAUSE_ONE_WAY] = {"one-way", "others are heard and do not hear us"},
	[CAUSE_OTHER_VERSION] = {"other-version",
		"others have another version of mchat"},
	[CAUSE_MTU] = {"mtu", "large datagrams do not get through"},
	[CAUSE_LOSS] = {"loss", "many datagrams are lost"},
	[CAUSE_SMALL_BUFFER] = {"small-buffer",
		"the receive buffer is too small for bursts"},
	[CAUSE_NO_QUERIER] = {"no-querier",
		"no querier: switches may forget who listens"},
	[CAUSE_NOT_VISIBLE] = {"not-visible",
		"something could not be looked at"},
	[CAUSE_ALONE] = {"alone",
		"nothing is wrong on this host, and nobody else was heard"},
	[CAUSE_OK] = {"ok", "multicast works"},
};

const char *cause_id(enum cause cause)
{
	return causes[cause].id;
}

const char *cause_meaning(enum cause cause)
{
	return causes[cause].meaning;
}
