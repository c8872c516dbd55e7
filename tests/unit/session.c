/* SPDX-License-Identifier: ISC */
#include "mchat/chat/session.h"

#include <stdio.h>
#include <string.h>

#include "mchat/protocol/event.h"
#include "tap.h"
#include "mchat/network/call.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void session_in(struct session *session, const char *group)
{
	struct session_config config = {.nick = "lee"};

	address_parse(group, &config.membership.group.address);
	config.membership.group.address.port = 62428;
	session_init(session, &config, NULL);
}

/* Where the next session_open will go. */
static const char *goal(const struct session *session, char text[])
{
	return address_format(&session->config.membership.group.address, text);
}

static void test_groups(void)
{
	static const struct {
		const char *text;
		const char *goal;
	} cases[] = {
		{"239.1.2.3", "239.1.2.3:62428"},
		{"239.1.2.3:5000", "239.1.2.3:5000"},
		{"224.0.0.251:1", "224.0.0.251:1"},
		{"239.1.2.3:65535", "239.1.2.3:65535"},
		{"ff15::1", "[ff15::1]:62428"},
		{"[ff15::1]:5000", "[ff15::1]:5000"},
		{"[ff12::4d43%eth0]:5000", "[ff12::4d43]:5000"},
	};
	char text[ADDRESS_TEXT_SIZE];

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct session session;

		session_in(&session, "239.255.77.67");
		membership_set_room(&session.config.membership, "lobby");
		tap_is_string(session_find(&session, cases[i].text), NULL,
			cases[i].text);
		tap_is_string(goal(&session, text), cases[i].goal,
			"the session goes to that group");
		tap_ok(!session.config.membership.room &&
				session.config.membership.room_tag == 0,
			"a group is no room");
	}
}

static void test_wrong_groups(void)
{
	static const char port[] = "a port is from 1 to 65535";
	static const struct {
		const char *text;
		const char *why;
	} cases[] = {
		{"10.77.0.1", "not a multicast group"},
		{"10.77.0.1:5000", "not a multicast group"},
		{"fe80::1",
			"not a multicast group: those of IPv6 begin with ff"},
		{"[ff12::4d43", "not an IPv6 address"},
		{"[ff12::4d43]:0", port},
		{"239.1.2.3:", port},
		{"239.1.2.3:0", port},
		{"239.1.2.3:65536", port},
		{"239.1.2.3:50x", port},
		{"", "must not be empty"},
		{"\xff", "not valid UTF-8"},
		{"0123456789012345678901234567890123456789"
		 "0123456789012345678901234",
			"longer than 64 bytes"},
	};
	char text[ADDRESS_TEXT_SIZE];

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct session session;

		session_in(&session, "239.255.77.67");
		membership_set_room(&session.config.membership, "lobby");
		tap_is_string(session_find(&session, cases[i].text),
			cases[i].why, cases[i].why);
		tap_is_string(goal(&session, text), "239.255.77.67:62428",
			"after a wrong group the session stays where it is");
		tap_is_string(session.config.membership.room, "lobby",
			"after a wrong group the session stays in its room");
	}
}

static void test_rooms(void)
{
	char text[ADDRESS_TEXT_SIZE];
	char name[] = "lobby";
	struct session session;

	session_in(&session, "239.1.2.3");
	session.config.membership.group.address.port = 5000;
	tap_is_string(session_find(&session, name), NULL,
		"a room is found by its name");
	tap_is_string(goal(&session, text), "239.255.26.65:5000",
		"a room has an address of its own; the port stays");
	tap_is_int(session.config.membership.room_tag, room_tag("lobby", 5),
		"a room has its tag");
	name[0] = 'h';
	tap_is_string(session.config.membership.room, "lobby",
		"the room's name is copied");
	tap_is_string(session_find(&session, "239.1.2"), NULL,
		"a text that is no whole address is a room");
	tap_is_string(session.config.membership.room, "239.1.2",
		"such a room has that name");
}

/* The interfaces that it will be on, as the user named them. */
static const char *first_interface(const struct session *session)
{
	const struct membership_config *config = &session->config.membership;

	return config->interface_count == 1 ? config->interfaces[0] : NULL;
}

static void test_zone(void)
{
	static const char *const names[] = {"eth1"};
	struct session_config config = {.nick = "lee"};
	struct session session;
	char text[] = "[ff12::1%eth0]:5000";

	config.membership.interfaces = names;
	config.membership.interface_count = 1;
	address_parse("ff12::4d43", &config.membership.group.address);
	session_init(&session, &config, NULL);
	session_find(&session, text);
	memset(text, 'x', strlen(text));
	tap_is_string(first_interface(&session), "eth0",
		"the zone of a group names the interface");
	session_find(&session, "ff12::2");
	tap_is_string(first_interface(&session), "eth1",
		"without a zone it is the one that was named at the start");
	session_find(&session, "[ff12::1%eth2]:5000");
	session_find(&session, "den");
	tap_is_string(first_interface(&session), "eth1", "so it is for a room");
}

/* A room is of the families that the chat began with. */
static void test_families(void)
{
	struct session_config config = {.nick = "lee"};
	struct session session;
	struct membership_config *now = &session.config.membership;

	address_parse("239.255.77.67", &config.membership.group.address);
	address_parse("ff12::4d43", &config.membership.second);
	config.membership.second_use = MEMBERSHIP_SECOND_ALSO;
	session_init(&session, &config, NULL);
	session_find(&session, "ff15::1");
	tap_ok(now->second_use == MEMBERSHIP_SECOND_NEVER &&
			now->group.address.family == ADDRESS_IPV6,
		"a group is of one family");
	session_find(&session, "den");
	tap_ok(now->second_use == MEMBERSHIP_SECOND_ALSO &&
			now->group.address.family == ADDRESS_IPV4 &&
			now->second.family == ADDRESS_IPV6,
		"a room is of both, where the chat is");
}

static void test_ports(void)
{
	struct session session;

	session_in(&session, "239.1.2.3");
	tap_ok(!session.keeps_port,
		"the first group's port is given, not kept");
	session_find(&session, "239.1.2.4");
	tap_ok(session.keeps_port, "a group without a port keeps the port");
	session_find(&session, "239.1.2.4:62428");
	tap_ok(!session.keeps_port, "a group with a port does not keep it");
	session_find(&session, "den");
	tap_ok(session.keeps_port, "a room keeps the port");
	session_find(&session, "10.0.0.1:1");
	tap_ok(session.keeps_port, "a wrong group does not change that");
}

/* Whether a message of this member is taken for our own. */
static bool is_own(const struct session *session, uint64_t id)
{
	struct event event = {
		.kind = EVENT_MESSAGE,
		.member = {.id = id, .is_nick_shared = true},
	};

	session_mark_own(session, &event);
	return event.message.is_own && !event.member.is_nick_shared;
}

static void test_own(void)
{
	struct session session;

	session_in(&session, "239.1.2.3");
	tap_ok(!is_own(&session, 1),
		"a session that was never in a group has no own messages");
	/* One id more than is remembered: the first has given way. */
	for (uint64_t id = 2; id <= SESSION_OWN_MAX + 1; id++)
		session.own[id % SESSION_OWN_MAX] = id;
	session.own_count = SESSION_OWN_MAX + 1;
	tap_ok(is_own(&session, 2) && is_own(&session, SESSION_OWN_MAX + 1),
		"our present id and earlier ones are known as our own");
	tap_ok(!is_own(&session, 1), "the id that gave way is no longer known");
	tap_ok(!is_own(&session, SESSION_OWN_MAX + 2),
		"another member's id is not our own");
}

static void test_nicks(void)
{
	struct session_config config = {.nick = "\033"};
	struct session session;

	session_in(&session, "239.1.2.3");
	tap_is_string(session.nick, "lee", "the nick of the configuration");
	session_init(&session, &config, NULL);
	tap_is_string(nick_check(session.nick, strlen(session.nick)), NULL,
		"a nick that is not fit is replaced by one that is");
	session_close(&session);
	tap_ok(!session.is_open,
		"closing a session that is not open is harmless");
}

int main(void)
{
	test_groups();
	test_wrong_groups();
	test_rooms();
	test_zone();
	test_families();
	test_ports();
	test_own();
	test_nicks();
	return tap_done();
}
