/* SPDX-License-Identifier: ISC */
/*
 * How large our packets are: as large as every member that is here says it
 * takes, and as our interfaces allow; the usual size while nobody is here, or
 * somebody does not say.
 */
#ifndef MCHAT_PROTOCOL_PACKET_SIZE_H
#define MCHAT_PROTOCOL_PACKET_SIZE_H

#include <stdbool.h>
#include <stddef.h>

#include "mchat/base/time.h"

struct engine;
struct member;

/* After they became smaller packets do not grow again for so long, so that
 * whoever comes and goes makes them neither. */
#define PACKET_SIZE_REST_MS 10000

/* A member said in a STATE how large packets it takes, 0: it did not; before
 * presence_arrive. */
void packet_size_hear(struct member *m, size_t largest);

/* This member came, left or spoke (NULL: nobody did): the size is what those
 * that are here allow. */
void packet_size_update(
	struct engine *e, const struct member *m, struct instant now);

/*
 * The rate may be another one.  A packet is no larger than what leaves in half
 * a millisecond, somewhat as Linux has it of what TCP hands to a device at once
 * (tcp_tso_autosize): the rate is found, at the start and after loss, by
 * counting packets, and few large ones would take long for that.
 */
void packet_size_follow_rate(struct engine *e);

/* What we say is packed by the size that is right now; small where larger ones
 * do not reach somebody. */
void packet_size_apply(struct engine *e);

/* The size of the packets that we make now. */
size_t packet_size_now(const struct engine *e);

/* Packets larger than the usual size do not reach the member, whatever it says:
 * something between us has a smaller MTU. */
void packet_size_note_lost(
	struct engine *e, struct member *m, struct instant now);

/* The largest packet that we can send whole, and that the member takes. */
size_t packet_size_to(const struct engine *e, const struct member *m);

#endif
