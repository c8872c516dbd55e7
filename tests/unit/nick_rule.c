/* SPDX-License-Identifier: ISC */
/* Nicks that could be taken for others: refused as ours, escaped as others'. */
#include "mchat/view/nick_rule.h"

#include <string.h>

#include "tap.h"
#include "mchat/base/buffer.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char blanks[] = "must have no blanks but single spaces inside";
static const char colon[] = "must not have a colon where words could follow";
static const char mark[] = "must not begin with a mark";
static const char id[] = "must not end like the id of a namesake, as #1a2b";

static const struct {
	const char *nick;
	const char *flaw;
	const char *shown; /* NULL: as it is */
} cases[] = {
	{"kim", NULL, NULL},
	{"kim lee", NULL, NULL},
	{"J\xc3\xbcrgen", NULL, NULL},
	{"\xed\x95\x9c\xea\xb8\x80", NULL, NULL},
	{"a:b", NULL, NULL},
	{"#1", NULL, NULL},
	{"kim#12345", NULL, NULL},
	{"kim ", blanks, "kim\\x20"},
	{" kim", blanks, "\\x20kim"},
	{" ", blanks, "\\x20"},
	{"kim  lee", blanks, "kim\\x20 lee"},
	{"\xc2\xa0", blanks, "\\u{a0}"},
	{"kim\xe3\x80\x80", blanks, "kim\\u{3000}"},
	{"kim\xe2\x80\x89lee", blanks, "kim\\u{2009}lee"},
	{"kim: yes", colon, "kim\\x3a yes"},
	{"kim:", colon, "kim\\x3a"},
	{"kim\xef\xbc\x9ayes", colon, "kim\\u{ff1a}yes"},
	{"kim\xe2\x88\xb6 yes", colon, "kim\\u{2236} yes"},
	{"\xcc\x81kim", mark, "\\u{301}kim"},
	{"kim#1a2B", id, "kim\\x231a2B"},
};

int main(void)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *nick = cases[i].nick;
		const char *shown = cases[i].shown ? cases[i].shown : nick;
		struct buffer out = BUFFER_EMPTY;

		tap_is_string(nick_rule_flaw(nick, strlen(nick)), cases[i].flaw,
			cases[i].flaw ? cases[i].flaw : "a nick like others");
		nick_rule_append(&out, nick, strlen(nick));
		buffer_append_char(&out, '\0');
		tap_is_string(buffer_bytes(&out), shown, shown);
		buffer_fini(&out);
	}
	return tap_done();
}
