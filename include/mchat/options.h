/* SPDX-License-Identifier: ISC */
/* The command line: from words to a checked configuration. */
#ifndef MCHAT_OPTIONS_H
#define MCHAT_OPTIONS_H

#include <stdbool.h>

#include "mchat/chat/chat.h"
#include "mchat/network/group.h"

/* Where the chat is when nothing is said: RFC 2365 local scope, "MC". */
#define OPTIONS_GROUP "239.255.77.67"
#define OPTIONS_PORT  62428 /* m-c-h-a-t on a phone's keys */

struct options {
	struct chat_config chat; /* borrows from the next two and from argv */
	const char *interfaces[GROUP_INTERFACES_MAX];
	const char **messages; /* owned; room for argc */

	bool has_port;    /* -p was given */
	bool has_group;   /* GROUP was */
	bool has_history; /* -H was */
	bool is_receive_only;
	bool is_send_only;
	bool explains;
};

enum options_result {
	OPTIONS_RUN,    /* chat with what *out says */
	OPTIONS_DONE,   /* help or version was printed: exit 0 */
	OPTIONS_USAGE,  /* a line on stderr says what is wrong: exit 2 */
	OPTIONS_FAILED, /* no memory, or stdout failed: exit 1 */
};

/*
 * Reads the command line into *out, which options_fini gives back whatever the
 * result.  argv may be reordered, as by getopt_long.
 */
enum options_result options_parse(int argc, char *argv[], struct options *out);

void options_fini(struct options *options);

#endif
