/* SPDX-License-Identifier: ISC */
#include "mchat/sockopt/option_notes.h"

#define DOUBLED                                                                \
	"Linux doubles what is asked, because its own records of each packet " \
	"count too; there is a minimum, and a maximum that the sysctl sets "   \
	"(it is doubled as well)"
#define PER_MEMBERSHIP                                                         \
	"one membership is a group on an interface; the kernel forgets them "  \
	"when the socket is closed"

static const struct option_notes table[] = {
	{SOCKOPT_SO_BROADCAST, {NULL},
		"without it a broadcast is refused with EACCES", "broadcast"},
	{SOCKOPT_SO_DONTROUTE, {NULL},
		"MSG_DONTROUTE says the same for one send", "dontroute"},
	{SOCKOPT_SO_ERROR, {NULL}, "poll says that there is one with POLLERR",
		"keepalive"},
	{SOCKOPT_SO_KEEPALIVE, {NULL},
		"when it probes is set by TCP_KEEPIDLE, TCP_KEEPINTVL and "
		"TCP_KEEPCNT: unless changed after 2 hours, then every 75 "
		"seconds, on Linux 9 times, on BSD 8",
		"keepalive"},
	{SOCKOPT_SO_LINGER, {NULL},
		"off: close returns at once and the kernel goes on sending; "
		"0: the rest is thrown away and the peer gets a reset; "
		"more: close waits until the peer's kernel has acknowledged "
		"all, so many seconds at most, and returns 0 even when they "
		"run out; a negative number waits without bound",
		"linger"},
	{SOCKOPT_SO_OOBINLINE, {NULL},
		"only one byte is urgent; it travels in the stream, marked by "
		"URG, and unless this is on the receiver takes it out; SIGURG "
		"tells its owner (F_SETOWN)",
		"oob"},
	{SOCKOPT_SO_RCVBUF, {"net.core.rmem_default", "net.core.rmem_max"},
		DOUBLED, "rcvbuf"},
	{SOCKOPT_SO_RCVLOWAT, {NULL},
		"select and poll heed it for TCP, not for UDP", "lowat"},
	{SOCKOPT_SO_RCVTIMEO, {NULL},
		"rounded up to a tick of the kernel; then EAGAIN", "dontwait"},
	{SOCKOPT_SO_REUSEADDR, {NULL},
		"on TCP it takes a port that is in TIME-WAIT, if its last "
		"owner said so too, never one on which another listens; on UDP "
		"every such socket gets a copy of multicast, and only the "
		"last one bound gets unicast",
		"reuseaddr"},
	{SOCKOPT_SO_REUSEPORT, {NULL},
		"all sockets must say so, and belong to one user", "reuse-udp"},
	{SOCKOPT_SO_SNDBUF, {"net.core.wmem_default", "net.core.wmem_max"},
		DOUBLED, "rcvbuf"},
	{SOCKOPT_SO_SNDLOWAT, {NULL},
		"a TCP socket is writable when about a third of its send "
		"buffer is free, and less than TCP_NOTSENT_LOWAT is unsent",
		"rcvbuf"},
	{SOCKOPT_SO_DEBUG, {NULL},
		"switching it on is EACCES without CAP_NET_ADMIN, and nothing "
		"is recorded",
		NULL},
	{SOCKOPT_IP_TTL, {"net.ipv4.ip_default_ttl"},
		"0 is refused; -1 gives the default back; with 1 it dies at "
		"the first router, so N passes N - 1",
		"ttl"},
	{SOCKOPT_IPV6_UNICAST_HOPS, {NULL},
		"with 1 it dies at the first router, so N passes N - 1", "ttl"},
	{SOCKOPT_IP_ADD_MEMBERSHIP,
		{"net.ipv4.igmp_max_memberships", "net.ipv4.igmp_max_msf"},
		PER_MEMBERSHIP, "join"},
	{SOCKOPT_IP_DROP_MEMBERSHIP, {NULL}, PER_MEMBERSHIP, "join"},
	{SOCKOPT_IP_ADD_SOURCE_MEMBERSHIP, {"net.ipv4.igmp_max_msf"},
		PER_MEMBERSHIP, NULL},
	{SOCKOPT_IP_MULTICAST_ALL, {NULL},
		"on by default: a socket bound to the wildcard or to the group "
		"gets what others on this host joined, without joining it "
		"itself",
		"join"},
	{SOCKOPT_IP_MULTICAST_IF, {NULL},
		"without it the routes choose, and without a route sending "
		"fails with ENETUNREACH",
		"interface"},
	{SOCKOPT_IP_MULTICAST_LOOP, {NULL},
		"counts at the sender; the loopback interface itself is not "
		"silenced by it",
		"loop"},
	{SOCKOPT_IP_MULTICAST_TTL, {NULL},
		"0 stays on this host, 1 on this network", "ttl-multicast"},
	{SOCKOPT_TCP_KEEPIDLE, {"net.ipv4.tcp_keepalive_time"}, NULL,
		"keepalive"},
	{SOCKOPT_TCP_KEEPINTVL, {"net.ipv4.tcp_keepalive_intvl"}, NULL,
		"keepalive"},
	{SOCKOPT_TCP_KEEPCNT, {"net.ipv4.tcp_keepalive_probes"}, NULL,
		"keepalive"},
	{SOCKOPT_TCP_MAXSEG, {NULL},
		"before connecting (88 to 32767) it is what the SYN "
		"announces; connected it reads what a segment holds, which is "
		"no more than the peer announced, less 12 bytes if both use "
		"time stamps, nor than the path's MTU takes or half of the "
		"peer's largest window; setting it then changes nothing",
		"maxseg"},
	{SOCKOPT_TCP_NODELAY, {NULL},
		"off: a small write waits while an earlier one is not "
		"acknowledged",
		"nodelay"},
#ifdef TCP_QUICKACK
	{SOCKOPT_TCP_QUICKACK, {NULL},
		"not kept: the kernel goes back to its own ways", "nodelay"},
#endif
#ifdef TCP_CONGESTION
	{SOCKOPT_TCP_CONGESTION,
		{"net.ipv4.tcp_available_congestion_control",
			"net.ipv4.tcp_allowed_congestion_control"},
		"others than those allowed need privileges", NULL},
#endif
#ifdef TCP_SYNCNT
	{SOCKOPT_TCP_SYNCNT, {"net.ipv4.tcp_syn_retries"}, NULL, NULL},
#endif
#ifdef TCP_LINGER2
	{SOCKOPT_TCP_LINGER2, {"net.ipv4.tcp_fin_timeout"}, NULL, NULL},
#endif
#ifdef TCP_FASTOPEN
	{SOCKOPT_TCP_FASTOPEN, {"net.ipv4.tcp_fastopen"},
		"an accepted socket does not inherit it", "inherit"},
#endif
#ifdef IP_MINTTL
	{SOCKOPT_IP_MINTTL, {NULL},
		"with 255 only neighbours get through (RFC 5082)", "keepalive"},
#endif
};

const struct option_notes *option_notes_find(enum sockopt_id id)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (table[i].id == id)
			return &table[i];
	}
	return NULL;
}
