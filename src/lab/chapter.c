/* SPDX-License-Identifier: ISC */
#include "mchat/lab/chapter.h"

#include <string.h>
#include <strings.h>

/* A name stands in one row only: that of the experiment which shows it best. */
static const struct chapter_row rows[] = {
	/* How an option is read and set. */
	{"5.1.1", "ttl", {"IP_TTL", "IPV6_UNICAST_HOPS"}},
	/* Buffers. */
	{"5.2.1", "rcvbuf", {"SO_RCVBUF", "SO_SNDBUF", "SO_SNDLOWAT"}},
	{"5.2.2", "lowat", {"SO_RCVLOWAT"}},
	/* How far a datagram goes. */
	{"5.3.1", "broadcast", {"SO_BROADCAST"}},
	{"5.3.2", "dontroute", {"SO_DONTROUTE"}},
	/* How a connection begins and ends. */
	{"5.4.1", "keepalive",
		{"SO_KEEPALIVE", "TCP_KEEPIDLE", "TCP_KEEPINTVL", "TCP_KEEPCNT",
			"IP_MINTTL", "SO_ERROR"}},
	{"5.4.2", "linger", {"SO_LINGER"}},
	{"5.4.3", "shutdown", {"SHUT_WR"}},
	{"5.4.4", "reuseaddr", {"SO_REUSEADDR"}},
	{"5.4.5", "inherit", {"SO_ACCEPTCONN", "TCP_FASTOPEN"}},
	/* Segments. */
	{"5.5.1", "nodelay", {"TCP_NODELAY", "TCP_QUICKACK"}},
	{"5.5.2", "maxseg", {"TCP_MAXSEG"}},
	/* Multicast. */
	{"5.6.1", "scope", {0}},
	{"5.6.2", "mac", {0}},
	{"5.6.3", "join",
		{"IP_ADD_MEMBERSHIP", "IP_DROP_MEMBERSHIP",
			"IP_MULTICAST_ALL"}},
	{"5.6.4", "reuse-udp", {"SO_REUSEPORT"}},
	{"5.6.5", "ttl-multicast", {"IP_MULTICAST_TTL", "IP_RECVTTL"}},
	{"5.6.6", "loop", {"IP_MULTICAST_LOOP"}},
	{"5.6.7", "interface", {"IP_MULTICAST_IF"}},
	/* Flags of send and recv. */
	{"5.7.1", "oob", {"MSG_OOB", "SO_OOBINLINE", "SIGURG"}},
	{"5.7.2", "peek", {"MSG_PEEK"}},
	{"5.7.3", "waitall", {"MSG_WAITALL"}},
	{"5.7.4", "dontwait", {"MSG_DONTWAIT", "SO_RCVTIMEO"}},
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

const struct chapter_row *chapter_row(size_t index)
{
	return index < ROWS ? &rows[index] : NULL;
}

/* Whether `number` is `word`, or lies below it: "5.2" has "5.2.1". */
static bool is_within(const char *number, const char *word)
{
	size_t size = strlen(word);

	return size > 0 && strncmp(number, word, size) == 0 &&
	       (number[size] == '\0' || number[size] == '.');
}

bool chapter_means(const struct chapter_row *row, const char *word)
{
	if (strcmp(word, "all") == 0 || strcmp(word, row->experiment) == 0 ||
		is_within(row->number, word))
		return true;
	for (size_t i = 0; i < CHAPTER_NAMES_MAX && row->names[i]; i++) {
		if (strcasecmp(word, row->names[i]) == 0)
			return true;
	}
	return false;
}

bool chapter_is_section(const char *word)
{
	size_t rows_meant = 0;

	for (size_t i = 0; i < ROWS; i++)
		rows_meant += chapter_means(&rows[i], word);
	return rows_meant > 1;
}
