/* SPDX-License-Identifier: ISC */
/* Keeps the addresses of the peers that were named: resolved at the start, and
 * again while that fails or nobody answers there. */
#ifndef MCHAT_PEERS_PEER_LOOKUP_H
#define MCHAT_PEERS_PEER_LOOKUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/time.h"
#include "mchat/io/diagnostics.h"
#include "mchat/peers/peer_name.h"
#include "mchat/peers/resolver.h"
#include "mchat/relay/peer_table.h"

/* A name that was not found is looked up again after so long; one whose host is
 * not heard after the second, since it may have moved. */
#define PEER_LOOKUP_AGAIN_MS   30000
#define PEER_LOOKUP_UNHEARD_MS 120000

/* At the start names are waited for so long in all: what is said and over at
 * once (-m) is to reach them. */
#define PEER_LOOKUP_START_MS 5000

/* Of the addresses of a name one after the other is tried for so long, as long
 * as the host is not heard. */
#define PEER_LOOKUP_NEXT_MS 2000

struct peer_lookup {
	const struct peer_name *names; /* borrowed */
	size_t count;
	uint16_t port; /* of those that have none */
	struct instant due[PEER_MAX];
	bool has_failed[PEER_MAX];       /* which was told */
	struct resolved found[PEER_MAX]; /* with the ports; none: no lookup */
	size_t next[PEER_MAX];           /* of these to be tried */
	struct instant next_due[PEER_MAX];
	struct resolver resolver;
	size_t resolving; /* the name that it looks up */
};

/* Enters addresses into `table`; names are due to be looked up. */
void peer_lookup_begin(struct peer_lookup *lookup,
	const struct peer_name *names, size_t count, uint16_t port,
	struct peer_table *table, struct instant now);

/* Waits until each name was looked up once, or PEER_LOOKUP_START_MS. */
void peer_lookup_wait(struct peer_lookup *lookup, struct peer_table *table,
	enum verbosity verbosity);

/* Takes what came, and looks up what is due; the peer that has another address
 * than before, or -1. */
int peer_lookup_tick(struct peer_lookup *lookup, struct peer_table *table,
	enum verbosity verbosity, struct instant now);
struct instant peer_lookup_deadline(const struct peer_lookup *lookup);

/* A host is silent: where its name leads may have changed. */
void peer_lookup_renew(
	struct peer_lookup *lookup, size_t name, struct instant now);

void peer_lookup_end(struct peer_lookup *lookup);

#endif
