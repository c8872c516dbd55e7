/* SPDX-License-Identifier: ISC */
/* A group of an experiment, and the interface that it is on. */
#ifndef MCHAT_LAB_LAB_GROUP_H
#define MCHAT_LAB_LAB_GROUP_H

#include <stdbool.h>

#include "mchat/base/address.h"
#include "mchat/lab/lab_socket.h"
#include "mchat/network/interface.h"

struct lab_group {
	struct address address; /* with the receiver's port */
	struct interface interface;
	int receiver; /* bound to the group, but has not joined it */
	int sender;   /* sends on the interface */
};

/*
 * Opens a group of this process's own on the loopback interface, which can
 * multicast although it usually lacks IFF_MULTICAST.
 */
struct lab_group lab_group_open(struct lab *lab);

/* The same for the group `host`, on the first LAN interface, or else on
 * loopback. */
struct lab_group lab_group_open_on_lan(struct lab *lab, const char *host);

/* The group on its interface, as the membership options want it. */
struct sockopt_value lab_membership(const struct lab_group *group);

/* Sends one datagram to the group; returns how many the receiver then gets. */
int lab_try_group(
	struct lab *lab, const struct lab_group *group, const char *why);

/* 1 when this host is in the group on that interface, by /proc/net/igmp, else
 * 0; -1 where there is none. */
int lab_is_member(const struct lab_group *group);

#endif
