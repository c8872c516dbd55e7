/* SPDX-License-Identifier: ISC */
/* HOST[:PORT] of --peer, as text. */
#ifndef MCHAT_PEERS_PEER_NAME_H
#define MCHAT_PEERS_PEER_NAME_H

#include <stdbool.h>
#include <stdint.h>

#include "mchat/base/address.h"

/* Bytes of a host name, terminator included: RFC 1035 has 253. */
#define PEER_HOST_SIZE 256

struct peer_name {
	char host[PEER_HOST_SIZE]; /* an IPv6 address without brackets, and with
				    * its zone */
	uint16_t port;             /* 0: that of the group */
};

/* The word that stands for every host. */
#define PEER_ANY "any"

/* Reads one; what is wrong as a phrase, or NULL and *out. */
const char *peer_name_parse(const char *text, struct peer_name *out);

/* Whether it is an address, which needs no resolving: then *out, with the port,
 * `port` where it has none of its own.  One of an interface that is not there
 * is none yet. */
bool peer_name_address(
	const struct peer_name *name, uint16_t port, struct address *out);

/* Room for one as text, terminator included. */
#define PEER_NAME_SIZE (PEER_HOST_SIZE + 8)

/* As it is given to --peer; returns out. */
const char *peer_name_format(
	const struct peer_name *name, char out[PEER_NAME_SIZE]);

#endif
