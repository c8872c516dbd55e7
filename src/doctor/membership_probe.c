/* SPDX-License-Identifier: ISC */
#include "mchat/doctor/membership_probe.h"

#include <unistd.h>

#include "mchat/doctor/probe_socket.h"
#include "mchat/io/clock.h"

/* A first report leaves at once, the next within a second (RFC 3376, 8.11). */
#define REPORT_WAIT_MS 1600

/* A querier asks at once; its answer goes over one link. */
#define QUERY_WAIT_MS 1200

#define POLL_MS 20

/* What an IPv4 question takes: an IP header with the router alert and 12 bytes,
 * about one source 4 more (RFC 3376, 4.1). */
#define GENERAL_QUERY_OCTETS (24 + 12)
#define SOURCE_QUERY_OCTETS  (GENERAL_QUERY_OCTETS + 4)

/* Nobody sends to this group, nor from these addresses, which are for
 * documentation (RFC 5737, RFC 3849). */
struct scratch {
	struct address group;
	struct address sources[2];
};

static void make_scratch(enum address_family family, struct scratch *out)
{
	bool is_ipv6 = family == ADDRESS_IPV6;

	(void)address_parse(
		is_ipv6 ? "ff35::8000:4d43" : "232.77.67.98", &out->group);
	(void)address_parse(
		is_ipv6 ? "2001:db8::1" : "192.0.2.1", &out->sources[0]);
	(void)address_parse(
		is_ipv6 ? "2001:db8::2" : "192.0.2.2", &out->sources[1]);
}

/* Waits until a counter, or another, has grown, at most to `end`; whether it
 * has, and all that grew. */
static bool wait_growth(enum address_family family,
	const struct counters *before, enum counter counter, enum counter other,
	struct instant end, struct counters *out)
{
	for (;;) {
		struct counters now;

		counters_read(family, &now);
		counters_since(before, &now, out);
		if (!out->is_known[counter] || out->values[counter] > 0 ||
			out->values[other] > 0)
			return out->is_known[counter];
		if (!instant_before(clock_now(), end))
			return false;
		clock_sleep(duration_ms(POLL_MS));
	}
}

/* Whether letting go of a source is told at all: before IGMPv3 and MLDv2 it is
 * not.  `joined` is what grew on joining. */
static bool tells_sources(enum address_family family,
	const struct interface *interface, const struct counters *joined)
{
	int version = counters_igmp_version(interface->name);

	return family == ADDRESS_IPV6
		       ? joined->values[COUNTER_REPORTS_OUT_V1] == 0
		       : version == 0 || version >= 3;
}

/* False when there is no time for it. */
static bool end_of(int wait_ms, struct instant deadline, struct instant *out)
{
	*out = instant_after(clock_now(), duration_ms(wait_ms));
	return instant_before(*out, deadline);
}

/* Over IPv6 the kernel speaks MLDv1 where a querier does, or it is told to;
 * which it did is in *out. */
static void watch_reports(enum address_family family,
	const struct counters *before, struct instant deadline,
	struct interface_evidence *evidence, struct counters *out)
{
	bool is_ipv6 = family == ADDRESS_IPV6;
	enum counter counter =
		is_ipv6 ? COUNTER_REPORTS_OUT : COUNTER_OUT_MULTICAST;
	enum counter other = is_ipv6 ? COUNTER_REPORTS_OUT_V1 : counter;
	struct instant end;

	*out = (struct counters){0};
	if (!end_of(REPORT_WAIT_MS, deadline, &end))
		return;
	if (wait_growth(family, before, counter, other, end, out))
		evidence->reports = REPORTS_LEFT;
	else if (out->is_known[counter])
		evidence->reports = REPORTS_DROPPED;
}

/* Whether all that came by multicast were questions, and some of them reached
 * nobody on this host. */
static bool was_dropped(const struct counters *grown)
{
	uint64_t count = grown->values[COUNTER_IN_MULTICAST];
	uint64_t octets = grown->values[COUNTER_IN_MULTICAST_OCTETS];

	return grown->is_known[COUNTER_IN_DELIVERS] &&
	       octets >= count * GENERAL_QUERY_OCTETS &&
	       octets <= count * SOURCE_QUERY_OCTETS &&
	       grown->values[COUNTER_IN_DELIVERS] < count;
}

static void watch_query(enum address_family family,
	const struct counters *before, struct instant deadline,
	struct interface_evidence *out)
{
	bool is_ipv6 = family == ADDRESS_IPV6;
	enum counter counter =
		is_ipv6 ? COUNTER_QUERIES_IN : COUNTER_IN_MULTICAST;
	struct counters grown;
	struct instant end;

	if (!end_of(QUERY_WAIT_MS, deadline, &end))
		return;
	if (!wait_growth(family, before, counter, counter, end, &grown)) {
		if (grown.is_known[counter])
			out->querier = QUERIER_NONE;
		return;
	}
	out->querier = !is_ipv6 && was_dropped(&grown) ? QUERIER_DROPPED
						       : QUERIER_HEARD;
}

void membership_probe_run(enum address_family family, struct instant deadline,
	struct interface_evidence *out)
{
	struct scratch scratch;
	struct counters before;
	struct counters joined;
	int fd = probe_socket_idle(family);

	if (fd < 0)
		return;
	make_scratch(family, &scratch);
	counters_read(family, &before);
	for (int i = 0; i < 2; i++) {
		if (probe_socket_join_source(fd, &scratch.group,
			    &scratch.sources[i], &out->interface) < 0)
			goto close_fd;
	}
	watch_reports(family, &before, deadline, out, &joined);
	if (out->reports != REPORTS_LEFT ||
		!tells_sources(family, &out->interface, &joined))
		goto close_fd;
	counters_read(family, &before);
	if (probe_socket_leave_source(fd, &scratch.group, &scratch.sources[1],
		    &out->interface) == 0)
		watch_query(family, &before, deadline, out);
close_fd:
	close(fd);
}
