/* SPDX-License-Identifier: ISC */
#include "mchat/base/byte_rate.h"

/* The time that a mean is taken over. */
#define WINDOW_MS 10

void byte_rate_add(struct byte_rate *rate, size_t size, struct instant now)
{
	double window = (double)duration_ms(WINDOW_MS).ns;
	double passed = (double)instant_until(rate->at, now).ns;

	if (passed > 0)
		rate->bytes *= window / (window + passed);
	rate->bytes += (double)size;
	rate->at = now;
}

double byte_rate_get(const struct byte_rate *rate)
{
	return rate->bytes * (1000.0 / WINDOW_MS);
}
