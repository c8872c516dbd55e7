/* SPDX-License-Identifier: ISC */
#include "mchat/doctor/diagnosis_member.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "mchat/doctor/evidence.h"
#include "mchat/network/error.h"

/* What so few of the probes reach is told: with 30 % lost each way, as bad
 * Wi-Fi does, half of them come through. */
#define FEW 4

/* So many probes that go astray in a row, while others arrive, are no chance:
 * with 30 % lost each way it is one time in 3,000. */
#define ROW_GROUP     8
#define ROW_ALL_HOSTS 2

/* A doctor that replied less often was not there long enough to tell. */
#define DOCTOR_REPLIES_MIN 12

/* ---- what a member is like ---- */

static unsigned reached(const struct member_evidence *it, enum way way)
{
	return it->reached[way][PROBE_SMALL] + it->reached[way][PROBE_LARGE];
}

static unsigned sent(const struct evidence *evidence, enum way way)
{
	return evidence->sent[way][PROBE_SMALL] +
	       evidence->sent[way][PROBE_LARGE];
}

/* A member behind a router is seen by its hops, or by what crosses one. */
static bool is_far(const struct member_evidence *it)
{
	return it->hops > 0 ||
	       (reached(it, WAY_GROUP) == 0 && reached(it, WAY_FAR) > 0);
}

/* Whether what it sends to the group is to be heard here. */
static bool is_source(
	const struct evidence *evidence, const struct member_evidence *it)
{
	struct address address = it->address;

	address.scope = 0; /* sources are named without */
	for (size_t i = 0; i < evidence->source_count; i++) {
		if (address_same_host(&evidence->sources[i], &address))
			return true;
	}
	return evidence->source_count == 0;
}

/* Of a host that passes on what others say (--peer), and runs no other member:
 * whom it passes on has its address, and is not reached by probes. */
static bool is_passed_on(
	const struct evidence *evidence, const struct member_evidence *it)
{
	for (size_t i = 0; i < evidence->member_count; i++) {
		const struct member_evidence *other = &evidence->members[i];

		if (other != it && other->is_answering &&
			address_same_host(&other->address, &it->address))
			return true;
	}
	return false;
}

/* Whether nobody asks who listens, where the member is. */
static bool has_no_querier(
	const struct evidence *evidence, const struct member_evidence *it)
{
	for (size_t i = 0; i < evidence->interface_count; i++) {
		const struct interface_evidence *at = &evidence->interfaces[i];

		if (at->interface.index == it->interface_index)
			return at->querier == QUERIER_NONE;
	}
	return false;
}

/* The group stopped reaching it, and what goes to all hosts did not. */
static bool was_forgotten(const struct member_evidence *it)
{
	unsigned last = it->last[WAY_GROUP];

	/* A round has three times as many numbers as probes to the group. */
	return last > 0 && last + 3 * ROW_GROUP <= EVIDENCE_NUMBERS &&
	       it->last[WAY_ALL_HOSTS] > last + ROW_ALL_HOSTS * 6;
}

static struct finding *add(struct finding_list *out, enum cause cause,
	enum severity severity, const struct member_evidence *it)
{
	struct finding *finding = finding_add(out, cause, severity, NULL);

	(void)address_format_host(&it->address, finding->member);
	return finding;
}

/* ---- it hears us, or not ---- */

static void say_one_way(const struct evidence *evidence,
	const struct member_evidence *it, struct finding_list *out)
{
	struct finding *finding = add(out, CAUSE_ONE_WAY, SEVERITY_FAULT, it);

	if (it->is_answering)
		finding_say(finding,
			"it is heard in the group, and none of %u probes to "
			"the group reached it, though %s did: a switch between "
			"lets the group pass in one direction only, or a "
			"firewall there drops it",
			evidence->probes,
			reached(it, WAY_UNICAST) > 0 ? "unicast" : "broadcast");
	else
		finding_say(finding,
			"it is heard in the group, and none of %u probes "
			"reached it: a firewall there drops what comes in, or "
			"a switch between lets the group pass in one direction "
			"only",
			evidence->probes);
	finding_mend(finding, "`mchat doctor` on that host; then the switch");
}

static void say_forgotten(const struct evidence *evidence,
	const struct member_evidence *it, struct finding_list *out)
{
	/* What answers a question about one group may still ask none. */
	bool has_none = has_no_querier(evidence, it) || was_forgotten(it);
	struct finding *finding = add(out,
		has_none ? CAUSE_NO_QUERIER : CAUSE_SWITCH_DROPS_MULTICAST,
		SEVERITY_FAULT, it);

	finding_say(finding,
		"%u of %u probes to the group reached it, the last %s, and %u "
		"of %u to all hosts: a switch between has forgotten that it "
		"listens (it joined %" PRId64 " s ago)%s",
		reached(it, WAY_GROUP), evidence->probes,
		reached(it, WAY_GROUP) == 0 ? "none" : "some time ago",
		reached(it, WAY_ALL_HOSTS), sent(evidence, WAY_ALL_HOSTS),
		it->joined_s, has_none ? ", as nobody asks" : "");
	finding_mend(finding,
		"a querier on the switch or router, or no IGMP snooping; on a "
		"Linux bridge `ip link set br0 type bridge mcast_querier 1`");
}

/* Neither side hears the other's group, and it is on our link. */
static void say_both(const struct member_evidence *it, struct finding_list *out)
{
	bool has_all_hosts = reached(it, WAY_ALL_HOSTS) > 0;
	struct finding *finding =
		add(out, CAUSE_SWITCH_DROPS_MULTICAST, SEVERITY_FAULT, it);

	finding_say(finding,
		"it is there (%u probes reached it by unicast, %u by "
		"broadcast), and neither hears the other in the group%s: %s",
		reached(it, WAY_UNICAST), reached(it, WAY_BROADCAST),
		has_all_hosts ? "" : ", nor what goes to all hosts",
		has_all_hosts ? "a switch between does not know who listens"
			      : "a switch or access point between drops "
				"multicast");
	finding_mend(finding,
		"IGMP snooping of the switch (a querier, or none of it), "
		"multicast enhancement of the access point; or `mchat --peer "
		"%s`",
		finding->member);
}

static void say_unheard(
	const struct member_evidence *it, struct finding_list *out)
{
	struct finding *finding =
		add(out, CAUSE_SWITCH_DROPS_MULTICAST, SEVERITY_FAULT, it);

	finding_say(finding,
		"it hears us, and replies by unicast, but nothing that it "
		"sends to the group comes in here: a switch between does not "
		"send the group to this port");
	finding_mend(finding, "look at IGMP snooping on the switch: a querier, "
			      "or no snooping");
}

/* ---- behind a router ---- */

static void say_hop_limit(
	const struct member_evidence *it, struct finding_list *out)
{
	int hops = it->hops > 0 ? it->hops : 1;
	struct finding *finding = add(out, CAUSE_TTL, SEVERITY_FAULT, it);

	finding_say(finding,
		"it is behind %d router%s: none of the probes to the group "
		"with TTL 1 reached it, and %u with a larger one did",
		hops, hops == 1 ? "" : "s", reached(it, WAY_FAR));
	finding_mend(finding, "`mchat -t %d` on every host", hops + 1);
}

static void say_router(const struct evidence *evidence,
	const struct member_evidence *it, struct finding_list *out)
{
	bool is_link_group = address_is_link_group(&evidence->group);
	struct finding *finding =
		add(out, CAUSE_ROUTER_NO_MULTICAST, SEVERITY_FAULT, it);

	finding_say(finding,
		"it is behind %d router%s: unicast reaches it, and the group "
		"does not%s",
		it->hops, it->hops == 1 ? "" : "s",
		is_link_group ? ", since such a group never leaves its link"
			      : ", whatever its TTL: the router does not "
				"forward multicast");
	finding_mend(finding, "`mchat --peer %s`%s", finding->member,
		is_link_group
			? ", or a group that is routed: `mchat -t 2 ff15::4d43`"
			: ", or multicast routing there (PIM, smcroute)");
}

/* ---- sizes and losses ---- */

static void say_size(const struct evidence *evidence,
	const struct member_evidence *it, struct finding_list *out)
{
	struct finding *finding = add(out, CAUSE_MTU, SEVERITY_FAULT, it);

	finding_say(finding,
		"%u of %u small probes reached it, and none of %u large ones "
		"(1400 bytes): the way there carries smaller packets than this "
		"host sends",
		it->reached[WAY_GROUP][PROBE_SMALL],
		evidence->sent[WAY_GROUP][PROBE_SMALL],
		evidence->sent[WAY_GROUP][PROBE_LARGE]);
	finding_mend(finding, "the same MTU on every host and switch: `ip link "
			      "set IFACE mtu 1500`");
}

static void say_loss(const struct evidence *evidence,
	const struct member_evidence *it, struct finding_list *out)
{
	unsigned count = reached(it, WAY_GROUP);
	struct finding *finding = add(out, CAUSE_LOSS,
		count <= FEW && !it->is_doctor ? SEVERITY_WARNING
					       : SEVERITY_NOTE,
		it);

	finding_say(finding,
		"of %u probes it replied to %u: the network loses the others, "
		"or their replies; mchat repairs that",
		evidence->probes, count);
	finding_mend(finding, "a better signal, or a cable");
}

/* ---- it is silent ---- */

/* What comes in within the 5 s that this takes where nobody is: the switch's
 * own packets. */
#define QUIET_MAX 10

static bool is_quiet(const struct evidence *evidence)
{
	for (size_t i = 0; i < evidence->interface_count; i++) {
		const struct interface_evidence *it = &evidence->interfaces[i];

		if (it->is_chosen &&
			(!it->knows_arrivals || it->arrivals > QUIET_MAX))
			return false;
	}
	return true;
}

/* Nobody is heard, the gateway is not there, or where none is known nothing
 * comes in. */
static bool is_elsewhere(const struct evidence *evidence)
{
	bool has_gateway = false;

	for (size_t i = 0; i < evidence->member_count; i++) {
		const struct member_evidence *it = &evidence->members[i];

		if (it->is_gateway && it->error != EHOSTUNREACH)
			return false;
		has_gateway = has_gateway || it->is_gateway;
	}
	return evidence->others == 0 && (has_gateway || is_quiet(evidence));
}

/* Another hears it on our link, and it does not hear us, nor we it. */
static void say_isolated(
	const struct member_evidence *it, struct finding_list *out)
{
	char other[ADDRESS_TEXT_SIZE];
	struct finding *finding =
		add(out, CAUSE_CLIENT_ISOLATION, SEVERITY_FAULT, it);

	finding_say(finding,
		"%s hears it and us on the same network, and nothing passes "
		"between it and this host, neither multicast nor unicast%s: "
		"the access point or switch keeps its clients apart",
		address_format_host(&it->listed_by, other),
		it->error == EHOSTUNREACH ? " (nobody answers for its address)"
					  : "");
	finding_mend(finding,
		"client isolation (AP isolation, guest network, protected "
		"port) off; or `mchat --peer %s`, which passes it on",
		other);
}

static void say_other_family(const struct evidence *evidence,
	const struct member_evidence *it, struct finding_list *out)
{
	struct finding *finding = add(out, CAUSE_FAMILY, SEVERITY_WARNING, it);

	finding_say(finding,
		"it is a member over %s only, and the group that was looked at "
		"is of %s",
		address_family_name(it->address.family),
		address_family_name(evidence->group.family));
	finding_mend(finding, "`mchat -4 -6`, here or there");
}

/* It was named, and there is no sign of it. */
static void say_absent(const struct evidence *evidence,
	const struct member_evidence *it, struct finding_list *out)
{
	bool is_cut_off = it->error == EHOSTUNREACH && is_elsewhere(evidence);
	struct finding *finding =
		add(out, is_cut_off ? CAUSE_WRONG_NETWORK : CAUSE_NOT_VISIBLE,
			is_cut_off ? SEVERITY_FAULT : SEVERITY_WARNING, it);

	if (is_cut_off)
		finding_say(finding,
			"nobody answers for its address, nor for the "
			"gateway's, "
			"and nobody is heard: this port or Wi-Fi is another "
			"network than that host's");
	else if (it->error == EHOSTUNREACH)
		finding_say(finding,
			"nobody answers for its address (EHOSTUNREACH): it is "
			"off, in another network (VLAN), or kept apart from "
			"this host");
	else if (it->error == ECONNREFUSED)
		finding_say(finding,
			"it is there, and refuses what comes to the port: no "
			"mchat runs there in this group");
	else if (it->error != 0)
		finding_say(finding, "sending to it fails with %s: %s",
			error_name(it->error),
			error_meaning_in("send", it->error));
	else
		finding_say(finding,
			"it does not reply: it is off, a firewall there drops "
			"what comes in, or no mchat runs there in this group");
	finding_mend(finding,
		is_cut_off ? "the VLAN of the switch's port, the name of the "
			     "Wi-Fi; `ip neigh` shows who answers"
			   : "`mchat doctor` on that host");
}

static void say_silent(const struct evidence *evidence,
	const struct member_evidence *it, struct finding_list *out)
{
	bool is_reachable = it->error == ECONNREFUSED;
	unsigned asked = it->unicasts[PROBE_SMALL] + it->unicasts[PROBE_LARGE];

	if (it->is_listed && it->address.family != evidence->group.family)
		say_other_family(evidence, it, out);
	/* What rp_filter drops comes of it, maybe. */
	else if (it->is_listed && !is_reachable && asked >= FEW &&
		 evidence->during.values[COUNTER_REVERSE_PATH] == 0)
		say_isolated(it, out);
	else if (it->is_named)
		say_absent(evidence, it, out);
}

/* ---- each ---- */

static void look_at(const struct evidence *evidence,
	const struct member_evidence *it, struct finding_list *out)
{
	unsigned count = reached(it, WAY_GROUP);
	bool is_heard = it->heard > 0;

	if (!it->is_answering && !is_heard)
		say_silent(evidence, it, out);
	else if (!it->is_answering) {
		if (!is_passed_on(evidence, it))
			say_one_way(evidence, it, out);
	} else if (is_far(it) && reached(it, WAY_FAR) > 0 &&
		   (count == 0 || !is_heard)) {
		say_hop_limit(it, out);
	} else if (is_far(it) && count == 0 && !is_heard) {
		say_router(evidence, it, out);
	} else if (is_heard &&
		   ((count == 0 && reached(it, WAY_ALL_HOSTS) > 1) ||
			   was_forgotten(it))) {
		say_forgotten(evidence, it, out);
	} else if (count == 0 && is_heard) {
		say_one_way(evidence, it, out);
	} else if (count == 0) {
		say_both(it, out);
	} else if (!is_heard) {
		say_unheard(it, out);
	} else if (it->reached[WAY_GROUP][PROBE_LARGE] == 0 &&
		   it->reached[WAY_GROUP][PROBE_SMALL] >= FEW) {
		say_size(evidence, it, out);
	} else if (count < evidence->probes) {
		say_loss(evidence, it, out);
	}
}

/* Whether there is enough to tell a cause from chance. */
static bool is_clear(
	const struct evidence *evidence, const struct member_evidence *it)
{
	return !it->has_left && is_source(evidence, it) &&
	       (!it->is_doctor ||
		       it->direct + it->by_group >= DOCTOR_REPLIES_MIN);
}

/* ---- how each is reached ---- */

static void say_way(struct finding *finding, const char *name,
	const unsigned got[PROBE_CLASSES], const unsigned of[PROBE_CLASSES])
{
	unsigned all = of[PROBE_SMALL] + of[PROBE_LARGE];
	unsigned lost = all - got[PROBE_SMALL] - got[PROBE_LARGE];

	if (all == 0 || lost > all)
		return;
	finding_say_more(finding, ", %s %u of %u (%u %% lost)", name,
		all - lost, all, 100 * lost / all);
}

/* The numbers, for who wants to judge for himself. */
static void say_numbers(const struct evidence *evidence,
	const struct member_evidence *it, struct finding_list *out)
{
	static const char *const names[MEMBER_WAYS] = {"by the group",
		"to all hosts", "by broadcast", "by unicast",
		"by the group with TTL 8"};
	struct finding *finding = add(out, CAUSE_OK, SEVERITY_NOTE, it);

	finding_say(finding, "%s", "our probes that reached it");
	for (int i = 0; i < MEMBER_WAYS; i++)
		say_way(finding, names[i], it->reached[i],
			i == WAY_UNICAST ? it->unicasts : evidence->sent[i]);
	finding_say_more(finding,
		"; its replies: %u by the group, %u by unicast", it->by_group,
		it->direct);
	if (it->round_trip_us >= 0)
		finding_say_more(finding,
			"; round trip %" PRId64 ".%" PRId64 " ms",
			it->round_trip_us / 1000, it->round_trip_us / 100 % 10);
	if (it->hops >= 0)
		finding_say_more(finding, "; routers between: %d", it->hops);
	if (it->joined_s >= 0)
		finding_say_more(
			finding, "; it joined %" PRId64 " s ago", it->joined_s);
}

/* ---- addresses ---- */

static void say_double(struct finding_list *out, const struct address *address,
	const char *why)
{
	struct finding *finding =
		finding_add(out, CAUSE_DUPLICATE_ADDRESS, SEVERITY_FAULT, NULL);

	(void)address_format_host(address, finding->member);
	finding_say(finding, "two hosts have this address: %s", why);
	finding_mend(finding,
		"another address for one of them: `ip addr`, or the DHCP "
		"server; `arping -D ADDRESS` shows who has it");
}

/* Of two members with one address that run on different hosts. */
static void look_at_addresses(
	const struct evidence *evidence, struct finding_list *out)
{
	for (size_t i = 0; i < evidence->member_count; i++) {
		const struct member_evidence *a = &evidence->members[i];

		for (size_t j = i + 1; j < evidence->member_count; j++) {
			const struct member_evidence *b = &evidence->members[j];

			if (a->host != 0 && b->host != 0 &&
				a->host != b->host &&
				address_same_host(&a->address, &b->address)) {
				say_double(out, &a->address,
					"two members with it reply, each from "
					"another host");
				return;
			}
		}
	}
}

static void look_at_own_address(
	const struct evidence *evidence, struct finding_list *out)
{
	char other[ADDRESS_TEXT_SIZE];
	char why[FINDING_TEXT_SIZE / 2];

	if (!evidence->has_double)
		return;
	snprintf(why, sizeof(why),
		"%s hears a member with it that does not run here, and whose "
		"packets the kernel drops as forged",
		address_format_host(&evidence->double_told_by, other));
	say_double(out, &evidence->double_address, why);
}

static void look_at_versions(
	const struct evidence *evidence, struct finding_list *out)
{
	struct finding *finding;

	if (!evidence->has_other_version)
		return;
	finding = finding_add(out, CAUSE_OTHER_VERSION, SEVERITY_WARNING, NULL);
	(void)address_format_host(&evidence->other_version, finding->member);
	finding_say(finding,
		"it has another version of mchat, with which members of this "
		"one neither repair nor confirm");
	finding_mend(finding, "the same version on both hosts: `mchat -V`");
}

void diagnosis_members(
	const struct evidence *evidence, struct finding_list *out)
{
	look_at_versions(evidence, out);
	/* Too few to tell chance from a cause. */
	if (evidence->probes < EVIDENCE_PROBES)
		return;
	look_at_own_address(evidence, out);
	look_at_addresses(evidence, out);
	for (size_t i = 0; i < evidence->member_count; i++) {
		if (is_clear(evidence, &evidence->members[i]))
			look_at(evidence, &evidence->members[i], out);
	}
	for (size_t i = 0; i < evidence->member_count; i++) {
		if (evidence->members[i].is_answering)
			say_numbers(evidence, &evidence->members[i], out);
	}
}
