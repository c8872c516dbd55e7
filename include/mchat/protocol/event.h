/* SPDX-License-Identifier: ISC */
/*
 * What happened in the group, as data: what the chat loop hands to the view.
 * An event borrows its bytes from whoever made it, until the next one is made.
 */
#ifndef MCHAT_PROTOCOL_EVENT_H
#define MCHAT_PROTOCOL_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/address.h"
#include "mchat/base/time.h"

enum event_kind {
	EVENT_PLAIN, /* a datagram that is no mchat packet */
	EVENT_LOST,  /* messages that will never be shown */
	EVENT_MESSAGE,
	EVENT_ACTION, /* a message of /me */
	EVENT_JOIN,
	EVENT_LEAVE,
	EVENT_NICK,     /* a member goes by another nick */
	EVENT_STATS,    /* what came and went so far */
	EVENT_FULL,     /* more members than can be known */
	EVENT_PATH_MTU, /* large packets do not reach a member */
	EVENT_PEER,     /* a host of --peer is reached, or is not */
	EVENT_PRIVATE,  /* the group is private, and joined */
	EVENT_OUTSIDE,  /* something came that a private group does not take */
};

/* A member as others see it; the nick is not terminated and any bytes. */
struct event_member {
	uint64_t id;
	const char *nick;
	size_t nick_size;
	bool is_nick_shared; /* somebody else who is here goes by it, too */
	bool is_nick_plain;  /* it is a plain word (utf8.h), as far as known */
};

/* A datagram from any program; nothing in it can be trusted. */
struct event_plain {
	struct address from;
	const char *interface; /* it came in on; NULL when unknown */
	int hop_limit;         /* it came in with; -1 when unknown */
	const char *text;      /* not terminated, any bytes, newlines too */
	size_t size;
};

struct event_lost {
	uint64_t count;  /* 0: nobody knows how many, if any; */
	bool is_before;  /* then: said before what comes next, or else last */
	const char *why; /* a phrase for people */
};

/* EVENT_MESSAGE and EVENT_ACTION. */
struct event_message {
	uint64_t sequence; /* of the packet that ends it */
	uint64_t number;   /* of the message: the author's 1, 2, 3, ... */
	const char *text;  /* not terminated, any bytes */
	size_t size;
	bool is_history; /* said before we joined */
	bool is_own;     /* said by us */
};

struct event_leave {
	bool is_timeout;         /* it did not say bye */
	uint64_t lacks;          /* packets of ours that it had not confirmed */
	uint64_t lacks_from;     /* number of the message they begin with */
	bool has_skipped;        /* and some that it will never get */
	bool got_only_small;     /* large packets seem not to have reached it */
	struct instant heard_at; /* last */
};

/* The new nick is the member's. */
struct event_nick {
	const char *old_nick; /* not terminated, any bytes */
	size_t old_nick_size;
	bool is_old_nick_shared; /* somebody else who is here goes by it */
};

/* Somebody knows as many members as it can. */
struct event_full {
	size_t members;
	bool is_refused; /* others do not let us in; or else we a newcomer */
};

enum event_peer_state {
	EVENT_PEER_REACHED,
	EVENT_PEER_UNREACHED, /* not heard since the start */
	EVENT_PEER_LOST,      /* not heard any more */
	EVENT_PEER_UNKNOWN,   /* its name leads nowhere */
	EVENT_PEER_SELF,      /* that is this member itself */
};

struct event_peer {
	const char *name;       /* as it was named, or its address */
	struct address address; /* ADDRESS_NONE: not known */
	enum event_peer_state state;
};

struct event_private {
	const char *key;      /* its fingerprint */
	struct address group; /* with its port */
};

enum event_outside_kind {
	EVENT_OUTSIDE_OTHER_KEY, /* sealed, with another key or for a room */
	EVENT_OUTSIDE_PLAIN,     /* not sealed */
	EVENT_OUTSIDE_FORGED,    /* or damaged */
	EVENT_OUTSIDE_TIME,      /* of a member, whose clock is off */
};

struct event_outside {
	enum event_outside_kind kind;
	struct address address; /* it came from, or was said to come from */
	uint64_t count;         /* of datagrams since the last such event */
	int64_t ahead_s;        /* EVENT_OUTSIDE_TIME: of our clock */
};

/* A number with its name, as in JSON: "repaired_by_me". */
struct event_stat {
	const char *name;
	uint64_t value;
};

struct event_stats {
	const struct event_stat *items;
	size_t count;
};

struct event {
	enum event_kind kind;
	struct wall_time time; /* of the author; of reception for EVENT_PLAIN */
	/* Of EVENT_MESSAGE and EVENT_ACTION; whoever takes it from the engine
	 * sets these, if they are wanted. */
	struct wall_time received;  /* by our clock; 0: not known */
	bool is_misdated;           /* the author's clock is wrong, and this is
				     * no history: people see `received` */
	struct event_member member; /* who; none in EVENT_PLAIN, EVENT_STATS,
				     * EVENT_FULL, EVENT_PEER, EVENT_PRIVATE and
				     * EVENT_OUTSIDE but for one of time, and
				     * none in an EVENT_LOST of nobody knows
				     * whom */
	union {
		struct event_plain plain;
		struct event_lost lost;
		struct event_message message;
		struct event_leave leave;
		struct event_nick nick;
		struct event_stats stats;
		struct event_full full;
		struct event_peer peer;
		struct event_private private;
		struct event_outside outside;
	};
};

#endif
