/* SPDX-License-Identifier: ISC */
/*
 * The wire format, byte by byte in mchat-protocol(7): four kinds of packet,
 * DATA, STATE, FRAGMENT and CODE, behind one header.  Decoding copies nothing:
 * what it gives points into the packet.  Nothing in a packet can be trusted.
 */
#ifndef MCHAT_PROTOCOL_WIRE_H
#define MCHAT_PROTOCOL_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/cursor.h"
#include "mchat/base/time.h"
#include "mchat/protocol/record.h"

/* The first byte, which is none of UTF-8's: a plain text is told apart. */
#define WIRE_MAGIC          0xF9
#define WIRE_VERSION        1
#define WIRE_VERSION_SEALED 2 /* the seal's own, which no engine reads */

/* What fits an Ethernet frame behind the IPv4 and UDP headers: what every
 * member takes, and as large as a STATE may be. */
#define WIRE_USUAL_MAX 1472

/* The largest packet that any member takes: a frame of 9,000 bytes, as data
 * centres have them, less the same headers. */
#define WIRE_PACKET_MAX 8972

/*
 * The largest datagram that comes through wherever IPv4 does: every host takes
 * 576 bytes (RFC 1122, 3.3.2, and what a sender that knows no better keeps to,
 * 3.3.3), less the largest IPv4 header, 60, and the UDP header, 8.
 */
#define WIRE_SMALL_MAX 508

/* What each packet has before it at least, and behind it, on the way: the
 * headers of Ethernet, IPv4 and UDP, and a frame's check, in bytes. */
#define WIRE_BELOW (14 + 20 + 8 + 4)

/* The longest message, in bytes: what a line of input may have. */
#define WIRE_MESSAGE_MAX ((size_t)64 * 1024)

/* Bytes of UTF-8 that a nick has at most. */
#define WIRE_NICK_MAX RECORD_NICK_MAX

/* Gaps that one report holds, and reports that one STATE packet holds.  At 30 %
 * loss so many gaps speak of 600 packets. */
#define WIRE_GAPS_MAX    128
#define WIRE_REPORTS_MAX 32

/* Sequence numbers begin at 1 and end here, so that sums of two never wrap. */
#define WIRE_SEQUENCE_MAX ((uint64_t)INT64_MAX)

enum wire_type {
	WIRE_DATA = 1,
	WIRE_STATE_0_1 = 2, /* of mchat 0.1; no engine reads it any more */
	WIRE_FRAGMENT = 3,
	/* 4 and 5 are of protocol/probe, 6 to 8 of protocol/wire_peer: no
	 * engine reads them. */
	WIRE_CODE = 9,
	WIRE_STATE = 10,
};

enum wire_result {
	WIRE_OK = 0,
	WIRE_NOT_OURS = -1,    /* another first byte: a plain datagram */
	WIRE_TRUNCATED = -2,   /* ends in the middle of something */
	WIRE_BAD_VERSION = -3, /* of a later mchat */
	WIRE_BAD_TYPE = -4,
	WIRE_BAD_VALUE = -5, /* a field that no member would send */
};

const char *wire_strerror(enum wire_result result);

/* What every packet begins with: 16 bytes. */
struct wire_header {
	enum wire_type type;
	uint8_t flags;   /* WIRE_... of its type; unknown bits are ignored */
	uint32_t room;   /* tag of the room; 0: none */
	uint64_t member; /* STATE: who speaks; all others: the author */
	uint8_t index;   /* CODE: which combination of its block; else 0 */
};

/* Flags of DATA. */
#define WIRE_REPAIR 0x01 /* sent again, perhaps not by its author */

/* Flags of STATE. */
#define WIRE_HELLO  0x01 /* I have just joined */
#define WIRE_BYE    0x02 /* I am leaving */
#define WIRE_ANSWER 0x04 /* let me hear from you */
#define WIRE_FULL   0x08 /* I know as many members as I can */

/*
 * Where an author stands on its own time line, which begins when it starts: so
 * that what was sent before a member started and what was sent after it can be
 * told apart without clocks that agree.  Whole milliseconds.
 */
struct wire_age {
	struct duration age;   /* since the author started */
	struct duration quiet; /* since it sent a packet for the first time;
				* WIRE_QUIET_MAX_MS: so long or longer */
};

/* The author's age when that packet left, or less where `quiet` is the most. */
static inline struct duration wire_age_before(struct wire_age age)
{
	return (struct duration){age.age.ns - age.quiet.ns};
}

#define WIRE_AGE_MAX_MS   ((INT64_C(1) << 40) - 1) /* 34 years */
#define WIRE_QUIET_MAX_MS ((INT64_C(1) << 24) - 1) /* 4 hours 39 minutes */

/* A DATA packet: header, then this. */
struct wire_data {
	uint64_t sequence;     /* 1, 2, 3, ... of its author */
	uint64_t message;      /* number of the first message that ends in it:
				* 1 for an author's very first; so a hole in
				* the packets shows how many messages it cost */
	struct wall_time time; /* of the author */
	struct wire_age sent;  /* when it left for the first time; its `quiet`
				* is since the packet before it did */
	const uint8_t *records;
	size_t records_size;
	uint64_t ends; /* messages that end in it; by wire_data_decode */
};

/* A run of missing packets, fewer than WIRE_GAP_FAR. */
struct wire_gap {
	uint64_t first;
	uint64_t count; /* at least 1 */
};

#define WIRE_GAP_FAR (UINT64_C(1) << 32)

/* Flags of a report. */
#define WIRE_REPORT_COUNTED 0x01 /* `messages` is known */
#define WIRE_REPORT_OWED    0x02 /* `owed` is there */
#define WIRE_REPORT_COUNTS  0x04 /* and the author is to tell it next */
#define WIRE_REPORT_LOST    0x08 /* it gave up packets that it is owed */
#define WIRE_REPORT_SMALL                                                      \
	0x10 /* what is larger than WIRE_SMALL_MAX came in fragments only */

/* What a member has of one author. */
struct wire_report {
	uint64_t origin;
	uint64_t next;       /* it has all that come before this */
	uint64_t known;      /* the last one it knows to exist; 0: none */
	uint64_t messages;   /* that end in the packets up to `known` */
	struct wire_age age; /* of the author, now; `quiet` is since `known`
			      * left for the first time */
	uint32_t received;   /* DATA packets of it that came in, repairs and
			      * doubles too, modulo 2^32 */
	uint8_t flags;       /* WIRE_REPORT_... */
	uint64_t owed;       /* the number of the first message of the sender
			      * of this STATE that it said when `origin` was
			      * there to hear it */
	uint8_t gap_count; /* the first that are missing from next on to known,
			    * in order and apart, but for what LACKS tells;
			    * none begins WIRE_GAP_FAR behind next, or later */
	struct wire_gap gaps[WIRE_GAPS_MAX];
};

/* What a member lacks of one block, and which combination of its author it
 * heard of. */
struct wire_lack {
	uint8_t packets;
	uint8_t heard; /* the highest index, and 1; 0: none */
};

/* Blocks that one item speaks of, and items that one STATE has, at most. */
#define WIRE_LACK_BLOCKS_MAX 66
#define WIRE_LACKS_MAX       4

/* Behind the reports, of the report with this number: block by block from that
 * of `next` on, to be read by wire_lack_at. */
struct wire_lacks {
	uint8_t report;
	uint8_t count;
	const uint8_t *bytes;
};

/* A STATE packet: header, then this, then the reports. */
struct wire_state {
	uint64_t counter;    /* of its sender; only grows */
	struct wire_age age; /* now; `quiet` is since `last` left for the first
			      * time, and the most when nothing did */
	const char *nick;
	uint64_t first;         /* of one's own packets, the first still kept */
	uint64_t last;          /* and the last sent; first is last + 1: none */
	uint64_t messages;      /* that ended in those up to last */
	const uint8_t *reports; /* to be read by wire_report_next */
	size_t reports_size;
	const uint8_t *held;   /* one for each report: to be read by
				* wire_state_held; NULL: not told */
	const uint8_t *polled; /* members that are to report to its sender soon:
				* to be read by wire_state_polled */
	struct duration interval; /* between two STATEs of its sender for
				   * presence, on average; 0: not told */
	struct wire_lacks lacks[WIRE_LACKS_MAX];
	uint8_t hop_limit; /* it left with */
	uint8_t nick_size;
	uint8_t report_count;
	uint8_t lacks_count;
	uint8_t polled_count; /* at most WIRE_POLLED_MAX */
	uint16_t largest;     /* packet that its sender takes; 0: not told */
	size_t size; /* of the packet that it was decoded from, but for what a
		      * later mchat adds; in bytes */
};

/* Members that one STATE polls at most. */
#define WIRE_POLLED_MAX 31

/* Bytes that what stands behind the reports may take in a STATE of `size` bytes
 * that polls so many members. */
size_t wire_tail_size(size_t size, uint8_t polled_count);

/* How long `known` of a report was held before this STATE left; this value: so
 * long or longer, or not known. */
#define WIRE_HELD_MAX_US (INT64_C(0xffff) * 16)

/* Bytes of a packet that a fragment holds: all hold as many, but for the last
 * one.  With what stands before them they make WIRE_SMALL_MAX. */
#define WIRE_FRAGMENT_BYTES (WIRE_SMALL_MAX - 16 - 12)

/* Fragments that a packet has at most. */
#define WIRE_FRAGMENTS_MAX                                                     \
	((WIRE_PACKET_MAX + WIRE_FRAGMENT_BYTES - 1) / WIRE_FRAGMENT_BYTES)

/* A FRAGMENT packet: header, then this: a part of a DATA packet that is too
 * large for somebody. */
struct wire_fragment {
	uint64_t sequence;    /* of the DATA */
	uint16_t offset;      /* in it: a multiple of WIRE_FRAGMENT_BYTES */
	uint16_t packet_size; /* all of it: more than one fragment holds */
	const uint8_t *bytes;
	size_t size; /* as many as fit, at least 1 */
};

/* Combinations of one block that its author makes, and those that other members
 * make, have indices below these. */
#define WIRE_CODE_OF_AUTHOR 128
#define WIRE_CODE_OF_OTHERS 192

/* Bytes that a CODE packet has beyond the largest DATA packet in it: what is
 * combined has them, so that DATA is that much smaller than a datagram. */
#define WIRE_CODE_EXTRA 8

/* Bytes of the longest sum: a datagram without header and `last`. */
#define WIRE_CODE_SUM_MAX (WIRE_PACKET_MAX - 16 - 8)

/* A CODE packet: header, then this: a combination of the packets of a block, up
 * to number `last` (coding.h). */
struct wire_code {
	uint64_t last;
	const uint8_t *sum;
	size_t size; /* WIRE_CODE_EXTRA to what the largest packet gives */
};

/* How many fragments a packet of this size has. */
static inline size_t wire_fragment_count(size_t packet_size)
{
	return (packet_size + WIRE_FRAGMENT_BYTES - 1) / WIRE_FRAGMENT_BYTES;
}

/* How many of a packet's bytes the fragment at `offset`, which is less than its
 * size, holds: so no two of them overlap. */
static inline size_t wire_fragment_size(size_t packet_size, size_t offset)
{
	size_t left = packet_size - offset;

	return left < WIRE_FRAGMENT_BYTES ? left : WIRE_FRAGMENT_BYTES;
}

/* Whether no more comes behind it. */
static inline bool wire_fragment_is_last(const struct wire_fragment *fragment)
{
	return fragment->offset + fragment->size == fragment->packet_size;
}

/*
 * Decoders: WIRE_OK and *out, or what is wrong and *out untouched.  They go on
 * where the one before stopped; what is behind the reports of a STATE is of a
 * later mchat and is left alone.
 */
enum wire_result wire_header_decode(
	struct reader *reader, struct wire_header *out);

/* The same for packets of whatever type, 0 to 15; those that are none of enum
 * wire_type are nothing to the engine. */
enum wire_result wire_any_header_decode(
	struct reader *reader, struct wire_header *out);

enum wire_result wire_data_decode(struct reader *reader, struct wire_data *out);

enum wire_result wire_fragment_decode(
	struct reader *reader, struct wire_fragment *out);

enum wire_result wire_code_decode(struct reader *reader, struct wire_code *out);

/* Whether it is a whole packet, of any room. */
bool wire_is_packet(const void *bytes, size_t size);

/* Whether a member of any room sent it that has another version of mchat, so
 * that neither takes the other for a member. */
bool wire_is_of_other_version(const void *bytes, size_t size);

/* Where the records of a DATA packet begin, and the time of its author; for one
 * that was decoded before, or is our own. */
#define WIRE_DATA_RECORDS_AT 48
#define WIRE_DATA_TIME_AT    32

static inline struct wall_time wire_data_time(const uint8_t *packet)
{
	return (struct wall_time){
		(int64_t)cursor_u64(packet + WIRE_DATA_TIME_AT)};
}

/* What stands before the records of a DATA packet that was decoded before, or
 * is our own: false, and *out untouched, when it is none. */
bool wire_data_open(const void *bytes, size_t size, struct wire_data *out);
enum wire_result wire_state_decode(
	struct reader *reader, struct wire_state *out);

/* What a packet has behind its header: one of these, by the header's type. */
union wire_body {
	struct wire_data data;
	struct wire_state state;
	struct wire_fragment fragment;
	struct wire_code code;
};

static inline enum wire_result wire_body_decode(
	struct reader *reader, enum wire_type type, union wire_body *out)
{
	switch (type) {
	case WIRE_DATA:
		return wire_data_decode(reader, &out->data);
	case WIRE_STATE:
		return wire_state_decode(reader, &out->state);
	case WIRE_FRAGMENT:
		return wire_fragment_decode(reader, &out->fragment);
	case WIRE_CODE:
		return wire_code_decode(reader, &out->code);
	case WIRE_STATE_0_1:
		break;
	}
	return WIRE_BAD_TYPE;
}

/* Takes the next report from a reader over wire_state.reports, as record_next
 * does from one over wire_data.records.  False at the end; the decoders above
 * have seen that all of them are whole and valid. */
bool wire_report_next(struct reader *reader, struct wire_report *out);

/* How long the member has held `known` of the report of this number, 0 being
 * the first: whole 16 microseconds, WIRE_HELD_MAX_US when it does not tell. */
struct duration wire_state_held(
	const struct wire_state *state, unsigned report);

/* What is lacked of the block with this number from that of `next` on, which is
 * below the count. */
struct wire_lack wire_lack_at(const struct wire_lacks *lacks, unsigned block);

/* What is lacked of the author that the report of this number is of; NULL when
 * it does not say. */
const struct wire_lacks *wire_state_lacks(
	const struct wire_state *state, unsigned report);

/* The id of a member that is polled; `index` is below polled_count. */
uint64_t wire_state_polled(const struct wire_state *state, unsigned index);

/* Encoders: what does not fit, or would not decode, makes the writer fail. */
void wire_header_encode(
	struct writer *writer, const struct wire_header *header);

/* What stands before the records of DATA, its `sent` as zero; they follow. */
void wire_data_encode(struct writer *writer, uint64_t sequence,
	uint64_t message, struct wall_time time);

/* What stands before the sum of CODE, whose header was encoded before. */
void wire_code_encode(struct writer *writer, uint64_t last);

/* FRAGMENT, whose header was encoded before. */
void wire_fragment_encode(
	struct writer *writer, const struct wire_fragment *fragment);

/*
 * STATE without its reports, of which `state` need not speak; returns where
 * their count is to be counted up, NULL when the writer failed.
 */
uint8_t *wire_state_encode(
	struct writer *writer, const struct wire_state *state);

/* How many gaps the next report may have, as far as room goes. */
size_t wire_report_room(const struct writer *writer);

/* Adds a report and counts it, at what wire_state_encode returned; false, and
 * nothing written, when it does not fit or would not decode, as a second one of
 * the same origin. */
bool wire_report_encode(struct writer *writer, uint8_t *count,
	const struct wire_report *report);

/* Behind the last report: how long what is `known` of each was held, one for
 * each report. */
void wire_held_encode(
	struct writer *writer, const struct duration *held, uint8_t count);

/* Bytes that the item takes which speaks of so many blocks. */
static inline size_t wire_lacks_size(uint8_t count)
{
	return 3 + (size_t)2 * count;
}

/* What is lacked of the author that the report of this number is of; nothing
 * without any block. */
void wire_lacks_encode(struct writer *writer, uint8_t report,
	const struct wire_lack *lacks, uint8_t count);

/* Behind the last report, before or behind others of these: how seldom the
 * sender may speak; nothing when that is 0.  At most WIRE_INTERVAL_MAX_MS. */
void wire_interval_encode(struct writer *writer, struct duration interval);

#define WIRE_INTERVAL_MAX_MS INT64_C(6553500)
#define WIRE_INTERVAL_SIZE   4

/* Beside that: the largest packet that the sender takes. */
void wire_largest_encode(struct writer *writer, size_t largest);

#define WIRE_LARGEST_SIZE 4

/* Behind that, or the last report: who is polled; nothing without any. */
void wire_polled_encode(
	struct writer *writer, const uint64_t *ids, uint8_t count);

/* Marks an encoded DATA packet as a repair. */
void wire_mark_repair(uint8_t *packet);

/* Has an encoded DATA packet say when it leaves for the first time. */
void wire_data_stamp(uint8_t *packet, struct wire_age sent);

#endif
