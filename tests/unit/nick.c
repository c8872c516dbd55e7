/* SPDX-License-Identifier: ISC */
#include "mchat/chat/nick.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tap.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* 32 bytes, and what two characters of three bytes each are. */
#define LONGEST "0123456789abcdef0123456789abcdef"
#define HANGUL  "\xed\x95\x9c\xea\xb8\x80"

static void test_check(void)
{
	static const char control[] =
		"must not hold control or direction characters";
	static const struct {
		const char *text;
		const char *why;
	} cases[] = {
		{"lee", NULL}, {HANGUL, NULL}, {"with blank", NULL},
		{LONGEST, NULL}, {"", "must not be empty"},
		{LONGEST "x", "longer than 32 bytes"},
		{"\xff", "not valid UTF-8"}, {"\xed\x95", "not valid UTF-8"},
		{"a\tb", control}, {"a\nb", control}, {"\033[31m", control},
		{"\x7f", control}, {"\xc2\x9b", control}, /* C1: CSI */
		{"kim ", "must have no blanks but single spaces inside"},
		{"kim: yes", "must not have a colon where words could follow"},
		{"\xe2\x80\xae"
		 "eel",
			control}, /* RIGHT-TO-LEFT OVERRIDE */
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		tap_is_string(nick_check(cases[i].text, strlen(cases[i].text)),
			cases[i].why, cases[i].why ? cases[i].why : "fit");
	tap_is_string(nick_check("lee\033", 3), NULL,
		"bytes behind a nick do not matter");
}

static void test_take(void)
{
	char nick[NICK_SIZE] = "before";

	tap_ok(nick_take(LONGEST, nick), "the longest nick is accepted");
	tap_is_string(nick, LONGEST, "the longest nick is taken whole");
	/* 30 bytes, and two characters that end in the 33rd and the 36th. */
	tap_ok(nick_take("0123456789abcdef0123456789abcd" HANGUL, nick),
		"a longer nick is accepted");
	tap_is_string(nick, "0123456789abcdef0123456789abcd",
		"a longer nick is cut between characters");
	tap_ok(!nick_take("", nick) && !nick_take("a\033b", nick),
		"an empty or hostile nick is not taken");
	tap_is_string(nick, "0123456789abcdef0123456789abcd",
		"a nick that is not taken changes nothing");
}

static const char *with_environment(
	const char *logname, const char *user, char out[NICK_SIZE])
{
	unsetenv("LOGNAME");
	unsetenv("USER");
	if (logname)
		setenv("LOGNAME", logname, 1);
	if (user)
		setenv("USER", user, 1);
	nick_default(out);
	return out;
}

static void test_default(void)
{
	const struct passwd *user;
	char number[NICK_SIZE];
	char nick[NICK_SIZE];

	tap_is_string(with_environment("lee", "kim", nick), "lee",
		"LOGNAME comes first");
	tap_is_string(
		with_environment(NULL, "kim", nick), "kim", "USER second");
	tap_is_string(with_environment("", "kim", nick), "kim",
		"an empty LOGNAME does not count");
	tap_is_string(with_environment("\033[31m", "kim", nick), "kim",
		"a hostile LOGNAME does not count");
	tap_is_string(with_environment(LONGEST LONGEST, NULL, nick), LONGEST,
		"a long LOGNAME is cut");
	user = getpwuid(getuid());
	snprintf(number, sizeof(number), "user%lu", (unsigned long)getuid());
	tap_is_string(with_environment(NULL, NULL, nick),
		user ? user->pw_name : number,
		"without either the nick is from the user table, or a number");
}

int main(void)
{
	test_check();
	test_take();
	test_default();
	return tap_done();
}
