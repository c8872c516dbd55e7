/* SPDX-License-Identifier: ISC */
/*
 * mchat key save, and mchat -k ask, on a terminal: a code is asked for three
 * times, is not shown, and the terminal is as it was, however that ends.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "pty.h"
#include "tap.h"

#define EXAMPLE "babid-famug-hidij-kirum"
#define WRONG   "babid-famug-hidij-kiruz"
#define DIGITS                                                                 \
	"000102030405060708090a0b0c0d0e0f"                                     \
	"101112131415161718191a1b1c1d1e1f"

/* A code that is being asked for. */
struct scene {
	struct terminal terminal;
	char settings[256]; /* before */
	char folder[64];
	char file[80];
	struct program program;
};

static void become_save(const char *file)
{
	char *argv[] = {strdup("mchat"), strdup("key"), strdup("save"),
		strdup(file), NULL};

	execv(pty_program(), argv);
	_exit(127);
}

/* Its file is not made. */
static void become_chat(const char *file)
{
	char *argv[] = {strdup("mchat"), strdup("-k"), strdup("ask"),
		strdup("-i"), strdup("lo"), strdup("-v"), strdup("-m"),
		strdup("x"), NULL};

	(void)file;
	execv(pty_program(), argv);
	_exit(127);
}

static void begin_program(struct scene *scene, void (*become)(const char *file),
	const char *question)
{
	strcpy(scene->folder, "/tmp/mchat-key-XXXXXX");
	if (!mkdtemp(scene->folder))
		tap_ok(false, "a folder: %s", strerror(errno));
	snprintf(scene->file, sizeof(scene->file), "%s/class.key",
		scene->folder);
	scene->terminal = terminal_open();
	terminal_describe(&scene->terminal, scene->settings);
	scene->program = (struct program){
		.out = {.fd = scene->terminal.keyboard}, .err = {.fd = -1}};
	fflush(stdout);
	scene->program.pid = fork();
	if (scene->program.pid == 0) {
		terminal_take(&scene->terminal);
		become(scene->file);
	}
	stream_wait(&scene->program.out, question);
}

static void begin(struct scene *scene)
{
	begin_program(scene, become_save, "code: $");
}

/* Types a line, and waits until this is said behind it. */
static void answer(struct scene *scene, const char *line, const char *said)
{
	size_t from = scene->program.out.size;

	type(&scene->terminal, line);
	type(&scene->terminal, "\r");
	stream_wait_from(&scene->program.out, from, said);
}

/* Checks how it ended, and what it left. */
static void end(
	struct scene *scene, int status, bool has_file, const char *what)
{
	char settings[256];
	struct stat file;

	tap_is_int(wait_end(&scene->program), status, what);
	terminal_describe(&scene->terminal, settings);
	tap_is_string(
		settings, scene->settings, "the terminal is as it was before");
	tap_ok((stat(scene->file, &file) == 0) == has_file,
		has_file ? "there is a file" : "there is no file");
	tap_ok(!strstr(scene->program.out.text, "babid"),
		"nothing of a code was shown");
	unlink(scene->file);
	rmdir(scene->folder);
	terminal_close(&scene->terminal);
}

#define EXIT(status) ((status) << 8)

static void test_asked(void)
{
	struct scene scene;

	begin(&scene);
	answer(&scene, EXAMPLE, "^fingerprint e130-2103, group 239.255.62.147");
	end(&scene, EXIT(0), true, "a code gives a key");
}

static void test_again(void)
{
	struct scene scene;

	begin(&scene);
	answer(&scene, WRONG, "^mchat: a letter of that code is wrong");
	stream_wait_from(
		&scene.program.out, scene.program.out.size - 6, "code: $");
	answer(&scene, "hunter2", "code: $");
	answer(&scene, EXAMPLE, "^fingerprint e130-2103");
	end(&scene, EXIT(0), true, "the third answer counts");

	begin(&scene);
	answer(&scene, WRONG, "code: $");
	answer(&scene, WRONG, "code: $");
	answer(&scene, WRONG, "^mchat: a letter of that code is wrong");
	end(&scene, EXIT(1), false, "the fourth is not asked for");
}

/* What is typed wrong is taken back with the terminal's own keys. */
static void test_edited(void)
{
	struct scene scene;

	begin(&scene);
	answer(&scene, "nonsense\025" EXAMPLE "x\177",
		"^fingerprint e130-2103");
	end(&scene, EXIT(0), true, "Ctrl-U and Backspace work");
}

static void test_ended(void)
{
	struct scene scene;

	begin(&scene);
	type(&scene.terminal, "babid\003");
	end(&scene, SIGINT, false, "Ctrl-C ends it");

	begin(&scene);
	type(&scene.terminal, "\004");
	end(&scene, EXIT(1), false, "Ctrl-D is no answer");

	begin(&scene);
	kill(scene.program.pid, SIGTERM);
	end(&scene, SIGTERM, false, "a signal ends it");

	/* Stopped, it would leave a terminal that shows nothing. */
	begin(&scene);
	answer(&scene, "\032" EXAMPLE, "^fingerprint e130-2103");
	end(&scene, EXIT(0), true, "Ctrl-Z does not stop it");
}

/* A chat takes a key, too. */
static void test_chat(void)
{
	static const char question[] = "code or key of the group: $";
	struct scene scene;

	begin_program(&scene, become_chat, question);
	answer(&scene, EXAMPLE, "private, key e130-2103");
	end(&scene, EXIT(0), false, "a code leads to its group");

	begin_program(&scene, become_chat, question);
	answer(&scene, "hunter2", question);
	answer(&scene, "mchat-key-1 " DIGITS, "private, key 02e8-a717");
	tap_ok(!strstr(scene.program.out.text, DIGITS),
		"nothing of a key was shown");
	end(&scene, EXIT(0), false, "the line of a key file does");

	begin_program(&scene, become_chat, question);
	answer(&scene, "mchat-key-1 0123", question);
	answer(&scene, WRONG, question);
	answer(&scene, "mchat-key-2 " DIGITS, "^mchat: ");
	end(&scene, EXIT(1), false, "the fourth is not asked for");

	begin_program(&scene, become_chat, question);
	type(&scene.terminal, "babid\003");
	end(&scene, SIGINT, false, "Ctrl-C ends it");
}

int main(void)
{
	if (!pty_begin(5137)) {
		tap_skip("the prompt", strerror(errno));
		return tap_done();
	}
	test_asked();
	test_again();
	test_edited();
	test_ended();
	test_chat();
	return tap_done();
}
