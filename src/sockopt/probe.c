/* SPDX-License-Identifier: ISC */
#include "mchat/sockopt/probe.h"

#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "mchat/network/call.h"
#include "mchat/network/error.h"
#include "mchat/network/sockopt.h"

static const struct {
	const char *name;
	int type;
	unsigned sockets;
} kinds[PROBE_KINDS] = {
	[PROBE_UDP] = {"UDP", SOCK_DGRAM, SOCKOPT_ON_UDP},
	[PROBE_TCP] = {"TCP", SOCK_STREAM, SOCKOPT_ON_TCP},
};

void probe_init(struct probe *probe, struct call_log *log, bool is_ipv6)
{
	*probe = (struct probe){
		.log = log,
		.is_ipv6 = is_ipv6,
		.fds = {{-1, -1}, {-1, -1}},
	};
}

void probe_fini(struct probe *probe)
{
	for (int kind = 0; kind < PROBE_KINDS; kind++) {
		for (int family = 0; family < 2; family++) {
			if (probe->fds[kind][family] >= 0)
				call_close(probe->log, probe->fds[kind][family],
					"done");
		}
	}
}

int probe_socket(struct probe *probe, enum probe_kind kind, int level)
{
	bool is_ipv6 = probe->is_ipv6 || level == IPPROTO_IPV6;
	int *fd = &probe->fds[kind][is_ipv6];

	if (*fd < 0)
		*fd = call_socket(probe->log, is_ipv6 ? AF_INET6 : AF_INET,
			kinds[kind].type, "a fresh one");
	return *fd;
}

bool probe_applies(const struct sockopt *option, enum probe_kind kind)
{
	return option->sockets & kinds[kind].sockets;
}

const char *probe_kind_name(enum probe_kind kind)
{
	return kinds[kind].name;
}

const char *probe_error_meaning(
	const struct sockopt *option, enum probe_kind kind, int error)
{
	bool is_misplaced = option->sockets & SOCKOPT_ON_ALL &&
			    !probe_applies(option, kind);

	/* Which of these it is, differs from option to option: on TCP
	 * IP_MULTICAST_TTL gives EINVAL, and IP_ADD_MEMBERSHIP EPROTO. */
	if (is_misplaced &&
		(error == EINVAL || error == EPROTO || error == ENOPROTOOPT))
		return kind == PROBE_TCP ? "not on a TCP socket"
					 : "not on a UDP socket";
	return error_meaning_in(option->name, error);
}
