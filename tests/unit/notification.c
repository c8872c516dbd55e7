/* SPDX-License-Identifier: ISC */
/* The sequence for each terminal, and text that cannot end it. */
#include "mchat/terminal/notification.h"

#include <stdlib.h>
#include <string.h>

#include "tap.h"
#include "mchat/base/buffer.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void shows(const char *text, const char *expected, const char *what)
{
	struct buffer out = BUFFER_EMPTY;

	notification_append(&out, text, strlen(text));
	tap_is_bytes(buffer_bytes(&out), buffer_size(&out), expected,
		strlen(expected), what);
	buffer_fini(&out);
}

static void texts(void)
{
	setenv("TERM", "xterm-256color", 1);
	shows("kim: hi", "\033]9;mchat: kim: hi\a", "OSC 9");
	shows("4;1;50", "\033]9;mchat: 4;1;50\a",
		"no text begins the sequence: a digit there is a command");
	shows("a\ab\033\\c\177\n", "\033]9;mchat: a?b?\\c??\a",
		"control characters");
	shows("a\xc2\x9c\xc2\x9d"
	      "b\x9c\xff",
		"\033]9;mchat: a??b??\a",
		"C1 characters, and bytes that are no UTF-8");
	shows("\xea\xb9\x80\xeb\x8b\x98",
		"\033]9;mchat: \xea\xb9\x80\xeb\x8b\x98\a", "other letters");
}

static void terminals(void)
{
	static const struct {
		const char *term;
		const char *variable;
	} those[] = {
		{"rxvt-unicode", NULL},
		{"foot-extra", NULL},
		{"xterm-256color", "VTE_VERSION"},
		{"xterm-256color", "KONSOLE_VERSION"},
	};

	for (size_t i = 0; i < COUNT(those); i++) {
		setenv("TERM", those[i].term, 1);
		if (those[i].variable)
			setenv(those[i].variable, "7001", 1);
		shows("kim: a;b", "\033]777;notify;mchat;kim: a,b\a",
			those[i].term);
		if (those[i].variable)
			unsetenv(those[i].variable);
	}
}

static void bounds(void)
{
	struct buffer out = BUFFER_EMPTY;
	char text[NOTIFICATION_TEXT_MAX + 2];

	memset(text, 'x', sizeof(text));
	text[NOTIFICATION_TEXT_MAX - 1] = '\xc3';
	text[NOTIFICATION_TEXT_MAX] = '\xa9';
	setenv("TERM", "foot", 1);
	notification_append(&out, text, sizeof(text));
	tap_is_int((intmax_t)buffer_size(&out),
		(intmax_t)strlen("\033]777;notify;mchat;\a") +
			NOTIFICATION_TEXT_MAX - 1,
		"a long text is cut between characters");
	buffer_fini(&out);
}

int main(void)
{
	unsetenv("VTE_VERSION");
	unsetenv("KONSOLE_VERSION");
	texts();
	terminals();
	bounds();
	return tap_done();
}
