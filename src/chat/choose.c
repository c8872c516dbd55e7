/* SPDX-License-Identifier: ISC */
#include "mchat/chat/choose.h"

#include <string.h>

#include "mchat/base/buffer.h"
#include "mchat/chat/choice.h"
#include "mchat/chat/notice.h"

/* ---- what was asked for ---- */

static bool is_all(const char *name)
{
	return strcmp(name, "all") == 0;
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

/* Says what one that was named lacks to be used, if it lacks something. */
static enum choose_result check(
	const struct interface *interface, const char *name)
{
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
	if (!interface_is_usable(interface)) {
		notice_error("--interface %s: it cannot do multicast; "
			     "`ip link set %s multicast on` if it should",
			name, interface->name);
		return CHOOSE_UNUSABLE;
	}
	return CHOOSE_OK;
}

enum choose_result choose_wish(const struct interface_list *list,
	const char *const *names, size_t count, struct wish *out)
{
	enum choose_result result = CHOOSE_OK;

	*out = (struct wish){.is_routed = count == 0};
	for (size_t i = 0; result == CHOOSE_OK && i < count; i++) {
		const struct interface *it;

		if (is_all(names[i])) {
			out->has_all = true;
			continue;
		}
		it = interface_find(list, names[i]);
		if (!it)
			return say_unknown(list, names[i]);
		result = check(it, names[i]);
		memcpy(out->names[out->count++], it->name, sizeof(it->name));
	}
	return result;
}

/* ---- what there is ---- */

static void add_fallback(const struct interface_list *list, struct choice *out)
{
	for (size_t i = 0; i < list->count; i++) {
		if (interface_is_fallback(&list->items[i]))
			choice_add(out, &list->items[i], false);
	}
	out->is_fallback = out->count > 0;
}

static void add_all(const struct interface_list *list, struct choice *out)
{
	for (size_t i = 0; i < list->count; i++) {
		if (interface_is_default(&list->items[i]))
			choice_add(out, &list->items[i], false);
	}
	if (out->count == 0)
		add_fallback(list, out);
}

/* The one that the routes lead to, else the first of all. */
static void add_one(struct call_log *log, const struct interface_list *list,
	const struct address *group, struct choice *out)
{
	const struct interface *routed = interface_routed(log, list, group);

	if (routed && interface_is_usable(routed)) {
		choice_add(out, routed, false);
	} else {
		add_all(list, out);
		out->count = out->count > 0;
	}
}

void choose_interfaces(struct call_log *log, const struct interface_list *list,
	const struct wish *wish, const struct address *group,
	struct choice *out)
{
	out->count = 0;
	out->is_fallback = false;
	for (size_t i = 0; i < wish->count; i++) {
		const struct interface *it =
			interface_find_name(list, wish->names[i]);

		if (it && interface_is_usable(it))
			choice_add(out, it, true);
	}
	if (wish->has_all)
		add_all(list, out);
	if (wish->is_routed)
		add_one(log, list, group, out);
}

void choose_say_why(
	const struct interface_list *list, const struct choice *choice)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct interface *it = &list->items[i];

		if (it->is_up && !it->is_loopback)
			notice_error("%s is up, but no way to a network: it "
				     "needs a carrier, an IPv4 address and "
				     "multicast; only this host will hear",
				it->name);
	}
	if (choice->count == 0)
		notice_error("no network interface is up, not even lo; "
			     "`ip link set lo up` brings that one up");
}
