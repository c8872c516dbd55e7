/* SPDX-License-Identifier: ISC */
#include "mchat/base/distance.h"

#include <string.h>

#include "tap.h"

static void test_pairs(void)
{
	static const struct {
		const char *a;
		const char *b;
		size_t expected;
	} cases[] = {
		{"", "", 0},
		{"ttl", "ttl", 0},
		{"", "ttl", 3},
		{"TTL", "ttl", 0},
		{"linger", "liner", 1},
		{"linger", "lingers", 1},
		{"linger", "finger", 1},
		{"linger", "lniger", 1},
		{"SO_RCVBUF", "SO_SNDBUF", 3},
		{"kitten", "sitting", 3},
		{"ab", "ba", 1},
		{"abc", "ca", 3},
		{"[", "{", 1},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		tap_is_int((intmax_t)distance_between(cases[i].a, cases[i].b),
			(intmax_t)cases[i].expected, cases[i].a);
		tap_is_int((intmax_t)distance_between(cases[i].b, cases[i].a),
			(intmax_t)cases[i].expected,
			"the distance is the same with the words exchanged");
	}
}

static void test_long_words(void)
{
	char as[3 * DISTANCE_WORD_MAX];
	char bs[3 * DISTANCE_WORD_MAX];

	memset(as, 'a', sizeof(as) - 1);
	memset(bs, 'b', sizeof(bs) - 1);
	as[sizeof(as) - 1] = bs[sizeof(bs) - 1] = '\0';
	tap_is_int((intmax_t)distance_between(as, bs), DISTANCE_WORD_MAX,
		"of long words only the beginning counts");
}

int main(void)
{
	test_pairs();
	test_long_words();
	return tap_done();
}
