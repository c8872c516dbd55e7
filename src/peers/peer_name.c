/* SPDX-License-Identifier: ISC */
#include "mchat/peers/peer_name.h"

#include <string.h>

#include "mchat/base/number.h"

/* What a host name may have besides letters and digits; the underscore is in no
 * RFC, but in names. */
#define HOST_CHARACTERS                                                        \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._"

const char *peer_name_parse(const char *text, struct peer_name *out)
{
	const char *colon = strchr(text, ':');
	size_t size = colon ? (size_t)(colon - text) : strlen(text);
	struct peer_name name = {.port = 0};
	struct address address;
	int64_t port = 0;

	if (*text == '[' || (colon && strchr(colon + 1, ':')))
		return "IPv6 peers are not supported yet; give the IPv4 "
		       "address or a name that has one";
	if (size == 0 || size >= sizeof(name.host) ||
		strspn(text, HOST_CHARACTERS) < size)
		return "must be HOST, HOST:PORT or any, as in "
		       "chat.example.org or 192.0.2.1:62428";
	if (colon && number_parse(colon + 1, 1, UINT16_MAX, &port) != NUMBER_OK)
		return "a port is from 1 to 65535";
	memcpy(name.host, text, size);
	name.port = (uint16_t)port;
	if (address_parse(name.host, &address) &&
		(address.bytes[0] >= 224 || address.bytes[0] == 0))
		return "not the address of a host; a group to chat in is "
		       "given without --peer";
	*out = name;
	return NULL;
}

bool peer_name_address(
	const struct peer_name *name, uint16_t port, struct address *out)
{
	if (!address_parse(name->host, out))
		return false;
	out->port = name->port ? name->port : port;
	return true;
}
