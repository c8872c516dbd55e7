/* SPDX-License-Identifier: ISC */
#include "mchat/interfaces/interface_sync.h"

#include <errno.h>
#include <stddef.h>

#include "mchat/interfaces/join_errors.h"
#include "mchat/interfaces/membership.h"
#include "mchat/network/call.h"
#include "mchat/network/interface.h"

/* Interfaces of which something was said that is the same for each family. */
struct said {
	unsigned indices[GROUP_INTERFACES_MAX];
	size_t count;
};

/* One look, at one family. */
struct look {
	struct membership *membership;
	struct family_membership *family;
	const struct interface_list *list;
	struct interface_set *wanted;
	struct call_log *log;
	enum verbosity verbosity;
	struct said *said;
	struct join_errors errors;
	bool has_changed;
};

/* Whether that is still to be said of the interface; it was then. */
static bool is_news(struct said *said, unsigned index)
{
	for (size_t i = 0; i < said->count; i++) {
		if (said->indices[i] == index)
			return false;
	}
	if (said->count < GROUP_INTERFACES_MAX)
		said->indices[said->count++] = index;
	return true;
}

/* Says why one that is joined is wanted no more. */
static void say_lost(const struct look *look, const struct interface *lost)
{
	const struct interface *now =
		interface_find_name(look->list, lost->name);
	const char *defect = interface_defect(now);
	bool is_common = !now || !now->is_up || !now->is_running;

	/* The stand-in is not needed any more. */
	if (look->family->interfaces.is_fallback && look->wanted->count > 0)
		return;
	/* It came back, which is said when it is joined. */
	if (now && !defect && interface_set_name(look->wanted, now->index))
		return;
	/* Another network is there, over the other family. */
	if (!defect && look->family->interfaces.is_fallback)
		return;
	if (is_common && !is_news(look->said, lost->index))
		return;
	diagnostics_error(
		"%s %s", lost->name, defect ? defect : "is not used now");
}

/* Says what is other with one that is still joined; whether something is. */
static bool say_changed(const struct look *look, const struct interface *was,
	const struct interface *is)
{
	char address[ADDRESS_TEXT_SIZE];

	if (was->is_running != is->is_running) {
		if (!is_news(look->said, is->index))
			return true;
		if (!is->is_running)
			diagnostics_error(
				"%s %s", is->name, interface_defect(is));
		else
			diagnostics_warning(
				look->verbosity, "%s has a carrier", is->name);
		return true;
	}
	if (address_same_host(&was->address, &is->address))
		return false;
	diagnostics_warning(look->verbosity, "%s has another address: %s",
		is->name, interface_format_address(is, address));
	return true;
}

/* Whether it is joined by source, and for an address that is not the own one
 * any more. */
static bool is_filter_old(
	const struct look *look, const struct interface *was, size_t at)
{
	return group_has_sources(look->family->group) &&
	       !address_same_host(
		       &was->address, &look->wanted->items[at].address);
}

/* Leaves those that are not wanted any more, and looks at the others. */
static void review(struct look *look)
{
	struct interface_set *joined = &look->family->interfaces;

	for (size_t i = joined->count; i-- > 0;) {
		struct interface *it = &joined->items[i];
		size_t at = interface_set_find(look->wanted, it->index);

		if (at < look->wanted->count &&
			group_has(look->family->group, it->index) &&
			!is_filter_old(look, it, at)) {
			const struct interface *is = &look->wanted->items[at];

			if (say_changed(look, it, is))
				look->has_changed = true;
			*it = *is;
			continue;
		}
		say_lost(look, it);
		family_membership_leave(look->family, i, look->log);
		look->has_changed = true;
	}
}

static void join(struct look *look, const struct interface *interface)
{
	enum down_reason absence =
		down_interfaces_find(&look->family->down, interface->name);
	char address[ADDRESS_TEXT_SIZE];

	if (!family_membership_join(
		    look->family, interface, &look->errors, look->log))
		return;
	membership_note_joined(look->membership, interface->name);
	look->has_changed = true;
	interface_format_address(interface, address);
	if (look->wanted->is_fallback)
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
	const struct interface_set *joined = &look->family->interfaces;

	call_forget(look->log);
	if (look->wanted->count > 0 &&
		group_bind(look->family->group,
			interface_set_only(look->wanted)) < 0)
		diagnostics_failed_call(look->log, "group", errno);
	for (size_t i = 0; i < look->wanted->count; i++) {
		const struct interface *it = &look->wanted->items[i];

		/* The kernel tells when the address is ready. */
		if (!interface_set_name(joined, it->index) &&
			interface_address_is_ready(it))
			join(look, it);
	}
	join_errors_tell(&look->errors);
}

/* Does all of that for each family; whether something is other than before. */
static bool look_at_all(struct membership *membership,
	const struct interface_list lists[], enum verbosity verbosity,
	struct call_log *log)
{
	struct interface_set wanted[MEMBERSHIP_FAMILIES_MAX];
	struct look looks[MEMBERSHIP_FAMILIES_MAX];
	struct said said = {.count = 0};
	bool has_changed = false;

	membership_select(membership, lists, wanted, log);
	for (size_t i = 0; i < membership->count; i++) {
		looks[i] = (struct look){
			.membership = membership,
			.family = &membership->families[i],
			.list = &lists[i],
			.wanted = &wanted[i],
			.log = log,
			.verbosity = verbosity,
			.said = &said,
		};
		review(&looks[i]);
	}
	for (size_t i = 0; i < membership->count; i++) {
		join_new(&looks[i]);
		looks[i].family->interfaces.is_fallback = wanted[i].is_fallback;
		has_changed = has_changed || looks[i].has_changed;
	}
	return has_changed;
}

bool interface_sync_run(struct membership *membership, enum verbosity verbosity,
	struct call_log *log)
{
	struct interface_list lists[MEMBERSHIP_FAMILIES_MAX] = {0};
	bool has_changed = false;
	bool are_listed = true;

	for (size_t i = 0; i < membership->count; i++) {
		if (family_membership_list(
			    &membership->families[i].address, &lists[i]) < 0)
			are_listed = false;
	}
	if (are_listed)
		has_changed = look_at_all(membership, lists, verbosity, log);
	if (has_changed && !membership_has_interface(membership))
		diagnostics_error("no interface is left: waiting");
	for (size_t i = 0; i < MEMBERSHIP_FAMILIES_MAX; i++)
		interface_list_fini(&lists[i]);
	return has_changed;
}
