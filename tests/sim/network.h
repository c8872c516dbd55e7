/* SPDX-License-Identifier: ISC */
/*
 * The virtual network: which packets come through from whom to whom, when, and
 * how often.  Each pair of members has a link of its own; each member receives
 * behind one bottleneck.
 */
#ifndef MCHAT_TESTS_SIM_NETWORK_H
#define MCHAT_TESTS_SIM_NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dice;
struct link;

/* Chances are in parts per million, each packet and receiver on its own. */
struct faults {
	unsigned delay_us;  /* of a link: half of this to one and a half */
	unsigned jitter_us; /* more, at most; the order stays */
	unsigned loss_ppm;
	unsigned worst_ppm; /* at the second member, instead; 0: the same */
	unsigned burst_enter_ppm; /* Gilbert: all is lost from here on ... */
	unsigned burst_leave_ppm; /* ... to there */
	bool burst_is_shared; /* by all that a receiver gets, not a link's own
			       */
	unsigned burst_every; /* of so many receivers one has bursts; 0: all */
	unsigned whole_packets; /* that leave at once are lost together */
	unsigned duplicate_ppm;
	unsigned reorder_ppm; /* held back, others may pass */
	unsigned reorder_us;  /* that long, at most */
	unsigned rate_kbit;   /* of the bottleneck; 0: none */
	unsigned turn_kbit;   /* of one receiver after the other, */
	unsigned turn_ms;     /* each for so long; the first is spared */
	unsigned queue_bytes; /* before it; what does not fit is dropped */
	unsigned corrupt_ppm; /* some bytes are changed */
	unsigned first_bytes; /* of packets from and to the first member: larger
			       * ones are lost; 0: any */
};

enum network_split {
	NETWORK_WHOLE,
	NETWORK_SPLIT,   /* the two sides do not hear one another */
	NETWORK_ONE_WAY, /* side 1 does not hear side 0 */
};

/* Packets that one can become. */
#define NETWORK_COPIES_MAX 2

struct network {
	const struct faults *faults;
	struct dice *dice;
	unsigned slots;
	struct link *links;  /* of each sender, and the hostile one, to each;
			      * NULL where nothing has to be known of them */
	bool *is_bad;        /* each receiver, in a burst that is shared */
	int64_t *busy_until; /* the bottleneck of each receiver */
	uint8_t *side;       /* of each member: 0 or 1 */
	bool *is_deaf;
	bool *is_mute; /* nobody hears it */
	enum network_split split;
};

void network_init(struct network *network, const struct faults *faults,
	struct dice *dice, unsigned slots);
void network_fini(struct network *network);

/* Passes a receiver's bottleneck: moves `at` on to when it is through; false
 * when the queue before it is full. */
bool network_squeeze(
	struct network *network, uint32_t receiver, size_t size, int64_t *at);

/*
 * Sends `size` bytes at `now` from `sender` (`slots`: the hostile one) to
 * `receiver`: gives the times at which copies arrive, and how many do.
 */
unsigned network_route(struct network *network, uint32_t sender,
	uint32_t receiver, size_t size, int64_t now,
	int64_t arrivals[NETWORK_COPIES_MAX]);

/* Whether nothing of the one comes to the other. */
bool network_is_cut(
	const struct network *network, uint32_t sender, uint32_t receiver);

#endif
