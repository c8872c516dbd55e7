/* SPDX-License-Identifier: ISC */
#include "mchat/chat/follow.h"

#include <errno.h>
#include <stddef.h>

#include "mchat/chat/place.h"
#include "mchat/chat/refused.h"
#include "mchat/network/call.h"
#include "mchat/network/interface.h"

/* One look. */
struct look {
	struct place *place;
	struct call_log *log;
	enum verbosity verbosity;
	struct interface_list list;
	struct choice wanted;
	struct refused refused;
	bool has_changed;
};

/* Says why one that is joined is wanted no more. */
static void say_lost(const struct look *look, const struct interface *lost)
{
	const struct interface *now =
		interface_find_name(&look->list, lost->name);
	const char *defect = interface_defect(now);

	/* The stand-in is not needed any more. */
	if (look->place->interfaces.is_fallback && look->wanted.count > 0)
		return;
	/* It came back, which is said when it is joined. */
	if (!defect && choice_name(&look->wanted, now->index))
		return;
	notice_error("%s %s", lost->name, defect ? defect : "is not used now");
}

/* Says what is other with one that is still joined; whether something is. */
static bool say_changed(enum verbosity verbosity, const struct interface *was,
	const struct interface *is)
{
	char address[ADDRESS_TEXT_SIZE];

	if (was->is_running && !is->is_running)
		notice_error("%s %s", is->name, interface_defect(is));
	else if (!was->is_running && is->is_running)
		notice_warning(verbosity, "%s has a carrier", is->name);
	else if (!address_same_host(&was->address, &is->address))
		notice_warning(verbosity, "%s has another address: %s",
			is->name, address_format_host(&is->address, address));
	else
		return false;
	return true;
}

/* Leaves those that are not wanted any more, and looks at the others. */
static void review(struct look *look)
{
	struct choice *joined = &look->place->interfaces;

	for (size_t i = joined->count; i-- > 0;) {
		struct interface *it = &joined->items[i];
		size_t at = choice_find(&look->wanted, it->index);

		if (at < look->wanted.count &&
			group_has(look->place->group, it->index)) {
			const struct interface *is = &look->wanted.items[at];

			if (say_changed(look->verbosity, it, is))
				look->has_changed = true;
			*it = *is;
			continue;
		}
		say_lost(look, it);
		place_leave(look->place, i, look->log);
		look->has_changed = true;
	}
}

static void join(struct look *look, const struct interface *interface)
{
	enum absence absence =
		absent_find(&look->place->absent, interface->name);
	char address[ADDRESS_TEXT_SIZE];

	if (!place_join(look->place, interface, &look->refused, look->log))
		return;
	look->has_changed = true;
	address_format_host(&interface->address, address);
	if (look->wanted.is_fallback)
		notice_error("no network is left: only this host hears, by %s",
			interface->name);
	else if (absence == ABSENCE_GONE)
		notice_warning(look->verbosity, "%s is back (%s)",
			interface->name, address);
	else
		notice_warning(look->verbosity, "joined %s (%s)",
			interface->name, address);
}

static void join_new(struct look *look)
{
	const struct choice *joined = &look->place->interfaces;

	call_forget(look->log);
	if (look->wanted.count > 0 &&
		group_bind(look->place->group, choice_only(&look->wanted)) < 0)
		notice_failed_call(look->log, "group", errno);
	for (size_t i = 0; i < look->wanted.count; i++) {
		const struct interface *it = &look->wanted.items[i];

		if (!choice_name(joined, it->index))
			join(look, it);
	}
	refused_tell(&look->refused);
}

bool follow_interfaces(struct place *place, const struct place_config *config,
	enum verbosity verbosity, struct call_log *log)
{
	const struct address *group = &config->group.address;
	struct look look = {
		.place = place,
		.log = log,
		.verbosity = verbosity,
	};

	if (interface_list(group->family, &look.list) < 0) {
		notice_failure("list of interfaces", errno);
		return false;
	}
	choose_interfaces(log, &look.list, &place->wish, group, &look.wanted);
	review(&look);
	join_new(&look);
	if (look.has_changed && place->interfaces.count == 0)
		notice_error("no interface is left: waiting");
	place->interfaces.is_fallback = look.wanted.is_fallback;
	interface_list_fini(&look.list);
	return look.has_changed;
}
