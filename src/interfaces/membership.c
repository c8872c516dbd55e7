/* SPDX-License-Identifier: ISC */
#include "mchat/interfaces/membership.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "mchat/base/buffer.h"
#include "mchat/interfaces/join_errors.h"
#include "mchat/network/call.h"
#include "mchat/network/interface.h"
#include "mchat/network/port_holder.h"
#include "mchat/network/sockopt.h"
#include "mchat/protocol/room.h"

/* A buffer of less than this part of what was asked for is worth a word; with
 * half of it a burst has to be twice as long as any that mchat was made for. */
#define BUFFER_FAR_BELOW 2

void membership_set_room(struct membership_config *config, const char *room)
{
	config->room = room;
	config->room_tag = room ? room_tag(room, strlen(room)) : 0;
}

/* An interface that was asked for by this name was there. */
static void note_joined(struct membership *membership, const char *name)
{
	for (size_t i = 0; i < membership->wish.count; i++) {
		if (strcmp(membership->wish.names[i], name) == 0)
			membership->was_joined[i] = true;
	}
}

bool membership_join(struct membership *membership,
	const struct interface *interface, struct join_errors *errors,
	struct call_log *log)
{
	struct down_interfaces *down = &membership->down;
	const char *name = interface->name;

	call_forget(log);
	if (group_join(membership->group, interface) == 0) {
		interface_set_add(&membership->interfaces, interface, false);
		note_joined(membership, name);
		down_interfaces_note(down, name, DOWN_INTERFACES_NONE);
		return true;
	}
	if (down_interfaces_find(down, name) != DOWN_INTERFACES_REFUSED)
		join_errors_add(errors, name, log, errno);
	down_interfaces_note(down, name, DOWN_INTERFACES_REFUSED);
	return false;
}

void membership_leave(
	struct membership *membership, size_t at, struct call_log *log)
{
	struct interface *it = &membership->interfaces.items[at];

	down_interfaces_note(&membership->down, it->name, DOWN_INTERFACES_GONE);
	/* One that is not there any more took its membership along. */
	(void)group_leave(membership->group, it->index);
	call_forget(log);
	interface_set_remove(&membership->interfaces, at);
}

void membership_lose(struct membership *membership, unsigned interface_index,
	struct call_log *log)
{
	group_lose(membership->group, interface_index);
	call_forget(log);
}

void membership_renew(struct membership *membership, struct call_log *log)
{
	group_renew(membership->group);
	call_forget(log);
}

/* Chooses interfaces; what is wrong is said. */
static enum membership_result choose(struct membership *membership,
	const struct membership_config *config, struct interface_set *out,
	struct call_log *log)
{
	struct interface_list list;
	enum interface_select_result result;

	if (interface_list(config->group.address.family, &list) < 0) {
		diagnostics_failure("list of interfaces", errno);
		return MEMBERSHIP_NOT;
	}
	result = interface_select_read(&list, config->interfaces,
		config->interface_count, &membership->wish);
	if (result == INTERFACE_SELECT_OK) {
		interface_select_from(log, &list, &membership->wish,
			&config->group.address, out);
		/* What is wrong with those that were named was said. */
		if (out->is_fallback ||
			(out->count == 0 && membership->wish.count == 0))
			interface_select_explain(&list, out);
		if (out->count == 0 && membership->wish.count == 0)
			result = INTERFACE_SELECT_UNUSABLE;
	}
	interface_list_fini(&list);
	if (result == INTERFACE_SELECT_OK)
		return MEMBERSHIP_OK;
	return result == INTERFACE_SELECT_UNKNOWN ? MEMBERSHIP_USAGE
						  : MEMBERSHIP_NOT;
}

/* Joins where it can. */
static enum membership_result join(struct membership *membership,
	const struct interface_set *wanted, struct call_log *log)
{
	enum membership_result result = MEMBERSHIP_OK;
	struct join_errors errors = {0};

	for (size_t i = 0; i < wanted->count; i++) {
		/* What was asked for by name was not done. */
		if (!membership_join(
			    membership, &wanted->items[i], &errors, log) &&
			wanted->is_named[i])
			result = MEMBERSHIP_PARTLY;
	}
	join_errors_tell(&errors);
	membership->interfaces.is_fallback = wanted->is_fallback;
	/* None of those that were named is there yet: they are waited for. */
	return membership->interfaces.count > 0 || wanted->count == 0
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

enum membership_result membership_open(struct membership *membership,
	const struct membership_config *config, struct call_log *log)
{
	struct group_config group = config->group;
	enum membership_result result;
	struct interface_set wanted;

	*membership = (struct membership){.hop_limit = group.hop_limit};
	result = choose(membership, config, &wanted, log);
	if (result != MEMBERSHIP_OK)
		return result;
	group.only = interface_set_only(&wanted);
	if (group_open(log, &group, &membership->group) < 0) {
		int error = errno;

		diagnostics_failed_call(log, "group", error);
		if (error == EADDRINUSE)
			say_holder(&group.address);
		return MEMBERSHIP_NOT;
	}
	return join(membership, &wanted, log);
}

void membership_close(struct membership *membership)
{
	group_close(membership->group);
	membership->group = NULL;
}

static void say_buffer(enum verbosity verbosity, const char *name, int asked,
	int granted, const char *limit)
{
	const char *advice =
		granted < asked ? "; the limit is the sysctl " : "";

	diagnostics_warning(verbosity,
		"%s: asked for %d bytes, granted %d, in all "
		"%d " GROUP_BUFFER_NOTE "%s%s",
		name, asked, granted, granted * GROUP_BUFFER_FACTOR, advice,
		*advice ? limit : "");
}

void membership_say_buffers(const struct membership *membership,
	const struct membership_config *config, enum verbosity verbosity)
{
	const struct group_config *group = &config->group;
	int receive = group->receive_buffer;

	if (verbosity == VERBOSITY_VERBOSE && receive == 0)
		receive = GROUP_RECEIVE_BUFFER;
	if (group->receives && receive > 0)
		say_buffer(verbosity, "SO_RCVBUF", receive,
			group_receive_buffer(membership->group),
			"net.core.rmem_max");
	if (group->sends && group->send_buffer > 0)
		say_buffer(verbosity, "SO_SNDBUF", group->send_buffer,
			group_send_buffer(membership->group),
			"net.core.wmem_max");
}

void membership_say_loss(struct membership *membership,
	const struct membership_config *config, enum verbosity verbosity)
{
	int granted = group_receive_buffer(membership->group);

	/* What was asked for by an option was told at the start. */
	if (membership->loss_was_told || config->group.receive_buffer > 0 ||
		verbosity == VERBOSITY_VERBOSE)
		return;
	membership->loss_was_told = true;
	if (granted > 0 && granted < GROUP_RECEIVE_BUFFER / BUFFER_FAR_BELOW)
		diagnostics_warning(verbosity,
			"the receive buffer was full: it is far below what "
			"mchat asks for, %d of %d bytes; the limit is the "
			"sysctl net.core.rmem_max",
			granted, GROUP_RECEIVE_BUFFER);
}

void membership_say_refused(
	const struct membership *membership, enum verbosity verbosity)
{
	const struct group_refusals *refused = group_refused(membership->group);
	struct buffer names = BUFFER_EMPTY;

	for (size_t i = 0; i < refused->count; i++)
		buffer_append_format(&names, "%s%s", i > 0 ? ", " : "",
			sockopt_info(refused->options[i])->name);
	buffer_append_char(&names, '\0');
	if (refused->count > 0)
		diagnostics_warning(verbosity,
			"this system refuses %s (%s); mchat does without",
			buffer_bytes(&names), strerror(refused->error));
	buffer_fini(&names);
}

/* Ends the line and says it, as an answer or as a detail. */
static void say_line(struct buffer *line, bool is_answer)
{
	buffer_append_char(line, '\0');
	if (is_answer)
		diagnostics_answer("%s", buffer_bytes(line));
	else
		diagnostics_detail(VERBOSITY_VERBOSE, "%s", buffer_bytes(line));
	buffer_fini(line);
}

/* Begins a line: what we do, and in which group. */
static void begin_line(struct buffer *line, const char *what,
	const struct membership_config *config)
{
	char address[ADDRESS_TEXT_SIZE];

	buffer_append_format(line, "%s %s%s%s", what,
		config->room ? config->room : "", config->room ? ", " : "",
		address_format(&config->group.address, address));
}

void membership_say(const struct membership *membership,
	const struct membership_config *config, bool is_answer,
	const char *hint)
{
	const struct group_config *group = &config->group;
	char own[ADDRESS_TEXT_SIZE];

	for (size_t i = 0; i < membership->interfaces.count; i++) {
		const struct interface *it = &membership->interfaces.items[i];
		bool is_last = i + 1 == membership->interfaces.count;
		struct buffer line = BUFFER_EMPTY;

		begin_line(
			&line, group->receives ? "in" : "sending to", config);
		buffer_append_format(&line, " on %s (%s), TTL %d%s", it->name,
			address_format_host(&it->address, own),
			group->hop_limit, is_last ? hint : "");
		say_line(&line, is_answer);
	}
	if (membership->interfaces.count == 0) {
		struct buffer line = BUFFER_EMPTY;

		begin_line(&line, "waiting for an interface to be in", config);
		buffer_append_format(
			&line, ", TTL %d%s", group->hop_limit, hint);
		say_line(&line, is_answer);
	}
}

/* Whether an interface of this name is joined. */
static bool has(const struct membership *membership, const char *name)
{
	for (size_t i = 0; i < membership->interfaces.count; i++) {
		if (strcmp(membership->interfaces.items[i].name, name) == 0)
			return true;
	}
	return false;
}

bool membership_is_whole(const struct membership *membership)
{
	for (size_t i = 0; i < membership->wish.count; i++) {
		if (!has(membership, membership->wish.names[i]))
			return false;
	}
	return membership->interfaces.count > 0 &&
	       !membership->interfaces.is_fallback;
}

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

	for (size_t i = 0; i < membership->interfaces.count; i++) {
		size_t size = interface_datagram_size(
			&membership->interfaces.items[i]);

		if (size < least)
			least = size;
	}
	return least;
}
