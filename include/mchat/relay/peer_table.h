/* SPDX-License-Identifier: ISC */
/*
 * The hosts that packets are exchanged with by unicast: those that the user
 * named, and those that named us and have proven their address (address_proof).
 * Pure, and of a fixed size.
 */
#ifndef MCHAT_RELAY_PEER_TABLE_H
#define MCHAT_RELAY_PEER_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/address.h"
#include "mchat/base/time.h"

/* Each packet is sent to each peer, so more of them would need a router. */
#define PEER_MAX 32

/* Something is sent to a peer at least so often, since the NAT of a household
 * may forget after 30 s (RFC 4787, REQ-5 asks for more); and who was not heard
 * for several of these is silent: it is told, or, where it was not named,
 * forgotten. */
#define PEER_KEEP_ALIVE_MS 15000
#define PEER_SILENT_MS     50000

/* A named one that was not heard from the start on is told after this. */
#define PEER_UNHEARD_MS 10000

enum peer_kind {
	PEER_FREE,
	PEER_NAMED,  /* by the user */
	PEER_PROVEN, /* it named us */
	PEER_SOURCE, /* we hear it by multicast, and report to it */
};

/* Further addresses of one that was named, as its name leads there, too. */
#define PEER_OTHERS_MAX 8

struct peer {
	enum peer_kind kind;
	size_t name; /* of PEER_NAMED: number of the name */
	struct address address;
	struct address others[PEER_OTHERS_MAX]; /* ports and all */
	size_t other_count;
	struct instant since;
	struct instant heard_at; /* 0: never */
	struct instant sent_at;  /* 0: never */
	bool is_heard;           /* at all, and is not silent */
	bool is_told_unheard;    /* that it is not there */
	bool is_self;            /* it is us: nothing is sent there */
	uint64_t challenge; /* what we last asked it to give back; 0: nothing */
	struct instant spared_until; /* our first-time packets come to it by
				      * another way, as it said */
	int error;                   /* errno of what was sent last; 0: none */
};

struct peer_table {
	struct peer peers[PEER_MAX];
	bool takes_any; /* who names us may become a peer */
};

/* Begins without peers. */
void peer_table_init(struct peer_table *table, bool takes_any);

/* The peer with this address and port, or -1. */
int peer_table_find(
	const struct peer_table *table, const struct address *address);

/* The peer that was named by the name with this number, or -1. */
int peer_table_find_name(const struct peer_table *table, size_t name);

/* The name with this number has this address now; which peer that is, or -1
 * where there is no room, or another name has it already. */
int peer_table_name(struct peer_table *table, size_t name,
	const struct address *address, struct instant now);

/* The host of this peer, which was named, may also be met at these. */
void peer_table_set_others(struct peer_table *table, int peer,
	const struct address *addresses, size_t count);

/*
 * The peer that was named and may also be met at this address, which becomes
 * its address now, unless it is heard at the one that it has; or -1.
 */
int peer_table_move(struct peer_table *table, const struct address *from,
	struct instant now);

/* Whether packets are exchanged with it. */
bool peer_table_is_used(const struct peer_table *table, int peer);

/* We report to this source; which peer that is, or -1 without room, or where it
 * is one already. */
int peer_table_add_source(struct peer_table *table,
	const struct address *address, struct instant now);

/* Whether an address that is no peer's may become one: there is room, and its
 * host was named or everybody is taken. */
bool peer_table_welcomes(
	const struct peer_table *table, const struct address *from);

/* It has proven its address: the peer that it became, or -1 without room. */
int peer_table_add(struct peer_table *table, const struct address *from,
	struct instant now);

/* The peer was heard; whether that is news. */
bool peer_table_note_heard(
	struct peer_table *table, int peer, struct instant now);

enum peer_due {
	PEER_DUE_NOTHING,
	PEER_DUE_UNHEARD,    /* a named one is not there */
	PEER_DUE_SILENT,     /* a named one, or a source, that was heard */
	PEER_DUE_FORGOTTEN,  /* another: it is none any more, *out has it */
	PEER_DUE_KEEP_ALIVE, /* send it something */
};

/* What is due with a peer; it is done with then, but for keep-alives, which are
 * due until something is sent. */
enum peer_due peer_table_take_due(struct peer_table *table, int peer,
	struct instant now, struct peer *out);

/* When the next of these is due. */
struct instant peer_table_deadline(const struct peer_table *table);

#endif
