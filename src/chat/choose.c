/* SPDX-License-Identifier: ISC */
#include "mchat/chat/choose.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "mchat/base/buffer.h"
#include "mchat/chat/notice.h"

const char *choice_name(const struct choice *choice, unsigned index)
{
	for (size_t i = 0; i < choice->count; i++) {
		if (choice->items[i].index == index)
			return choice->items[i].name;
	}
	return NULL;
}

static bool is_all(const char *name)
{
	return strcmp(name, "all") == 0;
}

static void add(
	struct choice *choice, const struct interface *interface, bool is_named)
{
	size_t i = 0;

	while (i < choice->count && choice->items[i].index != interface->index)
		i++;
	if (i == GROUP_INTERFACES_MAX)
		return;
	if (i == choice->count) {
		choice->items[choice->count++] = *interface;
		choice->is_named[i] = false;
	}
	choice->is_named[i] = choice->is_named[i] || is_named;
}

static void add_fallback(const struct interface_list *list, struct choice *out)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct interface *it = &list->items[i];

		if (interface_is_fallback(it))
			add(out, it, false);
		else if (it->is_up && !it->is_loopback)
			notice_error("%s is up, but no way to a network: it "
				     "needs a carrier, an IPv4 address and "
				     "multicast; only this host will hear",
				it->name);
	}
}

static void add_all(const struct interface_list *list, struct choice *out)
{
	size_t before = out->count;

	for (size_t i = 0; i < list->count; i++) {
		if (interface_is_default(&list->items[i]))
			add(out, &list->items[i], false);
	}
	if (out->count == before && before == 0)
		add_fallback(list, out);
}

static enum choose_result say_unknown(
	const struct interface_list *list, const char *name)
{
	struct buffer names = BUFFER_EMPTY;

	for (size_t i = 0; i < list->count; i++) {
		if (!list->items[i].is_up)
			continue;
		buffer_append_string(
			&names, buffer_size(&names) > 0 ? ", " : "");
		buffer_append_string(&names, list->items[i].name);
	}
	buffer_append_char(&names, '\0');
	notice_error("--interface %s: no such interface; those up are: %s",
		notice_quoted(name), buffer_bytes(&names));
	buffer_fini(&names);
	return CHOOSE_UNKNOWN;
}

static enum choose_result add_named(
	const struct interface_list *list, const char *name, struct choice *out)
{
	const struct interface *interface = interface_find(list, name);

	if (!interface)
		return say_unknown(list, name);
	if (!interface->is_up) {
		notice_error("--interface %s: it is down; "
			     "`ip link set %s up` brings it up",
			name, interface->name);
		return CHOOSE_UNUSABLE;
	}
	if (interface->address.family == ADDRESS_NONE) {
		notice_error("--interface %s: it has no IPv4 address; "
			     "`ip address add` gives it one",
			name);
		return CHOOSE_UNUSABLE;
	}
	if (!interface->can_multicast && !interface->is_loopback) {
		notice_error("--interface %s: it cannot do multicast; "
			     "`ip link set %s multicast on` if it should",
			name, interface->name);
		return CHOOSE_UNUSABLE;
	}
	add(out, interface, true);
	return CHOOSE_OK;
}

/* The one that the routes lead to, else the first of all. */
static void add_one(struct call_log *log, const struct interface_list *list,
	const struct address *group, struct choice *out)
{
	const struct interface *routed = interface_routed(log, list, group);

	if (routed && (routed->can_multicast || routed->is_loopback)) {
		add(out, routed, false);
	} else {
		add_all(list, out);
		out->count = out->count > 0;
	}
}

static enum choose_result choose(const struct interface_list *list,
	const char *const *names, size_t count, struct choice *out)
{
	enum choose_result result = CHOOSE_OK;

	for (size_t i = 0; result == CHOOSE_OK && i < count; i++) {
		if (is_all(names[i]))
			add_all(list, out);
		else
			result = add_named(list, names[i], out);
	}
	return result;
}

enum choose_result choose_interfaces(struct call_log *log,
	const char *const *names, size_t count, const struct address *group,
	struct choice *out)
{
	struct interface_list list;
	enum choose_result result;

	out->count = 0;
	if (interface_list(group->family, &list) < 0) {
		notice_failure("list of interfaces", errno);
		return CHOOSE_UNUSABLE;
	}
	result = choose(&list, names, count, out);
	if (count == 0)
		add_one(log, &list, group, out);
	interface_list_fini(&list);
	if (result == CHOOSE_OK && out->count == 0) {
		notice_error("no network interface is up, not even lo; "
			     "`ip link set lo up` brings that one up");
		result = CHOOSE_UNUSABLE;
	}
	return result;
}
