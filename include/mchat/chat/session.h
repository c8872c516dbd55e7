/* SPDX-License-Identifier: ISC */
/* Our presence in one group: the membership, and the member that we are. */
#ifndef MCHAT_CHAT_SESSION_H
#define MCHAT_CHAT_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/time.h"
#include "mchat/chat/engine_driver.h"
#include "mchat/chat/nick.h"
#include "mchat/chat/probe_listener.h"
#include "mchat/interfaces/membership.h"
#include "mchat/interfaces/rejoin.h"
#include "mchat/io/sealer.h"
#include "mchat/io/diagnostics.h"
#include "mchat/protocol/room.h"
#include "mchat/seal/key_schedule.h"
#include "mchat/trace/trace.h"

struct buffer;
struct call_log;
struct event;
struct peers;
struct peers_config;
struct shared_key;

/* Members that we were, in groups that we left: the last so many are known. */
#define SESSION_OWN_MAX 64

struct session_config {
	struct membership_config membership;
	const char *nick; /* NULL: the login name */
	unsigned history; /* messages per author to fetch on joining */
	const struct peers_config *peers; /* NULL: none; borrowed */
	const struct shared_key *key;     /* of a private group; NULL: it is
					   * none; borrowed */
	const char *key_name;             /* the file's, or "ask"; borrowed */
	enum verbosity verbosity;         /* of what is said of them */
	bool is_raw;                      /* textbook datagrams; no engine */
	bool traces;                      /* a line for each packet */
	bool has_color;                   /* that line */
};

struct session {
	struct session_config config;   /* where we are, or were */
	struct membership_config first; /* where we began */
	struct call_log *log;           /* borrowed */
	char nick[NICK_SIZE];
	/* What config may point to. */
	char room[ROOM_NAME_MAX + 1];
	char zone[ADDRESS_ZONE_SIZE];
	const char *zone_name; /* zone */

	struct membership membership;
	struct rejoin rejoin;
	struct engine_driver
		*driver; /* to own_driver; NULL: raw, or not open */
	struct engine_driver own_driver;
	struct peers *peers;  /* NULL: none, or not open */
	struct sealer sealer; /* .seal NULL: not private, or not open */
	struct seal_history history;
	/* Where this machine was copied, what is drawn next comes from this. */
	uint8_t seed[SEAL_SEED_SIZE];
	struct probe_listener probe_listener;
	struct trace trace;

	uint64_t own[SESSION_OWN_MAX]; /* ids that we had or have */
	size_t own_count;              /* in all */
	bool is_open;
	bool keeps_port;    /* the group was named without one */
	bool has_met_peers; /* they were open before */
	uint64_t id;        /* for the engine; 0: drawn by it */
	bool has_seed;
};

/* The group of a room, NULL: of none; private where there is a key.  The port
 * is left alone. */
void session_room_address(const struct shared_key *key, const char *room,
	enum address_family family, struct address *out);

/* Not in a group yet. */
void session_init(struct session *session, const struct session_config *config,
	struct call_log *log);

/*
 * Goes where session->config says and becomes a member, unless it is raw.
 * What goes wrong is said; after MEMBERSHIP_NOT and MEMBERSHIP_USAGE it is not
 * open.
 */
enum membership_result session_open(
	struct session *session, struct instant now);

/* Somebody seals as we do, as this machine was copied: closes the session; the
 * next is of another member.  False, and nothing is closed, when that cannot
 * be, which was said. */
bool session_leave_copy(struct session *session, struct instant now);

/* Appends "private, key 02e8-a717"; false when it is not. */
bool session_append_key(const struct session *session, struct buffer *out);

/* The fingerprint of the key, which there must be. */
void session_fingerprint(
	const struct session *session, char out[KEY_SCHEDULE_FINGERPRINT_SIZE]);

/* Who hears probes, and where, while it is open. */
struct probe_place session_probe_place(struct session *session);

/* The membership; NULL when the session is not open. */
struct membership *session_membership(struct session *session);

/* There is another peer, or interface: packets are as large as each of them
 * takes whole. */
void session_fit_packets(struct session *session, struct instant now);

/*
 * Follows the interfaces of this host, and lets the members know where one is
 * other than before; then it is true.
 */
bool session_follow(
	struct session *session, enum verbosity verbosity, struct instant now);

/* Joins the group anew when that is due, the last datagram having come at
 * `heard`; whether it did, and session_follow is due.  And when to call it. */
bool session_rejoin(
	struct session *session, struct instant heard, struct instant now);
struct instant session_rejoin_deadline(const struct session *session);

/*
 * Has session->config name another place: a group as "239.1.2.3",
 * "239.1.2.3:5000" or "[ff12::1%eth0]:5000", else a room.  Where no port is
 * named, it stays.  What is wrong with it as a phrase, or NULL.
 */
const char *session_find(struct session *session, const char *text);

/* Marks a message of ours as our own, also one that we said before we left and
 * came back: others keep it and show it to us. */
void session_mark_own(const struct session *session, struct event *event);

/* What is to be told of each packet; NULL when nobody looks. */
const struct trace *session_trace(const struct session *session);

/* Changes how far packets go, and whether others on this host hear us; a
 * failure is said. */
void session_set_hop_limit(struct session *session, int hop_limit);
void session_set_loopback(struct session *session, bool is_on);

/* Says the options that the sockets have. */
void session_say_options(const struct session *session);

/* Closes what is open; harmless to repeat. */
void session_close(struct session *session);

#endif
