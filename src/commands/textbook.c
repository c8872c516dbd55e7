/* SPDX-License-Identifier: ISC */
#include "mchat/commands/textbook.h"

#include <stddef.h>
#include <string.h>

/* What such a chapter tells of, where Linux has it: what it calls TCP_KEEPALIVE
 * is TCP_KEEPIDLE here. */
static const char *const options[] = {
	"SO_BROADCAST",
	"SO_DEBUG",
	"SO_DONTROUTE",
	"SO_ERROR",
	"SO_KEEPALIVE",
	"SO_LINGER",
	"SO_OOBINLINE",
	"SO_RCVBUF",
	"SO_RCVLOWAT",
	"SO_RCVTIMEO",
	"SO_REUSEADDR",
	"SO_SNDBUF",
	"SO_SNDLOWAT",
	"SO_SNDTIMEO",
	"SO_TYPE",
	"IP_ADD_MEMBERSHIP",
	"IP_DROP_MEMBERSHIP",
	"IP_HDRINCL",
	"IP_MULTICAST_IF",
	"IP_MULTICAST_LOOP",
	"IP_MULTICAST_TTL",
	"IP_OPTIONS",
	"IP_TOS",
	"IP_TTL",
	"TCP_KEEPIDLE",
	"TCP_MAXSEG",
	"TCP_NODELAY",
};

bool textbook_has_option(const char *name)
{
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		if (strcmp(options[i], name) == 0)
			return true;
	}
	return false;
}

/* Whether the third argument of setsockopt is an option of the chapter. */
static bool sets_option(const char *call)
{
	const char *name = strchr(call, ',');
	char text[32];
	size_t size;

	name = name ? strchr(name + 1, ',') : NULL;
	if (!name)
		return false;
	name += strspn(name, ", ");
	size = strcspn(name, ",");
	if (size >= sizeof(text))
		return false;
	memcpy(text, name, size);
	text[size] = '\0';
	return textbook_has_option(text);
}

bool textbook_has_call(const char *call)
{
	static const char *const calls[] = {
		"socket(AF_INET, SOCK_DGRAM",
		"sendto(",
		"recvfrom(",
	};

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		if (strncmp(call, calls[i], strlen(calls[i])) == 0)
			return true;
	}
	/* To a port that others know, which is what a netlink socket has not,
	 * nor one that only sends. */
	if (strncmp(call, "bind(", 5) == 0)
		return strchr(call, ':') && !strstr(call, ":0)");
	return strncmp(call, "setsockopt(", 11) == 0 && sets_option(call);
}
