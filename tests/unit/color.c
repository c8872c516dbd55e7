/* SPDX-License-Identifier: ISC */
/* Colours that can be read on black and on white, and which nick gets which. */
#include "mchat/view/color.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tap.h"
#include "mchat/base/buffer.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* WCAG 2.1 asks 3 of large text; no colour of the cube reaches the 4.5 of small
 * text on both black and white. */
#define CONTRAST_MIN 3.8

/* ---- contrast (WCAG 2.1, "relative luminance" and "contrast ratio") ---- */

/* x^2.4, x being from 0 to 1: the fifth root of x^12, by Newton. */
static double power_2_4(double x)
{
	double x3 = x * x * x;
	double x12 = x3 * x3 * x3 * x3;
	double root = 1;

	for (int i = 0; i < 60; i++)
		root -= (root - x12 / (root * root * root * root)) / 5;
	return root;
}

static double linear(unsigned value)
{
	double part = value / 255.0;

	return part <= 0.03928 ? part / 12.92
			       : power_2_4((part + 0.055) / 1.055);
}

/* The levels of the 6 by 6 by 6 cube and of the greys, as xterm has them. */
static double luminance(unsigned index)
{
	static const unsigned levels[] = {0, 95, 135, 175, 215, 255};
	unsigned at = index - 16;

	if (index >= 232)
		return linear(8 + 10 * (index - 232));
	return 0.2126 * linear(levels[at / 36]) +
	       0.7152 * linear(levels[at / 6 % 6]) +
	       0.0722 * linear(levels[at % 6]);
}

static double contrast(double lighter, double darker)
{
	return (lighter + 0.05) / (darker + 0.05);
}

static void can_be_read(unsigned color)
{
	double light;

	if (!tap_ok(color >= 16 && color < 232, "colour %u is one of the cube",
		    color))
		return;
	light = luminance(color);
	tap_ok(contrast(light, 0) >= CONTRAST_MIN,
		"contrast of colour %u on black: %.2f", color,
		contrast(light, 0));
	tap_ok(contrast(1, light) >= CONTRAST_MIN,
		"contrast of colour %u on white: %.2f", color,
		contrast(1, light));
}

/* ---- nicks ---- */

static void nicks(void)
{
	unsigned users[256] = {0};
	unsigned most = 0;
	unsigned colors = 0;

	tap_ok(luminance(231) > 0.9999 && luminance(16) < 0.0001,
		"white has the luminance of white, black that of black");
	tap_is_int(color_of_nick("lee", 3), 28, "lee's colour never changes");
	tap_is_int(color_of_nick("", 0), color_of_nick(NULL, 0),
		"an empty nick has a colour");
	tap_is_int(color_of_nick("lee---", 3), color_of_nick("lee", 3),
		"only the size of a nick tells where it ends");
	for (unsigned i = 0; i < 1200; i++) {
		char nick[8];
		int size = snprintf(nick, sizeof(nick), "user%u", i);

		users[color_of_nick(nick, (size_t)size)]++;
	}
	for (unsigned i = 0; i < COUNT(users); i++) {
		if (users[i] == 0)
			continue;
		can_be_read(i);
		colors++;
		most = users[i] > most ? users[i] : most;
	}
	tap_ok(colors == 12 && most < 200,
		"1200 nicks share 12 colours: at most %u have the same", most);
}

/* ---- whether there is colour ---- */

static void set(const char *name, const char *value)
{
	if (value)
		setenv(name, value, 1);
	else
		unsetenv(name);
}

static void environment(void)
{
	static const struct {
		const char *no_color;
		const char *term;
		bool is_wanted;
	} cases[] = {
		{NULL, "xterm", true},
		{"", "xterm", true},
		{"1", "xterm", false},
		{"0", "xterm", false},
		{NULL, NULL, false},
		{NULL, "", false},
		{NULL, "dumb", false},
		{NULL, "dumber", true},
		{"1", NULL, false},
		{NULL, "vt100", false},
		{NULL, "vt220", false},
		{NULL, "ansi", false},
		{NULL, "xterm-mono", false},
		{NULL, "xterm-color", false},
		{NULL, "xterm-16color", false},
		{NULL, "rxvt", false},
		{NULL, "vte-256color", true},
		{NULL, "rxvt-unicode-256color", true},
		{NULL, "screen", true},
		{NULL, "tmux-256color", true},
		{NULL, "linux", true},
		{NULL, "foot", true},
		{NULL, "xterm-kitty", true},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		set("NO_COLOR", cases[i].no_color);
		set("TERM", cases[i].term);
		set("COLORTERM", NULL);
		tap_ok(color_is_wanted(COLOR_AUTO, true) == cases[i].is_wanted,
			"case %zu on a terminal", i);
		tap_ok(!color_is_wanted(COLOR_AUTO, false),
			"case %zu: no colour where there is no terminal", i);
		tap_ok(color_is_wanted(COLOR_ALWAYS, false) &&
				color_is_wanted(COLOR_ALWAYS, true),
			"always: colour with and without a terminal");
		tap_ok(!color_is_wanted(COLOR_NEVER, false) &&
				!color_is_wanted(COLOR_NEVER, true),
			"never: no colour with or without a terminal");
	}
}

/* What the terminal says itself. */
static void true_color(void)
{
	set("NO_COLOR", NULL);
	set("TERM", "vt100");
	set("COLORTERM", "truecolor");
	tap_ok(color_is_wanted(COLOR_AUTO, true),
		"COLORTERM=truecolor knows better than TERM");
	set("COLORTERM", "24bit");
	tap_ok(color_is_wanted(COLOR_AUTO, true), "so does 24bit");
	set("COLORTERM", "1");
	tap_ok(!color_is_wanted(COLOR_AUTO, true), "any other value does not");
	set("COLORTERM", "truecolor");
	set("TERM", "dumb");
	tap_ok(!color_is_wanted(COLOR_AUTO, true),
		"a terminal that says it is dumb is believed");
	set("TERM", "xterm");
	set("NO_COLOR", "1");
	tap_ok(!color_is_wanted(COLOR_AUTO, true),
		"NO_COLOR is the user's word");
	set("COLORTERM", NULL);
}

static void names(void)
{
	static const struct {
		const char *name;
		enum color_when when;
	} cases[] = {{"auto", COLOR_AUTO}, {"always", COLOR_ALWAYS},
		{"never", COLOR_NEVER}};
	static const char *const others[] = {"", "AUTO", "alway", "yes"};

	for (size_t i = 0; i < COUNT(cases); i++) {
		enum color_when when = cases[(i + 1) % COUNT(cases)].when;

		tap_ok(color_when_find(cases[i].name, &when) &&
				when == cases[i].when,
			"%s", cases[i].name);
	}
	for (size_t i = 0; i < COUNT(others); i++) {
		enum color_when when = COLOR_NEVER;

		tap_ok(!color_when_find(others[i], &when) &&
				when == COLOR_NEVER,
			"\"%s\" names no choice of colour", others[i]);
	}
}

/* Quieter than any text that can be read: neither near white on black nor near
 * black on white; and still readable. */
static void dimmed(void)
{
	double grey = luminance(244);

	tap_ok(contrast(grey, 0) >= CONTRAST_MIN && contrast(grey, 0) < 7,
		"contrast of what is dimmed on black: %.2f", contrast(grey, 0));
	tap_ok(contrast(1, grey) >= CONTRAST_MIN && contrast(1, grey) < 7,
		"contrast of what is dimmed on white: %.2f", contrast(1, grey));
}

static void sequences(void)
{
	struct buffer out = BUFFER_EMPTY;

	color_begin(&out, 131, false);
	color_begin(&out, 28, true);
	color_dim(&out);
	color_end(&out);
	buffer_append_char(&out, '\0');
	tap_is_string(buffer_bytes(&out),
		"\033[38;5;131m\033[1;38;5;28m\033[38;5;244m\033[0m",
		"the escape sequences of colours");
	buffer_fini(&out);
}

int main(void)
{
	nicks();
	environment();
	true_color();
	names();
	sequences();
	dimmed();
	return tap_done();
}
