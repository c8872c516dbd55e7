/* SPDX-License-Identifier: ISC */
#include "mchat/terminal/external_editor.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Words of the command at most: an editor with a few options. */
#define WORDS_MAX 16

#define FILE_NAME "mchat-XXXXXX"

/* How the child says that it could not become the editor, as a shell does. */
#define STATUS_NOT_RUN 127

/* How long an editor may take to end when it is told to, and between two
 * looks. */
#define STOP_MS 1000
#define LOOK_MS 10

const char *external_editor_command(void)
{
	static const char *const variables[] = {"VISUAL", "EDITOR"};

	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
		const char *command = getenv(variables[i]);

		if (command && command[strspn(command, " \t")])
			return command;
	}
	return "vi";
}

/* ---- the file ---- */

static int make_file(char path[EXTERNAL_EDITOR_PATH_SIZE])
{
	const char *folder = getenv("TMPDIR");

	if (!folder || !*folder ||
		strlen(folder) + sizeof("/" FILE_NAME) >
			EXTERNAL_EDITOR_PATH_SIZE)
		folder = "/tmp";
	(void)snprintf(
		path, EXTERNAL_EDITOR_PATH_SIZE, "%s/%s", folder, FILE_NAME);
	/* It is readable by its owner alone. */
	return mkstemp(path);
}

/* -1 with errno. */
static int write_all(int fd, const char *text, size_t size)
{
	while (size > 0) {
		ssize_t written = write(fd, text, size);

		if (written < 0)
			return -1;
		text += written;
		size -= (size_t)written;
	}
	return 0;
}

static int fill_file(int fd, const char *text, size_t size)
{
	int result = write_all(fd, text, size);

	if (result == 0)
		result = write_all(fd, "\n", 1);
	/* Some file systems report only here that they are full. */
	return close(fd) < 0 ? -1 : result;
}

static void remove_file(const struct external_editor *external)
{
	int saved = errno;

	(void)unlink(external->path);
	errno = saved;
}

/* Reads what there is room for, past newlines at the end. */
static enum external_editor_result read_file(
	const char *path, char *text, size_t room, size_t *size)
{
	FILE *file = fopen(path, "re");
	size_t blank = 0; /* newlines that text may follow */
	int c;

	*size = 0;
	if (!file)
		return EXTERNAL_EDITOR_LOST;
	while ((c = getc(file)) != EOF && *size + blank < room) {
		if (c == '\n') {
			blank++;
			continue;
		}
		memset(text + *size, '\n', blank);
		*size += blank;
		blank = 0;
		text[(*size)++] = (char)c;
	}
	/* All that is left may be newlines. */
	while (c == '\n')
		c = getc(file);
	if (ferror(file)) {
		fclose(file);
		return EXTERNAL_EDITOR_LOST;
	}
	fclose(file);
	return c == EOF ? EXTERNAL_EDITOR_DONE : EXTERNAL_EDITOR_TOO_LONG;
}

/* ---- the program ---- */

/* In the child. */
static void become(char *command, char *path)
{
	char *words[WORDS_MAX + 2];
	size_t count = 0;
	char *rest = NULL;
	char *word = strtok_r(command, " \t", &rest);

	while (word && count < WORDS_MAX) {
		words[count++] = word;
		word = strtok_r(NULL, " \t", &rest);
	}
	words[count++] = path;
	words[count] = NULL;
	(void)signal(SIGQUIT, SIG_DFL);
	execvp(words[0], words);
	_exit(STATUS_NOT_RUN);
}

static int start_on(struct external_editor *external, char *command)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN};

	external->pid = fork();
	if (external->pid < 0) {
		external->pid = 0;
		return -1;
	}
	if (external->pid == 0)
		become(command, external->path);
	sigemptyset(&ignore.sa_mask);
	(void)sigaction(SIGQUIT, &ignore, &external->quit);
	return 0;
}

int external_editor_start(
	struct external_editor *external, const char *text, size_t size)
{
	char *command = strdup(external_editor_command());
	int result = -1;
	int fd;

	if (!command)
		return -1;
	fd = make_file(external->path);
	if (fd < 0)
		goto free_command;
	result = fill_file(fd, text, size);
	if (result == 0)
		result = start_on(external, command);
	if (result < 0)
		remove_file(external);
free_command:
	free(command);
	return result;
}

/* Whether it has ended; then it is no more. */
static bool has_ended(struct external_editor *external, int *status)
{
	pid_t ended = waitpid(external->pid, status, WNOHANG);

	if (ended == 0)
		return false;
	/* Somebody else took its status. */
	if (ended < 0)
		*status = -1;
	external->pid = 0;
	(void)sigaction(SIGQUIT, &external->quit, NULL);
	return true;
}

enum external_editor_result external_editor_poll(
	struct external_editor *external, char *text, size_t room, size_t *size)
{
	enum external_editor_result result = EXTERNAL_EDITOR_FAILED;
	int status;

	if (!has_ended(external, &status))
		return EXTERNAL_EDITOR_RUNS;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		result = read_file(external->path, text, room, size);
	else if (WIFEXITED(status) && WEXITSTATUS(status) == STATUS_NOT_RUN)
		result = EXTERNAL_EDITOR_NOT_RUN;
	remove_file(external);
	return result;
}

void external_editor_stop(struct external_editor *external)
{
	int status;

	if (!external_editor_is_running(external))
		return;
	(void)kill(external->pid, SIGTERM);
	(void)kill(external->pid, SIGCONT);
	for (int waited = 0; waited < STOP_MS; waited += LOOK_MS) {
		if (has_ended(external, &status))
			break;
		(void)poll(NULL, 0, LOOK_MS);
	}
	if (external_editor_is_running(external)) {
		(void)kill(external->pid, SIGKILL);
		while (!has_ended(external, &status))
			(void)poll(NULL, 0, LOOK_MS);
	}
	remove_file(external);
}
