/* SPDX-License-Identifier: ISC */
#include "mchat/doctor/diagnosis.h"

#include <errno.h>
#include <string.h>

#include "mchat/doctor/diagnosis_interface.h"
#include "mchat/doctor/diagnosis_member.h"
#include "mchat/doctor/evidence.h"
#include "mchat/network/error.h"

/* With less than this, a burst of a few datagrams of full size is lost; every
 * system grants several times as much by default. */
#define BUFFER_SMALL (64 * 1024)

/* ---- the interfaces ---- */

static bool has_chosen(const struct evidence *evidence)
{
	for (size_t i = 0; i < evidence->interface_count; i++) {
		if (evidence->interfaces[i].is_chosen)
			return true;
	}
	return false;
}

/* How grave it is that this one does not work. */
static enum severity severity_of(
	const struct interface_evidence *it, bool is_needed)
{
	if (it->is_named)
		return SEVERITY_FAULT;
	/* A bridge of containers that has none is as it should be. */
	return is_needed && !it->is_bridge ? SEVERITY_FAULT : SEVERITY_NOTE;
}

static void say_unused(
	const struct interface_evidence *it, struct finding_list *out)
{
	struct finding *finding =
		finding_add(out, CAUSE_OK, SEVERITY_NOTE, it->interface.name);

	finding_say(finding, "it is point-to-point, and mchat uses such only "
			     "when it is told to");
	finding_mend(finding, "`mchat -i %s`", it->interface.name);
}

static void look_at_states(
	const struct evidence *evidence, struct finding_list *out)
{
	bool is_needed = !has_chosen(evidence);
	size_t before = out->count;

	for (size_t i = 0; i < evidence->interface_count; i++) {
		const struct interface_evidence *it = &evidence->interfaces[i];

		if (it->interface.is_loopback && !it->is_named)
			continue;
		if (it->interface.is_point_to_point && !it->is_named) {
			if (is_needed && it->interface.is_up)
				say_unused(it, out);
			continue;
		}
		(void)diagnosis_interface_state(
			evidence, it, severity_of(it, is_needed), out);
	}
	if (is_needed && out->count == before) {
		struct finding *finding = finding_add(
			out, CAUSE_INTERFACE_DOWN, SEVERITY_FAULT, NULL);

		finding_say(finding, "this host has no network interface but "
				     "lo, so only this host hears");
		finding_mend(finding, "`ip link` lists what there is; a "
				      "container needs a network");
	}
}

/* ---- the host ---- */

static void look_at_port(
	const struct evidence *evidence, struct finding_list *out)
{
	unsigned port = evidence->group.port;
	struct finding *finding;

	if (evidence->bind_error == 0)
		return;
	finding = finding_add(out, CAUSE_PORT_TAKEN, SEVERITY_FAULT, NULL);
	if (evidence->bind_error == EADDRINUSE && evidence->has_holder)
		finding_say(finding,
			"a program of the user with number %u has UDP port %u "
			"to itself (binding it fails with EADDRINUSE)",
			evidence->holder, port);
	else
		finding_say(finding, "UDP port %u cannot be had: %s, %s", port,
			error_name(evidence->bind_error),
			error_meaning_in("bind(", evidence->bind_error));
	finding_mend(finding,
		"`ss -lunp 'sport = :%u'` shows the program: stop it, or "
		"choose another port with `mchat -p`, on every host",
		port);
}

static void look_at_family(
	const struct evidence *evidence, struct finding_list *out)
{
	bool is_ipv6 = evidence->group.family == ADDRESS_IPV6;
	struct finding *finding;

	if (evidence->socket_error == 0)
		return;
	finding = finding_add(out, CAUSE_FAMILY, SEVERITY_FAULT, NULL);
	finding_say(finding, "no socket of %s is to be had: %s",
		address_family_name(evidence->group.family),
		error_name(evidence->socket_error));
	finding_mend(finding,
		"`mchat -%d`, or whatever confines programs here is to allow "
		"%s (systemd: RestrictAddressFamilies)",
		is_ipv6 ? 4 : 6, is_ipv6 ? "AF_INET6" : "AF_INET");
}

static void look_at_limit(
	const struct evidence *evidence, struct finding_list *out)
{
	bool is_limit = evidence->join_error == ENOBUFS ||
			evidence->join_error == ENOMEM;
	struct finding *finding;

	if (evidence->join_error == 0)
		return;
	finding = finding_add(out,
		is_limit ? CAUSE_MEMBERSHIP_LIMIT : CAUSE_NOT_VISIBLE,
		SEVERITY_FAULT, NULL);
	finding_say(finding,
		"the group was joined on %zu interface%s, and then the kernel "
		"refused with %s%s",
		evidence->joined, evidence->joined == 1 ? "" : "s",
		error_name(evidence->join_error),
		is_limit ? ": its limit of memberships" : "");
	if (is_limit && evidence->join_limit >= 0)
		finding_mend(finding,
			"`sysctl -w net.ipv4.igmp_max_memberships=20` (it is "
			"%d), or fewer interfaces with `mchat -i`",
			evidence->join_limit);
	else if (is_limit)
		finding_mend(finding,
			"`sysctl -w net.ipv4.igmp_max_memberships=20`, or "
			"fewer interfaces with `mchat -i`");
}

static void look_at_buffer(
	const struct evidence *evidence, struct finding_list *out)
{
	int granted = evidence->buffer_granted;
	struct finding *finding;

	if (granted == 0 || granted >= evidence->buffer_asked)
		return;
	finding = finding_add(out, CAUSE_SMALL_BUFFER,
		granted < BUFFER_SMALL ? SEVERITY_WARNING : SEVERITY_NOTE,
		NULL);
	finding_say(finding,
		"the kernel grants %d bytes of receive buffer where mchat asks "
		"for %d: %s",
		granted, evidence->buffer_asked,
		granted < BUFFER_SMALL
			? "bursts are lost here"
			: "enough for a chat; a fast sender may have to "
			  "repeat");
	finding_mend(finding, "`sysctl -w net.core.rmem_max=%d`",
		evidence->buffer_asked);
}

/* Of two interfaces in one subnet the kernel drops what comes by the second:
 * each datagram comes twice, and nothing is lost. */
static bool has_twins(const struct evidence *evidence)
{
	for (size_t i = 0; i < evidence->interface_count; i++) {
		if (evidence->interfaces[i].is_chosen &&
			evidence->interfaces[i].shares_subnet)
			return true;
	}
	return false;
}

static void look_at_reverse_path(
	const struct evidence *evidence, struct finding_list *out)
{
	uint64_t dropped = evidence->during.values[COUNTER_REVERSE_PATH];
	struct finding *finding;

	if (dropped == 0)
		return;
	if (has_twins(evidence)) {
		finding =
			finding_add(out, CAUSE_RP_FILTER, SEVERITY_NOTE, NULL);
		finding_say(finding,
			"the kernel dropped %llu datagrams by rp_filter, as it "
			"does where two interfaces are in one network: what it "
			"drops came by the other one, too",
			(unsigned long long)dropped);
		return;
	}
	finding = finding_add(out, CAUSE_RP_FILTER,
		evidence->others == 0 ? SEVERITY_FAULT : SEVERITY_WARNING,
		NULL);
	finding_say(finding,
		"the kernel dropped %llu datagrams meanwhile because its route "
		"back to their sender leads by another interface, or nowhere "
		"(IPReversePathFilter counts them)",
		(unsigned long long)dropped);
	finding_mend(finding,
		"`sysctl -w net.ipv4.conf.all.rp_filter=2`, and the same of "
		"the interface (0 where there is no route back at all); or a "
		"route to the sender: `ip route get ADDRESS` shows the one "
		"that is taken");
}

static void look_at_blind_spots(
	const struct evidence *evidence, struct finding_list *out)
{
	struct finding *finding;

	if (!evidence->during.is_known[COUNTER_IN_RECEIVES]) {
		finding = finding_add(
			out, CAUSE_NOT_VISIBLE, SEVERITY_NOTE, NULL);
		finding_say(finding,
			"the kernel's counters cannot be read (/proc/net/snmp "
			"is missing): where a datagram was dropped, whether "
			"IGMP leaves, whether there is a querier and what "
			"rp_filter drops stays unknown");
		finding_mend(finding, "run it where /proc is mounted");
	}
	if (evidence->is_partial) {
		finding = finding_add(
			out, CAUSE_NOT_VISIBLE, SEVERITY_NOTE, NULL);
		finding_say(finding, "netlink is denied here, so interfaces "
				     "without an IPv4 address are not seen");
	}
}

/* ---- others ---- */

/* What mchat does not do, and others do: they take one route. */
static void look_at_route(
	const struct evidence *evidence, struct finding_list *out)
{
	struct finding *finding;

	for (size_t i = 0; i < evidence->interface_count; i++) {
		const struct interface_evidence *it = &evidence->interfaces[i];

		if (it->is_chosen &&
			strcmp(it->interface.name, evidence->routed) == 0)
			return;
	}
	/* An IPv6 group of one link has a route on each. */
	if (!has_chosen(evidence) || evidence->group.family == ADDRESS_IPV6)
		return;
	finding = finding_add(out, CAUSE_OK, SEVERITY_NOTE,
		*evidence->routed ? evidence->routed : NULL);
	if (*evidence->routed)
		finding_say(finding,
			"the kernel's route to the group leads by it; mchat "
			"joins and sends by each interface itself, so only "
			"other programs follow it");
	else
		finding_say(finding,
			"the kernel has no route to the group; mchat needs "
			"none, since it names the interface");
}

static void say_alone(const struct evidence *evidence, struct finding_list *out)
{
	struct finding *finding =
		finding_add(out, CAUSE_ALONE, SEVERITY_NOTE, NULL);
	const char *silent = NULL;

	for (size_t i = 0; i < evidence->interface_count; i++) {
		const struct interface_evidence *it = &evidence->interfaces[i];

		if (it->is_chosen && it->knows_arrivals && it->arrivals == 0)
			silent = it->interface.name;
	}
	finding_say(finding,
		"nobody else was heard in the group; what switches, Wi-Fi and "
		"the firewalls of others do shows only with somebody there%s%s"
		"%s",
		silent ? " (nothing at all came in by " : "",
		silent ? silent : "",
		silent ? ": if others are on the same cable or Wi-Fi, look at "
			 "its VLAN or name)"
		       : "");
	finding_mend(finding, "run mchat on another host, and `mchat doctor` "
			      "again");
}

void diagnosis_make(const struct evidence *evidence, struct finding_list *out)
{
	out->count = 0;
	look_at_states(evidence, out);
	look_at_port(evidence, out);
	look_at_family(evidence, out);
	look_at_limit(evidence, out);
	for (size_t i = 0; i < evidence->interface_count; i++)
		diagnosis_interface_traffic(
			evidence, &evidence->interfaces[i], out);
	look_at_reverse_path(evidence, out);
	diagnosis_members(evidence, out);
	look_at_buffer(evidence, out);
	look_at_blind_spots(evidence, out);
	look_at_route(evidence, out);
	if (evidence->others == 0 && !finding_worst(out))
		say_alone(evidence, out);
}

enum cause diagnosis_verdict(
	const struct evidence *evidence, const struct finding_list *findings)
{
	const struct finding *worst = finding_worst(findings);

	if (worst)
		return worst->cause;
	return evidence->others > 0 ? CAUSE_OK : CAUSE_ALONE;
}
