/* SPDX-License-Identifier: ISC */
/* What a chat is to do, as the command line has it. */
#ifndef MCHAT_CHAT_CONFIG_H
#define MCHAT_CHAT_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/time.h"
#include "mchat/chat/notify.h"
#include "mchat/chat/session.h"
#include "mchat/io/diagnostics.h"
#include "mchat/io/fault_injection.h"
#include "mchat/view/view.h"

struct chat_config {
	struct session_config session;

	const char *const *messages; /* to send instead of standard input */
	size_t message_count;
	bool reads_input; /* else end of input from the start */
	bool talks;       /* has something to say, so that it ends */
	bool shows;       /* what others say */

	enum view_format format;
	bool ends_with_nul; /* each message of VIEW_BARE */
	enum color_when color;
	bool is_plain; /* the terminal gets lines, and no sequence to move in
			* them: its own editing serves */
	bool has_bell; /* it rings when we are spoken of */
	enum notify_how notify;  /* how that is told who looks elsewhere */
	const char *log;         /* file that gets the transcript, or NULL */
	uint64_t count;          /* end after so many messages; 0: do not */
	size_t wait;             /* for so many members, before it talks */
	struct duration timeout; /* bound on waiting */
	bool has_timeout;        /* else of `count` there is none */

	struct fault_rates faults;
	uint64_t seed;  /* of the faults */
	bool has_stats; /* a summary at the end */

	enum verbosity verbosity;
};

#endif
