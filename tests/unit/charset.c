/* SPDX-License-Identifier: ISC */
/* Which terminals are switched to UTF-8, by what the environment says. */
#include "mchat/terminal/charset.h"

#include <stdlib.h>

#include "tap.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
	const char *lc_all; /* NULL: not set; likewise below */
	const char *lang;
	const char *term;
	const char *xterm_locale;
	const char *begin;
	const char *end;
	const char *what;
} cases[] = {
	{NULL, "C.UTF-8", "xterm", NULL, "", "", "a UTF-8 locale"},
	{NULL, "xx_XX.utf8", "xterm", NULL, "", "", "one that is not there"},
	{NULL, "xx_XX.UTF-8@y", "xterm", NULL, "", "", "with a modifier"},
	{"C", "C.UTF-8", "xterm", "C", "\033%G", "\033%@",
		"xterm in the C locale"},
	{"C", NULL, "xterm", "C.UTF-8", "", "",
		"an xterm with UTF-8, whatever the shell's locale is"},
	{NULL, "C.UTF-8", "xterm-256color", "C", "\033%G", "\033%@",
		"an xterm without, likewise"},
	{NULL, "C.UTF-8", "tmux", "C", "", "", "tmux in such an xterm"},
	{NULL, "xx_XX.ISO-8859-1", "rxvt", NULL, "\033%G", "\033%@",
		"a locale with another character set"},
	{NULL, NULL, "xterm", NULL, "\033%G", "",
		"no locale: the terminal may have UTF-8"},
	{"", "", "xterm", NULL, "\033%G", "", "or an empty one"},
	{"POSIX", NULL, NULL, NULL, "", "", "not even a terminal's name"},
	{"C", NULL, "dumb", "C", "", "", "a terminal without sequences"},
};

static void set(const char *name, const char *value)
{
	if (value)
		setenv(name, value, 1);
	else
		unsetenv(name);
}

int main(void)
{
	unsetenv("LC_CTYPE");
	for (size_t i = 0; i < COUNT(cases); i++) {
		set("LC_ALL", cases[i].lc_all);
		set("LANG", cases[i].lang);
		set("TERM", cases[i].term);
		set("XTERM_LOCALE", cases[i].xterm_locale);
		tap_is_string(charset_begin(), cases[i].begin, cases[i].what);
		tap_is_string(charset_end(), cases[i].end,
			"whether it is switched back");
	}
	return tap_done();
}
