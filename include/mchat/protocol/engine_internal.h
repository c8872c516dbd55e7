/* SPDX-License-Identifier: ISC */
/*
 * What the parts of an engine share: its whole state.  Whoever uses an engine
 * sees mchat/protocol/engine.h only.
 */
#ifndef MCHAT_PROTOCOL_ENGINE_INTERNAL_H
#define MCHAT_PROTOCOL_ENGINE_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/buffer.h"
#include "mchat/base/byte_rate.h"
#include "mchat/base/prng.h"
#include "mchat/base/rate_limit.h"
#include "mchat/base/time.h"
#include "mchat/protocol/ack_counts.h"
#include "mchat/protocol/coder.h"
#include "mchat/protocol/copies_types.h"
#include "mchat/protocol/congestion.h"
#include "mchat/protocol/deadlines_types.h"
#include "mchat/protocol/engine_types.h"
#include "mchat/protocol/fragments_types.h"
#include "mchat/protocol/gathering_types.h"
#include "mchat/protocol/limiting_types.h"
#include "mchat/protocol/member_counts_types.h"
#include "mchat/protocol/members.h"
#include "mchat/protocol/nicks.h"
#include "mchat/protocol/pacing.h"
#include "mchat/protocol/packet_size_types.h"
#include "mchat/protocol/path_mtu_types.h"
#include "mchat/protocol/presence_events.h"
#include "mchat/protocol/repair_cut.h"
#include "mchat/protocol/repair_queue.h"
#include "mchat/protocol/report_list_types.h"
#include "mchat/protocol/send_window.h"
#include "mchat/protocol/state_wanted.h"

/* The turn-around of the group: as first guessed, and at most. */
#define RTT_FIRST_MS 5
#define RTT_MAX_MS   300

/* Whose turn it is to be sent. */
struct engine_turn {
	bool is_repair;
	unsigned count; /* packets so far */
	struct instant at;
};

struct engine {
	struct engine_config config;
	struct prng prng;
	struct instant started;
	uint64_t counter;      /* of our STATEs */
	unsigned byes;         /* still to be sent */
	struct instant bye_at; /* the next */
	bool has_left;
	bool is_full_told;    /* that a newcomer was refused */
	bool is_refused_told; /* and that others have no room for us */

	struct members members;
	struct deadlines deadlines; /* of all */
	struct send_window send_window;
	struct ack_counts ack_counts;
	struct member_counts member_counts;
	struct report_list report_lists[REPORT_LIST_KINDS];
	struct congestion congestion;
	struct pacing pacing;
	struct limiting limiting;
	struct copies copies;
	struct coder coder;     /* of our blocks */
	struct helping helping; /* an author that does not repair any more */
	struct rate_limit decode_rate;
	uint8_t (
		*symbols)[CODING_SUM_MAX]; /* CODING_BLOCK of them, for
					    * decoding; owned; NULL: none yet */
	struct byte_rate sending;          /* what we say, and repair of it */
	struct byte_rate receiving;        /* DATA of all authors */
	struct repair_queue repair_queue;
	struct rate_limit repair_rate; /* of repairs that all ask for */
	struct repair_cut repair_cut;
	struct path_mtu_group path_mtu;
	struct gathering gathering;
	struct packet_size packet_size;
	struct fragments fragments;
	struct presence_events presence_events;
	struct duration rtt;     /* from an ask to its answer */
	struct duration ack_rtt; /* from a packet to its confirmation */

	struct instant presence_at;
	struct instant hello_at; /* again; NEVER: somebody has answered */
	struct duration hello;
	struct instant confirm_at;   /* report what came in then */
	struct instant polled;       /* by anybody, last */
	struct instant heartbeat_at; /* while something is unconfirmed */
	struct duration heartbeat;
	struct duration confirmed_within; /* by all, what was sent last */
	bool is_finishing;                /* no more is said for now */
	bool confirms_first;              /* they had no room in a STATE */
	bool is_polling;            /* those who have not confirmed, by name */
	bool has_confirmed;         /* one of them, since the last beat */
	unsigned polls_in_vain;     /* one after the other */
	struct instant ticked;      /* the timers of members, last */
	struct instant stall_look;  /* for members that are silent about what
				     * they lack; NEVER: nobody lacks anything */
	struct instant state_after; /* no STATE before this */
	bool probe_is_due; /* a beat that sends again what is unconfirmed */
	struct state_wanted wanted;
	struct engine_reason reason; /* of the last packet */
	bool was_coded;              /* the last repair */
	struct engine_turn turn;
	uint32_t own_sent;     /* packets of ours, repairs too */
	unsigned memory_pause; /* packets to refuse before looking again */
	size_t memory;         /* bytes that members and their packets take */
	struct instant refused_at; /* a newcomer, for want of room: last; 0 ns:
				    * never */
	size_t rotation;           /* of the reports that presence adds */

	struct member *queue_first; /* that has messages to hand out */
	struct member *queue_last;
	struct presence_event
		presence_event; /* that the last event borrowed from */
	struct buffer scratch;  /* as its text, when that is long */
	struct nick own_nick;   /* among the nicks of members */
	enum engine_disposition took;
	unsigned put_together; /* packets, with that one */
	struct engine_counts counts;
	unsigned recent;         /* packets of others that were new, of the last
				  * one or two thousand, */
	unsigned recent_repairs; /* and repairs among them */
};

/* Whether so much of what came recently was lost on the way here, and repaired,
 * that losses are usual. */
#define ENGINE_LOSSY 0.05

static inline bool engine_is_lossy(const struct engine *e)
{
	return e->recent_repairs > ENGINE_LOSSY * e->recent;
}

#endif
