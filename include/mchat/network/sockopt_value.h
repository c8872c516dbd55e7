/* SPDX-License-Identifier: ISC */
/* The values of socket options: as mchat holds, prints and hands them over. */
#ifndef MCHAT_NETWORK_SOCKOPT_VALUE_H
#define MCHAT_NETWORK_SOCKOPT_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#include "mchat/base/address.h"
#include "mchat/base/time.h"

enum sockopt_type {
	SOCKOPT_FLAG,              /* number: 0 or 1 */
	SOCKOPT_INTEGER,           /* number */
	SOCKOPT_LINGER,            /* linger */
	SOCKOPT_TIMEVAL,           /* time, to the microsecond */
	SOCKOPT_DEVICE,            /* device: the name of an interface */
	SOCKOPT_ADDRESS,           /* membership: interface and its address */
	SOCKOPT_MEMBERSHIP,        /* membership: group on an interface */
	SOCKOPT_SOURCE_MEMBERSHIP, /* and from one source only (RFC 3678) */
};

struct sockopt_linger {
	bool is_on;
	int seconds;
};

/* What the multicast options speak of; fields a type does not need are 0. */
struct sockopt_membership {
	struct address group;
	struct address source;
	struct address interface_address;
	unsigned interface_index;
};

/* The name of an interface, terminator included: IF_NAMESIZE. */
#define SOCKOPT_DEVICE_SIZE 16

struct sockopt_value {
	enum sockopt_type type;
	union {
		int number;
		struct sockopt_linger linger;
		struct duration time;
		char device[SOCKOPT_DEVICE_SIZE];
		struct sockopt_membership membership;
	};
};

/* Room for any value written out, terminator included. */
#define SOCKOPT_TEXT_SIZE 128

/* The kernel's form of any value. */
struct sockopt_raw {
	union {
		char bytes[2 * sizeof(struct sockaddr_storage) + 16];
		long long aligned;
	};
	socklen_t size;
};

/* Puts `value` into the kernel's form for an option of `level`. */
void sockopt_value_encode(
	const struct sockopt_value *value, int level, struct sockopt_raw *out);

/*
 * Reads back what getsockopt(2) filled in for an option of `level` and `type`.
 * False, with *out untouched, when the kernel gave too few bytes.
 */
bool sockopt_value_decode(const struct sockopt_raw *raw, int level,
	enum sockopt_type type, struct sockopt_value *out);

/* Writes a value for people: "1", "5 s", "239.1.2.3 on eth0"; returns out. */
const char *sockopt_value_format(
	const struct sockopt_value *value, char out[SOCKOPT_TEXT_SIZE]);

#endif
