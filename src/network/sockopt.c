/* SPDX-License-Identifier: ISC */
#include "mchat/network/sockopt.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "mchat/network/call.h"

/* Linux knows SO_SNDLOWAT and refuses to set it (socket(7)). */
#ifdef __linux__
#define SET_ELSEWHERE READ_ONLY
#else
#define SET_ELSEWHERE READ_SET
#endif
#if !defined(TCP_KEEPIDLE) && defined(TCP_KEEPALIVE)
#define TCP_KEEPIDLE TCP_KEEPALIVE /* the same option, as macOS names it */
#endif

#define READ_ONLY true, false
#define SET_ONLY  false, true
#define READ_SET  true, true

#define ROW(option_level, option, type, sockets, access, text)                 \
	[SOCKOPT_##option] = {#option, #option_level, option_level, option,    \
		SOCKOPT_##type, SOCKOPT_ON_##sockets, access, text}

static const struct sockopt table[SOCKOPT_COUNT] = {
	ROW(SOL_SOCKET, SO_BINDTODEVICE, DEVICE, ALL, READ_SET,
		"receive and send by this interface only"),
	ROW(SOL_SOCKET, SO_BROADCAST, FLAG, UDP, READ_SET,
		"may send to broadcast addresses"),
	ROW(SOL_SOCKET, SO_DEBUG, FLAG, ALL, READ_SET,
		"record debugging information; needs privileges to set"),
	ROW(SOL_SOCKET, SO_DONTROUTE, FLAG, ALL, READ_SET,
		"send to directly connected hosts only, never by a gateway"),
	ROW(SOL_SOCKET, SO_ERROR, INTEGER, ALL, READ_ONLY,
		"the pending error, which reading clears"),
	ROW(SOL_SOCKET, SO_KEEPALIVE, FLAG, TCP, READ_SET,
		"probe an idle connection, to find a dead peer"),
	ROW(SOL_SOCKET, SO_LINGER, LINGER, TCP, READ_SET,
		"what close does with data not yet sent: wait, or cut off"),
	ROW(SOL_SOCKET, SO_OOBINLINE, FLAG, TCP, READ_SET,
		"leave urgent data in the stream instead of beside it"),
	ROW(SOL_SOCKET, SO_RCVBUF, INTEGER, ALL, READ_SET,
		"bytes of receive buffer; Linux doubles what is asked"),
	ROW(SOL_SOCKET, SO_RCVLOWAT, INTEGER, ALL, READ_SET,
		"bytes that must be there before the socket is readable"),
	ROW(SOL_SOCKET, SO_RCVTIMEO, TIMEVAL, ALL, READ_SET,
		"how long a receive may block; 0 is for ever"),
	ROW(SOL_SOCKET, SO_REUSEADDR, FLAG, ALL, READ_SET,
		"several sockets of a group share a port; bind in TIME-WAIT"),
	ROW(SOL_SOCKET, SO_REUSEPORT, FLAG, ALL, READ_SET,
		"several sockets share address and port if all of them say so"),
	ROW(SOL_SOCKET, SO_RXQ_OVFL, FLAG, UDP, READ_SET,
		"tell with each datagram how many the full buffer dropped"),
	ROW(SOL_SOCKET, SO_SNDBUF, INTEGER, ALL, READ_SET,
		"bytes of send buffer; Linux doubles what is asked"),
	ROW(SOL_SOCKET, SO_SNDLOWAT, INTEGER, ALL, SET_ELSEWHERE,
		"bytes of room there must be before the socket is writable"),
	ROW(SOL_SOCKET, SO_SNDTIMEO, TIMEVAL, ALL, READ_SET,
		"how long a send may block; 0 is for ever"),
	ROW(SOL_SOCKET, SO_TYPE, INTEGER, ALL, READ_ONLY,
		"the socket's type: 1 stream, 2 datagram"),

	ROW(IPPROTO_IP, IP_TTL, INTEGER, ALL, READ_SET,
		"routers that unicast may pass, 1 to 255"),
	ROW(IPPROTO_IP, IP_MULTICAST_TTL, INTEGER, UDP, READ_SET,
		"how far multicast goes: 0 this host, 1 this LAN, more: "
		"routed"),
	ROW(IPPROTO_IP, IP_MULTICAST_LOOP, FLAG, UDP, READ_SET,
		"members on this host hear what this socket sends"),
	ROW(IPPROTO_IP, IP_MULTICAST_IF, ADDRESS, UDP, READ_SET,
		"the interface that multicast leaves by"),
	ROW(IPPROTO_IP, IP_MULTICAST_ALL, FLAG, UDP, READ_SET,
		"also receive groups that only other programs joined"),
	ROW(IPPROTO_IP, IP_ADD_MEMBERSHIP, MEMBERSHIP, UDP, SET_ONLY,
		"join a group on an interface"),
	ROW(IPPROTO_IP, IP_DROP_MEMBERSHIP, MEMBERSHIP, UDP, SET_ONLY,
		"leave a group on an interface"),
	ROW(IPPROTO_IP, IP_ADD_SOURCE_MEMBERSHIP, SOURCE_MEMBERSHIP, UDP,
		SET_ONLY, "join a group for what one source sends to it"),
	ROW(IPPROTO_IP, IP_DROP_SOURCE_MEMBERSHIP, SOURCE_MEMBERSHIP, UDP,
		SET_ONLY, "no longer hear that source in the group"),
	ROW(IPPROTO_IP, IP_PKTINFO, FLAG, UDP, READ_SET,
		"tell with each datagram its interface and destination"),
	ROW(IPPROTO_IP, IP_RECVTTL, FLAG, UDP, READ_SET,
		"tell with each datagram the TTL it arrived with"),

	ROW(IPPROTO_IPV6, IPV6_V6ONLY, FLAG, ALL, READ_SET,
		"leave IPv4 to other sockets"),
	ROW(IPPROTO_IPV6, IPV6_UNICAST_HOPS, INTEGER, ALL, READ_SET,
		"routers that unicast may pass; -1 is the system's default"),
	ROW(IPPROTO_IPV6, IPV6_MULTICAST_HOPS, INTEGER, UDP, READ_SET,
		"how far multicast goes: 0 this host, 1 this link"),
	ROW(IPPROTO_IPV6, IPV6_MULTICAST_LOOP, FLAG, UDP, READ_SET,
		"members on this host hear what this socket sends"),
	ROW(IPPROTO_IPV6, IPV6_MULTICAST_IF, ADDRESS, UDP, READ_SET,
		"the interface that multicast leaves by"),
	ROW(IPPROTO_IPV6, IPV6_MULTICAST_ALL, FLAG, UDP, READ_SET,
		"also receive groups that only other programs joined"),
	ROW(IPPROTO_IPV6, IPV6_JOIN_GROUP, MEMBERSHIP, UDP, SET_ONLY,
		"join a group on an interface"),
	ROW(IPPROTO_IPV6, IPV6_LEAVE_GROUP, MEMBERSHIP, UDP, SET_ONLY,
		"leave a group on an interface"),
	ROW(IPPROTO_IPV6, MCAST_JOIN_SOURCE_GROUP, SOURCE_MEMBERSHIP, UDP,
		SET_ONLY, "join a group for what one source sends to it"),
	ROW(IPPROTO_IPV6, MCAST_LEAVE_SOURCE_GROUP, SOURCE_MEMBERSHIP, UDP,
		SET_ONLY, "no longer hear that source in the group"),
	ROW(IPPROTO_IPV6, IPV6_RECVPKTINFO, FLAG, UDP, READ_SET,
		"tell with each datagram its interface and destination"),
	ROW(IPPROTO_IPV6, IPV6_RECVHOPLIMIT, FLAG, UDP, READ_SET,
		"tell with each datagram the hop limit it arrived with"),

	ROW(IPPROTO_TCP, TCP_NODELAY, FLAG, TCP, READ_SET,
		"send small writes at once: no Nagle algorithm"),
	ROW(IPPROTO_TCP, TCP_MAXSEG, INTEGER, TCP, READ_SET,
		"the largest segment to send, in bytes"),
#ifdef TCP_KEEPALIVE
	ROW(IPPROTO_TCP, TCP_KEEPALIVE, INTEGER, TCP, READ_SET,
		"seconds of silence before the first keep-alive probe"),
#endif
	ROW(IPPROTO_TCP, TCP_KEEPIDLE, INTEGER, TCP, READ_SET,
		"seconds of silence before the first keep-alive probe"),
	ROW(IPPROTO_TCP, TCP_KEEPINTVL, INTEGER, TCP, READ_SET,
		"seconds between keep-alive probes"),
	ROW(IPPROTO_TCP, TCP_KEEPCNT, INTEGER, TCP, READ_SET,
		"unanswered probes after which the connection is dead"),
};

const struct sockopt *sockopt_info(enum sockopt_id id)
{
	return &table[id];
}

bool sockopt_find(const char *name, enum sockopt_id *out)
{
	for (int i = 0; i < SOCKOPT_COUNT; i++) {
		if (strcmp(table[i].name, name) == 0) {
			*out = (enum sockopt_id)i;
			return true;
		}
	}
	return false;
}

int sockopt_get(int fd, enum sockopt_id id, struct sockopt_value *out)
{
	const struct sockopt *option = &table[id];
	struct sockopt_raw raw = {.size = sizeof(raw.bytes)};

	if (getsockopt(fd, option->level, option->number, raw.bytes,
		    &raw.size) < 0)
		return -1;
	if (!sockopt_value_decode(&raw, option->level, option->type, out)) {
		errno = EINVAL;
		return -1;
	}
	return 0;
}

/* The value now, for a narrator; NULL when it cannot be read. */
static const char *current(
	int fd, enum sockopt_id id, char out[SOCKOPT_TEXT_SIZE])
{
	struct sockopt_value value;

	if (!table[id].can_get || sockopt_get(fd, id, &value) < 0)
		return NULL;
	return sockopt_value_format(&value, out);
}

int sockopt_set(struct call_log *log, int fd, enum sockopt_id id,
	const struct sockopt_value *value, const char *why)
{
	const struct sockopt *option = &table[id];
	struct call_record record = {.why = why};
	struct sockopt_raw raw;
	char before[SOCKOPT_TEXT_SIZE];
	char after[SOCKOPT_TEXT_SIZE];
	char asked[SOCKOPT_TEXT_SIZE];
	char text[CALL_TEXT_SIZE];

	if (log->observe)
		record.before = current(fd, id, before);
	sockopt_value_encode(value, option->level, &raw);
	record.result = setsockopt(
		fd, option->level, option->number, raw.bytes, raw.size);
	if (record.result == 0 && !log->observe)
		return 0;
	record.error = record.result < 0 ? errno : 0;
	if (log->observe)
		record.after = current(fd, id, after);
	snprintf(text, sizeof(text), "setsockopt(%d, %s, %s, %s)", fd,
		option->level_name, option->name,
		sockopt_value_format(value, asked));
	record.text = text;
	call_report(log, &record);
	return record.result;
}

int sockopt_set_number(struct call_log *log, int fd, enum sockopt_id id,
	int number, const char *why)
{
	struct sockopt_value value = {
		.type = table[id].type,
		.number = number,
	};

	return sockopt_set(log, fd, id, &value, why);
}
