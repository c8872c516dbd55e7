/* SPDX-License-Identifier: ISC */
/*
 * From datagrams to what is shown: each goes to the engine, and each event that
 * the engine has goes to on_event.
 */
#ifndef MCHAT_CHAT_INCOMING_H
#define MCHAT_CHAT_INCOMING_H

#include <stdbool.h>

#include "mchat/base/time.h"

struct chat;

/* Whether the group's socket should be read when it is ready, at `now`. */
bool incoming_wants_more(const struct chat *chat, struct instant now);

/* Takes what the group's socket has, and shows what came of it. */
void incoming_receive(struct chat *chat);

/* The same for the socket of the peers, which must be open. */
bool incoming_wants_peers(const struct chat *chat);
void incoming_receive_from_peers(struct chat *chat);

/* The same for the socket by which the doctor's probes come. */
void incoming_receive_probes(struct chat *chat, struct instant now);

/* Does what is due: takes what was held back, tells of losses. */
void incoming_tick(struct chat *chat, struct instant now);

/* Takes what was received and could not be shown yet, as far as there is room;
 * chat->is_held_up: there is more. */
void incoming_drain(struct chat *chat, struct instant now);

/* When incoming_tick is due. */
struct instant incoming_deadline(const struct chat *chat, struct instant now);

/* Shows what is gathered to be put in order, as it is: something that is to be
 * shown behind it cannot wait. */
void incoming_end_gathering(struct chat *chat, struct instant now);

/* The end: takes and tells all that there is. */
void incoming_finish(struct chat *chat);

#endif
