/* SPDX-License-Identifier: ISC */
/*
 * What the parts of a chat share: its whole state.  Whoever runs one sees
 * mchat/chat/chat.h only.
 */
#ifndef MCHAT_CHAT_CHAT_INTERNAL_H
#define MCHAT_CHAT_CHAT_INTERNAL_H

#include <stdbool.h>

#include "mchat/base/time.h"
#include "mchat/chat/clock_offset.h"
#include "mchat/chat/commands.h"
#include "mchat/chat/config.h"
#include "mchat/chat/console.h"
#include "mchat/chat/delivery.h"
#include "mchat/chat/display.h"
#include "mchat/chat/history_merge.h"
#include "mchat/chat/input.h"
#include "mchat/chat/notify.h"
#include "mchat/chat/one_way.h"
#include "mchat/chat/outside.h"
#include "mchat/chat/phase.h"
#include "mchat/chat/presence_notices.h"
#include "mchat/chat/prompt.h"
#include "mchat/chat/receive_path.h"
#include "mchat/chat/send_path.h"
#include "mchat/chat/session.h"
#include "mchat/interfaces/interface_monitor.h"
#include "mchat/io/stderr_queue.h"
#include "mchat/network/counters.h"

struct chat {
	const struct chat_config *config;
	struct session session;
	struct input input;
	struct console console;
	struct prompt prompt;
	struct notify notify;
	struct send_path send_path;
	struct receive_path receive_path;
	struct clock_offsets clock_offsets; /* of who said something */
	struct history_merge history_merge;
	struct presence_notices presence_notices;
	struct counters counters; /* of the kernel, when we joined */
	struct interface_monitor interface_monitor;
	struct display display;
	struct stderr_queue stderr_queue;
	struct delivery delivery;
	struct one_way one_way;
	struct outside outside; /* of a private group */
	struct phase phase;
	enum commands_wish wish;    /* what to do behind PHASE_PARTING */
	bool is_hurried;            /* not to wait any more then */
	bool wait_was_reported;     /* for members, of this group */
	bool output_was_closed;     /* and it was said why */
	bool is_held_up;            /* more came than there is room to show */
	bool packets_were_reported; /* of members without --raw */
	bool plain_was_reported;    /* of programs without packets, here */
	bool sealed_was_reported;   /* that there are private groups */
	bool version_was_reported;  /* of members with another, here */
	bool is_copied;             /* somebody seals as we do */
	struct instant deadline;    /* for config->count messages to come */
};

#endif
