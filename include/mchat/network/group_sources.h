/* SPDX-License-Identifier: ISC */
/*
 * Source-specific multicast (RFC 4607): a group is received from the sources
 * that are listed, and from this host.
 */
#ifndef MCHAT_NETWORK_GROUP_SOURCES_H
#define MCHAT_NETWORK_GROUP_SOURCES_H

#include <stddef.h>

#include "mchat/base/address.h"

struct call_log;
struct group_config;
struct sockopt_membership;

/* Sources that a group is received from at most, this host's own address among
 * them: net.ipv4.igmp_max_msf and net.ipv6.mld_max_msf by default. */
#define GROUP_SOURCES_MAX_IPV4 10
#define GROUP_SOURCES_MAX_IPV6 64
#define GROUP_SOURCES_MAX      (GROUP_SOURCES_MAX_IPV4 + GROUP_SOURCES_MAX_IPV6)

/* How many of a family there may be. */
size_t group_sources_max(enum address_family family);

/*
 * Joins the group of `membership` on its interface, for each source of the
 * group's family that `config` lists, and for the interface's own address, as
 * what is sent from there is filtered like anything else.  0; or -1 with errno,
 * and it is not joined: ENOBUFS past the limit.
 */
int group_sources_join(struct call_log *log, int fd,
	const struct group_config *config,
	const struct sockopt_membership *membership);

#endif
