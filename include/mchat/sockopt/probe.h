/* SPDX-License-Identifier: ISC */
/* Fresh sockets to read and set options on: one of each kind and family. */
#ifndef MCHAT_SOCKOPT_PROBE_H
#define MCHAT_SOCKOPT_PROBE_H

#include <stdbool.h>

struct call_log;
struct sockopt;

enum probe_kind {
	PROBE_UDP,
	PROBE_TCP,
	PROBE_KINDS,
};

struct probe {
	struct call_log *log;    /* borrowed */
	bool is_ipv6;            /* IPv6 sockets for options of every level */
	int fds[PROBE_KINDS][2]; /* owned; IPv4 and IPv6, -1 before use */
};

void probe_init(struct probe *probe, struct call_log *log, bool is_ipv6);
void probe_fini(struct probe *probe);

/* The socket of this kind for options of this level, opened when first asked
 * for and owned by the probe; -1 with errno. */
int probe_socket(struct probe *probe, enum probe_kind kind, int level);

/* Whether the table says that the option is for sockets of the kind. */
bool probe_applies(const struct sockopt *option, enum probe_kind kind);

/* What an error of setting or reading the option on a socket of the kind
 * means, one phrase. */
const char *probe_error_meaning(
	const struct sockopt *option, enum probe_kind kind, int error);

/* "UDP", for people. */
const char *probe_kind_name(enum probe_kind kind);

#endif
