/* SPDX-License-Identifier: ISC */
/*
 * Scenarios that measure rather than try something out.  Their size is a part
 * of their name, so that any can be asked for:
 *
 * bulk-N-L: an author says 100,000 lines of up to 128 bytes as fast as its
 * engine takes them, to N receivers, each of which loses L percent of the
 * packets, each on its own.
 *
 * bulk-N-burst: the same with losses in bursts of 5 packets on average, 10
 * percent in all.
 *
 * steady-L: a line each 10 ms to three receivers, L percent lost.
 *
 * crowd-N: N members join within a minute, come to know one another, are idle
 * for a minute, then one says ten lines a second, 1 percent lost.  Of more than
 * 2,000 all but a hundred are no engines (crowd.h).
 *
 * The network is the LAN of the other scenarios: links of 100 to 300 us and up
 * to 100 us more, by chance, without a limit of capacity; receivers take no
 * time.  Every packet may be lost at every receiver, STATE at the author, too.
 */
#ifndef MCHAT_TESTS_SIM_BENCHMARK_H
#define MCHAT_TESTS_SIM_BENCHMARK_H

#include <stdbool.h>
#include <stddef.h>

struct scenario;

/* The names of those that `make sim-bulk` plays; NULL ends them. */
extern const char *const benchmark_names[];

/* Makes the benchmark of this name, which must live as long as *out; false, and
 * *out untouched, when there is none. */
bool benchmark_find(const char *name, struct scenario *out);

#endif
