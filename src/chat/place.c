/* SPDX-License-Identifier: ISC */
#include "mchat/chat/place.h"

#include <errno.h>
#include <string.h>

#include "mchat/chat/refused.h"
#include "mchat/network/call.h"
#include "mchat/network/interface.h"
#include "mchat/protocol/room.h"

void place_set_room(struct place_config *config, const char *room)
{
	config->room = room;
	config->room_tag = room ? room_tag(room, strlen(room)) : 0;
}

bool place_join(struct place *place, const struct interface *interface,
	struct refused *refused, struct call_log *log)
{
	struct absent *absent = &place->absent;
	const char *name = interface->name;

	call_forget(log);
	if (group_join(place->group, interface) == 0) {
		choice_add(&place->interfaces, interface, false);
		absent_note(absent, name, ABSENCE_NONE);
		return true;
	}
	if (absent_find(absent, name) != ABSENCE_REFUSED)
		refused_add(refused, name, log, errno);
	absent_note(absent, name, ABSENCE_REFUSED);
	return false;
}

void place_leave(struct place *place, size_t at, struct call_log *log)
{
	struct interface *it = &place->interfaces.items[at];

	absent_note(&place->absent, it->name, ABSENCE_GONE);
	/* One that is not there any more took its membership along. */
	(void)group_leave(place->group, it->index);
	call_forget(log);
	choice_remove(&place->interfaces, at);
}

void place_lose(
	struct place *place, unsigned interface_index, struct call_log *log)
{
	group_lose(place->group, interface_index);
	call_forget(log);
}

void place_renew(struct place *place, struct call_log *log)
{
	group_renew(place->group);
	call_forget(log);
}

/* Chooses interfaces; what is wrong is said. */
static enum place_result choose(struct place *place,
	const struct place_config *config, struct choice *out,
	struct call_log *log)
{
	struct interface_list list;
	enum choose_result result;

	if (interface_list(config->group.address.family, &list) < 0) {
		notice_failure("list of interfaces", errno);
		return PLACE_NOT;
	}
	result = choose_wish(&list, config->interfaces, config->interface_count,
		&place->wish);
	if (result == CHOOSE_OK) {
		choose_interfaces(
			log, &list, &place->wish, &config->group.address, out);
		if (out->count == 0 || out->is_fallback)
			choose_say_why(&list, out);
		if (out->count == 0)
			result = CHOOSE_UNUSABLE;
	}
	interface_list_fini(&list);
	if (result == CHOOSE_OK)
		return PLACE_OK;
	return result == CHOOSE_UNKNOWN ? PLACE_USAGE : PLACE_NOT;
}

/* Joins where it can. */
static enum place_result join(
	struct place *place, const struct choice *wanted, struct call_log *log)
{
	enum place_result result = PLACE_OK;
	struct refused refused = {0};

	for (size_t i = 0; i < wanted->count; i++) {
		/* What was asked for by name was not done. */
		if (!place_join(place, &wanted->items[i], &refused, log) &&
			wanted->is_named[i])
			result = PLACE_PARTLY;
	}
	refused_tell(&refused);
	place->interfaces.is_fallback = wanted->is_fallback;
	return place->interfaces.count > 0 ? result : PLACE_NOT;
}

enum place_result place_open(struct place *place,
	const struct place_config *config, struct call_log *log)
{
	struct group_config group = config->group;
	enum place_result result;
	struct choice wanted;

	*place = (struct place){.hop_limit = group.hop_limit};
	result = choose(place, config, &wanted, log);
	if (result != PLACE_OK)
		return result;
	group.only = choice_only(&wanted);
	if (group_open(log, &group, &place->group) < 0) {
		notice_failed_call(log, "group", errno);
		return PLACE_NOT;
	}
	return join(place, &wanted, log);
}

void place_close(struct place *place)
{
	group_close(place->group);
	place->group = NULL;
}

static void say_buffer(enum verbosity verbosity, const char *name, int asked,
	int granted, const char *limit)
{
	const char *advice =
		granted < asked ? "; the limit is the sysctl " : "";

	notice_warning(verbosity,
		"%s: asked for %d bytes, granted %d, in all "
		"%d " GROUP_BUFFER_NOTE "%s%s",
		name, asked, granted, granted * GROUP_BUFFER_FACTOR, advice,
		*advice ? limit : "");
}

void place_say_buffers(const struct place *place,
	const struct place_config *config, enum verbosity verbosity)
{
	const struct group_config *group = &config->group;
	int receive = group->receive_buffer;

	if (verbosity == NOTICE_VERBOSE && receive == 0)
		receive = GROUP_RECEIVE_BUFFER;
	if (group->receives && receive > 0)
		say_buffer(verbosity, "SO_RCVBUF", receive,
			group_receive_buffer(place->group),
			"net.core.rmem_max");
	if (group->sends && group->send_buffer > 0)
		say_buffer(verbosity, "SO_SNDBUF", group->send_buffer,
			group_send_buffer(place->group), "net.core.wmem_max");
}

void place_say(const struct place *place, const struct place_config *config,
	enum verbosity verbosity, const char *hint)
{
	const struct group_config *group = &config->group;
	char address[ADDRESS_TEXT_SIZE];
	char own[ADDRESS_TEXT_SIZE];

	address_format(&group->address, address);
	for (size_t i = 0; i < place->interfaces.count; i++) {
		const struct interface *it = &place->interfaces.items[i];
		bool is_last = i + 1 == place->interfaces.count;

		notice_detail(verbosity, "%s %s%s%s on %s (%s), TTL %d%s",
			group->receives ? "in" : "sending to",
			config->room ? config->room : "",
			config->room ? ", " : "", address, it->name,
			address_format_host(&it->address, own),
			group->hop_limit, is_last ? hint : "");
	}
}

/* Whether an interface of this name is joined. */
static bool has(const struct place *place, const char *name)
{
	for (size_t i = 0; i < place->interfaces.count; i++) {
		if (strcmp(place->interfaces.items[i].name, name) == 0)
			return true;
	}
	return false;
}

bool place_is_whole(const struct place *place)
{
	for (size_t i = 0; i < place->wish.count; i++) {
		if (!has(place, place->wish.names[i]))
			return false;
	}
	return place->interfaces.count > 0 && !place->interfaces.is_fallback;
}

size_t place_datagram_size(const struct place *place)
{
	size_t least = DATAGRAM_SIZE_MAX;

	for (size_t i = 0; i < place->interfaces.count; i++) {
		size_t size =
			interface_datagram_size(&place->interfaces.items[i]);

		if (size < least)
			least = size;
	}
	return least;
}
