/* SPDX-License-Identifier: ISC */
#include "mchat/sockopt/foreign_option.h"

#include <stddef.h>
#include <string.h>

static const struct foreign_option table[] = {
	{"IPV6_ADD_MEMBERSHIP", "Linux and older systems", "IPV6_JOIN_GROUP"},
	{"IPV6_DROP_MEMBERSHIP", "Linux and older systems", "IPV6_LEAVE_GROUP"},
	{"IP_DONTFRAG", "the BSDs and macOS", "IP_MTU_DISCOVER=2"},
	{"IP_RECVDSTADDR", "the BSDs and macOS", "IP_PKTINFO"},
	{"IP_RECVIF", "the BSDs and macOS", "IP_PKTINFO"},
	{"IP_SENDSRCADDR", "the BSDs", "IP_PKTINFO"},
	{"SO_EXCLUSIVEADDRUSE", "Windows",
		"it is so unless SO_REUSEADDR is set"},
	{"SO_NOSIGPIPE", "the BSDs and macOS", "the flag MSG_NOSIGNAL"},
	{"SO_REUSEPORT_LB", "FreeBSD", "SO_REUSEPORT"},
	{"SO_USELOOPBACK", "the BSDs, for routing sockets", "there are none"},
	{"TCP_CONNECTIONTIMEOUT", "macOS", "TCP_SYNCNT and TCP_USER_TIMEOUT"},
	{"TCP_KEEPALIVE", "macOS", "TCP_KEEPIDLE"},
	{"TCP_MAXRT", "systems after the draft of Posix.1g",
		"TCP_USER_TIMEOUT"},
	{"TCP_NOPUSH", "the BSDs and macOS", "TCP_CORK"},
	{"TCP_STDURG", "systems after the draft of Posix.1g",
		"the sysctl net.ipv4.tcp_stdurg"},
};

const struct foreign_option *foreign_option_find(const char *name)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (strcmp(table[i].name, name) == 0)
			return &table[i];
	}
	return NULL;
}
