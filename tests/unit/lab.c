/* SPDX-License-Identifier: ISC */
/* When an experiment counts as shown, and that a failure ends its story. */
#include "mchat/lab/lab.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tap.h"
#include "mchat/lab/lab_guide.h"
#include "mchat/lab/lab_socket.h"

static char story[4096];

/* Runs an experiment with both streams in a pipe, so that they do not mix with
 * TAP; its output, which must fit the pipe, is in `story`. */
static bool run(void (*experiment)(struct lab *lab), enum view_format format)
{
	struct experiment row = {"trial", "a trial", "it works", experiment};
	int saved[] = {dup(STDOUT_FILENO), dup(STDERR_FILENO)};
	int ends[2];
	bool is_shown;
	ssize_t size;

	fflush(stdout);
	if (pipe(ends) < 0 || dup2(ends[1], STDOUT_FILENO) < 0 ||
		dup2(ends[1], STDERR_FILENO) < 0)
		return false;
	is_shown = lab_run(&row, format, &(struct lab_guide){0}, NULL);
	fflush(stdout);
	dup2(saved[0], STDOUT_FILENO);
	dup2(saved[1], STDERR_FILENO);
	close(saved[0]);
	close(saved[1]);
	close(ends[1]);
	size = read(ends[0], story, sizeof(story) - 1);
	close(ends[0]);
	story[size < 0 ? 0 : size] = '\0';
	return is_shown;
}

static void succeed(struct lab *lab)
{
	lab_step(lab, "First %d.", 1);
	lab_observe(lab, "key", 7);
	lab_observe_text(lab, "word", "a\nb");
	lab_expect(lab, true, "nothing");
}

static void surprise(struct lab *lab)
{
	lab_expect(lab, false, "the expected");
	lab_step(lab, "It goes on.");
}

static int opened;
static int open_after;

static void fail(struct lab *lab)
{
	struct address nobodys = lab_address(lab, "192.0.2.254", 0);

	opened = lab_socket(lab, SOCK_DGRAM, "stays open");
	lab_bind(lab, opened, &nobodys, "of others");
	open_after = lab_socket(lab, SOCK_DGRAM, "too late");
	lab_step(lab, "Never told.");
	lab_observe(lab, "never", 1);
	lab_expect(lab, false, "never said");
}

static void test_story(void)
{
	tap_ok(run(succeed, VIEW_TEXT),
		"an experiment that sees what it expects is shown");
	tap_is_string(story,
		"trial: a trial\n"
		"\n"
		"1.  First 1.\n"
		"    observed: key=7\n"
		"    observed: word=a\\nb\n"
		"\n"
		"shown: it works\n",
		"the story as text");
	tap_ok(run(succeed, VIEW_JSON), "an experiment is shown in JSON");
	tap_is_string(story,
		"{\"event\":\"experiment\",\"experiment\":\"trial\","
		"\"title\":\"a trial\"}\n"
		"{\"event\":\"step\",\"experiment\":\"trial\","
		"\"text\":\"First 1.\"}\n"
		"{\"event\":\"observed\",\"experiment\":\"trial\","
		"\"key\":\"key\",\"value\":7}\n"
		"{\"event\":\"observed\",\"experiment\":\"trial\","
		"\"key\":\"word\",\"value\":\"a\\nb\"}\n"
		"{\"event\":\"result\",\"experiment\":\"trial\","
		"\"shown\":true,\"text\":\"it works\"}\n",
		"the story as JSON");
}

static void test_surprise(void)
{
	tap_ok(!run(surprise, VIEW_TEXT),
		"an experiment that sees something else is not shown");
	tap_ok(strstr(story, "mchat: lab trial: this was not seen: the "
			     "expected\n1.  It goes on.\n") != NULL,
		"what was not seen is told, and the story goes on");
	tap_ok(strstr(story, "\nnot shown: it works\n") != NULL,
		"the conclusion says that it was not shown");
}

static void test_failure(void)
{
	tap_ok(!run(fail, VIEW_TEXT),
		"an experiment with a failed call is not shown");
	tap_ok(strstr(story, "mchat: lab trial: bind(") != NULL &&
			strstr(story, "EADDRNOTAVAIL") != NULL,
		"the failed call is named with its error");
	tap_ok(!strstr(story, "ever"), "nothing is told after a failed call");
	tap_is_int(open_after, -1, "no call is made after a failed one");
	tap_ok(fcntl(opened, F_GETFD) < 0 && errno == EBADF,
		"sockets that were open are closed after a failed call");
}

int main(void)
{
	test_story();
	test_surprise();
	test_failure();
	return tap_done();
}
