/* SPDX-License-Identifier: ISC */
/* What another program makes of the text, and what becomes of its file. */
#include "mchat/terminal/external_editor.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tap.h"

#define ROOM 8

static char source[] = "/tmp/mchat-source.XXXXXX";

/* Waits until the editor has ended. */
static enum external_editor_result wait_for(
	struct external_editor *external, char text[ROOM], size_t *size)
{
	enum external_editor_result result;

	while ((result = external_editor_poll(external, text, ROOM, size)) ==
		EXTERNAL_EDITOR_RUNS)
		(void)poll(NULL, 0, 1);
	tap_ok(!external_editor_is_running(external), "it does not run");
	tap_ok(access(external->path, F_OK) < 0, "its file is gone");
	return result;
}

static enum external_editor_result play(
	const char *command, char text[ROOM], size_t *size)
{
	struct external_editor external = {.pid = 0};
	struct stat status;

	setenv("VISUAL", command, 1);
	if (external_editor_start(&external, "kept", 4) < 0)
		return EXTERNAL_EDITOR_LOST;
	if (stat(external.path, &status) == 0)
		tap_is_int(status.st_mode & 0777, 0600, "the file's mode");
	return wait_for(&external, text, size);
}

/* A program that writes this, and what comes of it. */
static void writes(const char *content, const char *expected)
{
	FILE *file = fopen(source, "w");
	char command[64];
	char text[ROOM] = "";
	size_t size = 0;
	enum external_editor_result result;

	if (!file || fputs(content, file) < 0 || fclose(file) != 0)
		abort();
	snprintf(command, sizeof(command), " cp\t %s", source);
	result = play(command, text, &size);
	tap_is_int(result,
		expected ? EXTERNAL_EDITOR_DONE : EXTERNAL_EDITOR_TOO_LONG,
		content);
	if (expected && result == EXTERNAL_EDITOR_DONE)
		tap_is_bytes(text, size, expected, strlen(expected), content);
}

static void texts(void)
{
	writes("", "");
	writes("\n\n\n", "");
	writes("one", "one");
	writes("one\n\n", "one");
	writes("\none\n\nb\n", "\none\n\nb");
	writes("12345678", "12345678");
	writes("12345678\n\n\n", "12345678");
	writes("123456789", NULL);
	writes("1234567\n\n9", NULL);
	writes("12345678\n\n\n9", NULL);
}

static void commands(void)
{
	char text[ROOM] = "";
	size_t size = 0;

	tap_is_int(play("true", text, &size), EXTERNAL_EDITOR_DONE, "true");
	tap_is_bytes(text, size, "kept", 4, "the text was in the file");
	tap_is_int(play("false", text, &size), EXTERNAL_EDITOR_FAILED, "false");
	tap_is_int(play("/nonexistent", text, &size), EXTERNAL_EDITOR_NOT_RUN,
		"what cannot be run");
	tap_is_int(play("rm", text, &size), EXTERNAL_EDITOR_LOST,
		"a file that was removed");
	setenv("VISUAL", " ", 1);
	setenv("EDITOR", "ed", 1);
	tap_is_string(external_editor_command(), "ed", "EDITOR is second");
	unsetenv("EDITOR");
	tap_is_string(external_editor_command(), "vi", "vi is last");
}

static void stopping(void)
{
	struct external_editor external = {.pid = 0};

	setenv("VISUAL", "tail -f", 1);
	external_editor_stop(&external);
	tap_is_int(external_editor_start(&external, "x", 1), 0, "one runs on");
	external_editor_stop(&external);
	tap_ok(!external_editor_is_running(&external), "and is stopped");
	tap_ok(access(external.path, F_OK) < 0, "its file is gone");
	setenv("TMPDIR", "/nonexistent", 1);
	tap_ok(external_editor_start(&external, "x", 1) < 0 && errno == ENOENT,
		"without a folder there is none");
}

int main(void)
{
	close(mkstemp(source));
	texts();
	commands();
	stopping();
	unlink(source);
	return tap_done();
}
