/* SPDX-License-Identifier: ISC */
#include "mchat/relay/pass_times.h"

uint64_t pass_times_mix(uint64_t value)
{
	value ^= value >> 33;
	value *= UINT64_C(0xff51afd7ed558ccd);
	value ^= value >> 33;
	value *= UINT64_C(0xc4ceb9fe1a85ec53);
	return value ^ value >> 33;
}

uint64_t pass_times_key(uint64_t member, uint64_t number)
{
	uint64_t key = pass_times_mix(member ^ pass_times_mix(number));

	return key ? key : 1;
}

uint64_t pass_times_hash(const void *bytes, size_t size)
{
	const uint8_t *at = bytes;
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ at[i]) * UINT64_C(0x100000001b3);
	return hash ? hash : 1;
}

static bool has_passed_for(
	const struct pass_time *time, int64_t ms, struct instant now)
{
	return !instant_before(now, instant_after(time->at, duration_ms(ms)));
}

bool pass_times_take(struct pass_times *times, uint64_t key, int64_t hold_ms,
	struct instant now)
{
	struct pass_time *set = times->sets[key % PASS_SETS];
	struct pass_time *oldest = set;

	for (size_t i = 0; i < PASS_WAYS; i++) {
		struct pass_time *time = &set[i];

		if (time->key == key &&
			!has_passed_for(time, PASS_FORGOTTEN_MS, now)) {
			if (!has_passed_for(
				    time, hold_ms << time->doublings, now))
				return false;
			if (time->doublings < PASS_DOUBLINGS_MAX)
				time->doublings++;
			time->at = now;
			return true;
		}
		if (time->key == key) {
			oldest = time;
			break;
		}
		if (instant_before(time->at, oldest->at))
			oldest = time;
	}
	*oldest = (struct pass_time){.key = key, .at = now};
	return true;
}
