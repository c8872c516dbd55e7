/* SPDX-License-Identifier: ISC */
/* What the screen emits, byte by byte.  Whether a terminal then shows the right
 * thing is checked by editor_model. */
#include "mchat/terminal/screen.h"

#include <string.h>

#include "tap.h"

static struct screen screen;
static struct buffer out;

/* Shows a line in which '|' is the cursor, and checks what that emits. */
static void shows(const char *prompt, const char *line, const char *expected,
	const char *what)
{
	char text[512];
	size_t cursor = strcspn(line, "|");
	struct screen_content content = {
		.prompt = prompt,
		.prompt_size = strlen(prompt),
		.text = text,
		.size = strlen(line) - 1,
		.cursor = cursor,
	};

	memcpy(text, line, cursor);
	memcpy(text + cursor, line + cursor + 1, content.size - cursor);
	buffer_clear(&out);
	screen_show(&screen, &content, &out);
	tap_is_bytes(buffer_bytes(&out), buffer_size(&out), expected,
		strlen(expected), what);
}

static void hides(const char *expected, const char *what)
{
	buffer_clear(&out);
	screen_hide(&screen, &out);
	tap_is_bytes(buffer_bytes(&out), buffer_size(&out), expected,
		strlen(expected), what);
}

static void only_what_is_needed(void)
{
	screen_init(&screen, 40);
	hides("", "a screen that shows nothing hides nothing");
	shows("> ", "|", "\r\033[J> ", "the prompt is drawn");
	shows("> ", "|", "", "the same line emits nothing");
	shows("> ", "a|", "a",
		"a character at the end emits just that character");
	shows("> ", "a한|", "한",
		"a wide character at the end emits just that character");
	shows("> ", "|a한", "\033[3G", "a motion is one sequence");
	shows("> ", "b|a한", "ba한\033[J\033[4G",
		"an insertion redraws the rest");
	shows("> ", "b|", "\033[J", "an erasure erases the rest");
	shows("> ", "e|", "\033[3Ge\033[J",
		"a change redraws from the first difference on");
	shows("> ", "e\xcc\x81|", "\033[3Ge\xcc\x81\033[J",
		"a mark redraws its base");
	shows("> ", "e|", "\033[3Ge\033[J", "erasing a mark redraws its base");
	hides("\r\033[J", "hiding erases the row");
	hides("", "hiding twice emits nothing");
	shows("> ", "e|", "\r\033[J> e", "after hiding the line is drawn anew");
	screen_resize(&screen, 30, false);
	shows("> ", "e|", "\r\033[J> e",
		"after a resize the line is drawn anew");
	screen_fini(&screen);
}

static void windows(void)
{
	screen_init(&screen, 1);
	shows("> ", "abc|", "\r\033[J", "in one column only the cursor fits");
	screen_resize(&screen, 2, false);
	shows("> ", "abc|", "\r\033[J",
		"in two columns the cursor may be at the end");
	shows("> ", "|abc", "a\033[1G",
		"in two columns the cursor may be on a character");
	screen_resize(&screen, 14, false);
	shows("> ", "|", "\r\033[J",
		"a window too narrow for the prompt shows none");
	screen_resize(&screen, 15, false);
	shows("> ", "|", "\r\033[J> ",
		"a window just wide enough shows the prompt");
	screen_resize(&screen, 12, false);
	shows("", "0123456789|", "\r\033[J0123456789",
		"a line that fits is shown whole");
	shows("", "0123456789a|", "a", "a line that just fits is shown whole");
	shows("", "0123456789ab|", "\033[1G<89ab\033[J",
		"a longer line scrolls, so that the cursor is in the middle");
	shows("", "|0123456789ab", "\033[1G0123456789>\033[J\033[1G",
		"at the line's start a mark says that more is to the right");
	shows("", "0123456789ab|", "<89ab\033[J",
		"at the line's end it scrolls again");
	shows("", "0123456|789ab", "\033[1G0123456789>\033[J\033[8G",
		"a line whose cursor fits is shown from its start");
	shows("", "|한한한한한한", "\033[1G한한한한한>\033[J\033[1G",
		"wide characters are shown up to the edge");
	shows("", "|a한한한한한한", "a한한한한 >\033[J\033[1G",
		"a blank is shown where half a wide character would be");
	screen_resize(&screen, 0, false);
	shows("", "|한", "\r\033[J", "a window of no size has one column");
	screen_fini(&screen);
}

/* In a wider window, or after a shorter prompt, more of a long text shows. */
static void more_room(void)
{
	screen_init(&screen, 20);
	shows("", "0123456789abcdefghijklmn|", "\r\033[J<ghijklmn",
		"in a narrow window the cursor is in the middle");
	screen_resize(&screen, 22, false);
	shows("", "0123456789abcdefghijklmn|", "\r\033[J<56789abcdefghijklmn",
		"a scrolled text fills a window that got wider");
	shows("", "0123456789abcdefghijkl|", "\033[19G\033[J",
		"erasing does not scroll a text");
	screen_resize(&screen, 16, false);
	shows("", "0123456789abcdefghijklmn|", "\r\033[J<ijklmn",
		"in a narrower window the cursor is in the middle");
	screen_resize(&screen, 24, false);
	shows("", "0123456789abcdefghijkl|mn",
		"\r\033[J<3456789abcdefghijklmn\033[21G",
		"a wider window is filled around a cursor in the text");
	screen_resize(&screen, 30, false);
	shows("", "0123456789abcd|efghijklmn",
		"\r\033[J0123456789abcdefghijklmn\033[15G",
		"a window that is wide enough shows all of the text");
	shows("0123456789> ", "0123456789abcdefghijklmn|",
		"\033[11G> <hijklmn\033[J", "a long prompt scrolls the text");
	shows("> ", "0123456789abcdefghijklmn|",
		"\033[1G> 0123456789abcdefghijklmn\033[J",
		"a shorter prompt gives its room to the text");
	screen_fini(&screen);
}

/* A terminal that wraps into further rows what a narrower window cuts off. */
static void reflow(void)
{
	screen_init(&screen, 40);
	screen_resize(&screen, 10, true);
	shows("", "|", "\r\033[J",
		"an empty screen has no rows to clear after a resize");
	screen_resize(&screen, 40, true);
	shows("> ", "0123456789abcdefghijklmn|opq",
		"\r\033[J> 0123456789abcdefghijklmnopq\033[27G",
		"a row is drawn");
	screen_resize(&screen, 30, true);
	shows("> ", "0123456789abcdefghijklmn|",
		"\r\033[J> 0123456789abcdefghijklmn",
		"narrower, but wide enough up to the cursor: no row above");
	screen_resize(&screen, 12, true);
	shows("> ", "0123456789abcdefghijklmn|", "\r\033[2A\033[J<klmn",
		"narrower still: two wrapped rows above the cursor are "
		"cleared");
	screen_resize(&screen, 5, true);
	shows("", "|", "\r\033[J",
		"the cursor behind a full row is in that row");
	screen_resize(&screen, 40, true);
	shows("", "0123456789abcdefghijklmn|",
		"\r\033[J0123456789abcdefghijklmn",
		"after a wide resize another row is drawn");
	screen_resize(&screen, 20, true);
	screen_resize(&screen, 10, true);
	hides("\r\033[2A\033[J",
		"narrower twice: rows are cleared for the last width");
	screen_resize(&screen, 2, true);
	shows("", "|", "\r\033[J", "after hiding no wrapped rows are cleared");
	screen_resize(&screen, 40, true);
	shows("", "0123456789abcdefghijklmn|",
		"\r\033[J0123456789abcdefghijklmn",
		"after that a third row is drawn");
	screen_resize(&screen, 10, true);
	screen_resize(&screen, 40, true);
	hides("\r\033[J", "narrow and wide again: one row is cleared");
	screen_fini(&screen);
}

int main(void)
{
	only_what_is_needed();
	windows();
	more_room();
	reflow();
	buffer_fini(&out);
	return tap_done();
}
