/* SPDX-License-Identifier: ISC */
/*
 * Names of hosts to addresses, one at a time, in a child process:
 * getaddrinfo(3) may take a minute, and the chat is not to stand still
 * meanwhile.
 */
#ifndef MCHAT_PEERS_RESOLVER_H
#define MCHAT_PEERS_RESOLVER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "mchat/base/address.h"
#include "mchat/base/time.h"

/* Addresses of one host that are taken; those of most names are one or two. */
#define RESOLVER_ADDRESSES_MAX 8

/* Those of one host, without port, the one to try first at the beginning (RFC
 * 6724). */
struct resolved {
	struct address addresses[RESOLVER_ADDRESSES_MAX];
	size_t count;
};

/* A child that takes longer is ended. */
#define RESOLVER_TIMEOUT_MS 20000

struct resolver {
	pid_t pid; /* 0: none runs */
	int fd;    /* to poll for input, while one runs; else -1 */
	struct instant until;
};

#define RESOLVER_IDLE ((struct resolver){.fd = -1})

/* Starts to resolve `host`; 0, or -1 with errno.  None must run. */
int resolver_start(
	struct resolver *resolver, const char *host, struct instant now);

enum resolver_result {
	RESOLVER_RUNS,
	RESOLVER_FOUND,  /* *out, at least one */
	RESOLVER_FAILED, /* *why says why */
};

/* What came of it; to be called when fd is ready or `until` is past. */
enum resolver_result resolver_take(struct resolver *resolver,
	struct instant now, struct resolved *out, const char **why);

/* Ends a child that runs. */
void resolver_stop(struct resolver *resolver);

#endif
