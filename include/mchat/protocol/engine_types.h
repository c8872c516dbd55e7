/* SPDX-License-Identifier: ISC */
/* What an engine is told, and tells of itself: types that its parts share with
 * whoever uses it. */
#ifndef MCHAT_PROTOCOL_ENGINE_TYPES_H
#define MCHAT_PROTOCOL_ENGINE_TYPES_H

#include <stddef.h>
#include <stdint.h>

struct engine_config {
	uint64_t id;           /* random, not 0; names this member */
	uint64_t seed;         /* of its random choices */
	uint32_t room;         /* tag; packets of other rooms are ignored */
	const char *nick;      /* terminated, at most WIRE_NICK_MAX bytes */
	uint8_t hop_limit;     /* that packets will leave with */
	size_t packet_size;    /* bytes, at most WIRE_USUAL_MAX */
	size_t packet_largest; /* that our interfaces carry, for when all that
				* are here take more than that; 0: no more */
	unsigned history;      /* messages per author to fetch on joining; more
				* cannot be had later, for an author's messages
				* come out in order */
};

/* Why a packet leaves; of a STATE, which may have many reasons, the first of
 * them in this order. */
enum engine_reason_kind {
	ENGINE_FIRST,      /* something new was said */
	ENGINE_REPAIR,     /* of ours, that somebody lacks */
	ENGINE_REPAIR_FOR, /* of another author, which does not repair it */
	ENGINE_CODE,       /* a combination of ours, for many that lack some */
	ENGINE_CODE_FOR,   /* of another author, which does not repair */
	ENGINE_BYE,
	ENGINE_HELLO,
	ENGINE_NACK,      /* for what we lack */
	ENGINE_NICK,      /* which is new */
	ENGINE_ANSWER,    /* because somebody wanted one */
	ENGINE_HEARTBEAT, /* because not all has been confirmed */
	ENGINE_POLL,      /* for reports of some members */
	ENGINE_CONFIRM,   /* what came in */
	ENGINE_PRESENCE,  /* because we are here */
};

struct engine_reason {
	enum engine_reason_kind why;
	uint64_t requester; /* of repair and answer: the first one */
	unsigned requests;  /* its first one, and all of others; 0: none */
	uint64_t origin;    /* of repair and ask: the author; the first one */
	unsigned origins;   /* of an ask: how many */
	uint64_t packets; /* of an ask: how many we lack, as far as it says; of
			   * a combination: how many the requester lacks of
			   * its block */
};

/* What came of a packet. */
enum engine_disposition {
	ENGINE_DISPOSITION_NEW,
	ENGINE_DISPOSITION_REPAIR,  /* new, and fills a gap */
	ENGINE_DISPOSITION_DOUBLE,  /* it was had already, or is older than what
				       is */
	ENGINE_DISPOSITION_LATE,    /* it had been given up */
	ENGINE_DISPOSITION_TOO_FAR, /* beyond the window: it will have to come
				       again */
	ENGINE_DISPOSITION_STATE,
	ENGINE_DISPOSITION_OLD_STATE, /* overtaken by another, or came twice */
	ENGINE_DISPOSITION_ECHO,      /* our own */
	ENGINE_DISPOSITION_OTHER_ROOM,
	ENGINE_DISPOSITION_FRAGMENT, /* kept until the rest of the packet
					comes */
	ENGINE_DISPOSITION_CODED,    /* a combination: kept until there are
					enough */
	ENGINE_DISPOSITION_DECODED,  /* packets were put together with it */
	ENGINE_DISPOSITION_NOTHING,  /* refused: malformed, absurd, or no room
					for it */
};

/* What has happened so far, in packets. */
struct engine_counts {
	uint64_t data_sent; /* first time */
	uint64_t repairs_sent;
	uint64_t coded_sent; /* combinations */
	uint64_t coded_received;
	uint64_t coded_useless; /* that gave nothing */
	uint64_t decoded;       /* packets that were put together of them */
	uint64_t poisoned;      /* blocks of which something was false */
	uint64_t states_sent;
	uint64_t nacks_sent; /* of those, the ones that report gaps */
	uint64_t states_received;
	uint64_t data_received; /* new ones */
	uint64_t doubles;       /* that were had already */
	uint64_t repaired;      /* new ones that came as repairs */
	uint64_t late;          /* that had been given up: told as lost, or done
				 * without as history */
	uint64_t delivered;     /* messages */
	uint64_t lost;          /* messages or packets told as lost */
	uint64_t bad;           /* packets that were malformed or refused */
	uint64_t steps;         /* packets and members that were looked at for
				 * what came in, where that may be many */
	size_t memory;          /* bytes held, now */
};

#endif
