/* SPDX-License-Identifier: ISC */
#include "mchat/network/error.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#define ROW(error, meaning)                                                    \
	{                                                                      \
		error, #error, meaning                                         \
	}

static const struct {
	int error;
	const char *name;
	const char *meaning;
} rows[] = {
	ROW(EACCES, "not permitted to this user"),
	ROW(EADDRINUSE, "the address is in use"),
	ROW(EADDRNOTAVAIL, "no such address here"),
	ROW(EAFNOSUPPORT, "this system has no such address family"),
	ROW(EAGAIN, "the call would block"),
	ROW(EBADF, "not an open descriptor"),
	ROW(EBUSY, "something else uses it"),
	ROW(ECONNREFUSED, "nobody listens there"),
	ROW(ECONNRESET, "the peer reset the connection"),
	ROW(EDESTADDRREQ, "no destination was given"),
	ROW(EDOM, "a time out of its range"),
	ROW(EFAULT, "bad address"),
	ROW(EHOSTUNREACH, "no route to that host"),
	ROW(EINPROGRESS, "in progress"),
	ROW(EINVAL, "a value out of range, or not in this state"),
	ROW(EISCONN, "already connected"),
	ROW(EMFILE, "this process has too many files open"),
	ROW(EMSGSIZE, "too large for one datagram"),
	ROW(ENETDOWN, "the interface is down"),
	ROW(ENETUNREACH, "no route to that network"),
	ROW(ENOBUFS, "a limit of the kernel is reached"),
	ROW(ENODATA, "no such data"),
	ROW(ENODEV, "there is no such interface"),
	ROW(ENOENT, "no such file or name"),
	ROW(ENOMEM, "the kernel has no memory for it"),
	ROW(ENOPROTOOPT, "no such option at this level, or none to set"),
	ROW(ENOSPC, "a limit of this system is reached"),
	ROW(ENOTCONN, "not connected"),
	ROW(EOPNOTSUPP, "not on a socket of this kind"),
	ROW(EPERM, "it needs privileges"),
	ROW(EPROTO, "not on a socket of this kind"),
	ROW(EPIPE, "this end was shut down for sending"),
	ROW(ETIMEDOUT, "the peer did not answer in time"),
};

#undef ROW
#define ROW(call, error, meaning)                                              \
	{                                                                      \
		call, error, meaning                                           \
	}

/* What an error means of some calls: those whose text holds `call`.  The first
 * row that fits counts. */
static const struct {
	const char *call;
	int error;
	const char *meaning;
} contexts[] = {
	ROW("SO_DEBUG", EACCES, "it needs CAP_NET_ADMIN"),
	ROW("send", EACCES, "a broadcast, and SO_BROADCAST is off"),
	ROW("connect(", EACCES, "a broadcast, and SO_BROADCAST is off"),
	ROW("bind(", EACCES, "ports below 1024 need privileges"),
	ROW("_MEMBERSHIP", EADDRINUSE, "this socket is in the group already"),
	ROW("JOIN_", EADDRINUSE, "this socket is in the group already"),
	ROW("_MEMBERSHIP", EADDRNOTAVAIL, "this socket is not in the group"),
	ROW("LEAVE_", EADDRNOTAVAIL, "this socket is not in the group"),
	ROW("_SOURCE", EADDRNOTAVAIL, "this socket is not in the group"),
	ROW("_MULTICAST_IF", EADDRNOTAVAIL, "no interface has this address"),
	ROW("IP_ADD_MEMBERSHIP", EINVAL,
		"not a group: those are 224.0.0.0 to 239.255.255.255"),
	ROW("IPV6_JOIN_GROUP", EINVAL, "not a group: those begin with ff"),
	ROW("MSG_OOB", EINVAL, "no urgent byte is there, or it is inline"),
	ROW("_MEMBERSHIP", ENOBUFS,
		"the sysctl net.ipv4.igmp_max_memberships is reached"),
	ROW("_MEMBERSHIP", ENODEV,
		"there is no such interface, or none leads to the group"),
	ROW("send", EADDRNOTAVAIL, "it can be sent from no address there"),
	ROW("send", EPERM, "a firewall on this host refuses it"),
};
#undef ROW

static size_t find(int error)
{
	size_t i = 0;

	while (i < sizeof(rows) / sizeof(rows[0]) && rows[i].error != error)
		i++;
	return i;
}

const char *error_name(int error)
{
	size_t i = find(error);

	return i < sizeof(rows) / sizeof(rows[0]) ? rows[i].name
						  : "an error without a name";
}

static const char *usual_meaning(int error)
{
	size_t i = find(error);

	return i < sizeof(rows) / sizeof(rows[0]) ? rows[i].meaning
						  : strerror(error);
}

const char *error_meaning_in(const char *call, int error)
{
	for (size_t i = 0; i < sizeof(contexts) / sizeof(contexts[0]); i++) {
		if (contexts[i].error == error &&
			strstr(call, contexts[i].call))
			return contexts[i].meaning;
	}
	return usual_meaning(error);
}
