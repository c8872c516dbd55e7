/* SPDX-License-Identifier: ISC */
#include "mchat/lab/experiments.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "mchat/io/clock.h"
#include "mchat/lab/lab_socket.h"
#include "mchat/lab/lab_transfer.h"
#include "mchat/network/error.h"

/* ---- oob ---- */

static void block_urgent(int how)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGURG);
	sigprocmask(how, &set, NULL);
}

/* Takes a SIGURG; false when none comes within a second. */
static bool take_urgent(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGURG);
	return sigtimedwait(&set, NULL, &(struct timespec){.tv_sec = 1}) ==
	       SIGURG;
}

/* "ab", then an urgent "!", then "cd". */
static void send_urgently(struct lab *lab, int fd)
{
	lab_set(lab, fd, SOCKOPT_TCP_NODELAY, 1, "nothing is held back");
	lab_send(lab, fd, "ab", 0, "ordinary");
	lab_send(lab, fd, "!", MSG_OOB, "urgent");
	lab_send(lab, fd, "cd", 0, "ordinary");
}

static void receive_beside(struct lab *lab, const struct lab_pair *pair)
{
	char first[LAB_TEXT_SIZE];
	char urgent[LAB_TEXT_SIZE];
	char rest[LAB_TEXT_SIZE];
	bool has_signal;

	lab_step(lab, "SIGURG tells the owner that something urgent came.");
	has_signal = !lab_has_failed(lab) && take_urgent();
	lab_observe(lab, "sigurg", has_signal);
	lab_expect(lab, has_signal, "SIGURG");

	lab_step(lab, "The urgent byte lies beside the stream.  A read stops "
		      "where it was; only MSG_OOB takes it.");
	lab_receive(lab, pair->server, 20, 0, "up to the mark", first);
	lab_receive(lab, pair->server, 1, MSG_OOB, "the urgent byte", urgent);
	lab_receive(lab, pair->server, 20, 0, "past the mark", rest);
	lab_observe_text(lab, "before", first);
	lab_observe_text(lab, "urgent", urgent);
	lab_observe_text(lab, "after", rest);
	lab_expect(lab,
		strcmp(first, "ab") == 0 && strcmp(urgent, "!") == 0 &&
			strcmp(rest, "cd") == 0,
		"the byte comes by itself, and the stream without it");
}

static void receive_inline(struct lab *lab)
{
	struct lab_pair pair = lab_pair_open(lab);
	char first[LAB_TEXT_SIZE];
	char rest[LAB_TEXT_SIZE];
	long beside;

	lab_set(lab, pair.server, SOCKOPT_SO_OOBINLINE, 1, "in the stream");
	send_urgently(lab, pair.client);
	lab_receive(lab, pair.server, 20, 0, "up to the mark", first);
	lab_observe(lab, "at_mark",
		lab_has_failed(lab) ? 0 : sockatmark(pair.server));
	beside = lab_receive(
		lab, pair.server, 1, MSG_OOB, "nothing is beside it", rest);
	lab_observe_text(lab, "inline_oob",
		beside < 0 ? error_name((int)-beside) : "a byte");
	lab_receive(lab, pair.server, 20, 0, "in its place", rest);
	lab_observe_text(lab, "inline", rest);
	lab_expect(lab,
		strcmp(first, "ab") == 0 && strcmp(rest, "!cd") == 0 &&
			beside == -EINVAL,
		"the byte stands in its place in the stream");
}

void experiment_oob(struct lab *lab)
{
	struct lab_pair pair = lab_pair_open(lab);

	block_urgent(SIG_BLOCK);
	lab_step(lab, "The server's end belongs to this process (F_SETOWN), "
		      "and the client sends an urgent byte.");
	if (!lab_has_failed(lab) && fcntl(pair.server, F_SETOWN, getpid()) < 0)
		lab_fail(lab, "fcntl F_SETOWN", errno);
	send_urgently(lab, pair.client);
	receive_beside(lab, &pair);

	lab_step(lab, "The same with SO_OOBINLINE.");
	receive_inline(lab);
	block_urgent(SIG_UNBLOCK);
}

/* ---- peek ---- */

void experiment_peek(struct lab *lab)
{
	const int peek = MSG_PEEK | MSG_DONTWAIT;
	struct lab_pair pair = lab_pair_open(lab);
	char text[LAB_TEXT_SIZE];
	long first;
	long second;
	long taken;
	long after;

	lab_step(lab, "Five bytes wait to be read.");
	lab_send(lab, pair.client, "hello", 0, "five bytes");
	lab_is_readable(lab, pair.server, 1000, "they are there");

	lab_step(lab, "Looking does not take them, however often.");
	first = lab_receive(lab, pair.server, 20, peek, "look", text);
	second = lab_receive(lab, pair.server, 20, peek, "look again", text);

	lab_step(lab, "Reading does; then there is nothing to look at.");
	taken = lab_receive(lab, pair.server, 20, 0, "take", text);
	after = lab_receive(lab, pair.server, 20, peek, "look", text);
	lab_observe(lab, "peeked", first);
	lab_observe(lab, "peeked_again", second);
	lab_observe(lab, "taken", taken);
	lab_observe_text(
		lab, "after", after < 0 ? error_name((int)-after) : "bytes");
	lab_expect(lab,
		first == 5 && second == 5 && taken == 5 && after == -EAGAIN,
		"five bytes each time until they are taken, then EAGAIN");
}

/* ---- waitall ---- */

void experiment_waitall(struct lab *lab)
{
	struct lab_pair pair = lab_pair_open(lab);
	char text[LAB_TEXT_SIZE];
	struct instant start;
	int64_t took_ms;
	long some;
	long all;

	lab_step(lab, "Half of a record of ten bytes is there; a read of ten "
		      "gets what there is.");
	lab_send(lab, pair.client, "01234", 0, "the first half");
	some = lab_receive(lab, pair.server, 10, 0, "up to ten", text);
	lab_observe(lab, "without", some);

	lab_step(lab, "Another record.  Its second half is corked: the kernel "
		      "lets it go after 200 ms.");
	lab_send(lab, pair.client, "abcde", 0, "the first half");
	lab_set(lab, pair.client, SOCKOPT_TCP_CORK, 1, "hold back");
	lab_send(lab, pair.client, "fghij", 0, "the second half");
	start = clock_now();
	all = lab_receive(
		lab, pair.server, 10, MSG_WAITALL, "ten, no less", text);
	took_ms = lab_ms_since(start);
	lab_observe(lab, "with", all);
	lab_observe(lab, "waited_ms", took_ms);
	lab_expect(lab, some == 5 && all == 10 && took_ms >= 100,
		"five without the flag; with it, ten after a wait");
}

/* ---- dontwait ---- */

#define RECEIVE_LIMIT_MS INT64_C(200)

void experiment_dontwait(struct lab *lab)
{
	struct sockopt_value limit = {
		.type = SOCKOPT_TIMEVAL,
		.time = {RECEIVE_LIMIT_MS * NS_PER_MS},
	};
	int receiver;
	char text[LAB_TEXT_SIZE];
	struct instant start;
	int64_t at_once_us;
	int64_t waited_ms;
	long at_once;
	long waited;

	lab_step(lab, "Nothing has come.  With MSG_DONTWAIT, recv says so at "
		      "once.");
	receiver = lab_receiver(lab);
	start = clock_now();
	at_once = lab_receive(lab, receiver, 20, MSG_DONTWAIT, "nothing", text);
	at_once_us = lab_us_since(start);
	lab_observe_text(lab, "at_once",
		at_once < 0 ? error_name((int)-at_once) : "bytes");
	lab_observe(lab, "at_once_us", at_once_us);

	lab_step(lab, "Without it, the same socket blocks; SO_RCVTIMEO bounds "
		      "that.");
	lab_set_value(lab, receiver, SOCKOPT_SO_RCVTIMEO, &limit, "a bound");
	start = clock_now();
	waited = lab_receive(lab, receiver, 20, 0, "nothing", text);
	waited_ms = lab_ms_since(start);
	lab_observe_text(lab, "blocking",
		waited < 0 ? error_name((int)-waited) : "bytes");
	lab_observe(lab, "blocking_ms", waited_ms);
	lab_expect(lab,
		at_once == -EAGAIN && waited == -EAGAIN &&
			waited_ms >= RECEIVE_LIMIT_MS &&
			at_once_us < RECEIVE_LIMIT_MS * 1000,
		"EAGAIN at once with the flag, and after the bound without");
}
