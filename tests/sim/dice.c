/* SPDX-License-Identifier: ISC */
#include "dice.h"

/* The finaliser of Vigna's splitmix64. */
uint64_t dice_mix(uint64_t value)
{
	value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
	value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
	return value ^ (value >> 31);
}

void dice_init(struct dice *dice, uint64_t seed, const char *scenario)
{
	dice->state = dice_mix(seed + 1);
	for (; *scenario; scenario++)
		dice->state = dice_mix(dice->state + (uint8_t)*scenario);
}

uint64_t dice_next(struct dice *dice)
{
	return dice_mix(dice->state += 0x9e3779b97f4a7c15);
}

uint64_t dice_below(struct dice *dice, uint64_t bound)
{
	return bound > 0 ? dice_next(dice) % bound : 0;
}

bool dice_chance(struct dice *dice, unsigned ppm)
{
	return ppm > 0 && dice_below(dice, 1000000) < ppm;
}
