/* SPDX-License-Identifier: ISC */
/*
 * Long messages, folded on a terminal: the beginning is shown, and how much
 * more there is; /show shows the whole.
 */
#ifndef MCHAT_CHAT_FOLD_H
#define MCHAT_CHAT_FOLD_H

#include <stdbool.h>
#include <stddef.h>

#include "mchat/chat/kept_lines.h"

struct event;
struct view;

/* Bytes of a long message that are shown: half of a window of 24 rows. */
#define FOLD_SHOWN ((size_t)1024)

/* A message of more bytes is long: less is left out than is shown of no other.
 */
#define FOLD_MIN (2 * FOLD_SHOWN)

/*
 * Bytes of whole messages that are kept: eight as long as can be
 * (ENGINE_MESSAGE_MAX), and one even if each of its bytes is shown as four
 * ("\x1b").
 */
#define FOLD_KEPT_SIZE ((size_t)512 * 1024)

/* Messages that /show shows at most: as many as are kept of the shortest. */
#define FOLD_KEPT_MAX 256

struct fold {
	bool is_on; /* the caller's to set: people read text at a terminal, and
		     * can type /show */
	struct kept_lines whole;
};

void fold_init(struct fold *fold);
void fold_fini(struct fold *fold);

/* Appends the line of an event, as view_event does; the beginning of a long
 * message where it is on. */
void fold_event(struct fold *fold, struct view *view, const struct event *event,
	struct buffer *out);

/* Appends the last `count` messages that were folded, whole; returns how many
 * there were. */
size_t fold_show(const struct fold *fold, size_t count, struct buffer *out);

#endif
