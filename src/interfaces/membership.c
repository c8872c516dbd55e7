/* SPDX-License-Identifier: ISC */
#include "mchat/interfaces/membership.h"

#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "mchat/interfaces/join_errors.h"
#include "mchat/io/clock.h"
#include "mchat/io/diagnostics.h"
#include "mchat/network/call.h"
#include "mchat/network/interface.h"
#include "mchat/network/port_holder.h"
#include "mchat/protocol/room.h"

void membership_set_room(struct membership_config *config, const char *room)
{
	config->room = room;
	config->room_tag = room ? room_tag(room, strlen(room)) : 0;
}

void membership_note_joined(struct membership *membership, const char *name)
{
	for (size_t i = 0; i < membership->wish.count; i++) {
		if (strcmp(membership->wish.names[i], name) == 0)
			membership->was_joined[i] = true;
	}
}

void membership_lose(struct membership *membership, unsigned interface_index,
	struct call_log *log)
{
	for (size_t i = 0; i < membership->count; i++)
		family_membership_lose(
			&membership->families[i], interface_index, log);
}

void membership_renew(struct membership *membership, struct call_log *log)
{
	for (size_t i = 0; i < membership->count; i++)
		family_membership_renew(&membership->families[i], log);
}

/* ---- families and interfaces ---- */

static void set_families(
	struct membership *membership, const struct membership_config *config)
{
	membership->count = 1;
	membership->families[0].address = config->group.address;
	if (config->second_use == MEMBERSHIP_SECOND_NEVER)
		return;
	membership->count = 2;
	membership->families[1].address = config->second;
	membership->families[1].address.port = config->group.address.port;
}

/* Whether one of those that the user may have meant leads to a network, or was
 * named and can be used. */
static bool has_network(const struct interface_list *list,
	const struct membership_config *config)
{
	bool has_all = config->interface_count == 0;

	for (size_t i = 0; i < config->interface_count; i++) {
		const struct interface *it =
			interface_find(list, config->interfaces[i]);

		if (it && interface_is_usable(it))
			return true;
		has_all = has_all || strcmp(config->interfaces[i], "all") == 0;
	}
	for (size_t i = 0; has_all && i < list->count; i++) {
		if (interface_is_default(&list->items[i]))
			return true;
	}
	return false;
}

/* Decides whether the second family is used where it is a spare one. */
static void settle_spare(struct membership *membership,
	const struct membership_config *config, struct interface_list lists[])
{
	if (config->second_use != MEMBERSHIP_SECOND_SPARE &&
		config->second_use != MEMBERSHIP_SECOND_INSTEAD)
		return;
	membership->uses_spare = !has_network(&lists[0], config) &&
				 has_network(&lists[1], config);
	if (membership->uses_spare &&
		config->second_use == MEMBERSHIP_SECOND_SPARE) {
		membership->families[0].is_optional = true;
		return;
	}
	if (membership->uses_spare) {
		struct interface_list unused = lists[0];

		lists[0] = lists[1];
		lists[1] = unused;
		membership->families[0] = membership->families[1];
	}
	membership->count = 1;
}

void membership_select(const struct membership *membership,
	const struct interface_list lists[], struct interface_set wanted[],
	struct call_log *log)
{
	bool has_one = false;

	for (size_t i = 0; i < membership->count; i++) {
		interface_select_from(log, &lists[i], &membership->wish,
			&membership->families[i].address, &wanted[i]);
		has_one = has_one ||
			  (wanted[i].count > 0 && !wanted[i].is_fallback);
	}
	for (size_t i = 0; has_one && i < membership->count; i++) {
		if (!wanted[i].is_fallback)
			continue;
		wanted[i].count = 0;
		wanted[i].is_fallback = false;
	}
}

/* Says why there is none, or only a stand-in; for the families that were asked
 * for. */
static void explain(const struct membership *membership,
	const struct interface_list lists[],
	const struct interface_set wanted[], size_t total)
{
	bool is_wished = membership->wish.count > 0;

	for (size_t i = 0; i < membership->count; i++) {
		const struct family_membership *it = &membership->families[i];

		if (it->is_optional)
			continue;
		/* What is wrong with those that were named was said. */
		if (wanted[i].is_fallback || (total == 0 && !is_wished))
			interface_select_explain(&lists[i], &wanted[i]);
		else if (wanted[i].count == 0 && !is_wished)
			diagnostics_error("%s: no network yet; mchat joins one "
					  "that comes",
				address_family_name(it->address.family));
	}
}

/* Reads what the user asked for, and says what it lacks. */
static enum interface_select_result read_wish(struct membership *membership,
	const struct membership_config *config,
	const struct interface_list lists[])
{
	bool is_first_optional = membership->families[0].is_optional;
	enum interface_select_result result = interface_select_read(
		&lists[is_first_optional], config->interfaces,
		config->interface_count, &membership->wish);

	if (result == INTERFACE_SELECT_OK && membership->count > 1 &&
		!is_first_optional)
		interface_select_say_no_address(
			&lists[1], config->interfaces, config->interface_count);
	return result;
}

/* Chooses interfaces for each family; what is wrong is said. */
static enum interface_select_result choose_of(struct membership *membership,
	const struct membership_config *config, struct interface_list lists[],
	struct interface_set out[], struct call_log *log)
{
	enum interface_select_result result;
	size_t total = 0;

	settle_spare(membership, config, lists);
	result = read_wish(membership, config, lists);
	if (result != INTERFACE_SELECT_OK)
		return result;
	membership_select(membership, lists, out, log);
	for (size_t i = 0; i < membership->count; i++)
		total += out[i].count;
	explain(membership, lists, out, total);
	return total == 0 && membership->wish.count == 0 && !config->has_peers
		       ? INTERFACE_SELECT_UNUSABLE
		       : INTERFACE_SELECT_OK;
}

static enum membership_result choose(struct membership *membership,
	const struct membership_config *config, struct interface_set out[],
	struct call_log *log)
{
	struct interface_list lists[MEMBERSHIP_FAMILIES_MAX] = {0};
	enum interface_select_result result = INTERFACE_SELECT_OK;

	set_families(membership, config);
	for (size_t i = 0; i < membership->count; i++) {
		if (family_membership_list(
			    &membership->families[i].address, &lists[i]) < 0)
			result = INTERFACE_SELECT_UNUSABLE;
	}
	if (result == INTERFACE_SELECT_OK)
		result = choose_of(membership, config, lists, out, log);
	for (size_t i = 0; i < MEMBERSHIP_FAMILIES_MAX; i++)
		interface_list_fini(&lists[i]);
	if (result == INTERFACE_SELECT_OK)
		return MEMBERSHIP_OK;
	return result == INTERFACE_SELECT_UNKNOWN ? MEMBERSHIP_USAGE
						  : MEMBERSHIP_NOT;
}

/* ---- going there ---- */

/* Joins where it can. */
static enum membership_result join(struct membership *membership,
	const struct interface_set wanted[], struct call_log *log)
{
	enum membership_result result = MEMBERSHIP_OK;
	size_t total = 0;

	for (size_t i = 0; i < membership->count; i++) {
		struct family_membership *family = &membership->families[i];
		struct join_errors errors = {0};

		for (size_t k = 0; k < wanted[i].count; k++) {
			const struct interface *it = &wanted[i].items[k];

			if (family_membership_join(family, it, &errors, log))
				membership_note_joined(membership, it->name);
			/* What was asked for by name was not done. */
			else if (wanted[i].is_named[k])
				result = MEMBERSHIP_PARTLY;
		}
		join_errors_tell(&errors);
		family->interfaces.is_fallback = wanted[i].is_fallback;
		total += wanted[i].count;
	}
	/* None of those that were named is there yet: they are waited for. */
	return membership_has_interface(membership) || total == 0
		       ? result
		       : MEMBERSHIP_NOT;
}

/* Says who has the port to itself, as far as the system tells. */
static void say_holder(const struct address *group)
{
	unsigned uid;

	if (port_holder_find(group->port, &uid))
		diagnostics_error("port %u is held by uid %u, and mchat runs "
				  "as uid %u; SO_REUSEPORT alone shares a "
				  "port within one user only",
			group->port, uid, (unsigned)geteuid());
}

/* Opens the group of one family; false when it cannot, which was said. */
static bool open_family(struct family_membership *family,
	const struct group_config *config, const struct interface *only,
	struct call_log *log)
{
	struct group_config group = *config;
	int error;

	group.address = family->address;
	group.only = only;
	if (group_open(log, &group, &family->group) == 0)
		return true;
	error = errno;
	diagnostics_failed_call(log, "group", error);
	if (error == EADDRINUSE)
		say_holder(&group.address);
	return false;
}

/* Opens the groups; a family that cannot be had is done without, as long as
 * another can. */
static enum membership_result open_families(struct membership *membership,
	const struct group_config *config, struct interface_set wanted[],
	struct call_log *log)
{
	enum membership_result result = MEMBERSHIP_OK;
	size_t opened = 0;

	for (size_t i = 0; i < membership->count; i++) {
		struct family_membership *family = &membership->families[i];

		if (open_family(family, config, interface_set_only(&wanted[i]),
			    log)) {
			membership->families[opened] = *family;
			wanted[opened] = wanted[i];
			opened++;
		} else if (!family->is_optional) {
			result = MEMBERSHIP_PARTLY;
		}
	}
	membership->count = opened;
	return opened > 0 ? result : MEMBERSHIP_NOT;
}

/* The first interface whose address nothing can be sent from yet; NULL: none.
 */
static const struct interface *find_unready(const struct membership *membership)
{
	for (size_t i = 0; i < membership->count; i++) {
		const struct interface_set *set =
			&membership->families[i].interfaces;

		for (size_t k = 0; k < set->count; k++) {
			if (!interface_address_is_ready(&set->items[k]))
				return &set->items[k];
		}
	}
	return NULL;
}

/* How long duplicate address detection takes at most, with some to spare: up to
 * a second until it begins, and one to listen (RFC 4862, section 5.4). */
#define DETECTION_MS 3000
#define LOOK_MS      20

/* What leaves before the kernel has an address to send it from would be lost.
 */
static void await_addresses(const struct membership *membership)
{
	const struct timespec pause = {.tv_nsec = LOOK_MS * NS_PER_MS};
	struct instant end =
		instant_after(clock_now(), duration_ms(DETECTION_MS));
	const struct interface *unready;

	while ((unready = find_unready(membership)) &&
		instant_before(clock_now(), end))
		nanosleep(&pause, NULL);
	if (unready)
		diagnostics_error(
			"%s: nothing can be sent from its IPv6 address: "
			"another host may have the same one; `ip -6 address "
			"show dev %s` says dadfailed then",
			unready->name, unready->name);
}

enum membership_result membership_open(struct membership *membership,
	const struct membership_config *config, struct call_log *log)
{
	struct interface_set wanted[MEMBERSHIP_FAMILIES_MAX];
	enum membership_result opened;
	enum membership_result joined;

	*membership = (struct membership){.hop_limit = config->group.hop_limit};
	opened = choose(membership, config, wanted, log);
	if (opened != MEMBERSHIP_OK)
		return opened;
	opened = open_families(membership, &config->group, wanted, log);
	if (opened == MEMBERSHIP_NOT)
		return opened;
	joined = join(membership, wanted, log);
	if (config->group.sends)
		await_addresses(membership);
	return joined == MEMBERSHIP_OK ? opened : joined;
}

void membership_close(struct membership *membership)
{
	for (size_t i = 0; i < membership->count; i++)
		group_close(membership->families[i].group);
	membership->count = 0;
}

/* ---- what it is ---- */

bool membership_has_interface(const struct membership *membership)
{
	for (size_t i = 0; i < membership->count; i++) {
		if (membership->families[i].interfaces.count > 0)
			return true;
	}
	return false;
}

bool membership_is_fallback(const struct membership *membership)
{
	for (size_t i = 0; i < membership->count; i++) {
		if (membership->families[i].interfaces.is_fallback)
			return true;
	}
	return false;
}

const char *membership_interface_name(
	const struct membership *membership, unsigned index)
{
	const char *name = NULL;

	for (size_t i = 0; !name && i < membership->count; i++)
		name = interface_set_name(
			&membership->families[i].interfaces, index);
	return name;
}

const char *membership_only_name(const struct membership *membership)
{
	const struct interface *only = NULL;

	for (size_t i = 0; i < membership->count; i++) {
		const struct interface_set *set =
			&membership->families[i].interfaces;

		if (set->count > 1 ||
			(set->count == 1 && only &&
				only->index != set->items[0].index))
			return NULL;
		if (set->count == 1)
			only = &set->items[0];
	}
	return only ? only->name : NULL;
}

bool membership_is_own(
	struct membership *membership, const struct address *from)
{
	for (size_t i = 0; i < membership->count; i++) {
		struct family_membership *it = &membership->families[i];

		if (it->address.family == from->family)
			return group_is_own(it->group, from);
	}
	return false;
}

/* ---- sending ---- */

/* The group by which it came; NULL: none. */
static struct group *find_group(
	struct membership *membership, const struct datagram *datagram)
{
	for (size_t i = 0; i < membership->count; i++) {
		struct family_membership *it = &membership->families[i];

		if (it->address.family == datagram->from.family)
			return it->group;
	}
	return NULL;
}

void membership_reply_to_sender(struct membership *membership,
	const struct datagram *datagram, const void *bytes, size_t size)
{
	struct group *group = find_group(membership, datagram);

	if (group)
		group_reply_to_sender(group, datagram, bytes, size);
}

void membership_reply_to_group(struct membership *membership,
	const struct datagram *datagram, const void *bytes, size_t size)
{
	struct group *group = find_group(membership, datagram);

	if (group)
		group_reply_to_group(group, datagram, bytes, size);
}

int membership_set_hop_limit(struct membership *membership, int hop_limit)
{
	for (size_t i = 0; i < membership->count; i++) {
		if (group_set_hop_limit(
			    membership->families[i].group, hop_limit) < 0)
			return -1;
	}
	membership->hop_limit = hop_limit;
	return 0;
}

int membership_set_loopback(struct membership *membership, bool has_loopback)
{
	for (size_t i = 0; i < membership->count; i++) {
		if (group_set_loopback(
			    membership->families[i].group, has_loopback) < 0)
			return -1;
	}
	return 0;
}

void membership_send(struct membership *membership, struct send_batch *batch,
	struct membership_sending *progress)
{
	struct group_sending *group = &progress->group;
	bool has_interface = membership_has_interface(membership);

	while (progress->family < membership->count) {
		struct family_membership *it =
			&membership->families[progress->family];

		/* Where there is one in no family, that is to be told. */
		if (it->interfaces.count > 0 || !has_interface) {
			group->is_done = false;
			group_send(it->group, batch, group);
			if (!group->is_done)
				return;
		}
		progress->family++;
		group->interface = 0;
		group->datagram = 0;
		if (!has_interface)
			break;
	}
	group->is_done = true;
}

int membership_sending_fd(const struct membership *membership,
	const struct membership_sending *progress)
{
	return progress->family < membership->count
		       ? group_sending_fd(
				 membership->families[progress->family].group)
		       : -1;
}

/* ---- whether it is as it was asked for ---- */

bool membership_was_whole(const struct membership *membership)
{
	for (size_t i = 0; i < membership->wish.count; i++) {
		if (!membership->was_joined[i])
			return false;
	}
	return true;
}

size_t membership_datagram_size(const struct membership *membership)
{
	size_t least = DATAGRAM_SIZE_MAX;

	for (size_t i = 0; i < membership->count; i++) {
		size_t size = family_membership_datagram_size(
			&membership->families[i]);

		if (size < least)
			least = size;
	}
	return least;
}
