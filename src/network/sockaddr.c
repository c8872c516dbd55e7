/* SPDX-License-Identifier: ISC */
#include "mchat/network/sockaddr.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "mchat/base/address.h"

int sockaddr_domain(const struct address *address)
{
	return address->family == ADDRESS_IPV6 ? AF_INET6 : AF_INET;
}

socklen_t sockaddr_from_address(
	const struct address *address, struct sockaddr_storage *out)
{
	memset(out, 0, sizeof(*out));
	if (address->family == ADDRESS_IPV6) {
		struct sockaddr_in6 in6 = {
			.sin6_family = AF_INET6,
			.sin6_port = htons(address->port),
			.sin6_scope_id = address->scope,
		};

		memcpy(&in6.sin6_addr, address->bytes, sizeof(in6.sin6_addr));
		memcpy(out, &in6, sizeof(in6));
		return sizeof(in6);
	}
	struct sockaddr_in in = {
		.sin_family = AF_INET,
		.sin_port = htons(address->port),
	};

	memcpy(&in.sin_addr, address->bytes, sizeof(in.sin_addr));
	memcpy(out, &in, sizeof(in));
	return sizeof(in);
}

bool sockaddr_to_address(const struct sockaddr *sockaddr, struct address *out)
{
	struct address address = {0};

	if (sockaddr->sa_family == AF_INET) {
		struct sockaddr_in in;

		memcpy(&in, sockaddr, sizeof(in));
		address.family = ADDRESS_IPV4;
		address.port = ntohs(in.sin_port);
		memcpy(address.bytes, &in.sin_addr, sizeof(in.sin_addr));
	} else if (sockaddr->sa_family == AF_INET6) {
		struct sockaddr_in6 in6;

		memcpy(&in6, sockaddr, sizeof(in6));
		address.family = ADDRESS_IPV6;
		address.port = ntohs(in6.sin6_port);
		address.scope = in6.sin6_scope_id;
		memcpy(address.bytes, &in6.sin6_addr, sizeof(in6.sin6_addr));
	} else {
		return false;
	}
	*out = address;
	return true;
}
