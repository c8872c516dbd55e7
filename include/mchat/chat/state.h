/* SPDX-License-Identifier: ISC */
/*
 * What the parts of a chat share: its whole state.  Whoever runs one sees
 * mchat/chat/chat.h only.
 */
#ifndef MCHAT_CHAT_STATE_H
#define MCHAT_CHAT_STATE_H

#include <stdbool.h>

#include "mchat/base/time.h"
#include "mchat/chat/command.h"
#include "mchat/chat/config.h"
#include "mchat/chat/console.h"
#include "mchat/chat/delivery.h"
#include "mchat/chat/display.h"
#include "mchat/chat/errors.h"
#include "mchat/chat/inbound.h"
#include "mchat/chat/input.h"
#include "mchat/chat/log.h"
#include "mchat/chat/outbound.h"
#include "mchat/chat/output.h"
#include "mchat/chat/session.h"
#include "mchat/chat/weather.h"

enum phase {
	PHASE_GATHERING, /* for members, before anything is said (-w) */
	PHASE_TALKING,
	PHASE_PARTING,    /* from a group, once what was said is confirmed */
	PHASE_CONFIRMING, /* all was said */
	PHASE_OVER,
};

struct chat {
	const struct chat_config *config;
	struct session session;
	struct input input;
	struct console console;
	struct outbound outbound;
	struct inbound inbound;
	struct weather weather;
	struct display display;
	struct output output;
	struct log log;
	struct errors errors;
	struct delivery delivery;
	enum phase phase;
	enum command_wish wish;  /* what to do behind PHASE_PARTING */
	bool is_hurried;         /* not to wait any more then */
	bool wait_was_told;      /* for members, of this group */
	bool output_was_closed;  /* and it was said why */
	struct instant deadline; /* for config->count messages to come */
	bool has_failed;         /* exit status 1; why was said */
};

#endif
