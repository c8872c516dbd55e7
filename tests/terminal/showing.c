/* SPDX-License-Identifier: ISC */
/*
 * What the window shows while one types: the line and its cursor stay what
 * they are when messages come in, in windows of any width, and when the window
 * changes.  An emulated terminal reads all that mchat writes.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "emulator.h"
#include "pty.h"
#include "tap.h"

/* A chat that is watched, and one who says something to it. */
struct scene {
	struct terminal terminal;
	struct program chat;
	struct program kim;
	int kim_says; /* kim's stdin */
	int said;
	unsigned columns;
	size_t since; /* of the chat's output: where the window last changed */
	struct emulator window;
};

static void begin(struct scene *scene, unsigned short columns)
{
	static const char *const words[] = {"-n", "kim", NULL};
	int ends[2];

	if (pipe(ends) < 0)
		tap_ok(false, "a pipe: %s", strerror(errno));
	scene->terminal = terminal_open();
	terminal_resize(&scene->terminal, columns);
	scene->columns = columns;
	scene->since = 0;
	scene->said = 0;
	scene->chat = start_on(
		&scene->terminal, (const char *const[]){"-n", "lee", NULL});
	scene->kim = start_reading(ends[0], words);
	scene->kim_says = ends[1];
	close(ends[0]);
	stream_wait(&scene->chat.out, "here: kim|kim joined");
}

static void end(struct scene *scene, const char *what)
{
	type(&scene->terminal, "\003\004");
	ends_well(&scene->chat, what);
	close(scene->kim_says);
	stop_piped(&scene->kim);
	terminal_close(&scene->terminal);
}

/* Kim says something; waits until it is shown. */
static void say(struct scene *scene)
{
	char text[32];
	size_t size;

	size = (size_t)snprintf(text, sizeof(text), "said %d\n", ++scene->said);
	if (write(scene->kim_says, text, size) != (ssize_t)size)
		tap_note("kim: %s", strerror(errno));
	snprintf(text, sizeof(text), "kim: said %d.?$", scene->said);
	stream_wait(&scene->chat.out, text);
}

/* Passes on what mchat wrote, but for the switches of bracketed paste, which
 * show nothing. */
static void emulate(struct scene *scene)
{
	const char *at = scene->chat.out.text + scene->since;
	const char *mode;

	emulator_init(&scene->window, scene->columns, EMULATOR_ADDS_UP);
	while ((mode = strstr(at, "\033[?2004"))) {
		emulator_write(&scene->window, at, (size_t)(mode - at));
		at = mode + strlen("\033[?2004h");
	}
	emulator_write(&scene->window, at, strlen(at));
}

/* The row of the window without the blanks behind it. */
static void read_row(const struct scene *scene, char out[1024])
{
	size_t size = 0;
	size_t end = 0;

	for (unsigned i = 0; i < scene->columns; i++) {
		const struct emulator_cell *cell = &scene->window.cells[i];

		if (cell->is_right_half)
			continue;
		if (cell->size > 0) {
			memcpy(out + size, cell->text, cell->size);
			size += cell->size;
			end = size;
		} else {
			out[size++] = ' ';
		}
	}
	while (end > 0 && out[end - 1] == ' ')
		end--;
	out[end] = '\0';
}

/* Waits until the window shows this row, with its cursor in this column. */
static void shows(
	struct scene *scene, const char *row, unsigned cursor, const char *what)
{
	long long end = now_ms() + PATIENCE_MS;
	char shown[1024];
	bool is_right;

	do {
		stream_read(&scene->chat.out);
		emulate(scene);
		read_row(scene, shown);
		is_right = !scene->window.broken &&
			   scene->window.cursor == cursor &&
			   strcmp(shown, row) == 0;
	} while (!is_right && now_ms() < end);
	if (!tap_ok(is_right, "%s", what))
		tap_note("cursor %u, broken: %s, row: %s", scene->window.cursor,
			scene->window.broken ? scene->window.broken : "no",
			shown);
}

/* A message comes in with the cursor at each place of a line. */
static void test_places(void)
{
	/* The column of the cursor before each character, and at the end. */
	static const unsigned columns[] = {
		0, 2, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14};
	struct scene scene;
	size_t count = sizeof(columns) / sizeof(columns[0]);
	char what[64];

	begin(&scene, 80);
	type(&scene.terminal, "한글 abc👍 def");
	shows(&scene, "lee> 한글 abc👍 def", 5 + columns[count - 1],
		"a line of wide characters is shown");
	for (size_t i = count; i-- > 0;) {
		say(&scene);
		snprintf(what, sizeof(what),
			"a message with the cursor in column %u",
			5 + columns[i]);
		shows(&scene, "lee> 한글 abc👍 def", 5 + columns[i], what);
		type(&scene.terminal, "\033[D");
	}
	end(&scene, "places");
}

static void test_narrow(void)
{
	struct scene scene;

	begin(&scene, 20);
	type(&scene.terminal, "a line that is too long");
	/* Of 20 columns the prompt takes 5, marks 2, and the last is never
	 * written to: the cursor comes into the middle of the other 12. */
	shows(&scene, "lee> <o long", 12,
		"in 20 columns a long line is scrolled");
	say(&scene);
	shows(&scene, "lee> <o long", 12,
		"in 20 columns a message leaves the line as it is");
	type(&scene.terminal, "\001");
	shows(&scene, "lee> a line that i>", 5,
		"in 20 columns Ctrl-A shows the line's start");
	end(&scene, "20 columns");
}

static void test_wide(void)
{
	char text[301];
	char row[310];
	struct scene scene;

	memset(text, 'x', sizeof(text) - 1);
	text[290] = '\0';
	snprintf(row, sizeof(row), "lee> %s", text);
	begin(&scene, 300);
	type(&scene.terminal, text);
	shows(&scene, row, 295, "300 columns show 290 characters");
	say(&scene);
	shows(&scene, row, 295,
		"in 300 columns a message leaves the line as it is");
	end(&scene, "300 columns");
}

/* In one column nothing of a line can be shown, but it can be typed. */
static void test_one_column(void)
{
	struct scene scene;

	begin(&scene, 1);
	type(&scene.terminal, "blind");
	say(&scene);
	type(&scene.terminal, "ly\r");
	tap_ok(stream_wait(&scene.kim.out, "^lee: blindly$"),
		"what is typed in one column is sent");
	end(&scene, "1 column");
}

static void resize(struct scene *scene, unsigned short columns)
{
	scene->columns = columns;
	scene->since = scene->chat.out.size;
	terminal_resize(&scene->terminal, columns);
}

static void test_resize(void)
{
	struct scene scene;

	begin(&scene, 80);
	type(&scene.terminal, "how wide is this window");
	shows(&scene, "lee> how wide is this window", 28,
		"80 columns show the line");
	resize(&scene, 20);
	shows(&scene, "lee> <window", 12,
		"resized to 20 columns, the line is scrolled");
	say(&scene);
	resize(&scene, 200);
	shows(&scene, "lee> how wide is this window", 28,
		"resized to 200 columns, the line is whole");
	end(&scene, "resize");
}

/* A nick cannot steer the terminal, so it is refused. */
static void test_nick(void)
{
	struct scene scene;

	begin(&scene, 80);
	type(&scene.terminal, "/nick a\026\016b\r");
	stream_wait(&scene.chat.out, "must not hold control");
	shows(&scene, "lee>", 5, "a nick with a control character is refused");
	tap_ok(strchr(scene.chat.out.text, '\016') == NULL,
		"the control character does not get to the terminal");
	type(&scene.terminal, "/nick 한국\r");
	shows(&scene, "한국>", 6, "a new nick is in the prompt");
	end(&scene, "nick");
}

static void test_search(void)
{
	struct scene scene;

	begin(&scene, 80);
	type(&scene.terminal, "the first\rthe second\r\022fi");
	shows(&scene, "search \"fi\": the first", 17, "Ctrl-R shows a search");
	say(&scene);
	shows(&scene, "search \"fi\": the first", 17,
		"a message leaves the search as it is");
	type(&scene.terminal, "x");
	shows(&scene, "not found \"fix\": the first", 21,
		"Ctrl-R shows that nothing is found");
	end(&scene, "search");
}

/* The prompt tells what is not confirmed for a while, until it is. */
static void test_unconfirmed(void)
{
	struct scene scene;

	begin(&scene, 80);
	type(&scene.terminal, "hello\r");
	wait_confirmed(&scene.terminal, &scene.chat);
	kill(scene.kim.pid, SIGSTOP);
	type(&scene.terminal, "are you there\rhal");
	shows(&scene, "lee (1 not confirmed)> hal", 26,
		"the prompt tells of a stopped member's missing confirmation");
	kill(scene.kim.pid, SIGCONT);
	shows(&scene, "lee> hal", 8,
		"the prompt is as before when the member goes on");
	end(&scene, "unconfirmed");
}

/* Ctrl-V quotes Escape, once no more of a longer key sequence has come. */
static void test_escape(void)
{
	struct scene scene;

	begin(&scene, 80);
	type(&scene.terminal, "\026\033");
	shows(&scene, "lee> ^[", 7, "Ctrl-V and Escape show ^[");
	end(&scene, "escape");
}

int main(void)
{
	if (!pty_begin(5212)) {
		tap_skip("the window", strerror(errno));
		return tap_done();
	}
	test_places();
	test_narrow();
	test_wide();
	test_one_column();
	test_resize();
	test_nick();
	test_search();
	test_unconfirmed();
	test_escape();
	return tap_done();
}
