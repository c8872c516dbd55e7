/* SPDX-License-Identifier: ISC */
#include "mchat/doctor/diagnosis_interface.h"

#include <errno.h>
#include <stdio.h>

#include "mchat/doctor/evidence.h"
#include "mchat/network/error.h"

/* ---- whether a group can be joined there ---- */

static void say_address(const struct evidence *evidence,
	const struct interface_evidence *it, enum severity severity,
	struct finding_list *out)
{
	bool is_ipv6 = evidence->group.family == ADDRESS_IPV6;
	const char *name = it->interface.name;
	struct finding *finding = finding_add(out,
		it->has_other_family ? CAUSE_FAMILY : CAUSE_NO_ADDRESS,
		severity, name);

	finding_mend(finding,
		"`ip addr add ADDRESS/%d dev %s`, or `dhclient %s`",
		is_ipv6 ? 64 : 24, name, name);
	if (!it->has_other_family) {
		finding_say(finding,
			"it is up and has no %s address: nobody gave it one "
			"(DHCP did not answer)",
			address_family_name(evidence->group.family));
		return;
	}
	finding_say(finding,
		"it has no %s address, which the group needs, but an %s one",
		address_family_name(evidence->group.family),
		is_ipv6 ? "IPv4" : "IPv6");
	finding_mend(finding,
		"`mchat -%d` on every host, or `ip addr add ADDRESS/%d dev %s`",
		is_ipv6 ? 4 : 6, is_ipv6 ? 64 : 24, name);
}

/* Adds a finding that has its text and its command in full. */
static void say_state(struct finding_list *out, enum cause cause,
	enum severity severity, const char *interface, const char *text)
{
	struct finding *finding = finding_add(out, cause, severity, interface);

	finding_say(finding, "%s", text);
	if (cause == CAUSE_INTERFACE_DOWN)
		finding_mend(finding, "`ip link set %s up`", interface);
	else if (cause == CAUSE_MULTICAST_OFF)
		finding_mend(
			finding, "`ip link set %s multicast on`", interface);
	else if (cause == CAUSE_DORMANT)
		finding_mend(finding,
			"log in to the network (802.1X, Wi-Fi): `nmcli device "
			"connect %s`",
			interface);
	else
		finding_mend(finding,
			"plug the cable in, at both ends, or connect the "
			"Wi-Fi; `ip link show %s` then has no NO-CARRIER",
			interface);
}

bool diagnosis_interface_state(const struct evidence *evidence,
	const struct interface_evidence *interface, enum severity severity,
	struct finding_list *out)
{
	const struct interface *it = &interface->interface;

	if (!it->is_up)
		say_state(out, CAUSE_INTERFACE_DOWN, severity, it->name,
			"it is down (its flag UP is off): nothing is sent or "
			"received");
	else if (it->is_dormant)
		say_state(out, CAUSE_DORMANT, severity, it->name,
			"it has a carrier, but is dormant: the network waits "
			"for a login");
	else if (!it->is_running)
		say_state(out, CAUSE_NO_CARRIER, severity, it->name,
			"it is up and has no carrier (its flag RUNNING is "
			"off): no cable, or no Wi-Fi");
	else if (it->address.family == ADDRESS_NONE)
		say_address(evidence, interface, severity, out);
	else if (!it->can_multicast && !it->is_loopback)
		say_state(out, CAUSE_MULTICAST_OFF, severity, it->name,
			"its flag MULTICAST is off, so mchat does not use it");
	else
		return false;
	return true;
}

/* ---- what is sent ---- */

static void say_refused(const struct evidence *evidence,
	const struct interface_evidence *it, struct finding_list *out)
{
	int error = it->loops[WAY_GROUP].error;
	const char *name = it->interface.name;
	bool is_ipv6 = evidence->group.family == ADDRESS_IPV6;
	struct finding *finding;

	switch (error) {
	case EPERM:
	case EACCES:
	case ECONNREFUSED:
		finding = finding_add(
			out, CAUSE_FIREWALL_OUT, SEVERITY_FAULT, name);
		finding_say(finding,
			"a firewall on this host refuses what mchat sends "
			"(sending to the group fails with %s)",
			error_name(error));
		finding_mend(finding,
			"`nft insert rule inet filter output udp dport %u "
			"accept`, `ufw allow out %u/udp`, or look for the rule "
			"in `nft list ruleset`",
			evidence->group.port, evidence->group.port);
		break;
	case ENOBUFS:
		finding =
			finding_add(out, CAUSE_BELOW_IP, SEVERITY_FAULT, name);
		finding_say(finding,
			"what mchat sends is dropped below IP, on its way out "
			"(sending to the group fails with ENOBUFS, which the "
			"kernel tells with IP_RECVERR only)");
		finding_mend(finding,
			"look for the rule in `nft list ruleset` (netdev, "
			"egress) and in `tc -s qdisc show dev %s`; `tc filter "
			"show dev %s egress`",
			name, name);
		break;
	case EADDRNOTAVAIL:
		finding = finding_add(out,
			is_ipv6 ? CAUSE_DUPLICATE_ADDRESS : CAUSE_NO_ADDRESS,
			SEVERITY_FAULT, name);
		finding_say(finding,
			"its address cannot be used: sending fails with "
			"EADDRNOTAVAIL%s",
			is_ipv6 ? ", as when another host has it, too" : "");
		finding_mend(finding,
			"`ip addr show dev %s` (dadfailed: give it another "
			"address)",
			name);
		break;
	default:
		finding = finding_add(
			out, CAUSE_NOT_VISIBLE, SEVERITY_FAULT, name);
		finding_say(finding, "sending to the group fails with %s: %s",
			error_name(error), error_meaning_in("send", error));
		finding_mend(finding,
			"`mchat --explain -i %s` shows the calls, and what "
			"becomes of them",
			name);
		break;
	}
}

/* ---- what comes back ---- */

/* What the loops of one interface come to. */
struct sums {
	uint64_t sent;
	uint64_t unheard;
	uint64_t unheard_multicast; /* of the group and of all hosts */
	bool is_all;                /* none was heard, by whatever way */
	bool has_broadcast;         /* which is one of these */
};

static struct sums sum_up(const struct interface_evidence *it)
{
	struct sums sums = {.is_all = true};

	for (int i = 0; i < WAYS; i++) {
		const struct loop_evidence *loop = &it->loops[i];
		unsigned unheard = loop->sent - loop->heard;

		sums.sent += loop->sent;
		if (i == WAY_BROADCAST && loop->sent > 0)
			sums.has_broadcast = true;
		sums.unheard += unheard;
		if (i != WAY_BROADCAST)
			sums.unheard_multicast += unheard;
		if (loop->heard > 0)
			sums.is_all = false;
	}
	return sums;
}

static void mend_firewall_in(const struct evidence *evidence, bool is_all,
	const char *hook, struct finding *finding)
{
	char group[ADDRESS_TEXT_SIZE];
	unsigned port = evidence->group.port;

	if (is_all)
		finding_mend(finding,
			"`nft insert rule inet filter %s udp dport %u accept`, "
			"`ufw allow %u/udp` or `firewall-cmd --add-port=%u/"
			"udp`",
			hook, port, port, port);
	else
		finding_mend(finding,
			"`nft insert rule inet filter %s %s daddr %s udp dport "
			"%u accept`, `ufw allow in to %s port %u proto udp` or "
			"`firewall-cmd --add-port=%u/udp`",
			hook,
			evidence->group.family == ADDRESS_IPV6 ? "ip6" : "ip",
			address_format_host(&evidence->group, group), port,
			group, port, port);
}

static void say_filtered(const struct evidence *evidence,
	const struct interface_evidence *it, const struct sums *sums,
	const char *hook, const char *why, struct finding_list *out)
{
	struct finding *finding = finding_add(
		out, CAUSE_FIREWALL_IN, SEVERITY_FAULT, it->interface.name);

	finding_say(finding,
		"a firewall on this host drops %s (of %u datagrams that it "
		"sent itself, none came back to it%s)",
		!sums->is_all         ? "multicast that comes in"
		: sums->has_broadcast ? "every datagram that comes in for mchat"
				      : "what comes in for mchat",
		it->loops[WAY_GROUP].sent, why);
	mend_firewall_in(evidence, sums->is_all, hook, finding);
}

static void say_below(
	const struct interface_evidence *it, struct finding_list *out)
{
	struct finding *finding = finding_add(
		out, CAUSE_BELOW_IP, SEVERITY_FAULT, it->interface.name);

	finding_say(finding,
		"what comes in is dropped below IP (of %u datagrams that this "
		"host sent itself none came back, nor did IP count them)",
		it->loops[WAY_GROUP].sent);
	finding_mend(finding,
		"look for the rule in `nft list ruleset` (netdev, ingress), in "
		"`tc filter show dev %s ingress` and for an XDP program in "
		"`ip link show %s`",
		it->interface.name, it->interface.name);
}

static void say_taken(
	const struct interface_evidence *it, struct finding_list *out)
{
	struct finding *finding = finding_add(
		out, CAUSE_PORT_TAKEN, SEVERITY_FAULT, it->interface.name);

	finding_say(finding,
		"what comes in for the group reaches UDP and not mchat: "
		"another program with the same port gets it");
	finding_mend(finding, "`ss -lunp` shows it; stop it, or choose another "
			      "port with `mchat -p`");
}

/* None of the group came back: says which layer keeps it. */
static void say_unheard(const struct evidence *evidence,
	const struct interface_evidence *it, struct finding_list *out)
{
	bool is_ipv6 = evidence->group.family == ADDRESS_IPV6;
	const struct counters *grown = &it->looped;
	struct sums sums = sum_up(it);
	uint64_t received = grown->values[COUNTER_IN_RECEIVES];
	uint64_t delivered = grown->values[COUNTER_IN_DELIVERS];

	if (!grown->is_known[COUNTER_IN_RECEIVES] ||
		!grown->is_known[COUNTER_IN_DELIVERS])
		say_filtered(evidence, it, &sums, "input", "", out);
	else if (received < sums.unheard)
		say_below(it, out);
	else if (received < delivered + (sums.unheard + 1) / 2)
		say_taken(it, out);
	else if (!is_ipv6 && grown->is_known[COUNTER_IN_MULTICAST] &&
		 grown->values[COUNTER_IN_MULTICAST] <
			 (sums.unheard_multicast + 1) / 2)
		say_filtered(evidence, it, &sums, "prerouting",
			"; IP counted them before, and not behind its hook "
			"prerouting",
			out);
	else
		say_filtered(evidence, it, &sums, "input",
			"; IP received them and delivered none", out);
}

/* ---- memberships ---- */

static void say_igmp(const struct evidence *evidence,
	const struct interface_evidence *it, struct finding_list *out)
{
	bool is_ipv6 = evidence->group.family == ADDRESS_IPV6;
	const char *protocol = is_ipv6 ? "MLD" : "IGMP";
	bool is_out = it->reports == REPORTS_DROPPED;
	struct finding *finding = finding_add(
		out, CAUSE_FIREWALL_IGMP, SEVERITY_FAULT, it->interface.name);

	if (is_out)
		finding_say(finding,
			"a firewall on this host drops %s on its way out (a "
			"group was joined and no report left), so a switch "
			"that snoops sends it no group",
			protocol);
	else
		finding_say(finding,
			"a firewall on this host drops the questions of %s "
			"that come in, so a switch that snoops forgets after "
			"minutes that it listens",
			protocol);
	if (is_ipv6)
		finding_mend(finding,
			"`nft insert rule inet filter %s icmpv6 type { "
			"mld-listener-query, mld-listener-report, "
			"mld2-listener-report } accept`",
			is_out ? "output" : "input");
	else
		finding_mend(finding,
			"`nft insert rule inet filter %s ip protocol igmp "
			"accept` or `iptables -I %s -p igmp -j ACCEPT`",
			is_out ? "output" : "input",
			is_out ? "OUTPUT" : "INPUT");
}

static void say_no_querier(
	const struct interface_evidence *it, struct finding_list *out)
{
	struct finding *finding = finding_add(
		out, CAUSE_NO_QUERIER, SEVERITY_NOTE, it->interface.name);

	finding_say(finding,
		"nobody asks who listens (no querier): no harm, unless a "
		"switch snoops IGMP; such a one stops the group about 260 s "
		"after a join, and mchat joins anew before that");
	finding_mend(finding,
		"if other programs need it, a querier on the switch or router; "
		"on a Linux bridge `ip link set br0 type bridge mcast_querier "
		"1`");
}

void diagnosis_interface_traffic(const struct evidence *evidence,
	const struct interface_evidence *interface, struct finding_list *out)
{
	const struct loop_evidence *group = &interface->loops[WAY_GROUP];

	if (!interface->is_looped)
		return;
	if (group->error != 0 && group->sent == 0)
		say_refused(evidence, interface, out);
	else if (group->sent > 0 && group->heard == 0)
		say_unheard(evidence, interface, out);
	if (interface->interface.is_loopback)
		return; /* no switch is asked there */
	if (interface->reports == REPORTS_DROPPED ||
		interface->querier == QUERIER_DROPPED)
		say_igmp(evidence, interface, out);
	else if (interface->querier == QUERIER_NONE)
		say_no_querier(interface, out);
}
