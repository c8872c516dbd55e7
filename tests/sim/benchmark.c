/* SPDX-License-Identifier: ISC */
#include "benchmark.h"

#include <stdio.h>
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

bool benchmark_find(const char *name, struct scenario *out)
{
	unsigned receivers;
	unsigned loss = 0;
	int end = 0;

	if (sscanf(name, "bulk-%5u-%2u%n", &receivers, &loss, &end) == 2 &&
		name[end] == '\0' && receivers > 0 &&
		receivers <= RECEIVERS_MAX && loss <= LOSS_MAX) {
		*out = bulk(name, receivers);
		out->faults.loss_ppm = loss * PERCENT;
		return true;
	}
	end = 0;
	if (sscanf(name, "bulk-%5u-burst%n", &receivers, &end) == 1 &&
		end > 0 && name[end] == '\0' && receivers > 0 &&
		receivers <= RECEIVERS_MAX) {
		*out = bulk(name, receivers);
		out->faults.burst_enter_ppm = BURST_ENTER_PPM;
		out->faults.burst_leave_ppm = BURST_LEAVE_PPM;
		return true;
	}
	end = 0;
	if (sscanf(name, "steady-%2u%n", &loss, &end) == 1 && end > 0 &&
		name[end] == '\0' && loss <= LOSS_MAX) {
		*out = steady(name);
		out->faults.loss_ppm = loss * PERCENT;
		return true;
	}
	return false;
}
