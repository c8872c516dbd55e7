/* SPDX-License-Identifier: ISC */
#include "network.h"

#include "dice.h"
#include "memory.h"
#include "mchat/base/time.h"

/* Ethernet, IPv4 and UDP headers: what the bottleneck carries besides. */
#define HEADERS 42

struct link {
	int64_t last_arrival;
	bool is_bad; /* in a burst of losses */

	/* Packets that left at this moment are lost or not as a whole. */
	int64_t whole_at;
	unsigned whole_count;
	bool whole_is_lost;
};

/* Whether what comes over a link depends on what came before. */
static bool has_links(const struct faults *faults)
{
	return faults->jitter_us > 0 || faults->rate_kbit > 0 ||
	       faults->turn_kbit > 0 || faults->reorder_ppm > 0 ||
	       faults->whole_packets > 0 ||
	       (faults->burst_enter_ppm > 0 && !faults->burst_is_shared);
}

void network_init(struct network *network, const struct faults *faults,
	struct dice *dice, unsigned slots)
{
	*network = (struct network){
		.faults = faults,
		.dice = dice,
		.slots = slots,
		.links = has_links(faults)
				 ? memory_zeroed((size_t)(slots + 1) * slots,
					   sizeof(*network->links))
				 : NULL,
		.is_bad = memory_zeroed(slots, sizeof(*network->is_bad)),
		.busy_until =
			memory_zeroed(slots, sizeof(*network->busy_until)),
		.side = memory_zeroed(slots, sizeof(*network->side)),
		.is_deaf = memory_zeroed(slots, sizeof(*network->is_deaf)),
		.is_mute = memory_zeroed(slots, sizeof(*network->is_mute)),
	};
}

void network_fini(struct network *network)
{
	memory_free(network->links);
	memory_free(network->is_bad);
	memory_free(network->busy_until);
	memory_free(network->side);
	memory_free(network->is_deaf);
	memory_free(network->is_mute);
}

bool network_is_cut(
	const struct network *network, uint32_t sender, uint32_t receiver)
{
	if (network->is_deaf[receiver])
		return true;
	if (sender >= network->slots)
		return false;
	if (network->is_mute[sender])
		return true;
	if (network->split == NETWORK_WHOLE ||
		network->side[sender] == network->side[receiver])
		return false;
	return network->split == NETWORK_SPLIT || network->side[receiver] == 1;
}

/* Whether a packet is lost in a burst. */
static bool is_lost_in_burst(
	struct network *network, uint32_t receiver, struct link *link)
{
	const struct faults *faults = network->faults;
	bool *is_bad;

	if (faults->burst_enter_ppm == 0 ||
		(faults->burst_every > 0 &&
			receiver % faults->burst_every != 0))
		return false;
	is_bad = faults->burst_is_shared ? &network->is_bad[receiver]
					 : &link->is_bad;
	*is_bad = *is_bad ? !dice_chance(network->dice, faults->burst_leave_ppm)
			  : dice_chance(network->dice, faults->burst_enter_ppm);
	return *is_bad;
}

static bool is_lost(
	struct network *network, uint32_t receiver, struct link *link)
{
	const struct faults *faults = network->faults;
	bool is_worst = receiver == 1 && faults->worst_ppm > 0;

	return is_lost_in_burst(network, receiver, link) ||
	       dice_chance(network->dice,
		       is_worst ? faults->worst_ppm : faults->loss_ppm);
}

/* The same, where so many packets that leave at once are one to the wire. */
static bool is_lost_whole(struct network *network, uint32_t receiver,
	struct link *link, int64_t now)
{
	if (network->faults->whole_packets == 0)
		return is_lost(network, receiver, link);
	if (link->whole_at == now &&
		link->whole_count < network->faults->whole_packets) {
		link->whole_count++;
		return link->whole_is_lost;
	}
	link->whole_at = now;
	link->whole_count = 1;
	link->whole_is_lost = is_lost(network, receiver, link);
	return link->whole_is_lost;
}

/* Of the bottleneck, at that time, in kbit/s; 0: there is none. */
static int64_t rate_of(
	const struct network *network, uint32_t receiver, int64_t at)
{
	const struct faults *faults = network->faults;
	uint64_t turn;

	if (faults->turn_kbit == 0)
		return faults->rate_kbit;
	turn = (uint64_t)(at / NS_PER_MS) / faults->turn_ms;
	return receiver == 1 + turn % (network->slots - 1) ? faults->turn_kbit
							   : faults->rate_kbit;
}

bool network_squeeze(
	struct network *network, uint32_t receiver, size_t size, int64_t *at)
{
	int64_t rate = rate_of(network, receiver, *at);
	int64_t *busy_until = &network->busy_until[receiver];
	int64_t ns_per_byte = rate > 0 ? 8 * NS_PER_MS / rate : 0;
	int64_t waiting = *busy_until - *at;

	if (rate == 0)
		return true;
	if (waiting < 0)
		waiting = 0;
	if (waiting > network->faults->queue_bytes * ns_per_byte)
		return false;
	*at += waiting + (int64_t)(size + HEADERS) * ns_per_byte;
	*busy_until = *at;
	return true;
}

static int64_t delay_of(
	struct network *network, uint32_t sender, uint32_t receiver)
{
	uint64_t mean = network->faults->delay_us;
	uint64_t own = dice_mix(((uint64_t)sender << 32) + receiver + 1);

	return (int64_t)(mean / 2 + own % (mean + 1)) * NS_PER_US +
	       (int64_t)dice_below(network->dice,
		       network->faults->jitter_us * (uint64_t)NS_PER_US);
}

/* Whether something on the way has a smaller MTU, and says nothing. */
static bool is_too_large(const struct faults *faults, uint32_t sender,
	uint32_t receiver, size_t size)
{
	return faults->first_bytes > 0 && size > faults->first_bytes &&
	       (sender == 0 || receiver == 0);
}

unsigned network_route(struct network *network, uint32_t sender,
	uint32_t receiver, size_t size, int64_t now,
	int64_t arrivals[NETWORK_COPIES_MAX])
{
	const struct faults *faults = network->faults;
	struct link *link =
		network->links
			? &network->links[(size_t)sender * network->slots +
					  receiver]
			: NULL;
	unsigned copies;
	unsigned count = 0;

	if (network_is_cut(network, sender, receiver) ||
		is_too_large(faults, sender, receiver, size) ||
		is_lost_whole(network, receiver, link, now))
		return 0;
	copies = dice_chance(network->dice, faults->duplicate_ppm) ? 2 : 1;
	for (unsigned i = 0; i < copies; i++) {
		int64_t at = now + delay_of(network, sender, receiver);

		if (!network_squeeze(network, receiver, size, &at))
			continue;
		if (dice_chance(network->dice, faults->reorder_ppm))
			at += (int64_t)dice_below(network->dice,
				faults->reorder_us * (uint64_t)NS_PER_US);
		else if (link && at < link->last_arrival)
			at = link->last_arrival;
		else if (link)
			link->last_arrival = at;
		arrivals[count++] = at;
	}
	return count;
}
