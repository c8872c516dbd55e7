/* SPDX-License-Identifier: ISC */
#include "mchat/interfaces/interface_select.h"

#include <string.h>

#include "mchat/base/buffer.h"
#include "mchat/interfaces/interface_set.h"
#include "mchat/io/diagnostics.h"

static void append_name(struct buffer *names, const char *name)
{
	buffer_append_string(names, buffer_size(names) > 0 ? ", " : "");
	buffer_append_string(names, name);
}

/* ---- what was asked for ---- */

static bool is_all(const char *name)
{
	return strcmp(name, "all") == 0;
}

static enum interface_select_result say_unknown(
	const struct interface_list *list, const char *name)
{
	struct buffer names = BUFFER_EMPTY;

	for (size_t i = 0; i < list->count; i++) {
		if (!list->items[i].is_up)
			continue;
		append_name(&names, list->items[i].name);
	}
	buffer_append_char(&names, '\0');
	diagnostics_error(
		"--interface %s: no such interface; those up are: %s%s",
		diagnostics_quoted(name), buffer_bytes(&names),
		list->is_partial ? " (without netlink, which is denied, only "
				   "those with an IPv4 address are known)"
				 : "");
	buffer_fini(&names);
	return INTERFACE_SELECT_UNKNOWN;
}

static void say_no_address(const struct interface *interface, const char *name)
{
	diagnostics_error("--interface %s: it has no %s address; "
			  "`ip address add` gives it one, and mchat "
			  "joins it then",
		name, address_family_name(interface->family));
}

/* lo, over IPv6. */
#define LO_SUGGESTION                                                          \
	"-4 chats on this host by it, and `ip -6 route add local ff00::/8 "    \
	"dev lo table local` makes it carry IPv6"

static bool is_deaf_loopback(const struct interface *interface)
{
	return interface->is_loopback && interface->is_up &&
	       interface->family == ADDRESS_IPV6 &&
	       !interface_is_usable(interface);
}

/* Says what one that was named lacks, if it lacks something: mchat is there
 * before it, or joins it without anybody being heard. */
static void say_lack(const struct interface *interface, const char *name)
{
	const char *defect = interface_defect(interface);

	if (!interface->is_up)
		diagnostics_error("--interface %s: it is down; "
				  "`ip link set %s up` brings it up, and mchat "
				  "joins it then",
			name, interface->name);
	else if (is_deaf_loopback(interface))
		diagnostics_error("--interface %s: it cannot carry IPv6 "
				  "multicast; " LO_SUGGESTION,
			name);
	else if (interface->address.family == ADDRESS_NONE)
		say_no_address(interface, name);
	else if (!interface_is_usable(interface))
		diagnostics_error("--interface %s: it cannot do multicast; "
				  "`ip link set %s multicast on` if it should",
			name, interface->name);
	else if (defect)
		diagnostics_error("%s %s", interface->name, defect);
}

enum interface_select_result interface_select_read(
	const struct interface_list *list, const char *const *names,
	size_t count, struct interface_wish *out)
{
	size_t deaf = 0;

	*out = (struct interface_wish){.is_routed = count == 0};
	for (size_t i = 0; i < count; i++) {
		const struct interface *it;

		if (is_all(names[i])) {
			out->has_all = true;
			continue;
		}
		it = interface_find(list, names[i]);
		if (!it)
			return say_unknown(list, names[i]);
		say_lack(it, names[i]);
		deaf += is_deaf_loopback(it);
		memcpy(out->names[out->count++], it->name, sizeof(it->name));
	}
	/* Waiting for that would be in vain. */
	return deaf > 0 && deaf == count ? INTERFACE_SELECT_UNUSABLE
					 : INTERFACE_SELECT_OK;
}

void interface_select_say_no_address(const struct interface_list *list,
	const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct interface *it =
			is_all(names[i]) ? NULL
					 : interface_find(list, names[i]);

		if (!it || !it->is_up)
			continue;
		if (is_deaf_loopback(it))
			say_lack(it, names[i]);
		else if (it->address.family == ADDRESS_NONE)
			say_no_address(it, names[i]);
	}
}

/* ---- what there is ---- */

static void add_fallback(
	const struct interface_list *list, struct interface_set *out)
{
	for (size_t i = 0; i < list->count; i++) {
		if (interface_is_fallback(&list->items[i]))
			interface_set_add(out, &list->items[i], false);
	}
	out->is_fallback = out->count > 0;
}

static void add_all(
	const struct interface_list *list, struct interface_set *out)
{
	for (size_t i = 0; i < list->count; i++) {
		if (interface_is_default(&list->items[i]))
			interface_set_add(out, &list->items[i], false);
	}
	if (out->count == 0)
		add_fallback(list, out);
}

/* The one that the routes lead to, else the first of all. */
static void add_one(struct call_log *log, const struct interface_list *list,
	const struct address *group, struct interface_set *out)
{
	/* A group of the link has a route on each. */
	const struct interface *routed =
		address_is_link_group(group)
			? NULL
			: interface_routed(log, list, group);

	if (routed && interface_is_usable(routed)) {
		interface_set_add(out, routed, false);
	} else {
		add_all(list, out);
		out->count = out->count > 0;
	}
}

void interface_select_from(struct call_log *log,
	const struct interface_list *list, const struct interface_wish *wish,
	const struct address *group, struct interface_set *out)
{
	out->count = 0;
	out->is_fallback = false;
	for (size_t i = 0; i < wish->count; i++) {
		const struct interface *it =
			interface_find_name(list, wish->names[i]);

		if (it && interface_is_usable(it))
			interface_set_add(out, it, true);
	}
	if (wish->has_all)
		add_all(list, out);
	if (wish->is_routed)
		add_one(log, list, group, out);
}

/* What comes of it that there is no network. */
static const char *consequence(const struct interface_set *set, bool is_ipv6)
{
	return set->count == 0 && is_ipv6 ? "nobody will hear"
					  : "only this host will hear";
}

/* Says why one that is up is not used. */
static void say_unfit(const struct interface *interface, const char *outcome)
{
	const char *defect = interface_defect(interface);

	if (defect)
		diagnostics_error("%s is up, but no way to a network: it %s; "
				  "%s",
			interface->name, defect, outcome);
	else
		diagnostics_error("%s is up, but no way to a network: it is "
				  "point-to-point, and used only with -i %s; "
				  "%s",
			interface->name, interface->name, outcome);
}

/* Says which are down; of those that never multicast (tunnels) nobody asks. */
static void say_down(const struct interface_list *list, const char *outcome)
{
	struct buffer names = BUFFER_EMPTY;
	size_t count = 0;

	for (size_t i = 0; i < list->count; i++) {
		const struct interface *it = &list->items[i];

		if (it->is_up || !it->can_multicast || it->is_point_to_point)
			continue;
		append_name(&names, it->name);
		count++;
	}
	buffer_append_char(&names, '\0');
	if (count == 1)
		diagnostics_error("%s is down, so %s; "
				  "`ip link set %s up` brings it up",
			buffer_bytes(&names), outcome, buffer_bytes(&names));
	else if (count > 1)
		diagnostics_error("%s are down, so %s; "
				  "`ip link set NAME up` brings one up",
			buffer_bytes(&names), outcome);
	buffer_fini(&names);
}

/* Not even lo will do: because it is down, or because it is of a host that has
 * IPv6 alone. */
static void say_none(const struct interface_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct interface *it = &list->items[i];

		if (it->is_loopback && it->is_up) {
			diagnostics_error(
				"no network interface is up but %s, "
				"and that %s; `ip addr add 127.0.0.1/8 "
				"dev %s` gives it one",
				it->name, interface_defect(it), it->name);
			return;
		}
	}
	diagnostics_error("no network interface is up, not even lo; "
			  "`ip link set lo up` brings that one up");
}

static void say_none_ipv6(const struct interface_list *list)
{
	say_down(list, "nobody will hear");
	diagnostics_error("no network interface has IPv6; lo cannot carry its "
			  "multicast: " LO_SUGGESTION);
}

void interface_select_explain(
	const struct interface_list *list, const struct interface_set *set)
{
	bool is_ipv6 = list->count > 0 && list->items[0].family == ADDRESS_IPV6;
	const char *outcome = consequence(set, is_ipv6);

	for (size_t i = 0; i < list->count; i++) {
		const struct interface *it = &list->items[i];

		if (it->is_up && !it->is_loopback)
			say_unfit(it, outcome);
	}
	if (set->count > 0)
		say_down(list, outcome);
	else if (is_ipv6)
		say_none_ipv6(list);
	else
		say_none(list);
}
