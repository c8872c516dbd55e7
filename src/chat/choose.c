/* SPDX-License-Identifier: ISC */
#include "mchat/chat/choose.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "mchat/base/buffer.h"
#include "mchat/chat/notice.h"

static void add(struct interface_list *list, const struct interface *interface)
{
	for (size_t i = 0; i < list->count; i++) {
		if (list->items[i].index == interface->index)
			return;
	}
	/* Both lists hold INTERFACES_MAX, and this one no interface twice. */
	list->items[list->count++] = *interface;
}

static enum choose_result say_unknown(
	const struct interface_list *all, const char *name)
{
	struct buffer names = BUFFER_EMPTY;

	for (size_t i = 0; i < all->count; i++) {
		buffer_append_string(&names, i > 0 ? ", " : "");
		buffer_append_string(&names, all->items[i].name);
	}
	buffer_append_char(&names, '\0');
	notice_error("--interface %s: no such interface; there are: %s",
		notice_quoted(name), buffer_bytes(&names));
	buffer_fini(&names);
	return CHOOSE_UNKNOWN;
}

static enum choose_result add_named(const struct interface_list *all,
	const char *name, struct interface_list *out)
{
	const struct interface *interface = interface_find(all, name);

	if (!interface)
		return say_unknown(all, name);
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
	add(out, interface);
	return CHOOSE_OK;
}

static enum choose_result say_none(void)
{
	notice_error("no network interface is up, not even lo; "
		     "`ip link set lo up` brings that one up");
	return CHOOSE_UNUSABLE;
}

enum choose_result choose_interfaces(const char *const *names, size_t count,
	const struct address *group, struct interface_list *out)
{
	struct interface_list all;
	struct interface_list defaults;
	const struct interface *routed;

	out->count = 0;
	if (interface_list(group->family, &all) < 0) {
		notice_failure("list of interfaces", errno);
		return CHOOSE_UNUSABLE;
	}
	interface_defaults(&all, &defaults);
	for (size_t i = 0; i < count; i++) {
		enum choose_result result = CHOOSE_OK;

		if (strcmp(names[i], CHOOSE_ALL) != 0)
			result = add_named(&all, names[i], out);
		for (size_t j = 0;
			strcmp(names[i], CHOOSE_ALL) == 0 && j < defaults.count;
			j++)
			add(out, &defaults.items[j]);
		if (result != CHOOSE_OK)
			return result;
	}
	if (count == 0) {
		routed = interface_routed(&all, group);
		if (routed)
			add(out, routed);
		else if (defaults.count > 0)
			add(out, &defaults.items[0]);
	}
	return out->count > 0 ? CHOOSE_OK : say_none();
}
