/* SPDX-License-Identifier: ISC */
#include "mchat/doctor/examination.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "mchat/doctor/host_probe.h"
#include "mchat/doctor/loop_probe.h"
#include "mchat/doctor/membership_probe.h"
#include "mchat/doctor/member_probe.h"
#include "mchat/interfaces/interface_select.h"
#include "mchat/interfaces/interface_set.h"
#include "mchat/io/clock.h"
#include "mchat/io/diagnostics.h"
#include "mchat/io/entropy.h"
#include "mchat/network/call.h"
#include "mchat/network/interface_ioctl.h"

/* ---- the interfaces ---- */

/* Whether it was named; a chosen one that was not stands for "all". */
static bool is_named(const struct examination *examination,
	const struct interface_list *list, const struct interface *it)
{
	for (size_t i = 0; i < examination->interface_count; i++) {
		if (interface_find(list, examination->interfaces[i]) == it)
			return true;
	}
	return false;
}

/* As a chat chooses them; of several that were named "all" is one. */
static void choose(const struct examination *examination,
	const struct interface_list *list, struct interface_set *out)
{
	const struct interface_wish all = {.has_all = true};
	struct call_log log = {0};

	*out = (struct interface_set){0};
	if (examination->interface_count == 0)
		interface_select_from(
			&log, list, &all, &examination->group, out);
	for (size_t i = 0; i < list->count; i++) {
		const struct interface *it = &list->items[i];

		if (is_named(examination, list, it) && interface_is_usable(it))
			interface_set_add(out, it, true);
	}
	if (out->is_fallback)
		out->count = 0; /* lo is no network */
}

/* Whether every name is one of an interface; else says which is not. */
static bool are_known(const struct examination *examination,
	const struct interface_list *list)
{
	for (size_t i = 0; i < examination->interface_count; i++) {
		if (interface_find(list, examination->interfaces[i]))
			continue;
		diagnostics_error("--interface %s: no such interface",
			diagnostics_quoted(examination->interfaces[i]));
		return false;
	}
	return true;
}

/* Bytes that two addresses of one subnet have in common, more or less: the
 * masks are not listed, and no harm is done when it is thought so wrongly. */
#define SUBNET_SIZE_IPV4 3
#define SUBNET_SIZE_IPV6 8

static bool is_in_subnet(const struct address *a, const struct address *b)
{
	size_t size =
		a->family == ADDRESS_IPV6 ? SUBNET_SIZE_IPV6 : SUBNET_SIZE_IPV4;

	return a->family != ADDRESS_NONE && a->family == b->family &&
	       memcmp(a->bytes, b->bytes, size) == 0;
}

static bool shares_subnet(
	const struct interface_list *list, const struct interface *interface)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct interface *it = &list->items[i];

		if (it != interface && it->is_up &&
			is_in_subnet(&it->address, &interface->address))
			return true;
	}
	return false;
}

static void add_interfaces(const struct examination *examination,
	const struct interface_list *list, const struct interface_list *others,
	struct evidence *out)
{
	struct interface_set chosen;

	choose(examination, list, &chosen);
	for (size_t i = 0; i < list->count && i < EVIDENCE_INTERFACES_MAX;
		i++) {
		const struct interface *it = &list->items[i];
		const struct interface *other =
			interface_find_name(others, it->name);

		out->interfaces[out->interface_count++] =
			(struct interface_evidence){
				.interface = *it,
				.is_chosen = interface_set_find(&chosen,
						     it->index) < chosen.count,
				.is_named = is_named(examination, list, it),
				.is_bridge =
					interface_ioctl_is_bridge(it->name),
				.has_other_family =
					other &&
					other->address.family != ADDRESS_NONE,
				.shares_subnet = shares_subnet(list, it),
			};
	}
	out->is_partial = list->is_partial;
}

static void add_addresses(
	const struct interface_list *list, struct evidence *out)
{
	for (size_t i = 0;
		i < list->address_count && out->own_count < EVIDENCE_OWN_MAX;
		i++)
		out->own[out->own_count++] = list->addresses[i].address;
}

static void find_route(const struct interface_list *list, struct evidence *out)
{
	struct call_log log = {0};
	const struct interface *routed =
		interface_routed(&log, list, &out->group);

	if (routed)
		snprintf(out->routed, sizeof(out->routed), "%s", routed->name);
}

static enum examination_result list_interfaces(
	const struct examination *examination, struct evidence *out)
{
	enum address_family family = examination->group.family;
	struct interface_list list;
	struct interface_list others;
	enum examination_result result = EXAMINATION_USAGE;

	if (interface_list(family, &list) < 0) {
		diagnostics_failure("list of interfaces", errno);
		return EXAMINATION_FAILED;
	}
	if (interface_list(family == ADDRESS_IPV6 ? ADDRESS_IPV4 : ADDRESS_IPV6,
		    &others) < 0)
		others = (struct interface_list){0};
	if (are_known(examination, &list)) {
		interface_list_prefer(&list, &examination->group);
		add_interfaces(examination, &list, &others, out);
		add_addresses(&list, out);
		find_route(&list, out);
		result = EXAMINATION_DONE;
	}
	interface_list_fini(&list);
	interface_list_fini(&others);
	return result;
}

/* ---- what is tried on each ---- */

static uint64_t random_member(void)
{
	uint64_t member = 0;

	return entropy_number(&member) == 0 ? member : 1;
}

/* Sends and hears on each; stops when the port cannot be had. */
static void try_loops(
	const struct examination *examination, struct evidence *out)
{
	const struct loop_probe probe = {
		.group = examination->group,
		.member = random_member(),
		.sealer = examination->sealer,
		.deadline = examination->deadline,
	};

	for (size_t i = 0; i < out->interface_count; i++) {
		if (!out->interfaces[i].is_chosen)
			continue;
		if (loop_probe_run(&probe, &out->interfaces[i]) < 0) {
			out->bind_error = errno;
			return;
		}
	}
}

static void try_memberships(
	const struct examination *examination, struct evidence *out)
{
	struct instant deadline = {
		examination->deadline.ns - MEMBER_PROBE_MS * NS_PER_MS};

	for (size_t i = 0; i < out->interface_count; i++) {
		struct interface_evidence *it = &out->interfaces[i];

		/* What sends nothing sends no report. */
		if (it->is_looped && it->loops[WAY_GROUP].error == 0 &&
			it->interface.is_running)
			membership_probe_run(
				examination->group.family, deadline, it);
	}
}

/* Whether there is an interface by which somebody could be heard. */
static bool can_hear(const struct evidence *evidence)
{
	for (size_t i = 0; i < evidence->interface_count; i++) {
		const struct interface_evidence *it = &evidence->interfaces[i];

		if (it->is_looped && it->loops[WAY_GROUP].heard > 0)
			return true;
	}
	return false;
}

static void count_arrivals(struct evidence *out, bool are_over)
{
	for (size_t i = 0; i < out->interface_count; i++) {
		struct interface_evidence *it = &out->interfaces[i];
		uint64_t now;
		bool is_known = counters_interface_in(it->interface.name, &now);

		if (!are_over) {
			it->arrivals = now;
			it->knows_arrivals = is_known;
		} else if (it->knows_arrivals && is_known) {
			it->arrivals = now - it->arrivals;
		}
	}
}

enum examination_result examination_run(
	const struct examination *examination, struct evidence *out)
{
	enum address_family family = examination->group.family;
	struct counters before;
	struct counters after;
	enum examination_result result;

	*out = (struct evidence){
		.group = examination->group,
		.sources = examination->sources,
		.source_count = examination->source_count,
	};
	result = list_interfaces(examination, out);
	if (result != EXAMINATION_DONE)
		return result;
	count_arrivals(out, false);
	counters_read(family, &before);
	try_loops(examination, out);
	host_probe_run(out);
	try_memberships(examination, out);
	if (can_hear(out))
		member_probe_run(random_member(), examination->sealer,
			examination->deadline, out);
	counters_read(family, &after);
	counters_since(&before, &after, &out->during);
	count_arrivals(out, true);
	return EXAMINATION_DONE;
}
