/* SPDX-License-Identifier: ISC */
#include "mchat/sockopt/option_notes.h"

#include <stdio.h>
#include <string.h>

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
		"TCP_KEEPCNT",
		"keepalive"},
	{SOCKOPT_SO_LINGER, {NULL},
		"off: close returns at once and the kernel goes on sending; "
		"0: the rest is thrown away and the peer gets a reset; "
		"more: close waits so many seconds",
		"linger"},
	{SOCKOPT_SO_OOBINLINE, {NULL},
		"only one byte is urgent; SIGURG tells its owner (F_SETOWN)",
		"oob"},
	{SOCKOPT_SO_RCVBUF, {"net.core.rmem_default", "net.core.rmem_max"},
		DOUBLED, "rcvbuf"},
	{SOCKOPT_SO_RCVLOWAT, {NULL},
		"select and poll heed it for TCP, not for UDP", "lowat"},
	{SOCKOPT_SO_RCVTIMEO, {NULL},
		"rounded up to a tick of the kernel; then EAGAIN", "dontwait"},
	{SOCKOPT_SO_REUSEADDR, {NULL},
		"on TCP it takes a port that is in TIME-WAIT, if its last "
		"owner said so too; on UDP multicast every such socket gets a "
		"copy",
		"reuseaddr"},
	{SOCKOPT_SO_REUSEPORT, {NULL},
		"all sockets must say so, and belong to one user", "reuse-udp"},
	{SOCKOPT_SO_SNDBUF, {"net.core.wmem_default", "net.core.wmem_max"},
		DOUBLED, NULL},
	{SOCKOPT_SO_SNDLOWAT, {NULL}, "Linux has it fixed at 1", NULL},
	{SOCKOPT_SO_DEBUG, {NULL}, "EACCES without CAP_NET_ADMIN", NULL},
	{SOCKOPT_IP_TTL, {"net.ipv4.ip_default_ttl"},
		"0 is refused; -1 gives the default back", "ttl"},
	{SOCKOPT_IP_ADD_MEMBERSHIP,
		{"net.ipv4.igmp_max_memberships", "net.ipv4.igmp_max_msf"},
		PER_MEMBERSHIP, "join"},
	{SOCKOPT_IP_DROP_MEMBERSHIP, {NULL}, PER_MEMBERSHIP, "join"},
	{SOCKOPT_IP_ADD_SOURCE_MEMBERSHIP, {"net.ipv4.igmp_max_msf"},
		PER_MEMBERSHIP, NULL},
	{SOCKOPT_IP_MULTICAST_ALL, {NULL},
		"on by default: a socket bound to the wildcard gets groups "
		"that other programs joined",
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
		"before connecting it is asked for; connected it is what both "
		"agreed on, less 12 bytes for time stamps",
		"maxseg"},
	{SOCKOPT_TCP_NODELAY, {NULL},
		"off: a small write waits for the acknowledgement of the last",
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

bool option_notes_read_sysctl(const char *name, char *out, size_t size)
{
	char path[128];
	FILE *file;
	bool is_read;

	snprintf(path, sizeof(path), "/proc/sys/%s", name);
	for (char *dot = path; (dot = strchr(dot, '.')) != NULL;)
		*dot = '/';
	file = fopen(path, "r");
	if (!file)
		return false;
	is_read = fgets(out, (int)size, file) != NULL;
	fclose(file);
	if (is_read)
		out[strcspn(out, "\n")] = '\0';
	return is_read;
}
