/* SPDX-License-Identifier: ISC */
#include "mchat/chat/place.h"

#include <errno.h>
#include <string.h>

#include "mchat/network/call.h"
#include "mchat/network/interface.h"
#include "mchat/protocol/room.h"

void place_set_room(struct place_config *config, const char *room)
{
	config->room = room;
	config->room_tag = room ? room_tag(room, strlen(room)) : 0;
}

/* Joins where it can, and keeps those interfaces. */
static enum place_result join(struct place *place, struct call_log *log)
{
	struct choice *choice = &place->interfaces;
	enum place_result result = PLACE_OK;
	size_t joined = 0;

	for (size_t i = 0; i < choice->count; i++) {
		call_forget(log);
		if (group_join(place->group, &choice->items[i]) == 0) {
			choice->items[joined++] = choice->items[i];
			continue;
		}
		notice_failed_call(log, "join", errno);
		/* What was asked for by name was not done. */
		if (choice->is_named[i])
			result = PLACE_PARTLY;
	}
	choice->count = joined;
	return joined > 0 ? result : PLACE_NOT;
}

enum place_result place_open(struct place *place,
	const struct place_config *config, struct call_log *log)
{
	struct group_config group = config->group;
	enum choose_result chosen;

	place->group = NULL;
	place->hop_limit = group.hop_limit;
	chosen = choose_interfaces(log, config->interfaces,
		config->interface_count, &group.address, &place->interfaces);
	if (chosen != CHOOSE_OK)
		return chosen == CHOOSE_UNKNOWN ? PLACE_USAGE : PLACE_NOT;
	if (place->interfaces.count == 1)
		group.device = place->interfaces.items[0].name;
	if (group_open(log, &group, &place->group) < 0) {
		notice_failed_call(log, "group", errno);
		return PLACE_NOT;
	}
	return join(place, log);
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
