/* SPDX-License-Identifier: ISC */
#include "mchat/terminal/reflow.h"

#include <stdlib.h>
#include <string.h>

/* Konsole 21.04, as KONSOLE_VERSION has it, was the first that did. */
#define KONSOLE_REFLOWS 210400

static bool begins_with(const char *text, const char *beginning)
{
	return strncmp(text, beginning, strlen(beginning)) == 0;
}

/* Terminals that have a name of their own in TERM, which ssh passes on. */
static bool is_named_to_reflow(const char *term)
{
	static const char *const names[] = {"tmux", "xterm-kitty",
		"xterm-ghostty", "foot", "alacritty", "wezterm"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (begins_with(term, names[i]))
			return true;
	return false;
}

/* Those that go by xterm's name, and say otherwise who they are. */
static bool is_known_to_reflow(void)
{
	static const char *const names[] = {"VTE_VERSION", "KITTY_WINDOW_ID",
		"ALACRITTY_WINDOW_ID", "WT_SESSION" /* Windows Terminal */};
	static const char *const programs[] = {"WezTerm", "ghostty", "vscode"};
	const char *konsole = getenv("KONSOLE_VERSION");
	const char *program = getenv("TERM_PROGRAM");

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (getenv(names[i]))
			return true;
	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++)
		if (program && strcmp(program, programs[i]) == 0)
			return true;
	return konsole && strtol(konsole, NULL, 10) >= KONSOLE_REFLOWS;
}

/* Of the terminals that leave their name behind, the innermost counts: TERM is
 * its own, all else may come from one that it was begun in. */
bool reflow_is_known(void)
{
	const char *term = getenv("TERM");

	if (!term)
		return false;
	if (is_named_to_reflow(term))
		return true;
	if (begins_with(term, "screen"))
		return getenv("TMUX") && !getenv("STY");
	if (!begins_with(term, "xterm") && !begins_with(term, "gnome") &&
		!begins_with(term, "vte") && !begins_with(term, "konsole"))
		return false;
	return !getenv("XTERM_VERSION") && is_known_to_reflow();
}
