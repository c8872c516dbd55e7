/* SPDX-License-Identifier: ISC */
/* Which terminals reflow, as far as the environment names them. */
#include "mchat/terminal/reflow.h"

#include <stdlib.h>

#include "tap.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *const names[] = {"TMUX", "STY", "VTE_VERSION",
	"XTERM_VERSION", "KITTY_WINDOW_ID", "ALACRITTY_WINDOW_ID", "WT_SESSION",
	"KONSOLE_VERSION", "TERM_PROGRAM"};

static const struct {
	const char *term;
	const char *name; /* is set, */
	const char *value;
	const char *other; /* and this one; or NULL */
	bool reflows;
	const char *what;
} cases[] = {
	{"tmux-256color", NULL, "", NULL, true, "tmux from another host"},
	{"screen-256color", "TMUX", "1", NULL, true, "tmux by another name"},
	{"screen", NULL, "", NULL, false, "screen"},
	{"screen", "TMUX", "1", "STY", false, "screen, with a tmux about it"},
	{"xterm-256color", "VTE_VERSION", "1", NULL, true,
		"a terminal of GNOME"},
	{"xterm-256color", "VTE_VERSION", "1", "XTERM_VERSION", false,
		"xterm, begun there"},
	{"xterm-256color", "TMUX", "1", NULL, false, "one begun in tmux"},
	{"xterm", "XTERM_VERSION", "1", NULL, false, "xterm"},
	{"linux", NULL, "", NULL, false, "the console"},
	{"xterm-kitty", NULL, "", NULL, true, "kitty"},
	{"xterm-kitty", "XTERM_VERSION", "1", NULL, true,
		"kitty, begun in xterm"},
	{"xterm", "KITTY_WINDOW_ID", "1", NULL, true, "kitty by another name"},
	{"foot", NULL, "", NULL, true, "foot"},
	{"foot-extra", NULL, "", NULL, true, "foot with more"},
	{"alacritty", NULL, "", NULL, true, "alacritty"},
	{"xterm-256color", "ALACRITTY_WINDOW_ID", "7", NULL, true,
		"alacritty by another name"},
	{"wezterm", NULL, "", NULL, true, "wezterm"},
	{"xterm-256color", "TERM_PROGRAM", "WezTerm", NULL, true,
		"wezterm by another name"},
	{"xterm-ghostty", NULL, "", NULL, true, "ghostty"},
	{"xterm-256color", "TERM_PROGRAM", "ghostty", NULL, true,
		"ghostty by another name"},
	{"xterm-256color", "TERM_PROGRAM", "other", NULL, false,
		"an unknown program"},
	{"xterm-256color", "KONSOLE_VERSION", "230802", NULL, true, "konsole"},
	{"xterm-256color", "KONSOLE_VERSION", "201203", NULL, false,
		"konsole before 21.04"},
	{"xterm-256color", "WT_SESSION", "x", NULL, true, "Windows Terminal"},
	{"rxvt-unicode-256color", "VTE_VERSION", "1", NULL, false,
		"rxvt, begun in a terminal of GNOME"},
};

int main(void)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		setenv("TERM", cases[i].term, 1);
		for (size_t j = 0; j < COUNT(names); j++)
			unsetenv(names[j]);
		if (cases[i].name)
			setenv(cases[i].name, cases[i].value, 1);
		if (cases[i].other)
			setenv(cases[i].other, "1", 1);
		tap_ok(reflow_is_known() == cases[i].reflows, "%s",
			cases[i].what);
	}
	unsetenv("TERM");
	tap_ok(!reflow_is_known(), "without TERM nothing reflows");
	return tap_done();
}
