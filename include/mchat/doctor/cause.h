/* SPDX-License-Identifier: ISC */
/* Why multicast does not work, by the names that programs read. */
#ifndef MCHAT_DOCTOR_CAUSE_H
#define MCHAT_DOCTOR_CAUSE_H

/*
 * In the order in which they explain one another: who has no link need not look
 * for a firewall.  Of findings that are equally grave, the verdict is the one
 * that comes first here.
 */
enum cause {
	CAUSE_INTERFACE_DOWN,
	CAUSE_NO_CARRIER,
	CAUSE_DORMANT,
	CAUSE_NO_ADDRESS,
	CAUSE_FAMILY,
	CAUSE_MULTICAST_OFF,
	CAUSE_PORT_TAKEN,
	CAUSE_MEMBERSHIP_LIMIT,
	CAUSE_FIREWALL_OUT,
	CAUSE_FIREWALL_IN,
	CAUSE_BELOW_IP,
	CAUSE_FIREWALL_IGMP,
	CAUSE_RP_FILTER,
	CAUSE_DUPLICATE_ADDRESS,
	CAUSE_CLIENT_ISOLATION,
	CAUSE_WRONG_NETWORK,
	CAUSE_ROUTER_NO_MULTICAST,
	CAUSE_TTL,
	CAUSE_SWITCH_DROPS_MULTICAST,
	CAUSE_ONE_WAY,
	CAUSE_OTHER_VERSION,
	CAUSE_MTU,
	CAUSE_LOSS,
	CAUSE_SMALL_BUFFER,
	CAUSE_NO_QUERIER,
	CAUSE_NOT_VISIBLE,
	CAUSE_ALONE,
	CAUSE_OK,
	CAUSES
};

/* "firewall-in". */
const char *cause_id(enum cause cause);

/* What it means, as a phrase for a verdict: "a firewall on this host ...". */
const char *cause_meaning(enum cause cause);

#endif
