/* SPDX-License-Identifier: ISC */
/* What the screen emits, byte by byte.  That a terminal then shows the right
 * thing is editor_model's to check. */
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
	hides("", "nothing to hide");
	shows("> ", "|", "\r\033[J> ", "the prompt");
	shows("> ", "|", "", "nothing new");
	shows("> ", "a|", "a", "a character at the end is that character");
	shows("> ", "a한|", "한", "a wide one, too");
	shows("> ", "|a한", "\033[3G", "a motion is one sequence");
	shows("> ", "b|a한", "ba한\033[J\033[4G",
		"an insertion redraws the rest");
	shows("> ", "b|", "\033[J", "an erasure erases the rest");
	shows("> ", "e|", "\033[3Ge\033[J", "from the first difference on");
	shows("> ", "e\xcc\x81|", "\033[3Ge\xcc\x81\033[J",
		"a mark redraws its base");
	shows("> ", "e|", "\033[3Ge\033[J", "and so does its end");
	hides("\r\033[J", "it is taken away");
	hides("", "once");
	shows("> ", "e|", "\r\033[J> e", "and drawn anew");
	screen_resize(&screen, 30, false);
	shows("> ", "e|", "\r\033[J> e", "as in a window that changed");
	screen_fini(&screen);
}

static void windows(void)
{
	screen_init(&screen, 1);
	shows("> ", "abc|", "\r\033[J", "one column is the cursor's");
	screen_resize(&screen, 2, false);
	shows("> ", "abc|", "\r\033[J", "two: the cursor is at the end,");
	shows("> ", "|abc", "a\033[1G", "or on a character");
	screen_resize(&screen, 14, false);
	shows("> ", "|", "\r\033[J", "too narrow for the prompt");
	screen_resize(&screen, 15, false);
	shows("> ", "|", "\r\033[J> ", "wide enough for it");
	screen_resize(&screen, 12, false);
	shows("", "0123456789|", "\r\033[J0123456789", "it fits");
	shows("", "0123456789a|", "a", "just");
	shows("", "0123456789ab|", "\033[1G<89ab\033[J",
		"it scrolls, so that the cursor is in the middle");
	shows("", "|0123456789ab", "\033[1G0123456789>\033[J\033[1G",
		"and back: more is to the right");
	shows("", "0123456789ab|", "<89ab\033[J", "right again");
	shows("", "0123456|789ab", "\033[1G0123456789>\033[J\033[8G",
		"a cursor that shows from the start shows so");
	shows("", "|한한한한한한", "\033[1G한한한한한>\033[J\033[1G",
		"wide ones up to the edge");
	shows("", "|a한한한한한한", "a한한한한 >\033[J\033[1G",
		"a blank where half of one would be");
	screen_resize(&screen, 0, false);
	shows("", "|한", "\r\033[J", "a window of no size has one column");
	screen_fini(&screen);
}

/* A terminal that goes on in the next row with what a window cuts off. */
static void reflow(void)
{
	screen_init(&screen, 40);
	screen_resize(&screen, 10, true);
	shows("", "|", "\r\033[J", "nothing was there to go on with");
	screen_resize(&screen, 40, true);
	shows("> ", "0123456789abcdefghijklmn|opq",
		"\r\033[J> 0123456789abcdefghijklmnopq\033[27G", "a row");
	screen_resize(&screen, 30, true);
	shows("> ", "0123456789abcdefghijklmn|",
		"\r\033[J> 0123456789abcdefghijklmn",
		"that has room up to the cursor: the rest is below");
	screen_resize(&screen, 12, true);
	shows("> ", "0123456789abcdefghijklmn|", "\r\033[2A\033[J<klmn",
		"two that were made of it are above the cursor's");
	screen_resize(&screen, 5, true);
	shows("", "|", "\r\033[J", "the end of a full row is in that row");
	screen_resize(&screen, 40, true);
	shows("", "0123456789abcdefghijklmn|",
		"\r\033[J0123456789abcdefghijklmn", "another row");
	screen_resize(&screen, 20, true);
	screen_resize(&screen, 10, true);
	hides("\r\033[2A\033[J", "twice narrower: what it is in the end");
	screen_resize(&screen, 2, true);
	shows("", "|", "\r\033[J", "what was hidden is nowhere");
	screen_resize(&screen, 40, true);
	shows("", "0123456789abcdefghijklmn|",
		"\r\033[J0123456789abcdefghijklmn", "a third");
	screen_resize(&screen, 10, true);
	screen_resize(&screen, 40, true);
	hides("\r\033[J", "narrow and wide again: one row");
	screen_fini(&screen);
}

int main(void)
{
	only_what_is_needed();
	windows();
	reflow();
	buffer_fini(&out);
	return tap_done();
}
