/* SPDX-License-Identifier: ISC */
#include "mchat/io/sealer.h"

#include <errno.h>
#include <string.h>

#include "mchat/crypto/secret.h"
#include "mchat/io/clock.h"
#include "mchat/io/entropy.h"
#include "mchat/seal/key_schedule.h"

int sealer_open(struct sealer *sealer, const struct key_schedule *schedule,
	const uint8_t *seed, struct seal_history *history, struct instant now)
{
	uint8_t drawn[SEAL_SEED_SIZE];

	*sealer = (struct sealer){.room = SEAL_DATAGRAM_MAX};
	if (!seed && entropy_fill_secret(drawn, sizeof(drawn)) < 0)
		return -1;
	sealer->seal = seal_new(schedule->seal_key, schedule->tag,
		seed ? seed : drawn, history, clock_wall(), now);
	secret_wipe(drawn, sizeof(drawn));
	if (sealer->seal)
		return 0;
	errno = ENOMEM;
	return -1;
}

void sealer_close(struct sealer *sealer)
{
	seal_free(sealer->seal);
	sealer->seal = NULL;
}

int sealer_reseed(
	struct sealer *sealer, struct instant now, uint8_t out[SEAL_SEED_SIZE])
{
	uint8_t entropy[SEAL_SEED_SIZE];

	if (entropy_fill_secret(entropy, sizeof(entropy)) < 0)
		return -1;
	seal_reseed(sealer->seal, entropy, now, out);
	secret_wipe(entropy, sizeof(entropy));
	return 0;
}

void sealer_turn(struct sealer *sealer)
{
	sealer->needs_turn = true;
}

/* Draws the random bits of this turn, once something is to be sealed in it. */
static bool is_ready(struct sealer *sealer, struct instant now)
{
	uint32_t guard;

	if (!sealer->needs_turn || sealer->error)
		return !sealer->error;
	if (entropy_fill_secret(&guard, sizeof(guard)) < 0) {
		sealer->error = errno;
		return false;
	}
	/* Where a copy of this machine draws the same, the time may differ. */
	seal_turn(sealer->seal, guard ^ (uint32_t)clock_now().ns, clock_wall(),
		now);
	sealer->needs_turn = false;
	return true;
}

size_t sealer_seal(struct sealer *sealer, enum seal_kind kind,
	uint8_t datagram[SEAL_DATAGRAM_MAX], size_t size, struct instant now)
{
	size_t room = size + SEAL_OVERHEAD > sealer->room ? sealer->room_largest
							  : sealer->room;

	if (!is_ready(sealer, now))
		return 0;
	return seal_close(sealer->seal, kind, datagram, size,
		room > sealer->room ? room : sealer->room);
}

size_t sealer_datagram(struct sealer *sealer, const void *packet, size_t size,
	uint8_t out[SEAL_DATAGRAM_MAX], struct instant now)
{
	if (!sealer->seal) {
		memcpy(out, packet, size);
		return size;
	}
	memcpy(out + SEAL_HEADER_SIZE, packet, size);
	sealer_turn(sealer);
	return sealer_seal(sealer, SEAL_PACKET, out, size, now);
}

size_t sealer_next(struct sealer *sealer, uint8_t datagram[SEAL_DATAGRAM_MAX],
	struct instant now)
{
	if (instant_before(now, seal_deadline(sealer->seal)) ||
		!is_ready(sealer, now))
		return 0;
	return seal_next(sealer->seal, datagram, sealer->room, now);
}

struct instant sealer_deadline(const struct sealer *sealer)
{
	return sealer->seal ? seal_deadline(sealer->seal) : INSTANT_NEVER;
}

enum seal_result sealer_take(struct sealer *sealer, const void *datagram,
	size_t size, struct instant now, struct seal_opened *out)
{
	return seal_open(sealer->seal, datagram, size, clock_wall(), now, out);
}

void sealer_caught_up(struct sealer *sealer, struct instant now)
{
	if (sealer->seal)
		seal_caught_up(sealer->seal, clock_wall(), now);
}
