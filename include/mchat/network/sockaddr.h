/* SPDX-License-Identifier: ISC */
/* Between base/address values and the system's socket addresses. */
#ifndef MCHAT_NETWORK_SOCKADDR_H
#define MCHAT_NETWORK_SOCKADDR_H

#include <stdbool.h>
#include <sys/socket.h>

struct address;

/* AF_INET or AF_INET6. */
int sockaddr_domain(const struct address *address);

/* Fills *out and returns how many bytes of it count. */
socklen_t sockaddr_from_address(
	const struct address *address, struct sockaddr_storage *out);

/* False, with *out untouched, when it is neither IPv4 nor IPv6. */
bool sockaddr_to_address(const struct sockaddr *sockaddr, struct address *out);

#endif
