/* SPDX-License-Identifier: ISC */
/* A long message is folded at a terminal, and nowhere else. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pty.h"
#include "tap.h"

/* All but the longest that can be said. */
#define WORDS    8000
#define WORD     "longish "
#define LAST     "the-end"
#define ALL_SIZE (WORDS * (sizeof(WORD) - 1) + sizeof(LAST) - 1)

/* The message; the caller frees it. */
static char *long_text(void)
{
	char *text = malloc(ALL_SIZE + 1);

	if (!text)
		abort();
	for (size_t i = 0; i < WORDS; i++)
		memcpy(text + i * (sizeof(WORD) - 1), WORD, sizeof(WORD) - 1);
	memcpy(text + WORDS * (sizeof(WORD) - 1), LAST, sizeof(LAST));
	return text;
}

static size_t count(const char *text, const char *part)
{
	size_t found = 0;

	while ((text = strstr(text, part))) {
		found++;
		text += strlen(part);
	}
	return found;
}

/* Whether the transcript has the whole of it. */
static bool is_logged(const char *name, const char *text)
{
	static char log[STREAM_MAX];
	FILE *file = fopen(name, "r");

	if (!file)
		return false;
	log[fread(log, 1, sizeof(log) - 1, file)] = '\0';
	fclose(file);
	return strstr(log, text) != NULL;
}

static void test_fold(const char *text)
{
	char log[] = "/tmp/mchat-log-XXXXXX";
	const char *const lee[OPTIONS_MAX] = {"-n", "lee", "-o", log};
	const char *const ann[OPTIONS_MAX] = {"-n", "ann", "-m", text};
	static const char *const kim[OPTIONS_MAX] = {
		"-v", "-R", "-n", "kim", "-c", "1", "-T", "100"};
	struct terminal terminal = terminal_open();
	struct program piped = start_piped(kim);
	struct program chat;
	struct program sender;

	close(mkstemp(log));
	terminal_resize(&terminal, 80);
	stream_wait(&piped.err, "^mchat: in ");
	chat = start_on(&terminal, lee);
	stream_wait(&chat.out, "here: kim|kim joined");
	sender = start_piped(ann);
	tap_ok(stream_wait(&chat.out, "ann: .*… 62 KiB more, /show.?$"),
		"at a terminal a long message is folded");
	tap_ok(count(chat.out.text, WORD) == 128, "1 KiB of it is shown");
	tap_is_int(wait_end(&sender), 0, "the message is confirmed");
	tap_ok(stream_wait(&piped.out, "^ann: longish .*" LAST "$"),
		"in a pipe it is whole");
	stream_forget(&chat.out);
	type(&terminal, "/show\r");
	tap_ok(stream_wait(&chat.out, LAST ".?$"), "/show shows it all");
	tap_is_int((intmax_t)count(chat.out.text, WORD), WORDS,
		"with each word of it");
	type(&terminal, "\004");
	ends_well(&chat, "the chat");
	tap_ok(is_logged(log, text), "the transcript has it whole");
	unlink(log);
	stop_piped(&piped);
	terminal_close(&terminal);
}

int main(void)
{
	char *text;

	if (!pty_begin(5217)) {
		tap_skip("folding", strerror(errno));
		return tap_done();
	}
	text = long_text();
	test_fold(text);
	free(text);
	return tap_done();
}
