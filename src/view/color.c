/* SPDX-License-Identifier: ISC */
#include "mchat/view/color.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "mchat/base/buffer.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A grey in the middle of the 256 colours.  SGR 2 (faint) would not do: many
 * terminals darken the text for it, which is then louder on white. */
#define GREY 244

static const unsigned char palette[] = {
	131, 166, 130, 100, 64, 28, 30, 32, 62, 98, 133, 162};

bool color_when_find(const char *name, enum color_when *out)
{
	static const char *const names[] = {
		[COLOR_AUTO] = "auto",
		[COLOR_ALWAYS] = "always",
		[COLOR_NEVER] = "never",
	};

	for (size_t i = 0; i < COUNT(names); i++) {
		if (strcmp(name, names[i]) == 0) {
			*out = (enum color_when)i;
			return true;
		}
	}
	return false;
}

static bool begins_with(const char *text, const char *beginning)
{
	return strncmp(text, beginning, strlen(beginning)) == 0;
}

static bool ends_with(const char *text, const char *end)
{
	size_t size = strlen(text);

	return size >= strlen(end) &&
	       strcmp(text + size - strlen(end), end) == 0;
}

/* Whether TERM names a terminal that lacks the 256 colours, which takes their
 * sequence for others: 5 for blinking.  These are old, and no more come; who
 * comes has them. */
static bool lacks_colors(const char *term)
{
	/* Of DEC and its like, other makers, and systems of their own. */
	static const char *const beginnings[] = {"vt1", "vt2", "vt3", "vt4",
		"vt5", "ansi", "pcansi", "cons25", "cygwin", "sun", "wy", "tvi",
		"hp", "ibm", "dtterm", "emacs", "eterm-color", "Eterm", "aterm",
		"mach", "hurd", "minix", "qansi", "adm", "xterm-old", "xterm-r",
		"xterm-vt"};
	static const char *const names[] = {
		"rxvt", "unknown", "network", "dialup", "dumb"};
	/* How many they have: "-m" is monochrome. */
	static const char *const ends[] = {"-m", "-mono", "-8color", "-16color",
		"-88color", "xterm-color", "rxvt-color"};
	size_t i;

	for (i = 0; i < COUNT(names); i++)
		if (strcmp(term, names[i]) == 0)
			return true;
	for (i = 0; i < COUNT(ends); i++)
		if (ends_with(term, ends[i]))
			return true;
	for (i = 0; i < COUNT(beginnings); i++)
		if (begins_with(term, beginnings[i]))
			return !ends_with(term, "-256color");
	return false;
}

/* Whether the terminal says itself that it has more than any name tells. */
static bool has_true_color(void)
{
	const char *colors = getenv("COLORTERM");

	return colors && (strcmp(colors, "truecolor") == 0 ||
				 strcmp(colors, "24bit") == 0);
}

bool color_is_wanted(enum color_when when, bool on_terminal)
{
	const char *refusal = getenv("NO_COLOR");
	const char *terminal = getenv("TERM");

	if (when != COLOR_AUTO)
		return when == COLOR_ALWAYS;
	return on_terminal && !(refusal && *refusal) && terminal && *terminal &&
	       strcmp(terminal, "dumb") != 0 &&
	       (has_true_color() || !lacks_colors(terminal));
}

/* FNV-1a of 32 bits: short names that differ in one letter mostly differ in
 * colour. */
unsigned color_of_nick(const char *nick, size_t size)
{
	uint32_t hash = UINT32_C(2166136261);

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ (unsigned char)nick[i]) * UINT32_C(16777619);
	return palette[hash % COUNT(palette)];
}

void color_begin(struct buffer *out, unsigned color, bool is_bold)
{
	buffer_append_format(
		out, "\033[%s38;5;%um", is_bold ? "1;" : "", color);
}

void color_dim(struct buffer *out)
{
	color_begin(out, GREY, false);
}

/* Bold and reversed: no terminal lacks both. */
void color_highlight(struct buffer *out)
{
	buffer_append_string(out, "\033[1;7m");
}

void color_end(struct buffer *out)
{
	buffer_append_string(out, "\033[0m");
}
