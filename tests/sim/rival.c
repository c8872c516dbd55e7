/* SPDX-License-Identifier: ISC */
#include "rival.h"

#include "agenda.h"
#include "network.h"
#include "mchat/base/time.h"

/* What a packet carries; the receiver whose bottleneck it passes. */
#define PACKET   1448
#define RECEIVER 1

/* The way back, and the time in which a loss is noticed. */
#define BACK_NS (500 * NS_PER_US)
#define LOSS_NS (60 * NS_PER_MS)

/* RFC 6928, section 2; RFC 5681, section 3.1. */
#define WINDOW_FIRST  10
#define WINDOW_LEAST  2
#define THRESHOLD_MAX 1e9

static void send(struct rival *rival, struct network *network,
	struct agenda *agenda, int64_t now)
{
	while ((double)rival->under_way < rival->window) {
		int64_t at = now;
		bool passes = network_squeeze(network, RECEIVER, PACKET, &at);

		rival->under_way++;
		agenda_add(agenda,
			&(struct agenda_item){
				.at = passes ? at + BACK_NS : now + LOSS_NS,
				.kind = passes ? AGENDA_RIVAL
					       : AGENDA_RIVAL_LOST,
			});
	}
}

void rival_start(struct rival *rival, struct network *network,
	struct agenda *agenda, int64_t now)
{
	*rival = (struct rival){
		.window = WINDOW_FIRST,
		.threshold = THRESHOLD_MAX,
	};
	send(rival, network, agenda, now);
}

void rival_learn(struct rival *rival, struct network *network,
	struct agenda *agenda, bool is_lost, int64_t now)
{
	rival->under_way--;
	if (!is_lost) {
		rival->received += PACKET;
		rival->window += rival->window < rival->threshold
					 ? 1
					 : 1 / rival->window;
	} else if (now >= rival->blind_until) {
		rival->blind_until = now + LOSS_NS;
		rival->window /= 2;
		if (rival->window < WINDOW_LEAST)
			rival->window = WINDOW_LEAST;
		rival->threshold = rival->window;
	}
	send(rival, network, agenda, now);
}
