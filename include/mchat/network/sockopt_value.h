/* SPDX-License-Identifier: ISC */
/* The values of socket options: as mchat holds, prints and hands them over. */
#ifndef MCHAT_NETWORK_SOCKOPT_VALUE_H
#define MCHAT_NETWORK_SOCKOPT_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "mchat/base/address.h"
#include "mchat/base/time.h"

enum sockopt_type {
	SOCKOPT_FLAG,              /* number: 0 or 1 */
	SOCKOPT_INTEGER,           /* number */
	SOCKOPT_INDEX,             /* number, which the kernel has swapped */
	SOCKOPT_WIDE,              /* wide */
	SOCKOPT_LINGER,            /* linger */
	SOCKOPT_TIMEVAL,           /* time, to the microsecond */
	SOCKOPT_DEVICE,            /* device: the name of an interface */
	SOCKOPT_NAME,              /* device: another name, none if empty */
	SOCKOPT_ADDRESS,           /* membership: interface and its address */
	SOCKOPT_MEMBERSHIP,        /* membership: group on an interface */
	SOCKOPT_GROUP,             /* the same in the form of RFC 3678 */
	SOCKOPT_SOURCE_MEMBERSHIP, /* and from one source only (RFC 3678) */
	SOCKOPT_TCP_INFO_SUMMARY,  /* tcp */
	SOCKOPT_BYTES,             /* number: how many; not looked into */
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

/* What TCP_INFO tells of a connection; more is in linux/tcp.h. */
struct sockopt_tcp {
	bool is_known;  /* the system tells what follows */
	unsigned state; /* of the kernel's numbers, 1 ESTABLISHED */
	unsigned round_trip_us;
	unsigned segment_size; /* to send */
	unsigned window;       /* of congestion, in segments */
	unsigned unacknowledged;
	unsigned retransmitted;
	unsigned last_acknowledged_ms; /* ago */
	unsigned window_scale; /* of the windows that this end announces */
	uint32_t peer_window;  /* that the peer announced, in bytes */
};

/*
 * The name of an interface, of a congestion control or of a layer over TCP,
 * terminator included: IF_NAMESIZE, TCP_CA_NAME_MAX and TCP_ULP_NAME_MAX are
 * the same.
 */
#define SOCKOPT_DEVICE_SIZE 16

struct sockopt_value {
	enum sockopt_type type;
	union {
		int number;
		uint64_t wide;
		struct sockopt_linger linger;
		struct duration time;
		char device[SOCKOPT_DEVICE_SIZE];
		struct sockopt_membership membership;
		struct sockopt_tcp tcp;
	};
};

/* Room for any value written out, terminator included. */
#define SOCKOPT_TEXT_SIZE 128

/* The kernel's form of any value. */
struct sockopt_raw {
	union {
		char bytes[512]; /* of what the kernel tells, TCP_INFO is 280 */
		long long aligned;
	};
	socklen_t size;
};

/* The C type that an option of `type` and `level` has: "int", "ip_mreqn". */
const char *sockopt_type_name(enum sockopt_type type, int level);

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
