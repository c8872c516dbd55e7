/* SPDX-License-Identifier: ISC */
/*
 * What was really said: each member's messages, and the packets that they left
 * in, as seen on the wire when they were sent for the first time.
 */
#ifndef MCHAT_TESTS_SIM_AUTHORS_H
#define MCHAT_TESTS_SIM_AUTHORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct journal;
struct parcel;

/* Members of which is noted what packets they were handed. */
#define AUTHORS_NOTED 64

/* A message; they are numbered from 1. */
struct said {
	int64_t at;
	uint32_t size;
	bool is_action;
	uint64_t first_packet; /* sequence; 0: not sent yet */
	uint64_t last_packet;
	int64_t left_at;  /* all of it had left; 0: not yet */
	uint32_t reached; /* members that it was delivered to */
	unsigned parts;   /* of the group that all have it: engines, crowd */
};

/* A DATA packet; they are numbered from 1, too. */
struct sent {
	uint64_t hash;          /* of its bytes, as a repair */
	uint32_t first_message; /* that begins or goes on in it */
	uint32_t message_count; /* that end in it */
	uint64_t handed;        /* to which members, by bit, AUTHORS_NOTED */
};

enum author_status {
	AUTHOR_ABSENT,
	AUTHOR_HERE,
	AUTHOR_STOPPED,
	AUTHOR_GONE, /* killed or left */
};

struct author {
	uint64_t id;
	enum author_status status;
	int64_t joined_at;
	int64_t stopped_at; /* last */
	int64_t stopped;    /* for so long, all in all */
	unsigned full;      /* how often it was told that it knows all it can */
	unsigned refused;   /* and that others do */
	bool has_jumped;    /* its clock */
	bool has_lied;      /* and what it lacks is its own fault */
	struct said *said;
	size_t said_count;
	size_t said_room;
	uint8_t *cut; /* the packet that leaves in fragments first; or NULL */
	size_t cut_size; /* of its bytes that have left */
	struct sent *sent;
	size_t sent_count;
	size_t sent_room;
	size_t packed;         /* messages whose end has been sent */
	uint64_t packets_said; /* that all it said takes, also those that wait
				*/
};

struct authors {
	struct author *list;
	unsigned count;
	const uint8_t *pool; /* of which all texts are cut */
	bool is_lenient;     /* a forger may put words into their mouths */
	struct journal *journal;
};

/* Bytes for texts, which serve every run; to be freed by memory_free. */
uint8_t *authors_pool_new(void);

void authors_init(struct authors *authors, unsigned count, const uint8_t *pool,
	struct journal *journal);
void authors_fini(struct authors *authors);

/* The member of this id, or authors->count. */
uint32_t authors_find(const struct authors *authors, uint64_t id);

/* The id of a member, in a run with this salt: its slot can be told from it. */
uint64_t authors_id(
	const struct authors *authors, uint32_t slot, uint64_t salt);

/* The text of a message, which `size` bytes can be had of. */
const uint8_t *authors_text(
	const struct authors *authors, uint32_t slot, size_t number);

/* How many messages end in the packets up to this one. */
uint64_t authors_messages_in(const struct author *author, uint64_t packet);

/* The next message was said. */
void authors_said(
	struct authors *authors, uint32_t slot, const struct said *said);

/*
 * A member sent a packet: notes what is in it, in `parcel` too, and that it is
 * well-formed, in sequence, the author's own words, and a repair the same as
 * the first time.
 */
void authors_sent(struct authors *authors, struct parcel *parcel);

#endif
