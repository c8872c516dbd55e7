/* SPDX-License-Identifier: ISC */
/* The line editor by what is typed and what comes of it. */
#include "mchat/terminal/editor.h"

#include <stdlib.h>
#include <string.h>

#include "random.h"
#include "tap.h"
#include "mchat/base/buffer.h"
#include "mchat/terminal/complete.h"
#include "mchat/terminal/keys.h"
#include "mchat/terminal/line_buffer.h"
#include "mchat/terminal/paste.h"
#include "mchat/terminal/screen.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct instant start = {NS_PER_S};

static struct editor *editor_of(const char *typed)
{
	struct editor *editor = editor_new(80);

	if (!editor)
		abort();
	editor_set_prompt(editor, "> ", 2);
	editor_feed(editor, typed, strlen(typed), start);
	return editor;
}

static void answer(struct editor *editor, bool is_command)
{
	static const struct complete_word commands[] = {
		{"me", 2}, {"message", 7}, {"who", 3}};
	static const struct complete_word nicks[] = {
		{"alice", 5}, {"alfred", 6}, {"bob", 3}};

	editor_complete(editor, is_command ? commands : nicks, 3);
}

/* Appends what the event is: [a line], {above}, <END> and so on. */
static void describe(const struct editor_event *event, struct buffer *out)
{
	static const char *const names[] = {
		[EDITOR_END] = "<END>",
		[EDITOR_INTERRUPT] = "<INTERRUPT>",
		[EDITOR_SUSPEND] = "<SUSPEND>",
		[EDITOR_EXTERNAL] = "<EXTERNAL>",
		[EDITOR_COMPLETE] = "",
	};
	bool is_line = event->kind == EDITOR_LINE;
	/* Without the newline that ends what is printed above. */
	size_t size = is_line ? event->size : event->size - 1;

	if (!is_line && event->kind != EDITOR_ABOVE) {
		buffer_append_string(out, names[event->kind]);
		return;
	}
	buffer_append_string(out, is_line ? "[" : "{");
	buffer_append(out, event->text, size);
	buffer_append_string(out, is_line ? "]" : "}");
}

/* Takes all events and appends them. */
static void drain(struct editor *editor, struct buffer *out)
{
	struct editor_event event;

	while (editor_next_event(editor, &event)) {
		if (event.kind == EDITOR_COMPLETE)
			answer(editor, event.is_command);
		describe(&event, out);
	}
}

/* Appends the line as it is, with a bar for the cursor. */
static void add_line(struct editor *editor, struct buffer *out)
{
	struct screen_content content;

	editor_content(editor, &content);
	buffer_append(out, content.text, content.cursor);
	buffer_append_char(out, '|');
	buffer_append(out, content.text + content.cursor,
		content.size - content.cursor);
}

/* Takes what comes of all that was typed, and frees the editor. */
static void ends_as(struct editor *editor, struct buffer *got,
	const char *expected, const char *what)
{
	drain(editor, got);
	add_line(editor, got);
	tap_is_bytes(buffer_bytes(got), buffer_size(got), expected,
		strlen(expected), what);
	buffer_fini(got);
	editor_free(editor);
}

/* What is typed, and what comes of it. */
static const struct {
	const char *typed;
	const char *expected;
} cases[] = {
	{"hello\r", "[hello]|"},
	{"one\rtwo\nthree", "[one][two]three|"},
	{"\r", "[]|"},
	{"한글\177\r", "[한]|"},
	{"\xff\xed\x95\r", "[\xff\xed\x95]|"},
	{"ac\002b\r", "[abc]|"},
	{"bc\001a\005d", "abcd|"},
	{"ac\033[Db\033[C!", "abc!|"},
	{"one two\033[1;5Dx", "one x|two"},
	{"one two\033b\033bx\033fy", "xoney| two"},
	{"one two\027\031\031", "one twotwo|"},
	{"one two\001\033d\033[3~", "|two"},
	{"abc\002\013x\031", "abxc|"},
	{"abc\025def", "def|"},
	{"ab\024", "ba|"},
	{"ab\010\010\010c", "c|"},
	{"a\001\004\004", "<END>|"},
	{"a\004", "a|"},
	{"abc\003d", "d|"},
	{"\003", "<INTERRUPT>|"},
	{"a\032b", "<SUSPEND>ab|"},
	{"a\030\005b", "<EXTERNAL>ab|"},
	{"\026\tx\026\003", "\tx\003|"},
	{"\026\n\026\ry", "\ry|"},
	/* Lines within one message. */
	{"one\033\rtwo\r", "[one\ntwo]|"},
	{"one\033\n\033\r\177two", "one\ntwo|"},
	{"one\033\rtwo\027\r\031", "[one\n]two|"},
	{"one\033\rtwo\r\033.", "[one\ntwo]two|"},
	{"one\033\ral\t", "one\nal|"},
	{"one\033\r\037", "one|"},
	/* Negative arguments do it in the other direction. */
	{"abc\002\002\033-\002x", "abx|c"},
	{"abcd\033-2\006x", "abx|cd"},
	{"abcd\033-\0332\006x", "abx|cd"},
	{"abc\033-\004", "ab|"},
	{"abc\001\033-\177", "|bc"},
	{"one two three\033-2\033d", "one |"},
	{"one two-x three\001\033-2\027", "| three"},
	{"one two three\033b\033-\013\031\031", "one two one two |three"},
	{"one\rtwo\r\020\020\033-\020", "[one][two]two|"},
	{"one\rtwo\r\033[A\033[A\033-\033[A", "[one][two]two|"},
	{"one two three\033-2\033u!", "one TWO THREE!|"},
	{"one two \033-\033c!", "one Two !|"},
	{"one two\001\033-\033u", "|one two"},
	{"a\033-\033-\002b", "ab|"},
	{"ab\033-\003\002c", "ac|b"},
	/* History. */
	{"one\rtwo\rha\020\020", "[one][two]one|"},
	{"one\rtwo\rha\033[A\033[A\033[B\033[B", "[one][two]ha|"},
	{"one\rtwo\rha\016x", "[one][two]hax|"},
	{"one\r\020!\r\020\020", "[one][one!]one|"},
	{"one\rtwo\r\033[Ax\033[Ay\033[B", "[one][two]twox|"},
	{"one\rtwo\r\033[Ax\033[Ay\033[Bz\r\020\020\020",
		"[one][two][twoxz]one|"},
	{"alpha one\rbeta\ral\033[A", "[alpha one][beta]alpha one|"},
	{"alpha one\rbeta\ral\033[A\033[B!", "[alpha one][beta]al!|"},
	{"one two \r2\rx\033.", "[one two ][2]x2|"},
	{"one two \r2\rx\033.\033.y", "[one two ][2]xtwoy|"},
	{"\033.x", "x|"},
	/* Ctrl-C keeps what it clears. */
	{"half\003\033[A!", "half!|"},
	{"half\003x\031", "xhalf|"},
	{"ab\025half\003\031\033y", "ab|"},
	/* Undo. */
	{"one two\037", "one|"},
	{"one two\037\037", "|"},
	{"one two\037\037\037x", "x|"},
	{"one two\027\037", "one two|"},
	{"one two\001\013\030\025", "|one two"},
	{"al\ti\t\037", "ali|"},
	{"a\033[200~b c\033[201~\037", "a|"},
	{"one\rx\020\037", "[one]one|"},
	/* Kills before the last one. */
	{"one\025two\025\031\033y", "one|"},
	{"one\025two\025\031\033y\033y", "two|"},
	{"one\025two\025\031x\033y", "twox|"},
	{"\033yx", "x|"},
	/* Words. */
	{"one tWo\001\033u\033c", "ONE Two|"},
	{"\303\211T\303\211 \304\232x\001\033l\033L",
		"\303\251t\303\251 \304\233x|"},
	{"\320\266\317\211\001\033U", "\320\226\316\251|"},
	{"one, two\033t", "two, one|"},
	{"one two three\001\033f\033f\033t!", "one three two!|"},
	{"one\033tx", "onex|"},
	/* Arguments. */
	{"\0335a", "aaaaa|"},
	{"\0331\0332-\033[D\0333\033[D!", "--------!|----"},
	{"one two three\0332\033\177", "one |"},
	{"abc\0331\007d", "abcd|"},
	{"abc\0339\003d", "abcd|"},
	{"\0339999x\025", "|"},
	/* Keys without a meaning do nothing. */
	{"abc\030\030d", "abcd|"},
	{"abc\030xd", "abcd|"},
	{"abc\033qd\034\035\036e", "abcde|"},
	{"abc\030\033[200~d\033[201~", "abcd|"},
	/* Search. */
	{"cat\rcap\r\022ca\022\023", "[cat][cap]|cap"},
	{"cat\rcap\r\023c", "[cat][cap]|"},
	{"cat\rdog\r\022a\r", "[cat][dog][cat]|"},
	{"cat\rdog\rx\022a\007", "[cat][dog]x|"},
	{"cat\rdog\rx\022t\005s", "[cat][dog]cats|"},
	{"cap\rcat\r\022ca\022", "[cap][cat]|cap"},
	{"cap\rcat\r\022cap\177\005", "[cap][cat]cat|"},
	/* Completion. */
	{"al\t", "al|"},
	{"al\t\t", "{alice  alfred}al|"},
	{"al\ti\t", "alice: |"},
	{"hi B\t", "hi bob |"},
	{"/w\tx", "/who x|"},
	{"/m\t", "/me|"},
	{"x\t", "x|"},
	{"al\t \t", "al |"},
	/* Pastes. */
	{"a\033[200~b\033[201~c", "abc|"},
	{"\033[200~b\r\033[201~c", "bc|"},
	{"\033[200~\033[201~c", "c|"},
	{"x\033[200~a\tb\003", "x|"},
	{"\033[200~harmless\003/me injected\r\033[201~",
		"harmless\003/me injected|"},
	{"\033[200~a\003\rb\032\004\r\033[201~", "send 2 lines? (y/n) |"},
	{"\033[200~a\003\rb\r\033[201~y", "[a\003][b]|"},
	/* Answers of the terminal, in the line, a search, a question, and after
	 * Ctrl-V. */
	{"a\033]11;rgb:1e1e/1e1e/2e2e\ab\033[?62;1;4cc\r", "[abc]|"},
	{"cat\rdog\r\022a\033]11;rgb:0/0/0\033\\t\005s", "[cat][dog]cats|"},
	{"x\033[200~a\rb\033[201~\033]11;y\ay", "[a][b]x|"},
	{"\026\033]11;rgb:0/0/0\a\tx", "\tx|"},
	{"x\033[200~a\rb\033[201~", "send 2 lines? (y/n) |"},
	{"x\033[200~a\rb\033[201~y!", "[a][b]x!|"},
	{"x\033[200~a\r\rb\033[201~zny", "xy|"},
	{"x\033[200~a\rb\033[201~\003", "x|"},
	{"\033[200~a\rb\033[201~\033[200~c\rd\033[201~y", "[c][d]|"},
	{"\022\033[200~a\033[201~", "a|"},
	{"\026\033[200~a\rb\033[201~y", "[a][b]|"},
};

/* Typed at once, and byte by byte. */
static void all_cases(void)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct editor *editor = editor_of(cases[i].typed);
		struct buffer got = BUFFER_EMPTY;

		ends_as(editor, &got, cases[i].expected, cases[i].expected);
		editor = editor_of("");
		for (const char *at = cases[i].typed; *at; at++) {
			editor_feed(editor, at, 1, start);
			drain(editor, &got);
		}
		ends_as(editor, &got, cases[i].expected,
			"fed byte by byte, the same comes of it");
	}
}

/* Nothing is lost and nothing added on the way from keys to lines. */
static void any_text(void)
{
	struct editor *editor = editor_of("");
	struct editor_event event;
	char text[400];
	size_t wrong = 0;

	random_restart();
	for (size_t round = 0; round < 500; round++) {
		size_t size = random_below(sizeof(text));

		for (size_t i = 0; i < size; i++)
			text[i] = (char)(0x80 + random_below(0x80));
		if (size > 0)
			text[random_below(size)] = ' ';
		editor_feed(editor, text, size, start);
		editor_feed(editor, "\r", 1, start);
		wrong += !editor_next_event(editor, &event) ||
			 event.kind != EDITOR_LINE || event.size != size ||
			 memcmp(event.text, text, size) != 0 ||
			 editor_next_event(editor, &event);
	}
	tap_is_int((intmax_t)wrong, 0, "any bytes above ASCII become a line");
	editor_free(editor);
}

static void lone_escape(void)
{
	struct editor *editor = editor_of("cat\r\022a\033");
	struct buffer got = BUFFER_EMPTY;
	struct instant due;

	tap_ok(instant_is_never(editor_deadline(editor)),
		"an ESC that was not looked at yet has no deadline");
	drain(editor, &got);
	due = editor_deadline(editor);
	tap_is_int(instant_until(start, due).ns, KEYS_PATIENCE_MS * NS_PER_MS,
		"a lone ESC has a deadline");
	editor_tick(editor, due);
	editor_feed(editor, "b", 1, due);
	ends_as(editor, &got, "[cat]cb|at",
		"a lone ESC ends the search and takes what was found");
}

/* ---- Ctrl-C overtakes ---- */

static void overtaking(void)
{
	struct editor *editor = editor_of("one\rtwo\rthr");
	struct buffer got = BUFFER_EMPTY;
	struct editor_event event;

	editor_next_event(editor, &event);
	editor_feed(editor, "ee\r\003four", 8, start);
	ends_as(editor, &got, "<INTERRUPT>four|",
		"Ctrl-C drops typed lines that wait");

	editor = editor_of("x\033[200~a\rb\rc\033[201~y");
	editor_next_event(editor, &event);
	tap_ok(event.is_pasted, "a pasted line is marked as pasted");
	editor_feed(editor, "\003y", 2, start);
	ends_as(editor, &got, "{not sent: 2 lines of the paste}xy|",
		"Ctrl-C drops the rest of a paste, but not the line being "
		"typed");
}

/* A Ctrl-C within a paste is text, also while input waits; and a paste that has
 * lost its end can be given up. */
static void within_pastes(void)
{
	struct editor *editor = editor_of("one\rtwo\r\033[200~thr");
	struct buffer got = BUFFER_EMPTY;
	struct editor_event event;
	struct screen_content content;
	struct instant later =
		instant_after(start, duration_ms(EDITOR_PASTE_SILENCE_MS));

	editor_next_event(editor, &event);
	tap_ok(!editor_feed(editor, "ee\003/quit\r", 9, start),
		"a Ctrl-C byte in a paste is not Ctrl-C");
	tap_ok(!editor_feed(editor, "\003", 1, start),
		"a Ctrl-C byte alone in a read of a paste is not Ctrl-C");
	editor_feed(editor, "four\033[201~", 10, start);
	ends_as(editor, &got, "[two]send 2 lines? (y/n) |",
		"a Ctrl-C byte in a paste drops no waiting input");

	editor = editor_of("x\033[200~lost");
	drain(editor, &got);
	tap_ok(editor_deadline(editor).ns == later.ns,
		"a paste that pauses has a deadline");
	editor_feed(editor, "\003", 1, (struct instant){later.ns - 1});
	drain(editor, &got);
	editor_tick(editor, later);
	editor_content(editor, &content);
	tap_ok(content.size > 0 && content.text[0] == 't',
		"a paste that paused says so");
	tap_ok(editor_feed(editor, "\003", 1, later),
		"Ctrl-C gives up a paste that paused");
	editor_feed(editor, "y", 1, later);
	ends_as(editor, &got, "xy|",
		"the line goes on after a paste that was given up");

	editor = editor_of("\033[200~a\r");
	drain(editor, &got);
	editor_feed(editor, "\003/me injected\r", 14, later);
	editor_feed(editor, "\033[201~", 6, later);
	ends_as(editor, &got, "send 2 lines? (y/n) |",
		"a Ctrl-C byte with more behind it is part of a paste that "
		"paused");
}

/* What the terminal says of its focus is known at once, and is no text. */
static void focus(void)
{
	struct editor *editor = editor_of("ab");
	struct buffer got = BUFFER_EMPTY;

	tap_is_int(editor_focus(editor), EDITOR_FOCUS_UNKNOWN,
		"at first nothing is known of the focus");
	editor_feed(editor, "c\033[O\026", 5, start);
	tap_is_int(editor_focus(editor), EDITOR_FOCUS_OUT,
		"that the focus went is known before keys are looked at");
	editor_feed(editor, "\033[I\t\022d\033[", 8, start);
	drain(editor, &got);
	editor_feed(editor, "O", 1, start);
	tap_is_int(editor_focus(editor), EDITOR_FOCUS_OUT,
		"a report may come in pieces");
	editor_feed(editor, "\033[I\007\033[200~\033[O\033[201~", 19, start);
	tap_is_int(editor_focus(editor), EDITOR_FOCUS_IN,
		"one that is pasted is none");
	ends_as(editor, &got, "abc\t\033[O|",
		"reports leave the line alone, also after Ctrl-V and Ctrl-R");
	editor = editor_of("\033[O");
	editor_forget_focus(editor);
	tap_is_int(editor_focus(editor), EDITOR_FOCUS_UNKNOWN,
		"what is known can be forgotten");
	editor_free(editor);
}

/* ---- bounds ---- */

static void fill(struct editor *editor, size_t size)
{
	char *text = malloc(size);

	if (!text)
		abort();
	memset(text, 'x', size);
	editor_feed(editor, text, size, start);
	free(text);
}

static void bounds(void)
{
	struct editor *editor = editor_of("");
	struct editor_event event;
	struct screen_content content;
	struct buffer out = BUFFER_EMPTY;

	fill(editor, LINE_BUFFER_MAX + 1);
	tap_ok(!editor_wants_input(editor),
		"no more input is wanted when enough waits");
	tap_ok(!editor_next_event(editor, &event),
		"typing without Enter makes no event");
	tap_ok(editor_wants_input(editor),
		"input is wanted again when it was looked at");
	editor_content(editor, &content);
	tap_is_int((intmax_t)content.size, (intmax_t)LINE_BUFFER_MAX,
		"a line has at most LINE_BUFFER_MAX bytes");
	editor_show(editor, &out);
	tap_is_int(buffer_bytes(&out)[0], '\a', "a byte too many beeps");
	buffer_fini(&out);
	editor_feed(editor, "\r", 1, start);
	tap_ok(editor_next_event(editor, &event) &&
			event.size == LINE_BUFFER_MAX,
		"the longest line is sent whole");
	editor_feed(editor, "x\033[200~", 7, start);
	fill(editor, LINE_BUFFER_MAX);
	editor_feed(editor, "\033[201~y\177", 8, start);
	tap_ok(editor_next_event(editor, &event) && event.is_pasted &&
			event.size == LINE_BUFFER_MAX,
		"a pasted line that does not fit the typed one is asked about");
	editor_feed(editor, "\033[200~", 6, start);
	fill(editor, PASTE_MAX + 1);
	editor_feed(editor, "\033[201~", 6, start);
	tap_ok(editor_next_event(editor, &event) && event.kind == EDITOR_ABOVE,
		"a paste that is too large is refused");
	editor_content(editor, &content);
	tap_is_int((intmax_t)content.size, 0,
		"nothing of a paste that is too large is inserted");
	editor_free(editor);
	editor_free(NULL);
}

/* ---- the screen ---- */

static void emits(struct editor *editor, const char *expected, const char *what)
{
	struct buffer out = BUFFER_EMPTY;

	editor_show(editor, &out);
	tap_is_bytes(buffer_bytes(&out), buffer_size(&out), expected,
		strlen(expected), what);
	buffer_fini(&out);
}

static void types(struct editor *editor, const char *keys)
{
	struct buffer events = BUFFER_EMPTY;

	editor_feed(editor, keys, strlen(keys), start);
	drain(editor, &events);
	buffer_fini(&events);
}

static void showing(void)
{
	struct editor *editor = editor_of("");

	emits(editor, "\r\033[J> ", "at first the prompt is drawn");
	types(editor, "cat");
	emits(editor, "cat", "only what was typed is drawn");
	emits(editor, "", "what is shown is not drawn again");
	types(editor, "\r");
	emits(editor, "\033[3G\033[J", "an entered line is erased");
	types(editor, "\022a");
	emits(editor, "\033[1Gsearch \"a\": cat\033[J\033[14G",
		"a search shows its text and the line found");
	types(editor, "z");
	emits(editor, "\a\033[1Gnot found \"az\": cat\033[J\033[18G",
		"a search shows that nothing is found");
	types(editor, "\007\0331");
	emits(editor, "\033[1G(arg: 1) \033[J", "an argument shows");
	types(editor, "2\007\033-");
	emits(editor, "\033[7G-1) \033[J", "a negative one, too");
	types(editor, "3");
	emits(editor, "\033[8G3) \033[J", "with its digits");
	types(editor, "\007\033[200~1\r2\033[201~");
	emits(editor, "\033[1Gsend 2 lines? (y/n) \033[J",
		"a paste is asked about");
	types(editor, "n\014");
	emits(editor, "\r\033[J\033[H\033[2J\r\033[J> ",
		"Ctrl-L clears the window");
	editor_resize(editor, 20, false);
	emits(editor, "\r\033[J> ",
		"in a resized window the line is drawn anew");
	editor_free(editor);
}

int main(void)
{
	all_cases();
	any_text();
	lone_escape();
	overtaking();
	within_pastes();
	focus();
	bounds();
	showing();
	return tap_done();
}
