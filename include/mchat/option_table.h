/* SPDX-License-Identifier: ISC */
/* The options of the chat: a row each, with what reads its value, and what they
 * give together. */
#ifndef MCHAT_OPTION_TABLE_H
#define MCHAT_OPTION_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "mchat/chat/chat.h"
#include "mchat/network/group.h"
#include "mchat/network/group_sources.h"
#include "mchat/peers/peers.h"
#include "mchat/protocol/room.h"
#include "mchat/seal/shared_key.h"

/* Where the chat is when nothing is said: RFC 2365 local scope, "MC". */
#define OPTIONS_GROUP      "239.255.77.67"
#define OPTIONS_GROUP_IPV6 "ff12::4d43" /* of the link, "MC" */
#define OPTIONS_PORT       ROOM_PORT

struct options {
	struct chat_config chat; /* borrows from the next two and from argv */
	const char *interfaces[GROUP_INTERFACES_MAX];
	struct peers_config peers;
	const char **messages; /* owned; room for argc */

	struct address sources[GROUP_SOURCES_MAX]; /* of -s */
	char zone[ADDRESS_ZONE_SIZE]; /* of GROUP; interfaces may point to it */
	const char *key_name;         /* of -k, or NULL; of argv */
	struct shared_key key;        /* secret; options_fini wipes it */

	bool has_ipv4;    /* -4 was given */
	bool has_ipv6;    /* -6 was */
	bool has_port;    /* -p was given */
	bool has_group;   /* GROUP was */
	bool has_history; /* -H was */
	bool is_receive_only;
	bool is_send_only;
	bool explains;
};

/* Rows that there are at most. */
#define OPTION_ROWS_MAX 48

/* An option without a letter has a code from here on, past all characters. */
#define OPTION_LONG 256

/* One option: what getopt_long, the help and the reading need of it. */
struct option_row {
	int code; /* its letter, or OPTION_LONG and more */
	const char *name;
	const char *argument; /* as the help shows it; in brackets: may be left
			       * out, else behind '='; NULL: takes none */
	const char *help;
	/* Reads the value, NULL when it was left out; false when it is wrong,
	 * which was then said. */
	bool (*read)(struct options *options, const char *value);
};

/* NULL behind the last. */
const struct option_row *option_row_at(size_t index);

/* NULL: no option has this code. */
const struct option_row *option_row_find(int code);

/* Reads a port, which messages call `name`; false when it is wrong, which was
 * then said. */
bool option_read_port(
	struct options *options, const char *name, const char *value);

#endif
