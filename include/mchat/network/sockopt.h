/* SPDX-License-Identifier: ISC */
/*
 * Every socket option that mchat knows, in one table, and the only two calls
 * that read and set them.  The values are of mchat's own types; how the kernel
 * wants them is known in network/sockopt_value alone.
 */
#ifndef MCHAT_NETWORK_SOCKOPT_H
#define MCHAT_NETWORK_SOCKOPT_H

#include <netinet/tcp.h> /* tells whether there is a TCP_KEEPALIVE */
#include <stdbool.h>
#include <stddef.h>

#include "mchat/network/sockopt_value.h"

struct call_log;

enum sockopt_id {
	/* SOL_SOCKET */
	SOCKOPT_SO_BINDTODEVICE,
	SOCKOPT_SO_BROADCAST,
	SOCKOPT_SO_DEBUG,
	SOCKOPT_SO_DONTROUTE,
	SOCKOPT_SO_ERROR,
	SOCKOPT_SO_KEEPALIVE,
	SOCKOPT_SO_LINGER,
	SOCKOPT_SO_OOBINLINE,
	SOCKOPT_SO_RCVBUF,
	SOCKOPT_SO_RCVLOWAT,
	SOCKOPT_SO_RCVTIMEO,
	SOCKOPT_SO_REUSEADDR,
	SOCKOPT_SO_REUSEPORT,
	SOCKOPT_SO_RXQ_OVFL,
	SOCKOPT_SO_SNDBUF,
	SOCKOPT_SO_SNDLOWAT,
	SOCKOPT_SO_SNDTIMEO,
	SOCKOPT_SO_TYPE,

	/* IPPROTO_IP */
	SOCKOPT_IP_TTL,
	SOCKOPT_IP_MULTICAST_TTL,
	SOCKOPT_IP_MULTICAST_LOOP,
	SOCKOPT_IP_MULTICAST_IF,
	SOCKOPT_IP_MULTICAST_ALL,
	SOCKOPT_IP_ADD_MEMBERSHIP,
	SOCKOPT_IP_DROP_MEMBERSHIP,
	SOCKOPT_IP_ADD_SOURCE_MEMBERSHIP,
	SOCKOPT_IP_DROP_SOURCE_MEMBERSHIP,
	SOCKOPT_IP_PKTINFO,
	SOCKOPT_IP_RECVTTL,

	/* IPPROTO_IPV6 */
	SOCKOPT_IPV6_V6ONLY,
	SOCKOPT_IPV6_UNICAST_HOPS,
	SOCKOPT_IPV6_MULTICAST_HOPS,
	SOCKOPT_IPV6_MULTICAST_LOOP,
	SOCKOPT_IPV6_MULTICAST_IF,
	SOCKOPT_IPV6_MULTICAST_ALL,
	SOCKOPT_IPV6_JOIN_GROUP,
	SOCKOPT_IPV6_LEAVE_GROUP,
	SOCKOPT_MCAST_JOIN_SOURCE_GROUP,
	SOCKOPT_MCAST_LEAVE_SOURCE_GROUP,
	SOCKOPT_IPV6_RECVPKTINFO,
	SOCKOPT_IPV6_RECVHOPLIMIT,

	/* IPPROTO_TCP */
	SOCKOPT_TCP_NODELAY,
	SOCKOPT_TCP_MAXSEG,
#ifdef TCP_KEEPALIVE
	SOCKOPT_TCP_KEEPALIVE,
#endif
	SOCKOPT_TCP_KEEPIDLE,
	SOCKOPT_TCP_KEEPINTVL,
	SOCKOPT_TCP_KEEPCNT,

	SOCKOPT_COUNT
};

/* The sockets that an option applies to. */
enum {
	SOCKOPT_ON_UDP = 1,
	SOCKOPT_ON_TCP = 2,
	SOCKOPT_ON_ALL = SOCKOPT_ON_UDP | SOCKOPT_ON_TCP,
};

/* One row of the table. */
struct sockopt {
	const char *name;       /* "SO_RCVBUF" */
	const char *level_name; /* "SOL_SOCKET" */
	int level;
	int number; /* the kernel's, at that level */
	enum sockopt_type type;
	unsigned sockets; /* SOCKOPT_ON_... */
	bool can_get;
	bool can_set;
	const char *summary; /* what it does, one line */
};

/* The row of an option; never NULL for a valid id. */
const struct sockopt *sockopt_info(enum sockopt_id id);

/* Finds an option by its exact name; false when there is none. */
bool sockopt_find(const char *name, enum sockopt_id *out);

/* Reads an option; 0, or -1 with errno and *out untouched. */
int sockopt_get(int fd, enum sockopt_id id, struct sockopt_value *out);

/*
 * Sets an option, and tells `log` (never NULL) what was asked and why; to an
 * observer also the value before and after.  0, or -1 with errno.
 */
int sockopt_set(struct call_log *log, int fd, enum sockopt_id id,
	const struct sockopt_value *value, const char *why);

/* The same for flags and integers. */
int sockopt_set_number(struct call_log *log, int fd, enum sockopt_id id,
	int number, const char *why);

#endif
