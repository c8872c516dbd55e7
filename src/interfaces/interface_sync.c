/* SPDX-License-Identifier: ISC */
#include "mchat/interfaces/interface_sync.h"

#include <errno.h>
#include <stddef.h>

#include "mchat/interfaces/join_errors.h"
#include "mchat/interfaces/membership.h"
#include "mchat/network/call.h"
#include "mchat/network/interface.h"

/* One look. */
struct look {
	struct membership *membership;
	struct call_log *log;
	enum verbosity verbosity;
	struct interface_list list;
	struct interface_set wanted;
	struct join_errors errors;
	bool has_changed;
};

/* Says why one that is joined is wanted no more. */
static void say_lost(const struct look *look, const struct interface *lost)
{
	const struct interface *now =
		interface_find_name(&look->list, lost->name);
	const char *defect = interface_defect(now);

	/* The stand-in is not needed any more. */
	if (look->membership->interfaces.is_fallback && look->wanted.count > 0)
		return;
	/* It came back, which is said when it is joined. */
	if (!defect && interface_set_name(&look->wanted, now->index))
		return;
	diagnostics_error(
		"%s %s", lost->name, defect ? defect : "is not used now");
}

/* Says what is other with one that is still joined; whether something is. */
static bool say_changed(enum verbosity verbosity, const struct interface *was,
	const struct interface *is)
{
	char address[ADDRESS_TEXT_SIZE];

	if (was->is_running && !is->is_running)
		diagnostics_error("%s %s", is->name, interface_defect(is));
	else if (!was->is_running && is->is_running)
		diagnostics_warning(verbosity, "%s has a carrier", is->name);
	else if (!address_same_host(&was->address, &is->address))
		diagnostics_warning(verbosity, "%s has another address: %s",
			is->name, address_format_host(&is->address, address));
	else
		return false;
	return true;
}

/* Leaves those that are not wanted any more, and looks at the others. */
static void review(struct look *look)
{
	struct interface_set *joined = &look->membership->interfaces;

	for (size_t i = joined->count; i-- > 0;) {
		struct interface *it = &joined->items[i];
		size_t at = interface_set_find(&look->wanted, it->index);

		if (at < look->wanted.count &&
			group_has(look->membership->group, it->index)) {
			const struct interface *is = &look->wanted.items[at];

			if (say_changed(look->verbosity, it, is))
				look->has_changed = true;
			*it = *is;
			continue;
		}
		say_lost(look, it);
		membership_leave(look->membership, i, look->log);
		look->has_changed = true;
	}
}

static void join(struct look *look, const struct interface *interface)
{
	enum down_reason absence =
		down_interfaces_find(&look->membership->down, interface->name);
	char address[ADDRESS_TEXT_SIZE];

	if (!membership_join(
		    look->membership, interface, &look->errors, look->log))
		return;
	look->has_changed = true;
	address_format_host(&interface->address, address);
	if (look->wanted.is_fallback)
		diagnostics_error(
			"no network is left: only this host hears, by %s",
			interface->name);
	else if (absence == DOWN_INTERFACES_GONE)
		diagnostics_warning(look->verbosity, "%s is back (%s)",
			interface->name, address);
	else
		diagnostics_warning(look->verbosity, "joined %s (%s)",
			interface->name, address);
}

static void join_new(struct look *look)
{
	const struct interface_set *joined = &look->membership->interfaces;

	call_forget(look->log);
	if (look->wanted.count > 0 &&
		group_bind(look->membership->group,
			interface_set_only(&look->wanted)) < 0)
		diagnostics_failed_call(look->log, "group", errno);
	for (size_t i = 0; i < look->wanted.count; i++) {
		const struct interface *it = &look->wanted.items[i];

		if (!interface_set_name(joined, it->index))
			join(look, it);
	}
	join_errors_tell(&look->errors);
}

bool interface_sync_run(struct membership *membership,
	const struct membership_config *config, enum verbosity verbosity,
	struct call_log *log)
{
	const struct address *group = &config->group.address;
	struct look look = {
		.membership = membership,
		.log = log,
		.verbosity = verbosity,
	};

	if (interface_list(group->family, &look.list) < 0) {
		diagnostics_failure("list of interfaces", errno);
		return false;
	}
	interface_select_from(
		log, &look.list, &membership->wish, group, &look.wanted);
	review(&look);
	join_new(&look);
	if (look.has_changed && membership->interfaces.count == 0)
		diagnostics_error("no interface is left: waiting");
	membership->interfaces.is_fallback = look.wanted.is_fallback;
	interface_list_fini(&look.list);
	return look.has_changed;
}
