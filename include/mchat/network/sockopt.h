/* SPDX-License-Identifier: ISC */
/*
 * Every socket option that mchat knows, in one table, and the only two calls
 * that read and set them.  The values are of mchat's own types; how the kernel
 * wants them is known in network/sockopt_value alone.
 */
#ifndef MCHAT_NETWORK_SOCKOPT_H
#define MCHAT_NETWORK_SOCKOPT_H

/* These tell which of the rows this system has. */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#include "mchat/network/sockopt_numbers.h"
#include "mchat/network/sockopt_value.h"

struct call_log;

enum sockopt_id {
#define ROW(level, option, type, sockets, access, summary) SOCKOPT_##option,
#include "mchat/network/sockopt.def"
#undef ROW
	SOCKOPT_COUNT,
	SOCKOPT_NONE = SOCKOPT_COUNT /* none does it on this system */
};

/* The sockets that an option applies to. */
enum {
	SOCKOPT_ON_UDP = 1,
	SOCKOPT_ON_TCP = 2,
	SOCKOPT_ON_ALL = SOCKOPT_ON_UDP | SOCKOPT_ON_TCP,
	SOCKOPT_ON_OTHER = 4, /* raw or local sockets only */
};

/* One row of the table. */
struct sockopt {
	const char *name;       /* "SO_RCVBUF" */
	const char *level_name; /* "SOL_SOCKET" */
	int level;
	int number; /* the kernel's, at that level */
	enum sockopt_type type;
	unsigned sockets; /* SOCKOPT_ON_... */
	bool can_get;
	bool can_set;
	const char *summary; /* what it does, one line */
};

/* The row of an option; never NULL for a valid id. */
const struct sockopt *sockopt_info(enum sockopt_id id);

/* Finds an option by its exact name; false when there is none. */
bool sockopt_find(const char *name, enum sockopt_id *out);

/* Reads an option; 0, or -1 with errno and *out untouched. */
int sockopt_get(int fd, enum sockopt_id id, struct sockopt_value *out);

/*
 * Sets an option, and tells `log` (never NULL) what was asked and why; to an
 * observer also the value before and after.  0, or -1 with errno.
 */
int sockopt_set(struct call_log *log, int fd, enum sockopt_id id,
	const struct sockopt_value *value, const char *why);

/* The same for flags and integers. */
int sockopt_set_number(struct call_log *log, int fd, enum sockopt_id id,
	int number, const char *why);

#endif
