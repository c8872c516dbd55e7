/* SPDX-License-Identifier: ISC */
/* What is concluded from evidence, as networks that are broken show it. */
#include "mchat/doctor/diagnosis.h"

#include <errno.h>
#include <string.h>

#include "mchat/doctor/evidence.h"
#include "tap.h"

#define SENT UINT64_C(5)

/* ---- evidence, as a healthy host gives it ---- */

static void count(struct counters *counters)
{
	for (int i = 0; i < COUNTERS; i++)
		counters->is_known[i] = true;
}

static struct interface_evidence *add(
	struct evidence *evidence, const char *name)
{
	struct interface_evidence *it =
		&evidence->interfaces[evidence->interface_count++];

	*it = (struct interface_evidence){
		.interface =
			{
				.index = (unsigned)evidence->interface_count,
				.is_up = true,
				.is_running = true,
				.can_multicast = true,
			},
		.is_chosen = true,
		.is_looped = true,
		.reports = REPORTS_LEFT,
		.querier = QUERIER_NONE,
		.knows_arrivals = true,
		.arrivals = 7,
	};
	strcpy(it->interface.name, name);
	(void)address_parse("10.88.0.1", &it->interface.address);
	for (int i = 0; i < WAYS; i++)
		it->loops[i] = (struct loop_evidence){
			(unsigned)SENT, (unsigned)SENT, 0, 0};
	count(&it->looped);
	it->looped.values[COUNTER_IN_RECEIVES] = 3 * SENT + 3;
	it->looped.values[COUNTER_IN_DELIVERS] = 3 * SENT;
	it->looped.values[COUNTER_IN_MULTICAST] = 2 * SENT;
	return it;
}

static struct interface_evidence *make(struct evidence *out)
{
	*out = (struct evidence){
		.joined = 1,
		.join_limit = 20,
		.buffer_asked = 4 * 1024 * 1024,
		.buffer_granted = 212992,
		.buffer_limit = 212992,
		.routed = "eth0",
		.others = 1,
	};
	(void)address_parse("239.255.77.67", &out->group);
	out->group.port = 62428;
	count(&out->during);
	return add(out, "eth0");
}

/* Takes back what the interface was tried for: it is not used. */
static void unchoose(struct interface_evidence *it)
{
	it->is_chosen = false;
	it->is_looped = false;
	it->reports = REPORTS_UNKNOWN;
	it->querier = QUERIER_UNKNOWN;
}

static void refuse(struct interface_evidence *it, int error)
{
	for (int i = 0; i < WAYS; i++)
		it->loops[i] = (struct loop_evidence){0, 0, error, 0};
	it->looped.values[COUNTER_IN_RECEIVES] = 3;
	it->looped.values[COUNTER_IN_DELIVERS] = 0;
	it->looped.values[COUNTER_IN_MULTICAST] = 0;
}

/* So many of what was sent come back. */
static void hear(
	struct interface_evidence *it, unsigned group, unsigned broadcast)
{
	it->loops[WAY_GROUP].heard = group;
	it->loops[WAY_ALL_HOSTS].heard = group;
	it->loops[WAY_BROADCAST].heard = broadcast;
	it->looped.values[COUNTER_IN_DELIVERS] = 2 * group + broadcast;
}

/* ---- one change each ---- */

static void is_healthy(struct evidence *evidence)
{
	(void)evidence;
}

static void is_alone(struct evidence *evidence)
{
	evidence->others = 0;
}

static void hears_nothing_at_all(struct evidence *evidence)
{
	evidence->others = 0;
	evidence->interfaces[0].arrivals = 0;
}

static void is_down(struct evidence *evidence)
{
	unchoose(&evidence->interfaces[0]);
	evidence->interfaces[0].interface.is_up = false;
	evidence->interfaces[0].interface.is_running = false;
}

static void has_no_carrier(struct evidence *evidence)
{
	unchoose(&evidence->interfaces[0]);
	evidence->interfaces[0].interface.is_running = false;
}

static void is_dormant(struct evidence *evidence)
{
	has_no_carrier(evidence);
	evidence->interfaces[0].interface.is_dormant = true;
}

static void has_no_address(struct evidence *evidence)
{
	unchoose(&evidence->interfaces[0]);
	evidence->interfaces[0].interface.address.family = ADDRESS_NONE;
}

static void has_ipv6_only(struct evidence *evidence)
{
	has_no_address(evidence);
	evidence->interfaces[0].has_other_family = true;
}

static void has_multicast_off(struct evidence *evidence)
{
	unchoose(&evidence->interfaces[0]);
	evidence->interfaces[0].interface.can_multicast = false;
}

static void has_lo_only(struct evidence *evidence)
{
	unchoose(&evidence->interfaces[0]);
	strcpy(evidence->interfaces[0].interface.name, "lo");
	evidence->interfaces[0].interface.is_loopback = true;
}

static void lacks_a_second(struct evidence *evidence)
{
	struct interface_evidence *it = add(evidence, "eth1");

	unchoose(it);
	it->interface.is_running = false;
}

static void lacks_a_named_second(struct evidence *evidence)
{
	lacks_a_second(evidence);
	evidence->interfaces[1].is_named = true;
}

static void has_empty_bridge_only(struct evidence *evidence)
{
	has_no_carrier(evidence);
	evidence->interfaces[0].is_bridge = true;
	is_down(evidence);
	(void)add(evidence, "eth0");
	unchoose(&evidence->interfaces[1]);
	evidence->interfaces[1].interface.is_running = false;
}

static void drops_all_in(struct evidence *evidence)
{
	hear(&evidence->interfaces[0], 0, 0);
}

static void drops_multicast_in(struct evidence *evidence)
{
	hear(&evidence->interfaces[0], 0, SENT);
}

static void drops_before_routing(struct evidence *evidence)
{
	drops_multicast_in(evidence);
	evidence->interfaces[0].looped.values[COUNTER_IN_MULTICAST] = 0;
}

static void drops_below(struct evidence *evidence)
{
	drops_all_in(evidence);
	evidence->interfaces[0].looped.values[COUNTER_IN_RECEIVES] = 2;
	evidence->interfaces[0].looped.values[COUNTER_IN_MULTICAST] = 0;
}

static void drops_unseen(struct evidence *evidence)
{
	drops_all_in(evidence);
	evidence->interfaces[0].looped = (struct counters){0};
	evidence->during = (struct counters){0};
}

static void delivers_to_another(struct evidence *evidence)
{
	hear(&evidence->interfaces[0], 0, SENT);
	evidence->interfaces[0].looped.values[COUNTER_IN_DELIVERS] = 3 * SENT;
}

static void loses_some_of_its_own(struct evidence *evidence)
{
	hear(&evidence->interfaces[0], 1, 2);
}

static void refuses_out(struct evidence *evidence)
{
	refuse(&evidence->interfaces[0], EPERM);
}

static void rejects_out(struct evidence *evidence)
{
	refuse(&evidence->interfaces[0], ECONNREFUSED);
}

static void drops_at_egress(struct evidence *evidence)
{
	refuse(&evidence->interfaces[0], ENOBUFS);
}

static void cannot_say_why(struct evidence *evidence)
{
	refuse(&evidence->interfaces[0], EINVAL);
}

static void drops_reports(struct evidence *evidence)
{
	evidence->interfaces[0].reports = REPORTS_DROPPED;
	evidence->interfaces[0].querier = QUERIER_UNKNOWN;
}

static void drops_questions(struct evidence *evidence)
{
	evidence->interfaces[0].querier = QUERIER_DROPPED;
}

static void has_querier(struct evidence *evidence)
{
	evidence->interfaces[0].querier = QUERIER_HEARD;
}

static void filters_reverse_path(struct evidence *evidence)
{
	evidence->others = 0;
	evidence->during.values[COUNTER_REVERSE_PATH] = 2;
}

static void filters_some_reverse_path(struct evidence *evidence)
{
	evidence->during.values[COUNTER_REVERSE_PATH] = 2;
}

static void has_twins(struct evidence *evidence)
{
	(void)add(evidence, "eth1");
	evidence->interfaces[0].shares_subnet = true;
	evidence->interfaces[1].shares_subnet = true;
	evidence->during.values[COUNTER_REVERSE_PATH] = 98;
}

static void may_not_join(struct evidence *evidence)
{
	evidence->joined = 0;
	evidence->join_error = ENOBUFS;
	evidence->join_limit = 0;
	for (int i = 0; i < WAYS - 1; i++)
		evidence->interfaces[0].loops[i] =
			(struct loop_evidence){.join_error = ENOBUFS};
}

static void may_join_one(struct evidence *evidence)
{
	(void)add(evidence, "eth1");
	evidence->join_error = ENOBUFS;
	evidence->join_limit = 1;
}

static void lacks_port(struct evidence *evidence)
{
	evidence->interfaces[0].is_looped = false;
	evidence->bind_error = EADDRINUSE;
	evidence->has_holder = true;
	evidence->holder = 65534;
}

static void has_tiny_buffer(struct evidence *evidence)
{
	evidence->buffer_granted = 4096;
}

static void has_no_proc(struct evidence *evidence)
{
	evidence->during = (struct counters){0};
	evidence->interfaces[0].looped = (struct counters){0};
	evidence->interfaces[0].reports = REPORTS_UNKNOWN;
	evidence->interfaces[0].querier = QUERIER_UNKNOWN;
}

static void has_no_route(struct evidence *evidence)
{
	*evidence->routed = '\0';
}

static void routes_to_vpn(struct evidence *evidence)
{
	struct interface_evidence *it = add(evidence, "tun0");

	unchoose(it);
	it->interface.is_point_to_point = true;
	strcpy(evidence->routed, "tun0");
}

/* Another member, as it is where all is well. */
static struct member_evidence *meet(struct evidence *evidence)
{
	struct member_evidence *it =
		&evidence->members[evidence->member_count++];

	*it = (struct member_evidence){
		.id = evidence->member_count,
		.interface_index = 1,
		.heard = 12,
		.by_group = EVIDENCE_NUMBERS,
		.direct = EVIDENCE_NUMBERS,
		.is_answering = true,
		.host = 7,
		.joined_s = 400,
		.round_trip_us = 230,
	};
	(void)address_parse("10.88.0.2", &it->address);
	evidence->probes = EVIDENCE_PROBES;
	evidence->others = (unsigned)evidence->member_count;
	for (int way = 0; way < MEMBER_WAYS; way++) {
		for (int class = 0; class < PROBE_CLASSES; class ++) {
			unsigned count = way == WAY_GROUP ? 8 : 4;

			it->reached[way][class] = count;
			evidence->sent[way][class] = count;
		}
		it->last[way] = EVIDENCE_NUMBERS;
	}
	it->unicasts[PROBE_SMALL] = 4;
	it->unicasts[PROBE_LARGE] = 4;
	return it;
}

/* None of the probes of this way reached it. */
static void miss(struct member_evidence *it, enum way way)
{
	it->reached[way][PROBE_SMALL] = 0;
	it->reached[way][PROBE_LARGE] = 0;
	it->last[way] = 0;
}

static void miss_multicast(struct member_evidence *it)
{
	miss(it, WAY_GROUP);
	miss(it, WAY_ALL_HOSTS);
	miss(it, WAY_FAR);
}

/* One that is neither heard nor replies: known by name, or by another. */
static struct member_evidence *know(struct evidence *evidence)
{
	struct member_evidence *it;

	(void)meet(evidence);
	it = meet(evidence);
	*it = (struct member_evidence){
		.id = 9,
		.interface_index = 1,
		.unicasts = {4, 4},
		.hops = -1,
		.round_trip_us = -1,
		.joined_s = -1,
	};
	(void)address_parse("10.88.0.3", &it->address);
	(void)address_parse("10.88.0.2", &it->listed_by);
	evidence->others = 1;
	return it;
}

static void meets_one(struct evidence *evidence)
{
	(void)meet(evidence);
}

static void is_unheard_by_one(struct evidence *evidence)
{
	struct member_evidence *it = know(evidence);

	it->heard = 2;
}

static void passes_members_on(struct evidence *evidence)
{
	struct member_evidence *it = know(evidence);

	it->heard = 2;
	it->address = evidence->members[0].address;
}

static void meets_one_that_leaves(struct evidence *evidence)
{
	is_unheard_by_one(evidence);
	evidence->members[1].has_left = true;
}

static void hears_no_group(struct evidence *evidence)
{
	meet(evidence)->heard = 0;
}

static void reaches_by_broadcast(struct evidence *evidence)
{
	miss_multicast(meet(evidence));
}

static void reaches_without_multicast(struct evidence *evidence)
{
	struct member_evidence *it = meet(evidence);

	miss_multicast(it);
	it->heard = 0;
}

static void reaches_by_all_hosts(struct evidence *evidence)
{
	struct member_evidence *it = meet(evidence);

	miss(it, WAY_GROUP);
	miss(it, WAY_FAR);
}

static void reaches_where_a_querier_is(struct evidence *evidence)
{
	reaches_by_all_hosts(evidence);
	has_querier(evidence);
}

static void is_forgotten(struct evidence *evidence)
{
	struct member_evidence *it = meet(evidence);

	it->reached[WAY_GROUP][PROBE_SMALL] = 3;
	it->reached[WAY_GROUP][PROBE_LARGE] = 2;
	it->last[WAY_GROUP] = 16;
}

static void is_forgotten_by_a_querier(struct evidence *evidence)
{
	is_forgotten(evidence);
	has_querier(evidence);
}

static struct member_evidence *meet_behind_router(struct evidence *evidence)
{
	struct member_evidence *it = meet(evidence);

	it->hops = 1;
	it->heard = 0;
	miss(it, WAY_GROUP);
	miss(it, WAY_ALL_HOSTS);
	miss(it, WAY_BROADCAST);
	return it;
}

static void is_behind_router(struct evidence *evidence)
{
	(void)meet_behind_router(evidence);
}

static void hears_one_behind_router(struct evidence *evidence)
{
	meet_behind_router(evidence)->heard = 5;
}

static void is_behind_deaf_router(struct evidence *evidence)
{
	miss(meet_behind_router(evidence), WAY_FAR);
}

static void lists_one(struct evidence *evidence)
{
	struct member_evidence *it = know(evidence);

	it->is_listed = true;
	it->error = EHOSTUNREACH;
}

static void lists_one_over_ipv6(struct evidence *evidence)
{
	struct member_evidence *it = know(evidence);

	it->is_listed = true;
	(void)address_parse("fe80::3", &it->address);
}

static void lists_one_that_refuses(struct evidence *evidence)
{
	struct member_evidence *it = know(evidence);

	it->is_listed = true;
	it->error = ECONNREFUSED;
}

static void lists_one_late(struct evidence *evidence)
{
	struct member_evidence *it = know(evidence);

	it->is_listed = true;
	it->unicasts[PROBE_LARGE] = 0;
	it->unicasts[PROBE_SMALL] = 1;
}

static void lists_one_that_is_filtered(struct evidence *evidence)
{
	lists_one(evidence);
	evidence->during.values[COUNTER_REVERSE_PATH] = 20;
}

static void names_one(struct evidence *evidence)
{
	struct member_evidence *it = know(evidence);

	it->is_named = true;
	it->error = EHOSTUNREACH;
}

static void names_one_elsewhere(struct evidence *evidence)
{
	names_one(evidence);
	evidence->members[0] = evidence->members[1];
	evidence->member_count = 1;
	evidence->others = 0;
	evidence->interfaces[0].arrivals = 0;
}

static void names_one_beside_a_gateway(struct evidence *evidence)
{
	names_one_elsewhere(evidence);
	evidence->members[1] = evidence->members[0];
	evidence->members[1].is_named = false;
	evidence->members[1].is_gateway = true;
	evidence->members[1].error = 0;
	evidence->member_count = 2;
}

static void names_one_without_mchat(struct evidence *evidence)
{
	names_one(evidence);
	evidence->members[1].error = ECONNREFUSED;
}

static void names_one_that_is_silent(struct evidence *evidence)
{
	names_one(evidence);
	evidence->members[1].error = 0;
}

static void hears_listed_sources_only(struct evidence *evidence)
{
	static struct address source;

	hears_no_group(evidence);
	(void)address_parse("10.88.0.3", &source);
	evidence->sources = &source;
	evidence->source_count = 1;
}

static void meets_two_with_one_address(struct evidence *evidence)
{
	(void)meet(evidence);
	meet(evidence)->host = 8;
}

static void meets_two_on_one_host(struct evidence *evidence)
{
	(void)meet(evidence);
	(void)meet(evidence);
}

static void meets_two_on_unknown_hosts(struct evidence *evidence)
{
	meet(evidence)->host = 0;
	(void)meet(evidence);
}

static void shares_its_address(struct evidence *evidence)
{
	(void)meet(evidence);
	evidence->has_double = true;
	evidence->double_address = evidence->interfaces[0].interface.address;
	evidence->double_told_by = evidence->members[0].address;
}

static void hears_other_version(struct evidence *evidence)
{
	(void)meet(evidence);
	evidence->has_other_version = true;
	evidence->other_version = evidence->members[0].address;
}

static void hears_other_version_in_haste(struct evidence *evidence)
{
	hears_other_version(evidence);
	evidence->probes = 1;
}

static void meets_doctor_for_a_moment(struct evidence *evidence)
{
	struct member_evidence *it = meet(evidence);

	it->is_doctor = true;
	miss_multicast(it);
	it->direct = 2;
	it->by_group = 2;
}

static void meets_deaf_doctor(struct evidence *evidence)
{
	struct member_evidence *it = meet(evidence);

	it->is_doctor = true;
	miss_multicast(it);
}

static void reaches_with_small_ones(struct evidence *evidence)
{
	meet(evidence)->reached[WAY_GROUP][PROBE_LARGE] = 0;
}

static void loses_half(struct evidence *evidence)
{
	struct member_evidence *it = meet(evidence);

	it->reached[WAY_GROUP][PROBE_SMALL] /= 2;
	it->reached[WAY_GROUP][PROBE_LARGE] /= 2;
}

static void loses_most(struct evidence *evidence)
{
	struct member_evidence *it = meet(evidence);

	it->reached[WAY_GROUP][PROBE_SMALL] = 1;
	it->reached[WAY_GROUP][PROBE_LARGE] = 1;
}

static void lacks_unicast(struct evidence *evidence)
{
	struct member_evidence *it = meet(evidence);

	it->direct = 0;
	miss(it, WAY_UNICAST);
}

static void lacks_time(struct evidence *evidence)
{
	is_unheard_by_one(evidence);
	evidence->probes = 3;
}

/* ---- what is to come of it ---- */

static const struct {
	const char *what;
	void (*change)(struct evidence *evidence);
	enum cause verdict;
	const char *text; /* within that of its finding; NULL: there is none */
} rows[] = {
	{"a healthy host", is_healthy, CAUSE_OK, NULL},
	{"nobody else", is_alone, CAUSE_ALONE, NULL},
	{"nothing comes in", hears_nothing_at_all, CAUSE_ALONE, NULL},
	{"down", is_down, CAUSE_INTERFACE_DOWN, "UP is off"},
	{"no carrier", has_no_carrier, CAUSE_NO_CARRIER, "no carrier"},
	{"dormant", is_dormant, CAUSE_DORMANT, "login"},
	{"no address", has_no_address, CAUSE_NO_ADDRESS, "no IPv4 address"},
	{"IPv6 only", has_ipv6_only, CAUSE_FAMILY, "but an IPv6 one"},
	{"multicast off", has_multicast_off, CAUSE_MULTICAST_OFF, "MULTICAST"},
	{"nothing but lo", has_lo_only, CAUSE_INTERFACE_DOWN, "but lo"},
	{"a second without carrier", lacks_a_second, CAUSE_OK, NULL},
	{"the same, named", lacks_a_named_second, CAUSE_NO_CARRIER,
		"no carrier"},
	{"an empty bridge, and no carrier", has_empty_bridge_only,
		CAUSE_NO_CARRIER, "no carrier"},
	{"all that comes in is dropped", drops_all_in, CAUSE_FIREWALL_IN,
		"every datagram"},
	{"multicast that comes in is dropped", drops_multicast_in,
		CAUSE_FIREWALL_IN, "drops multicast"},
	{"... before routing", drops_before_routing, CAUSE_FIREWALL_IN,
		"prerouting"},
	{"... below IP", drops_below, CAUSE_BELOW_IP, "nor did IP count"},
	{"... without counters", drops_unseen, CAUSE_FIREWALL_IN, "drops"},
	{"another program gets it", delivers_to_another, CAUSE_PORT_TAKEN,
		"another program"},
	{"some of it is dropped", loses_some_of_its_own, CAUSE_OK, NULL},
	{"sending is refused", refuses_out, CAUSE_FIREWALL_OUT, "EPERM"},
	{"sending is rejected", rejects_out, CAUSE_FIREWALL_OUT,
		"ECONNREFUSED"},
	{"sent, and dropped below", drops_at_egress, CAUSE_BELOW_IP, "ENOBUFS"},
	{"sending fails otherwise", cannot_say_why, CAUSE_NOT_VISIBLE,
		"EINVAL"},
	{"IGMP does not leave", drops_reports, CAUSE_FIREWALL_IGMP,
		"on its way out"},
	{"questions of IGMP are dropped", drops_questions, CAUSE_FIREWALL_IGMP,
		"questions"},
	{"a querier", has_querier, CAUSE_OK, NULL},
	{"rp_filter", filters_reverse_path, CAUSE_RP_FILTER, "route back"},
	{"rp_filter, and somebody is heard", filters_some_reverse_path,
		CAUSE_RP_FILTER, "route back"},
	{"rp_filter of two in one network", has_twins, CAUSE_OK, NULL},
	{"no membership", may_not_join, CAUSE_MEMBERSHIP_LIMIT, "0 interfaces"},
	{"one membership for two", may_join_one, CAUSE_MEMBERSHIP_LIMIT,
		"1 interface,"},
	{"the port is taken", lacks_port, CAUSE_PORT_TAKEN, "65534"},
	{"a tiny buffer", has_tiny_buffer, CAUSE_SMALL_BUFFER, "4096 bytes"},
	{"no /proc", has_no_proc, CAUSE_OK, NULL},
	{"no route to the group", has_no_route, CAUSE_OK, NULL},
	{"a VPN has the route", routes_to_vpn, CAUSE_OK, NULL},
	{"a member", meets_one, CAUSE_OK, NULL},
	{"one that does not hear us", is_unheard_by_one, CAUSE_ONE_WAY,
		"none of 16 probes reached"},
	{"one that another passes on", passes_members_on, CAUSE_OK, NULL},
	{"one that leaves", meets_one_that_leaves, CAUSE_OK, NULL},
	{"one whose group does not come in", hears_no_group,
		CAUSE_SWITCH_DROPS_MULTICAST, "replies by unicast"},
	{"one that only broadcast reaches", reaches_by_broadcast, CAUSE_ONE_WAY,
		"unicast did"},
	{"... and that is not heard", reaches_without_multicast,
		CAUSE_SWITCH_DROPS_MULTICAST, "point between drops multicast"},
	{"one that only all hosts reaches", reaches_by_all_hosts,
		CAUSE_NO_QUERIER, "joined 400 s ago"},
	{"... where a querier is", reaches_where_a_querier_is,
		CAUSE_SWITCH_DROPS_MULTICAST, "forgotten"},
	{"one that the group no longer reaches", is_forgotten, CAUSE_NO_QUERIER,
		"5 of 16"},
	{"... though something asks", is_forgotten_by_a_querier,
		CAUSE_NO_QUERIER, "5 of 16"},
	{"one behind a router", is_behind_router, CAUSE_TTL, "1 router:"},
	{"... that is heard", hears_one_behind_router, CAUSE_TTL, "1 router:"},
	{"one behind a router without multicast", is_behind_deaf_router,
		CAUSE_ROUTER_NO_MULTICAST, "does not forward"},
	{"one that another hears", lists_one, CAUSE_CLIENT_ISOLATION,
		"10.88.0.2 hears it and us"},
	{"... by IPv6", lists_one_over_ipv6, CAUSE_FAMILY, "over IPv6 only"},
	{"... and that can be reached", lists_one_that_refuses, CAUSE_OK, NULL},
	{"... since just now", lists_one_late, CAUSE_OK, NULL},
	{"... and that rp_filter drops", lists_one_that_is_filtered,
		CAUSE_RP_FILTER, "route back"},
	{"one that was named and is away", names_one, CAUSE_NOT_VISIBLE,
		"EHOSTUNREACH"},
	{"... and nothing comes in", names_one_elsewhere, CAUSE_WRONG_NETWORK,
		"another network"},
	{"... though the gateway is there", names_one_beside_a_gateway,
		CAUSE_NOT_VISIBLE, "EHOSTUNREACH"},
	{"... and runs no mchat", names_one_without_mchat, CAUSE_NOT_VISIBLE,
		"no mchat runs"},
	{"... and is silent", names_one_that_is_silent, CAUSE_NOT_VISIBLE,
		"does not reply"},
	{"one that is no source", hears_listed_sources_only, CAUSE_OK, NULL},
	{"two with one address", meets_two_with_one_address,
		CAUSE_DUPLICATE_ADDRESS, "another host"},
	{"... on one host", meets_two_on_one_host, CAUSE_OK, NULL},
	{"... on hosts that are not known", meets_two_on_unknown_hosts,
		CAUSE_OK, NULL},
	{"one with our address", shares_its_address, CAUSE_DUPLICATE_ADDRESS,
		"does not run here"},
	{"one of another version", hears_other_version, CAUSE_OTHER_VERSION,
		"neither repair nor confirm"},
	{"... heard for a moment", hears_other_version_in_haste,
		CAUSE_OTHER_VERSION, "neither repair nor confirm"},
	{"a doctor that was there for a moment", meets_doctor_for_a_moment,
		CAUSE_OK, NULL},
	{"a doctor that hears no multicast", meets_deaf_doctor, CAUSE_ONE_WAY,
		"unicast did"},
	{"one that hears small ones", reaches_with_small_ones, CAUSE_MTU,
		"none of 8 large"},
	{"one that hears half", loses_half, CAUSE_OK, NULL},
	{"one that hears few", loses_most, CAUSE_LOSS, "replied to 2"},
	{"no unicast", lacks_unicast, CAUSE_OK, NULL},
	{"no time to ask", lacks_time, CAUSE_OK, NULL},
};

static void test_rows(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct finding_list findings;
		struct evidence evidence;
		const struct finding *worst;

		(void)make(&evidence);
		rows[i].change(&evidence);
		diagnosis_make(&evidence, &findings);
		worst = finding_worst(&findings);
		tap_is_string(cause_id(diagnosis_verdict(&evidence, &findings)),
			cause_id(rows[i].verdict), rows[i].what);
		if (!rows[i].text)
			tap_ok(!worst, "%s: no finding but notes",
				rows[i].what);
		else
			tap_ok(worst && strstr(worst->text, rows[i].text) &&
					*worst->mend,
				"%s: says why, and what mends it (%s)",
				rows[i].what, worst ? worst->text : "nothing");
	}
}

static const struct finding *find(
	const struct finding_list *findings, enum cause cause)
{
	for (size_t i = 0; i < findings->count; i++) {
		if (findings->items[i].cause == cause)
			return &findings->items[i];
	}
	return NULL;
}

/* What a note is to say of this change. */
static void test_note(void (*change)(struct evidence *evidence),
	enum cause cause, const char *text)
{
	struct finding_list findings;
	struct evidence evidence;
	const struct finding *note;

	(void)make(&evidence);
	change(&evidence);
	diagnosis_make(&evidence, &findings);
	note = find(&findings, cause);
	tap_ok(note && note->severity == SEVERITY_NOTE &&
			strstr(note->text, text),
		"a note of %s has \"%s\" (%s)", cause_id(cause), text,
		note ? note->text : "nothing");
}

static void test_two_faults(void)
{
	struct finding_list findings;
	struct evidence evidence;

	(void)make(&evidence);
	drops_all_in(&evidence);
	drops_reports(&evidence);
	has_tiny_buffer(&evidence);
	diagnosis_make(&evidence, &findings);
	tap_ok(find(&findings, CAUSE_FIREWALL_IGMP) &&
			find(&findings, CAUSE_SMALL_BUFFER),
		"every fault is told");
	tap_is_string(cause_id(diagnosis_verdict(&evidence, &findings)),
		"firewall-in", "the verdict is the one that explains the most");
}

static void test_too_many(void)
{
	struct finding_list findings = {.count = 0};

	for (int i = 0; i < FINDINGS_MAX + 3; i++)
		finding_say(finding_add(&findings, CAUSE_LOSS, SEVERITY_FAULT,
				    "eth0"),
			"%d", i);
	tap_is_int(
		(intmax_t)findings.count, FINDINGS_MAX, "findings have an end");
	tap_is_string(findings.items[FINDINGS_MAX - 1].text, "66",
		"and the last one is kept");
}

int main(void)
{
	test_rows();
	test_note(has_no_proc, CAUSE_NOT_VISIBLE, "/proc/net/snmp");
	test_note(is_healthy, CAUSE_NO_QUERIER, "no querier");
	test_note(hears_nothing_at_all, CAUSE_ALONE, "came in by eth0");
	test_note(has_twins, CAUSE_RP_FILTER, "98 datagrams");
	test_note(routes_to_vpn, CAUSE_OK, "route to the group");
	test_note(is_healthy, CAUSE_SMALL_BUFFER, "enough for a chat");
	test_note(meets_one, CAUSE_OK, "by broadcast 8 of 8 (0 % lost)");
	test_note(loses_half, CAUSE_OK, "by the group 8 of 16 (50 % lost)");
	test_note(meets_one, CAUSE_OK, "round trip 0.2 ms");
	test_two_faults();
	test_too_many();
	return tap_done();
}
