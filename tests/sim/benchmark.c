/* SPDX-License-Identifier: ISC */
#include "benchmark.h"

#include <string.h>

#include "scenario.h"

#define PERCENT 10000 /* in parts per million */
#define LAN     .delay_us = 200, .jitter_us = 100

/* An Ethernet frame, whatever larger ones engines come to make elsewhere. */
#define PACKET_SIZE 1472

/* What windows may grow to is the engine's to bound; this is but a limit. */
#define MEMORY_MAX ((size_t)32 * 1024 * 1024)

/* Losses in bursts: a burst ends with each packet by a chance of 1 in 5, and is
 * so seldom begun that a packet in ten is lost: 0.2 / 9. */
#define BURST_LEAVE_PPM (20 * PERCENT)
#define BURST_ENTER_PPM 22222

#define RECEIVERS_MAX 16000
#define LOSS_MAX      90

/* Members come in as slowly as they do in the scenarios of a thousand, so that
 * what is measured begins when that is over. */
#define JOIN_MS_EACH 20

#define LIMIT_S 600

/* So many that of the times in which they reach all one in a hundred is known.
 */
#define CROWD_LINES 200

/* More than this many engines would take too much memory, since each knows all
 * others: then this many are, and the rest is a crowd that is none. */
#define ENGINES_MAX   2000
#define CROWD_ENGINES 100

const char *const benchmark_names[] = {
	"bulk-3-0",
	"bulk-3-1",
	"bulk-3-10",
	"bulk-3-30",
	"bulk-3-burst",
	"bulk-10-0",
	"bulk-10-1",
	"bulk-10-10",
	"bulk-10-30",
	"bulk-30-0",
	"bulk-30-1",
	"bulk-30-10",
	"bulk-30-30",
	"bulk-100-0",
	"bulk-100-1",
	"bulk-100-10",
	"bulk-100-30",
	"bulk-100-burst",
	"bulk-300-0",
	"bulk-300-1",
	"bulk-300-10",
	"bulk-300-30",
	"bulk-1000-0",
	"bulk-1000-1",
	"bulk-1000-10",
	"bulk-1000-30",
	"steady-10",
	"steady-30",
	"crowd-1000",
	"crowd-10000",
	NULL,
};

static struct scenario bulk(const char *name, unsigned receivers)
{
	unsigned spread_ms = 200 + JOIN_MS_EACH * receivers;
	unsigned from_ms = spread_ms + 1000 + 4 * receivers;

	return (struct scenario){
		.name = name,
		.members = receivers + 1,
		.spread_ms = spread_ms,
		.talk = {1, 100000, 0, from_ms, 128, 0},
		.faults = {LAN},
		.packet_size = PACKET_SIZE,
		.memory_max = MEMORY_MAX,
		.flags = SCENARIO_BENCHMARK,
		.limit_s = from_ms / 1000 + LIMIT_S,
	};
}

/* They join within a minute, and know one another after one and a half
 * intervals of presence more; in the minute behind that nothing happens. */
static struct scenario crowd(const char *name, unsigned members)
{
	unsigned engines = members > ENGINES_MAX ? CROWD_ENGINES : members;
	unsigned quiet_s = 120 + members / 40 * 3 / 2;

	if (members <= ENGINES_MAX)
		quiet_s = 120;
	return (struct scenario){
		.name = name,
		.members = engines,
		.crowd = members - engines,
		.spread_ms = 60000,
		.talk = {1, CROWD_LINES, 100000, (quiet_s + 61) * 1000, 128, 0},
		.faults = {.delay_us = 250, .loss_ppm = 1 * PERCENT},
		.packet_size = PACKET_SIZE,
		.memory_max = MEMORY_MAX,
		.flags =
			SCENARIO_BENCHMARK | SCENARIO_CROWD | SCENARIO_PRESENCE,
		.control_from_s = quiet_s,
		.control_to_s = quiet_s + 60,
		.limit_s = quiet_s + 180,
	};
}

static struct scenario steady(const char *name)
{
	return (struct scenario){
		.name = name,
		.members = 4,
		.talk = {1, 6000, 10000, 1000, 128, 0},
		.faults = {LAN},
		.packet_size = PACKET_SIZE,
		.flags = SCENARIO_BENCHMARK,
		.limit_s = 120,
	};
}

/* Reads "PREFIXnumberSUFFIX" with a number of up to `most`, as it is printed.
 */
static bool read_name(const char *name, const char *prefix, const char *suffix,
	unsigned most, unsigned *out)
{
	size_t size = strlen(prefix);
	unsigned number = 0;

	if (strncmp(name, prefix, size) != 0 || name[size] < '0' ||
		name[size] > '9' ||
		(name[size] == '0' && name[size + 1] >= '0'))
		return false;
	for (name += size; *name >= '0' && *name <= '9' && number <= most;
		name++)
		number = 10 * number + (unsigned)(*name - '0');
	*out = number;
	return number <= most && strcmp(name, suffix) == 0;
}

/* "bulk-N-L" or "bulk-N-burst". */
static bool find_bulk(const char *name, struct scenario *out)
{
	const char *last = strrchr(name, '-');
	struct faults *faults = &out->faults;
	unsigned receivers;
	unsigned loss = 0;

	if (!last ||
		!read_name(name, "bulk-", last, RECEIVERS_MAX, &receivers) ||
		receivers == 0)
		return false;
	if (strcmp(last, "-burst") != 0 &&
		!read_name(last, "-", "", LOSS_MAX, &loss))
		return false;
	*out = bulk(name, receivers);
	faults->loss_ppm = loss * PERCENT;
	if (strcmp(last, "-burst") != 0)
		return true;
	faults->burst_enter_ppm = BURST_ENTER_PPM;
	faults->burst_leave_ppm = BURST_LEAVE_PPM;
	faults->burst_is_shared = true;
	return true;
}

bool benchmark_find(const char *name, struct scenario *out)
{
	unsigned number;

	if (find_bulk(name, out))
		return true;
	if (read_name(name, "steady-", "", LOSS_MAX, &number)) {
		*out = steady(name);
		out->faults.loss_ppm = number * PERCENT;
		return true;
	}
	if (read_name(name, "crowd-", "", RECEIVERS_MAX, &number) &&
		number > 1) {
		*out = crowd(name, number);
		return true;
	}
	return false;
}
