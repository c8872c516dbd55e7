/* SPDX-License-Identifier: ISC */
/* A pipe as standard error that nobody reads, and then somebody does. */
#include "mchat/chat/errors.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mchat/chat/notice.h"
#include "tap.h"

/* More lines than a pipe holds, whose kernel would let us wait for ever. */
#define LINES      5000
#define PATIENCE_S 10

#define TOLD "mchat: stderr: lines were lost here, since nobody read them\n"

struct fixture {
	int found;  /* stderr, which is to come back */
	int reader; /* of the pipe that stands in for it */
	struct errors errors;
	char text[1024 * 1024];
};

/* The pipe is opened for reading without waiting. */
static bool open_pipe(struct fixture *f)
{
	int ends[2];

	f->found = dup(STDERR_FILENO);
	if (f->found < 0 || pipe(ends) < 0)
		return false;
	f->reader = ends[0];
	if (fcntl(f->reader, F_SETFL, O_NONBLOCK) < 0 ||
		dup2(ends[1], STDERR_FILENO) < 0)
		return false;
	close(ends[1]);
	errors_open(&f->errors);
	return true;
}

static void close_pipe(struct fixture *f)
{
	errors_close(&f->errors);
	dup2(f->found, STDERR_FILENO);
	close(f->found);
	close(f->reader);
}

/* What is in the pipe. */
static const char *drain(struct fixture *f)
{
	size_t size = 0;
	ssize_t got;

	while ((got = read(f->reader, f->text + size,
			sizeof(f->text) - 1 - size)) > 0)
		size += (size_t)got;
	f->text[size] = '\0';
	return f->text;
}

static bool waits(int fd)
{
	return (fcntl(fd, F_GETFL) & O_NONBLOCK) == 0;
}

static void flood(void)
{
	for (int i = 0; i < LINES; i++)
		notice_error("line %04d, as long as a line may well be", i);
}

static bool ends_with(const char *text, const char *end)
{
	size_t size = strlen(text);
	size_t tail = strlen(end);

	return size >= tail && strcmp(text + size - tail, end) == 0;
}

static void test_stalled(struct fixture *f)
{
	if (!open_pipe(f)) {
		tap_ok(false, "a pipe for stderr");
		return;
	}
	errors_tell(NOTICE_NORMAL, 0);
	tap_is_string(drain(f), "", "nothing is told when nothing was lost");
	tap_ok(!waits(STDERR_FILENO) && waits(f->errors.found),
		"only our own description does not wait");
	flood();
	errors_tell(NOTICE_NORMAL, 0);
	drain(f);
	tap_ok(strncmp(f->text, "mchat: line 0000,", 17) == 0 &&
			ends_with(f->text, "line may well be\n"),
		"what fits is there, whole lines");
	tap_ok(!strstr(f->text, "line 4999"), "the rest is lost");
	errors_tell(NOTICE_NORMAL, 0);
	tap_is_string(drain(f), TOLD, "and that is told, once it is read");
	errors_tell(NOTICE_NORMAL, 0);
	tap_is_string(drain(f), "", "once");
	notice_error("after");
	tap_is_string(drain(f), "mchat: after\n", "it goes on");
	flood();
	drain(f);
	errors_tell(NOTICE_QUIET, 0);
	tap_is_string(drain(f), "", "who wants no warnings gets none");
	errors_close(&f->errors);
	tap_ok(waits(STDERR_FILENO), "in the end it waits again");
	close_pipe(f);
}

/* What is no pipe is left alone. */
static void test_file(void)
{
	int found = dup(STDERR_FILENO);
	FILE *file = tmpfile();
	struct errors errors;

	if (!file || dup2(fileno(file), STDERR_FILENO) < 0) {
		tap_ok(false, "a file for stderr");
		return;
	}
	errors_open(&errors);
	flood();
	errors_tell(NOTICE_NORMAL, 0);
	errors_close(&errors);
	tap_is_int(lseek(STDERR_FILENO, 0, SEEK_CUR) / LINES,
		(intmax_t)strlen("mchat: line 0000, as long as a line may "
				 "well be\n"),
		"a file gets every line");
	dup2(found, STDERR_FILENO);
	close(found);
	fclose(file);
}

int main(void)
{
	static struct fixture f;

	alarm(PATIENCE_S);
	test_stalled(&f);
	test_file();
	return tap_done();
}
